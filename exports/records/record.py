"""An export as a whole."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from exports.records.people import AccessRequest, Consent, Disclosure, Patient, Person, Practice, Relation
from exports.records.sessions import ActionItem, Note, NoteTemplate, PrivateNote, RiskReview, Session
from exports.records.timeline import Event
from exports.records.treatment import Treatment

FORMAT = "therapybridge-record"
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a clinic wants its documents. Nothing that a reader must know can be left out by it.

    `letterhead` stands below the clinic's name; `parts` are those of a document of session notes, in their order;
    `shows_empty_fields` names what nobody filled in.
    """

    letterhead: str = ""
    parts: list[str] = field(default_factory=lambda: ["overview", "notes", "summaries", "action_items"])
    is_newest_first: bool = False
    shows_empty_fields: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What this export is, who asked for it, for whom and why."""

    kind: str
    made_at: datetime
    made_by: str
    recipient: str = ""
    purpose: str = ""
    start: date | None = None
    end: date | None = None
    time_zone: str
    is_for_patient: bool = False
    # 42 CFR Part 2: records of the treatment of a substance use disorder; their redisclosure is limited (2.32).
    is_part_2: bool = False
    layout: Layout = field(default_factory=Layout)
    format: str = FORMAT
    version: int = FORMAT_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Something that is not in the export: what, on which ground, and why, as far as the reader may know it."""

    what: str
    count: int
    exception: str
    reason: str
    ids: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """An export of another practice, from which the record was imported; `id` is that of the import.

    Names are as they were then. `left_out` is what that export named as withheld, without ids.
    """

    id: UUID
    practice: UUID
    practice_name: str
    exported_at: datetime
    exported_by: str
    imported_at: datetime
    imported_by: str
    sha256: str  # of the file
    left_out: list[Withheld] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the requester is entitled to, and what is left out."""

    about: About
    practice: Practice
    patient: Patient
    staff: list[Person] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    disclosures: list[Disclosure] = field(default_factory=list)
    access_requests: list[AccessRequest] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    private_notes: list[PrivateNote] = field(default_factory=list)
    action_items: list[ActionItem] = field(default_factory=list)
    risk_reviews: list[RiskReview] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    treatment: Treatment = field(default_factory=Treatment)
    templates: list[NoteTemplate] = field(default_factory=list)  # of all notes and their versions
    withheld: list[Withheld] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)  # the earliest first

    def origin_of(self, at: datetime | None) -> Origin | None:
        """The export in which something came that was made at this moment; None for what was made here."""
        return next((one for one in self.origins if at and at < one.imported_at), None)

    def name_of(self, person: UUID | None) -> str:
        """The name of somebody of the staff; empty if nobody is named."""
        return next((one.name for one in self.staff if one.id == person), "")
