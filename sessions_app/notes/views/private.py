"""Pages of a therapist's private notes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, page
from accounts.care.access import RecordAccess, open_record_to_write
from accounts.models import User
from audit.log import record
from sessions_app.audit_actions import (
    PRIVATE_NOTE_CREATED,
    PRIVATE_NOTE_DELETED,
    PRIVATE_NOTE_LISTED,
    PRIVATE_NOTE_READ,
    PRIVATE_NOTE_RESTORED,
    PRIVATE_NOTE_SAVED,
)
from sessions_app.models import PrivateNote
from sessions_app.notes.access import open_private_note, open_removed_private_note
from sessions_app.notes.forms import NewPrivateNoteForm, PrivateNoteForm
from sessions_app.notes.services import private
from sessions_app.notes.services.private import PrivateNoteConflict
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import perform, status_of, submit
from therapybridge.core.pages.lists import Listing

NOTES = Listing(order=("-id",))
CONFLICT = 409


@page(PRIVATE_NOTE_LISTED, User.Role.THERAPIST, methods=FORM)
def private_notes(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The therapist's own private notes on a patient, and a form to write another."""
    action = PRIVATE_NOTE_CREATED if request.method == "POST" else PRIVATE_NOTE_LISTED
    access = open_record_to_write(actor_of(request), patient_id, action)
    about = {"session": request.GET.get("session")}
    form = NewPrivateNoteForm(request.POST or None, initial=about, access=access)
    if submit(form, private.create_private_note, access):
        messages.success(request, "The private note has been saved.")
        return redirect("private_notes:list", patient_id)
    context = _list_context(request, access) | {"form": form}
    return render(request, "sessions_app/private_notes.html", context, status=status_of(form))


def _list_context(request: HttpRequest, access: RecordAccess) -> dict[str, Any]:
    mine = PrivateNote.objects.visible_to(access.user).filter(patient=access.patient).select_related("session")
    rows = NOTES.page(mine, request.GET, request.path)
    removed = list(PrivateNote.objects.restorable(access.user).filter(patient=access.patient).defer("text"))
    record(PRIVATE_NOTE_LISTED, by=access, ids=[row.pk for row in (*rows, *removed)])
    return {"page": rows, "removed": removed, "patient": access.patient}


@page(PRIVATE_NOTE_READ, User.Role.THERAPIST, methods=FORM)
def private_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read a private note and write in it; two tabs see each other's text before one replaces the other."""
    action = PRIVATE_NOTE_SAVED if request.method == "POST" else PRIVATE_NOTE_READ
    note, access = open_private_note(actor_of(request), pk, action)
    form = PrivateNoteForm(request.POST or None, initial={"text": note.text, "revision": note.revision})
    try:
        if submit(form, private.save_private_note, note, access=access, catch=()):
            messages.success(request, "The private note has been saved.")
            return redirect("private_notes:detail", pk)
    except PrivateNoteConflict as conflict:
        own = {"text": form.cleaned_data["text"], "revision": conflict.note.revision}
        return _note_page(request, conflict.note, access, PrivateNoteForm(initial=own), CONFLICT)
    return _note_page(request, note, access, form, status_of(form))


def _note_page(
    request: HttpRequest, note: PrivateNote, access: RecordAccess, form: PrivateNoteForm, status: int
) -> HttpResponse:
    record(PRIVATE_NOTE_READ, note, by=access)
    context = {"note": note, "patient": access.patient, "form": form, "elsewhere": status == CONFLICT}
    return render(request, "sessions_app/private_note.html", context, status=status)


@page(PRIVATE_NOTE_DELETED, User.Role.THERAPIST, methods=POST)
def delete_private_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete a private note."""
    note, access = open_private_note(actor_of(request), pk, PRIVATE_NOTE_DELETED)
    done = "The private note was deleted. It can be restored for 30 days."
    perform(request, done, private.delete_private_note, note, access=access)
    return redirect("private_notes:list", note.patient_id)


@page(PRIVATE_NOTE_RESTORED, User.Role.THERAPIST, methods=POST)
def restore_private_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Restore a deleted private note."""
    note, access = open_removed_private_note(actor_of(request), pk, PRIVATE_NOTE_RESTORED)
    perform(request, "The private note is back.", private.restore_private_note, note, access=access)
    return redirect("private_notes:list", note.patient_id)
