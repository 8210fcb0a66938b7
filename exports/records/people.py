"""Who the record is about, and who wrote it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """The clinic."""

    id: UUID
    name: str
    time_zone: str
    jurisdiction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the staff whom the record names."""

    id: UUID
    name: str
    role: str
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Who treats or treated the patient."""

    id: UUID
    therapist: UUID
    kind: str
    is_active: bool
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """The patient, with what is known of them. Texts are as they were written; None where nothing was."""

    id: UUID
    first_name: str
    last_name: str
    time_zone: str = ""
    email: str | None = None
    date_of_birth: date | None = None
    pronouns: str | None = None
    phone: str | None = None
    address: str | None = None
    emergency_contact: str | None = None
    medical_history: str | None = None
    diagnosis: str | None = None
    medication: str | None = None
    safety_plan: str | None = None
    next_step: str | None = None
    tags: list[str] = field(default_factory=list)
    # Whether 42 CFR Part 2 protects the record: the treatment of a substance use disorder.
    is_part_2: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """An entry of the consent log."""

    id: UUID
    kind: str
    status: str
    version: str
    text: str
    method: str
    signed_at: datetime
    signed_day: date | None = None
    signer_role: str
    signer_name: str | None = None
    witness_name: str | None = None
    recorded_by: UUID | None = None
    expires_at: datetime | None = None
    # From where it was signed electronically, and who else was signed in there.
    ip: str | None = None
    device_user: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """An entry of the accounting of disclosures (45 CFR 164.528)."""

    id: UUID
    disclosed_at: datetime
    disclosed_day: date | None = None
    basis: str
    recipient: str
    what: str
    why: str | None = None
    recorded_by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """A request of the patient about the record."""

    id: UUID
    kind: str
    status: str
    made_at: datetime
    due_at: datetime
    details: str | None = None
    answer: str | None = None
    handled_by: UUID | None = None
    closed_at: datetime | None = None
