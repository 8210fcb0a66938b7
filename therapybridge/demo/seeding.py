"""Seeds the demonstration clinic into an empty database."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.identity.audit_actions import CLINIC_DEMONSTRATION_SEEDED
from accounts.models import Clinic, User
from audit.log import record
from therapybridge.core.actor import SYSTEM
from therapybridge.demo import cast, dates, history, people, speech
from therapybridge.demo.people import AlreadySeeded, Staff
from therapybridge.demo.script import Patient

__all__ = ["AlreadySeeded", "seed", "sign_ins"]


def seed(password: str, *, now: datetime) -> list[str]:
    """Create everything or nothing, for a year up to the working day before `now`; returns the e-mails.

    AlreadySeeded if there is a clinic, even one just created by another process.
    """
    _refuse_a_clinic()
    # Drafting takes longest, and other processes wait while the transaction is open.
    for person in cast.PATIENTS:
        for meeting in person.meetings:
            speech.draft(speech.segments(meeting.dialogue, person.words))
    with transaction.atomic():
        _refuse_a_clinic()
        staff = people.add_staff(password)
        for person in cast.PATIENTS:
            _add_story(person, staff, now)
        record(CLINIC_DEMONSTRATION_SEEDED, staff.people[cast.ADMIN], by=SYSTEM)
    return sign_ins()


def sign_ins() -> list[str]:
    """The e-mails of the demonstration accounts, staff first; none without the demonstration."""
    known = [cast.THERAPIST, cast.SECOND_THERAPIST, cast.ADMIN, *(person.email for person in cast.PATIENTS)]
    rows = User.objects.filter(email__in=known).values_list("email", flat=True)
    return sorted(map(str, rows), key=known.index)


def _refuse_a_clinic() -> None:
    if Clinic.objects.exists():
        raise AlreadySeeded("There already is a clinic; the demonstration needs an empty database.")


def _add_story(person: Patient, staff: Staff, now: datetime) -> None:
    case = people.add_patient(person, staff, _dates(person, now))
    people.record_consents(case)
    history.add_sessions(case)
    history.add_happenings(case)


def _dates(person: Patient, now: datetime) -> list[datetime]:
    zone = ZoneInfo(cast.TIME_ZONE)
    last = dates.last_working_day(now, zone, person.weekday_shift) - timedelta(weeks=person.ended_weeks_ago)
    return dates.slots(last, [meeting.weeks for meeting in person.meetings], time.fromisoformat(person.slot), zone)
