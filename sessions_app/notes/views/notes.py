"""Pages on which a note is begun, written, signed, read and added to."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import FORM, POST, page
from accounts.authentication.services.auth_sessions import BROWSER_KEY
from accounts.care.access import RecordAccess
from accounts.models import User
from audit.audit_actions import Action
from audit.log import record, record_rows
from sessions_app.access import open_session, open_session_to_write
from sessions_app.audit_actions import (
    NOTE_AMENDED,
    NOTE_COSIGNED,
    NOTE_CREATED,
    NOTE_DELETED,
    NOTE_LISTED,
    NOTE_PRINTED,
    NOTE_READ,
    NOTE_REGENERATED,
    NOTE_RESTORED,
    NOTE_SAVED,
    NOTE_SIGNED,
    NOTE_TEMPLATE_CHANGED,
)
from sessions_app.models import NoteTemplate, SessionNote, TherapySession
from sessions_app.notes.access import audited_refusals, open_note, open_note_to_write, open_removed_note
from sessions_app.notes.contexts import notes as contexts
from sessions_app.notes.contexts.amendments import requests_to_answer
from sessions_app.notes.forms import (
    AddendumForm,
    DeleteNoteForm,
    NewNoteForm,
    NoteForm,
    ReviewDateForm,
    SignForm,
    WithholdForm,
)
from sessions_app.notes.services import removal, signing, writing
from sessions_app.notes.services.writing import NoteConflict
from sessions_app.pipeline.note_templates.content import Content
from therapybridge.core.actor import actor_of
from therapybridge.core.dates import clock
from therapybridge.core.errors import DomainError, InvalidInput, NotFound
from therapybridge.core.pages.forms import perform, status_of, submit
from therapybridge.core.pages.fragments import wants_fragment
from therapybridge.core.problems import problem_json

CHANGED_ELSEWHERE = "Changed in another tab to “{}”. Your text is kept as a version."


@page(NOTE_LISTED, User.Role.THERAPIST)
def note_list(request: HttpRequest) -> HttpResponse:
    """Notes newest first."""
    context = contexts.list_context(actor_of(request).user, request.GET)
    record_rows(NOTE_LISTED, context["page"], by=actor_of(request))
    template = "sessions_app/_note_rows.html" if wants_fragment(request) else "sessions_app/notes.html"
    return render(request, template, context)


@page(NOTE_LISTED, User.Role.THERAPIST)
def deleted_notes(request: HttpRequest) -> HttpResponse:
    """The therapist's own drafts that were deleted in the last thirty days."""
    context = contexts.deleted_context(actor_of(request).user, request.GET)
    record(NOTE_LISTED, by=actor_of(request), ids=[row.pk for row in context["page"]])
    return render(request, "sessions_app/deleted_notes.html", context)


@page(NOTE_RESTORED, User.Role.THERAPIST, methods=POST)
def restore_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Restore a deleted draft, and show the note that its session has now."""
    note, access = open_removed_note(actor_of(request), pk, NOTE_RESTORED)
    perform(request, "The note is back.", removal.restore_note, note, access=access)
    return redirect("sessions:note", note.session_id)


@page(NOTE_READ, User.Role.THERAPIST)
def note_of_session(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The note of a session, or the choice of a template for a new one."""
    session, access = open_session(actor_of(request), pk, NOTE_READ)
    note = SessionNote.objects.filter(session=session, deleted_at=None).only("pk").first()
    if note:
        return redirect("notes:detail", note.pk)
    record(NOTE_READ, session, by=access)
    return _begin_page(request, session, access)


@page(NOTE_CREATED, User.Role.THERAPIST, methods=POST)
def create_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the note of a session, filled from its draft."""
    session, access = open_session_to_write(actor_of(request), pk, NOTE_CREATED)
    form = NewNoteForm(request.POST, user=access.user)
    if done := submit(form, writing.create_note, session, access=access):
        return redirect("notes:detail", done.result.pk)
    return _begin_page(request, session, access, form)


def _begin_page(
    request: HttpRequest, session: TherapySession, access: RecordAccess, form: NewNoteForm | None = None
) -> HttpResponse:
    context = contexts.begin_context(session, access.user, form) | {"may_write": access.may_write}
    return render(request, "sessions_app/new_note.html", context, status=status_of(context["form"]))


@page(NOTE_READ, User.Role.THERAPIST)
def note_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the note beside the transcript; a signed one, or a colleague's, is only read."""
    note, access = open_note(actor_of(request), pk, NOTE_READ)
    record(NOTE_READ, note, by=access)
    return note_page(request, note, access)


def note_page(
    request: HttpRequest, note: SessionNote, access: RecordAccess, form: NoteForm | None = None, **sent: Form
) -> HttpResponse:
    """Show the note as its reader may use it; `form`, or for a signed note `sent`, is a form that was refused."""
    shared = {"may_write": access.may_write, "copy_key": _copy_key(request, note)}
    if access.may_write and not note.is_locked and note.author_id == access.user.pk:
        context = contexts.note_context(note, access.user, form)
        return render(request, "sessions_app/note.html", context | shared, status=status_of(context["form"]))
    context = contexts.signed_page_context(note, access) | shared
    forms = {"addendum_form": AddendumForm(), "withhold_form": WithholdForm(), "review_form": ReviewDateForm()} | sent
    status = max(map(status_of, forms.values()))
    # They are a right of the patient, not part of the clinical record that an emergency opens.
    context["amendments"] = requests_to_answer(note, sent.get("answer_form")) if access.may_write else []
    return render(request, "sessions_app/signed_note.html", context | forms, status=status)


def _copy_key(request: HttpRequest, note: SessionNote) -> str:
    """The key of what the browser keeps of the reader's own note while it cannot be saved."""
    return request.session.get(BROWSER_KEY, "") if note.author_id == request.user.pk else ""


@page(NOTE_PRINTED, User.Role.THERAPIST)
def print_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The note on paper, with its signatures and addenda."""
    note, access = open_note(actor_of(request), pk, NOTE_PRINTED)
    record(NOTE_PRINTED, note, by=access)
    return render(request, "sessions_app/print_note.html", contexts.signed_context(note))


@page(NOTE_SAVED, User.Role.THERAPIST, methods=POST)
def save_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save the fields that were sent; scripts get JSON."""
    note, access = open_note_to_write(actor_of(request), pk, NOTE_SAVED)
    if "application/json" in request.headers.get("Accept", ""):
        return _save_for_script(request, note, access)
    refused = _save(request, note, access, NOTE_SAVED)
    if refused:
        return refused
    messages.success(request, "The note has been saved.")
    return redirect("notes:detail", pk)


def _save_for_script(request: HttpRequest, note: SessionNote, access: RecordAccess) -> HttpResponse:
    form = NoteForm(request.POST, definition=note.template_version.parsed)
    try:
        if not form.is_valid():
            errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
            raise InvalidInput("Please correct the marked fields.", errors=errors)
        with audited_refusals(NOTE_SAVED, note, access):
            saved = writing.save_note(note, _sent(request, form), form.cleaned_data["revision"], access=access)
    except DomainError as error:
        return problem_json(request, error)
    at = clock(saved.note.saved_at)
    return JsonResponse({"revision": saved.note.revision, "saved_at": at, "elsewhere": dict(saved.elsewhere)})


def _sent(request: HttpRequest, form: NoteForm) -> dict[str, Any]:
    """The values of the fields that a script names as changed, of all fields without one."""
    changed = set(request.POST.getlist("changed"))
    return {key: value for key, value in form.values.items() if not changed or key in changed}


def _save(request: HttpRequest, note: SessionNote, access: RecordAccess, action: Action) -> HttpResponse | None:
    """Save what the form holds; a page with the reason if that is refused. `action` is what it is saved for."""
    form = NoteForm(request.POST, definition=note.template_version.parsed)
    if form.is_valid():
        try:
            with audited_refusals(action, note, access):
                saved = writing.save_note(note, _sent(request, form), form.cleaned_data["revision"], access=access)
        except NoteConflict as conflict:
            current = Content.from_json(conflict.note.content).values
            for name in conflict.errors or {}:
                form.add_error(f"field-{name}", CHANGED_ELSEWHERE.format(current[name]))
            seen = request.POST.copy()
            seen["revision"] = str(conflict.note.revision)
            form.data = seen  # both texts are shown now, so that the next save decides between them
        else:
            note.revision = saved.note.revision
            return None
    note.refresh_from_db(fields=["content", "revision"])
    return note_page(request, note, access, form)


@page(NOTE_REGENERATED, User.Role.THERAPIST, methods=POST)
def regenerate_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save the form, then fill one field, or all that nobody wrote in, again from the draft."""
    note, access = open_note_to_write(actor_of(request), pk, NOTE_REGENERATED)
    if refused := _save(request, note, access, NOTE_REGENERATED):
        return refused
    field = request.POST.get("field", "")
    perform(request, "Filled from the draft.", writing.regenerate, note, [field] if field else None, access=access)
    return redirect(reverse("notes:detail", args=[pk]) + (f"#id_field-{field}" if field else ""))


@page(NOTE_TEMPLATE_CHANGED, User.Role.THERAPIST, methods=POST)
def change_template(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save the form, then write the note with another template."""
    note, access = open_note_to_write(actor_of(request), pk, NOTE_TEMPLATE_CHANGED)
    if refused := _save(request, note, access, NOTE_TEMPLATE_CHANGED):
        return refused
    form = NewNoteForm(request.POST, user=access.user)
    template: NoteTemplate | None = form.cleaned_data["template"] if form.is_valid() else None
    if template is None:
        raise NotFound("This template does not exist.")
    perform(request, f"Now written as {template.name}.", writing.change_note_template, note, template, access=access)
    return redirect("notes:detail", pk)


@page(NOTE_SIGNED, User.Role.THERAPIST, methods=POST)
def prepare_signing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save the form and go on to the page that signs."""
    note, access = open_note_to_write(actor_of(request), pk, NOTE_SIGNED)
    return _save(request, note, access, NOTE_SIGNED) or redirect("notes:sign", pk)


@page(NOTE_SIGNED, User.Role.THERAPIST, methods=FORM, step_up=True)
def sign_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read the note as it will stand, and sign it."""
    note, access = open_note_to_write(actor_of(request), pk, NOTE_SIGNED)
    form = SignForm(request.POST or None, initial={"revision": note.revision})
    if request.method == "POST" and form.is_valid():
        with audited_refusals(NOTE_SIGNED, note, access):
            perform(request, "The note is signed.", signing.sign_note, note, access=access, **form.cleaned_data)
        return redirect("notes:detail", pk)
    if note.is_locked:
        return redirect("notes:detail", pk)
    record(NOTE_READ, note, by=access)
    context = contexts.sign_context(note) | {"form": form}
    return render(request, "sessions_app/sign_note.html", context, status=status_of(form))


@page(NOTE_COSIGNED, User.Role.THERAPIST, methods=POST, step_up=True)
def cosign_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Co-sign as a supervisor."""
    return perform_on_note(request, pk, NOTE_COSIGNED, signing.cosign_note, done="You have co-signed the note.")


@page(NOTE_AMENDED, User.Role.THERAPIST, methods=POST, step_up=True)
def add_addendum(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add to a signed note."""
    done = "The addendum is signed and stands below the note."
    form = AddendumForm(request.POST)
    return submit_on_note(request, pk, NOTE_AMENDED, signing.add_addendum, done=done, addendum_form=form)


@page(NOTE_DELETED, User.Role.THERAPIST, methods=FORM)
def delete_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say why, and delete the draft of a note."""
    note, access = open_note_to_write(actor_of(request), pk, NOTE_DELETED)
    form = DeleteNoteForm(request.POST or None)
    with audited_refusals(NOTE_DELETED, note, access):
        done = submit(form, removal.delete_note, note, access=access)
    if done:
        messages.success(request, "The note was deleted. It can be restored for 30 days, under Notes.")
        return redirect("sessions:detail", note.session_id)
    context = {"note": note, "session": note.session, "form": form}
    return render(request, "sessions_app/delete_note.html", context, status=status_of(form))


def submit_on_note(
    request: HttpRequest, pk: UUID, action: Action, service: Any, *, done: str, **sent: Any
) -> HttpResponse:
    """Run a service with the one form that was sent from a signed note's page; the page with its errors if refused."""
    note, access = open_note_to_write(actor_of(request), pk, action)
    (form,) = sent.values()
    if submit(form, service, note, access=access):
        messages.success(request, done)
        return redirect("notes:detail", pk)
    return note_page(request, note, access, **sent)


def perform_on_note(request: HttpRequest, pk: UUID, action: Action, service: Any, *, done: str) -> HttpResponse:
    """Run a service behind a button on a note's page."""
    note, access = open_note_to_write(actor_of(request), pk, action)
    with audited_refusals(action, note, access):
        perform(request, done, service, note, access=access)
    return redirect("notes:detail", pk)
