"""Seeds the demonstration clinic into an empty database."""

from datetime import datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.demo import SEEDED
from accounts.identity.audit_actions import CLINIC_DEMONSTRATION_SEEDED
from accounts.models import Clinic, OutgoingMail, User
from audit.log import record
from sessions_app.pipeline.speakers.resolve import People
from sessions_app.pipeline.text.language import language_of
from therapybridge.core.actor import SYSTEM
from therapybridge.demo import cast, dates, drafts, emergency, people, script, speech, story
from therapybridge.demo.clock import refuse_production, story_time
from therapybridge.demo.people import AlreadySeeded, Case, Staff
from therapybridge.demo.script import Patient
from therapybridge.demo.timing import Scene
from timeline.services.treatment_events import reconcile_treatment

__all__ = ["AlreadySeeded", "seed", "sign_ins"]
OPENED = timedelta(days=200)  # before now
NAMES = {name: f"{first} {last}" for name, first, last, _ in cast.STAFF}


def seed(password: str, *, now: datetime) -> list[str]:
    """Create everything or nothing, up to the working day before `now`; returns the e-mails.

    AlreadySeeded if there is a clinic, even one just created by another process; ImproperlyConfigured in production.
    """
    refuse_production()
    _refuse_a_clinic()
    _judge_drafts()
    with transaction.atomic():
        _refuse_a_clinic()
        with story_time(now - OPENED):
            staff = people.add_staff(password)
        for scene in _scenes(staff, now):
            with story_time(scene.at):
                scene.act()
        reconcile_treatment()  # signals wait for the commit
        _empty_the_outbox()
        record(CLINIC_DEMONSTRATION_SEEDED, staff.people["admin"], by=SYSTEM)
    return sign_ins()


def sign_ins() -> list[str]:
    """The e-mails of the demonstration accounts; none without the demonstration."""
    rows = User.objects.filter(email__in=SEEDED).values_list("email", flat=True)
    return sorted(map(str, rows), key=SEEDED.index)


def _refuse_a_clinic() -> None:
    if Clinic.objects.exists():
        raise AlreadySeeded("There already is a clinic; the demonstration needs an empty database.")


def _judge_drafts() -> None:
    """Judging takes longest, and other processes wait while the transaction is open."""
    for person in script.patients():
        named = People(NAMES[person.therapist], f"{person.first_name} {person.last_name}")
        for meeting in person.meetings:
            if meeting.draft:
                said = speech.segments(meeting, named)
                drafts.judged(meeting.name, said, language_of("\n".join(line.text for line in said)))


def _scenes(staff: Staff, now: datetime) -> list[Scene]:
    """Everything that happened, in the order of time."""
    cases = [Case(person, staff, _dates(person, now)) for person in script.patients()]
    told = chain.from_iterable(story.scenes(case, now) for case in cases)
    elena = next(case for case in cases if case.person.first_name == "Elena")
    return sorted([*told, *emergency.scenes(elena, number=4)], key=lambda scene: scene.at)


def _dates(person: Patient, now: datetime) -> list[datetime]:
    if not person.meetings:
        return []
    zone = ZoneInfo(cast.TIME_ZONE)
    last = dates.last_working_day(now, zone, person.days_ago) - timedelta(weeks=person.weeks_ago)
    return dates.slots(last, [meeting.weeks for meeting in person.meetings], time.fromisoformat(person.slot), zone)


def _empty_the_outbox() -> None:
    """Nobody gets an e-mail about invented sessions: these count as sent on their day."""
    for mail in OutgoingMail.objects.filter(status=OutgoingMail.Status.PENDING):
        with story_time(mail.created_at):
            mail.move_to(OutgoingMail.Status.SENT)
