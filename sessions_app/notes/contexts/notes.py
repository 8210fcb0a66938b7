"""Contexts of the pages on which a note is written, signed and read."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from math import ceil
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.models import User
from sessions_app.contexts.sessions import patient_in
from sessions_app.contexts.transcript import talk_context
from sessions_app.models import NoteTemplate, SessionNote, TherapySession
from sessions_app.notes.forms import NewNoteForm, NoteForm, name_of
from sessions_app.notes.querysets import RESTORABLE
from sessions_app.notes.services.archive import archived_by
from sessions_app.notes.services.release import withholding_of
from sessions_app.notes.services.signing import is_intact, may_cosign, statements_to_check
from sessions_app.pipeline.note_templates.content import Content, FieldContent
from sessions_app.pipeline.note_templates.definition import Section, TemplateField, is_empty
from sessions_app.pipeline.note_templates.values import as_figure
from therapybridge.core.pages.lists import Choice, Listing

SHOWN = Choice(
    "status",
    {"": "All but archived", "unsigned": "Not signed", "withheld": "Withheld", "archived": "Archived"},
    lambda rows, value: {"unsigned": rows.unsigned, "withheld": rows.withheld, "archived": rows.archived}[value](),
)
PARTS = ("session", "patient", "author", "template_version__template")
NOTES = Listing(
    order=("-id",),
    per_page=25,
    choice=SHOWN,
    kept=("patient",),
    details=lambda rows: rows.select_related(*PARTS).defer("content", "deletion_reason"),
)
DELETED = Listing(order=("-id",))
DEFAULT_TEMPLATE = "soap"
_NOTHING = FieldContent(None, 0)


def begin_context(session: TherapySession, user: User, form: NewNoteForm | None) -> dict[str, Any]:
    """The choice of a template, with the one that the therapist used last selected."""
    return {"session": session, "form": form or NewNoteForm(user=user, initial={"template": _usual_template(user)})}


def _usual_template(user: User) -> NoteTemplate | None:
    usable = NoteTemplate.objects.visible_to(user).in_use()
    last = SessionNote.objects.filter(author=user, deleted_at=None).order_by("-id")
    used = usable.filter(pk__in=last.values("template_version__template")[:1]).first()
    return used or usable.filter(key=DEFAULT_TEMPLATE).first()


def note_context(note: SessionNote, user: User, form: NoteForm | None = None) -> dict[str, Any]:
    """The note with its transcript, the note before it, and what was left over from other templates."""
    content = Content.from_json(note.content)
    definition = note.template_version.parsed
    shown = form or NoteForm(definition=definition, initial=_initial(note, content))
    return {
        "session": note.session,
        "note": note,
        "form": shown,
        "sections": [_section(section, shown, content) for section in definition.sections],
        "leftovers": [{"of": f"{one.template}: {one.label}", "text": _joined(one.value)} for one in content.leftovers],
        "missing": [field.label for field in definition.all_fields if is_empty(content.values.get(field.id))],
        "templates": NoteTemplate.objects.visible_to(user).in_use(),
        "previous": _previous(note),
        "to_check": len(statements_to_check(note)),
        **talk_context(note.session),
    }


def signed_context(note: SessionNote) -> dict[str, Any]:
    """The note as it is read, on the page and on paper."""
    parts = list(read_parts(note, Content.from_json(note.content)))
    return {
        "session": note.session,
        "note": note,
        "parts": parts,
        "unwritten": unwritten(parts),
        "signatures": list(note.signatures.all()),
        "addenda": list(note.addenda.all()),
        "disagreements": list(note.amendment_requests.disagreeing()),
        "is_intact": not note.is_locked or is_intact(note),
    }


def signed_page_context(note: SessionNote, access: RecordAccess) -> dict[str, Any]:
    """The note as it is read, with what its patient reads of it and what its reader can do."""
    can = {"withholding": withholding_of(note), "may_cosign": may_cosign(note, access)}
    return signed_context(note) | can | {"archived_by": archived_by(note)}


def sign_context(note: SessionNote) -> dict[str, Any]:
    """What is about to be signed, and what still stands in the way."""
    waiting = statements_to_check(note)
    return {**signed_context(note), "waiting": list(waiting.values()), "missing": _missing_required(note)}


def read_parts(note: SessionNote, content: Content) -> Iterator[dict[str, Any]]:
    """Sections with the label and text of each field, which is empty if nobody filled it in (see `unwritten`)."""
    for section in note.template_version.parsed.sections:
        fields = [{"id": field.id, "label": field.label, "text": _as_text(field, content)} for field in section.fields]
        yield {"title": section.title, "fields": fields, "is_written": any(field["text"] for field in fields)}


def unwritten(parts: Sequence[Mapping[str, Any]]) -> str:
    """The labels of the fields that nobody filled in, in one line; one that occurs twice with its section."""
    labels = Counter(field["label"] for part in parts for field in part["fields"])
    names = [
        field["label"] if labels[field["label"]] == 1 else f"{part['title']}: {field['label']}"
        for part in parts
        for field in part["fields"]
        if not field["text"]
    ]
    return ("; " if any("," in name for name in names) else ", ").join(names)


def list_context(user: User, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of the notes that a therapist may read."""
    rows = SessionNote.objects.visible_to(user)
    patient = patient_in(query, user)
    if patient:
        rows = rows.filter(patient=patient)
    page = NOTES.page(rows if SHOWN.chosen(query) else rows.unarchived(), query, reverse("notes:list"))
    return page.context() | {"patient": patient, "tab": "notes"}


def deleted_context(user: User, query: Mapping[str, str]) -> dict[str, Any]:
    """Drafts that the therapist can restore, with the days that are left."""
    rows = SessionNote.objects.restorable(user).with_successor().defer("content")
    rows = rows.select_related("session", "patient", "template_version__template")
    listed = DELETED.page(rows, query, reverse("notes:deleted"))
    for row in listed:
        row.days_left = ceil((row.deleted_at + RESTORABLE - timezone.now()) / timedelta(days=1))
    return {"page": listed}


def _initial(note: SessionNote, content: Content) -> dict[str, Any]:
    return {"revision": note.revision} | {name_of(key): value for key, value in content.values.items()}


def _section(section: Section, form: NoteForm, content: Content) -> dict[str, Any]:
    fields = [
        {
            "id": field.id,
            "bound": form[name_of(field.id)],
            "content": content.fields.get(field.id, _NOTHING),
            "can_be_filled": bool(field.ai_mapping),
        }
        for field in section.fields
    ]
    return {"title": section.title, "fields": fields}


def _missing_required(note: SessionNote) -> list[str]:
    values = Content.from_json(note.content).values
    fields = note.template_version.parsed.all_fields
    return [field.label for field in fields if field.required and is_empty(values.get(field.id))]


def _previous(note: SessionNote) -> dict[str, Any] | None:
    """The patient's note before this one, as it is read."""
    earlier = SessionNote.objects.filter(patient=note.patient_id, deleted_at=None, session__deleted_at=None)
    before = earlier.filter(session__session_date__lt=note.session.session_date).order_by("-session__session_date")
    found = before.select_related("session", "template_version").first()
    if found is None:
        return None
    parts = list(read_parts(found, Content.from_json(found.content)))
    return {"note": found, "parts": parts, "unwritten": unwritten(parts)}


def _as_text(field: TemplateField, content: Content) -> str:
    value = content.values.get(field.id)
    if is_empty(value):  # an unticked box too: nobody has said no
        return ""
    if field.type == "checkbox":
        return "Yes"
    if isinstance(value, float | int):
        return as_figure(value)
    return _joined(value)


def _joined(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
