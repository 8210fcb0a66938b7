"""Sessions, what was said in them, and what was written about them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a transcript; seconds from its start, or None."""

    index: int
    speaker: str
    text: str
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    label: str = ""  # the name of the voice in the source


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was said. `quality` says how far it may be trusted."""

    id: UUID
    language: str
    engine: str
    model: str = ""
    quality: str
    speaker_source: str
    duration: float | None = None
    warnings: list[Any] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The text for the patient."""

    id: UUID
    text: str
    status: str
    is_edited: bool
    approved_at: datetime | None = None
    withdrawn_at: datetime | None = None
    changed_by: UUID | None = None
    told_at: datetime | None = None  # when the patient was written to about it


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a therapist decided about a statement of a draft."""

    id: UUID
    statement: str
    decision: str
    decided_by: UUID | None = None
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft that an engine made, with the statements that a therapist kept or rejected."""

    id: UUID
    version: int
    engine: str
    model: str = ""
    prompt_version: str = ""
    quality: str
    made_at: datetime
    notes: dict[str, Any]
    decisions: dict[str, str] = field(default_factory=dict)  # by statement
    reviews: list[Decision] = field(default_factory=list)  # the same, with who and when
    input_hash: str = ""
    supported: int = 0
    to_check: int = 0
    refused: int = 0
    refused_reasons: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A meeting."""

    id: UUID
    number: int | None
    held_at: datetime
    modality: str
    kind: str
    status: str
    title: str
    therapist: UUID | None = None
    duration_seconds: float | None = None
    processed_at: datetime | None = None
    transcript: Transcript | None = None
    drafts: list[Draft] = field(default_factory=list)
    summary: Summary | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a note as it is read; the text is empty if nobody filled it in."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of a note as it is read."""

    title: str
    fields: list[Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTemplate:
    """The form in which a note was written."""

    id: UUID
    template: UUID
    key: str
    name: str
    number: int
    definition: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature below a note."""

    id: UUID
    role: str
    signer: UUID | None
    signer_name: str
    signed_at: datetime
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """A signed addition to a signed note."""

    id: UUID
    kind: str
    reason: str
    text: str
    author: UUID | None
    author_name: str
    signed_at: datetime
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What the patient wanted corrected in a note, and the answer."""

    id: UUID
    text: str
    status: str
    made_at: datetime
    due_date: date
    extended_at: datetime | None = None
    extension_reason: str | None = None
    answered_at: datetime | None = None
    answered_by: UUID | None = None
    addendum: UUID | None = None
    ground: str = ""
    answer: str | None = None
    statement: str | None = None
    statement_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteVersion:
    """An earlier content of a note."""

    id: UUID
    number: int
    cause: str
    revision: int
    made_at: datetime
    made_by: UUID | None
    template: UUID
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """A decision that the patient does not read a signed note, until it is released."""

    id: UUID
    exception: str
    reason: str
    review_date: date
    withheld_at: datetime
    withheld_by: UUID | None = None
    released_at: datetime | None = None
    released_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveStep:
    """A signed note was filed away, or taken out again."""

    id: UUID
    move: str
    reason: str
    moved_by: UUID | None
    moved_by_name: str
    moved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLink:
    """That a note serves a goal."""

    id: UUID
    goal: UUID
    linked_by: UUID | None = None
    linked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutGoal:
    """Why a note serves no goal."""

    id: UUID
    reason: str
    said_by: UUID | None = None
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note. `sections` are for readers; `content` and `template` are what the product stores."""

    id: UUID
    session: UUID
    status: str
    template: NoteTemplate
    author: UUID | None
    sections: list[Section]
    content: dict[str, Any]
    revision: int
    saved_at: datetime
    completed_at: datetime | None = None
    signed_at: datetime | None = None
    archived_at: datetime | None = None
    content_hash: str = ""
    is_intact: bool = True
    is_ai_assisted: bool = False
    signatures: list[Signature] = field(default_factory=list)
    addenda: list[Addendum] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    versions: list[NoteVersion] = field(default_factory=list)
    goals: list[UUID] = field(default_factory=list)
    without_goal: str | None = None
    made_at: datetime | None = None
    withholdings: list[Withholding] = field(default_factory=list)
    archive_steps: list[ArchiveStep] = field(default_factory=list)
    # The same as `goals` and `without_goal`, with who and when.
    goal_links: list[GoalLink] = field(default_factory=list)
    no_goal: WithoutGoal | None = None

    @property
    def is_signed(self) -> bool:
        """Whether it is part of the legal record."""
        return bool(self.signatures)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateNote:
    """A psychotherapy note (45 CFR 164.501), which leaves only with an authorisation of its own."""

    id: UUID
    author: UUID
    session: UUID | None
    text: str
    written_at: datetime
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """That an action item was done or dropped before it was opened again."""

    id: UUID
    status: str
    reason: str | None = None
    closed_at: datetime
    closed_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """Something that the patient or the therapist does until they meet again."""

    id: UUID
    session: UUID
    task: str
    details: str | None
    assigned_to: str
    is_for_patient: bool
    status: str
    reason: str | None = None
    closed_at: datetime | None = None
    statement: str = ""
    changed_by: UUID | None = None
    draft: UUID | None = None  # the draft that lists it as `statement`, with the lines that it cites
    segments: list[int] = field(default_factory=list)
    told_at: datetime | None = None  # when it was shared with a summary
    revision: int = 1
    closings: list[Closing] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskStep:
    """A line of a review's history; nobody for what happened by itself."""

    id: UUID
    kind: str
    happened_at: datetime
    by: UUID | None = None
    to: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskReview:
    """A review of possible risk, as a therapist disposed of it."""

    id: UUID
    session: UUID | None
    opened_at: datetime
    due_at: datetime
    status: str
    disposition: str
    reason: str | None = None
    acknowledged_at: datetime | None = None
    disposed_at: datetime | None = None
    owner: UUID | None = None
    source_type: str = ""
    source: UUID | None = None
    source_day: date | None = None
    seen: Any = None
    acknowledged_by: UUID | None = None
    disposed_by: UUID | None = None
    history: list[RiskStep] = field(default_factory=list)
