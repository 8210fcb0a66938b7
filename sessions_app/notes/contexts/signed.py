"""Signed notes as their patients read them: plain values, in which nothing of a withheld one is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.models import User
from sessions_app.models import AmendmentRequest, NoteAddendum, NoteSignature, SessionNote
from sessions_app.notes.access import SHOWN
from sessions_app.notes.choices import HEADINGS_PLAINLY, WITHHELD_PLAINLY, WithholdingException
from sessions_app.notes.contexts.notes import read_parts, unwritten
from sessions_app.notes.querysets import NoteQuerySet
from sessions_app.pipeline.note_templates.content import Content
from therapybridge.core.pages.lists import Listing

SIGNED = Listing(order=("-id",))


@dataclass(frozen=True, slots=True)
class PatientNote:
    """A signed note in the patient's list; `exception` says on which ground it is withheld, if it is."""

    pk: UUID
    session_title: str
    session_date: datetime
    template_name: str
    author_name: str
    status: str
    signed_at: datetime | None
    archived_at: datetime | None
    exception: str | None

    @property
    def explanation(self) -> str:
        """The exception in words for the patient."""
        return WITHHELD_PLAINLY[WithholdingException(self.exception)] if self.exception else ""

    @property
    def withheld(self) -> dict[str, str] | None:
        """What the patient is told of a withheld note."""
        return {"exception": self.exception, "explanation": self.explanation} if self.exception else None


@dataclass(frozen=True, slots=True)
class PatientNoteText:
    """A note in full; nothing of one that is withheld."""

    note: PatientNote
    sections: list[dict[str, Any]] = field(default_factory=list)
    signatures: list[NoteSignature] = field(default_factory=list)
    addenda: list[NoteAddendum] = field(default_factory=list)
    disagreements: list[AmendmentRequest] = field(default_factory=list)

    @property
    def unwritten(self) -> str:
        """The headings below which nothing was written."""
        return unwritten(self.sections)


def signed_rows(patient: User) -> NoteQuerySet:
    """The signed notes on a patient, without their texts; the caller has opened the record."""
    rows: NoteQuerySet = SessionNote.objects.signed_on(patient)
    return rows.select_related(*SHOWN).defer("content", "deletion_reason", "template_version__definition")


def list_context(patient: User, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of the patient's own signed notes."""
    page = SIGNED.page(signed_rows(patient), query, reverse("portal_notes:list"))
    return {"page": replace(page, rows=[patient_note(row) for row in page])}


def patient_note(note: Any) -> PatientNote:
    """A row of `signed_on` for the patient."""
    return PatientNote(
        pk=note.pk,
        session_title=note.session.title,
        session_date=note.session.session_date,
        template_name=note.template_version.template.name,
        author_name=note.author.full_name if note.author else "",
        status=note.status,
        signed_at=note.signed_at,
        archived_at=note.archived_at,
        exception=note.withheld_as,
    )


def note_text(note: SessionNote) -> PatientNoteText:
    """The note in full; of a withheld one, that it is withheld."""
    shown = patient_note(note)
    if shown.exception:
        return PatientNoteText(shown)
    return PatientNoteText(
        shown,
        sections=[told_plainly(part) for part in read_parts(note, Content.from_json(note.content))],
        signatures=list(note.signatures.all()),
        addenda=list(note.addenda.all()),
        disagreements=list(note.amendment_requests.disagreeing()),
    )


def told_plainly(part: Mapping[str, Any]) -> dict[str, Any]:
    """A section with its headings in words for the patient; what was written stays as it was signed."""
    fields = [
        {"label": HEADINGS_PLAINLY.get(one["label"], one["label"]), "text": one["text"]} for one in part["fields"]
    ]
    title = HEADINGS_PLAINLY.get(part["title"], part["title"])
    return {"title": title, "fields": fields, "is_written": part["is_written"]}
