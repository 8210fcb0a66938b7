"""What an export is to hold."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.care.access import RecordAccess
from exports.choices import WITHOUT_PERIOD, ExportKind, Extra
from therapybridge.core.errors import Forbidden, InvalidInput

MOST_SESSIONS = 100  # chosen one by one


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of export, limited to days of the clinic (both included) and to sessions, if any are given.

    `extras` are left out of every export unless they are named here, each by an authorisation of the patient.
    `for_patient` limits a therapist's export to what is shared with the patient, who is to receive it.
    """

    kind: str
    start: date | None = None
    end: date | None = None
    sessions: tuple[UUID, ...] = ()
    extras: frozenset[str] = frozenset()
    for_patient: bool = False

    def has(self, extra: Extra) -> bool:
        """Whether the patient has authorised that this leaves."""
        return extra.value in self.extras

    def require_valid(self) -> None:
        """InvalidInput by field."""
        if len(self.sessions) > MOST_SESSIONS:
            raise InvalidInput(errors={"sessions": [f"Choose at most {MOST_SESSIONS} sessions."]})
        if self.sessions and self.kind != ExportKind.SESSION_NOTES:
            raise InvalidInput(errors={"sessions": ["Only session notes can be chosen by session."]})
        if (self.start or self.end) and self.kind in WITHOUT_PERIOD:
            raise InvalidInput(errors={"start": [f"A {ExportKind(self.kind).label.lower()} has no period."]})
        if self.start and self.end and self.end < self.start:
            raise InvalidInput(errors={"end": ["The last day is before the first."]})


@dataclass(frozen=True, slots=True)
class Request:
    """Whose access collects what: a therapist's who treats the patient, or the patient's own."""

    access: RecordAccess
    wanted: Wanted

    @property
    def is_own(self) -> bool:
        """Whether the patient asks, who gets what is shared with patients."""
        return self.access.is_own

    @property
    def is_shared(self) -> bool:
        """Whether only what is shared with patients is collected."""
        return self.is_own or self.wanted.for_patient

    def require_entitled(self) -> None:
        """Forbidden for readers by emergency access, which lets nothing leave."""
        if not self.is_own and not self.access.may_write:
            raise Forbidden("Emergency access lets nothing leave.", code="read_only_access")
