"""What patients read of signed notes: withholding one with a reason, looking at that again, releasing it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.care.access import RecordAccess
from audit.log import record
from sessions_app.audit_actions import NOTE_RELEASED, NOTE_REVIEW_MOVED, NOTE_WITHHELD
from sessions_app.models import NoteWithholding, SessionNote
from sessions_app.signals import note_release_changed
from therapybridge.core.errors import Conflict, InvalidInput
from therapybridge.core.text import written, wrong_length

MAX_WHY = 2_000  # characters
LONGEST = timedelta(days=365)  # until a decision is looked at again


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a note is withheld, and when that is to be looked at again."""

    exception: str
    reason: str
    review_date: date

    def require_valid(self, today: date) -> None:
        """InvalidInput by field; `today` is the clinic's day."""
        wrong: dict[str, list[str]] = {}
        if self.exception not in NoteWithholding.Grounds.values:
            wrong["exception"] = ["Choose on which ground it is withheld."]
        if told_length := wrong_length(self.reason, MAX_WHY):
            wrong["reason"] = told_length
        if told := _wrong_date(self.review_date, today):
            wrong["review_date"] = [told]
        if wrong:
            raise InvalidInput(errors=wrong)


def withhold_note(
    note: SessionNote, *, exception: str, reason: str, review_date: date, access: RecordAccess
) -> NoteWithholding:
    """Withhold a signed note from its patient from now on; Conflict for one that is not signed, or withheld already."""
    access.require_write(note.patient_id)
    grounds = Grounds(exception, reason, review_date)
    grounds.require_valid(note.clinic.today)
    with note.session.locked():
        held = SessionNote.objects.get(pk=note.pk)
        if not held.is_locked:
            raise Conflict("Patients read nothing of a note before it is signed.", code="not_signed")
        if NoteWithholding.objects.live().filter(note=held).exists():
            raise Conflict("This note is withheld already.", code="already_withheld")
        return add_withholding(held, grounds, access)


def add_withholding(note: SessionNote, grounds: Grounds, access: RecordAccess) -> NoteWithholding:
    """Withhold a note in the caller's transaction, which has checked everything."""
    withholding = NoteWithholding.objects.create(
        note=note,
        exception=grounds.exception,
        reason=written("reason", grounds.reason, MAX_WHY),
        review_date=grounds.review_date,
        withheld_by=access.user,
    )
    record(NOTE_WITHHELD, note, by=access, changed=["withholding"])
    _tell(note)
    return withholding


def move_review(note: SessionNote, *, review_date: date, access: RecordAccess) -> NoteWithholding:
    """Decide to withhold it until another day; Conflict for a note that is not withheld."""
    access.require_write(note.patient_id)
    if told := _wrong_date(review_date, note.clinic.today):
        raise InvalidInput(errors={"review_date": [told]})
    with note.session.locked():
        withholding = _live(note)
        withholding.review_date = review_date
        withholding.save()
        record(NOTE_REVIEW_MOVED, note, by=access, changed=["review_date"])
    return withholding


def release_note(note: SessionNote, *, access: RecordAccess) -> NoteWithholding:
    """Let the patient read the note from now on; Conflict for a note that is not withheld."""
    access.require_write(note.patient_id)
    with note.session.locked():
        withholding = _live(note)
        withholding.released_at, withholding.released_by = timezone.now(), access.user
        withholding.save()
        record(NOTE_RELEASED, note, by=access, changed=["withholding"])
        _tell(note)
    return withholding


def withholding_of(note: SessionNote) -> NoteWithholding | None:
    """The decision by which the note is withheld now."""
    live: NoteWithholding | None = (
        NoteWithholding.objects.live().select_related("withheld_by").filter(note=note.pk).first()
    )
    return live


def _live(note: SessionNote) -> NoteWithholding:
    withholding = withholding_of(note)
    if withholding is None:
        raise Conflict("This note is not withheld.", code="not_withheld")
    return withholding


def _wrong_date(day: date, today: date) -> str:
    return "" if today < day <= today + LONGEST else "Choose a day after today, within a year."


def _tell(note: SessionNote) -> None:
    transaction.on_commit(lambda: note_release_changed.send_robust(SessionNote, note=note), robust=True)
