"""The scenes of the demonstration: what happened when. They are played in the order of time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sessions_app.notes.services.private import create_private_note
from therapybridge.demo import consents, meetings, people, treatment
from therapybridge.demo.course import Course
from therapybridge.demo.meetings import Held
from therapybridge.demo.people import Case
from therapybridge.demo.script import Table
from therapybridge.demo.timing import Scene
from timeline.services.events import create_event

# Counted from the end of a meeting.
UPLOADED, DRAFTED, RISK_SEEN = timedelta(minutes=15), timedelta(minutes=17), timedelta(minutes=30)
CONSENT_ENDED, WRITTEN, SHARED = timedelta(minutes=20), timedelta(minutes=75), timedelta(minutes=80)
WITHDRAWN, COSIGNED = timedelta(days=1), timedelta(days=2)
# Counted back from now, for what has only just been added to the record.
JUST_DRAFTED, JUST_QUEUED = timedelta(minutes=50), timedelta(seconds=20)
# Counted back from the first meeting, or for somebody who has had none, from now.
ADDED, CONSENTED, NEW = timedelta(days=3), timedelta(minutes=30), timedelta(hours=18)
EVENT_FIELDS = ("event_type", "title", "description", "metadata", "importance", "is_private")


def scenes(case: Case, now: datetime) -> Iterator[Scene]:
    """What happened around a patient, in any order."""
    first = case.dates[0] if case.dates else now - NEW
    yield Scene(first - ADDED, partial(people.add_patient, case))
    yield Scene(first - CONSENTED, partial(consents.record_consent, case))
    for number, meeting in enumerate(case.person.meetings):
        yield from _of_meeting(Held(case, meeting, number), now)
    for event in case.person.events:
        happened = min(_happened(case, event), now)
        yield Scene(max(happened, first - CONSENTED), partial(_add_event, case, event, happened))
    for note in case.person.private_notes:
        yield Scene(_after(case, note) + timedelta(hours=2), partial(_add_private_note, case, note))
    yield from treatment.scenes(Course(case), now)


def _of_meeting(held: Held, now: datetime) -> Iterator[Scene]:
    meeting = held.meeting
    end = held.case.dates[held.number] + timedelta(minutes=meeting.minutes)
    if meeting.is_late:
        end = now - (JUST_DRAFTED if meeting.draft else JUST_QUEUED) - UPLOADED
    yield Scene(end + UPLOADED, partial(meetings.upload, held))
    if meeting.state == "failed":
        yield Scene(end + DRAFTED, partial(meetings.fail, held))
    if meeting.state == "withdrawn":
        yield Scene(end + CONSENT_ENDED, partial(consents.withdraw_consent, held.case))
    if meeting.state == "done":
        yield Scene(end + DRAFTED, partial(meetings.draft, held))
        yield from _of_record(held, end)


def _of_record(held: Held, end: datetime) -> Iterator[Scene]:
    """What the therapist makes of the draft, and what comes later."""
    meeting = held.meeting
    if meeting.risk:
        yield Scene(end + RISK_SEEN, partial(meetings.look_at_risk, held))
    if meeting.note:
        yield Scene(end + WRITTEN, partial(meetings.write_note, held))
    if meeting.note.get("cosigned"):
        yield Scene(end + COSIGNED, partial(meetings.cosign, held))
    if meeting.summary["state"] != "draft":
        yield Scene(end + SHARED, partial(meetings.answer_summary, held))
    if meeting.summary["state"] == "withdrawn":
        yield Scene(end + WITHDRAWN, partial(meetings.withdraw_summary, held))
    for part, act in ((meeting.addendum, meetings.add_addendum), (meeting.correction, meetings.ask_correction)):
        if part:
            yield Scene(end + timedelta(days=part["days"], minutes=95), partial(act, held))


def _after(case: Case, told: Table) -> datetime:
    """The meeting after which it happened; 1 is the first."""
    number: int = told["after"]
    return case.dates[number - 1]


def _happened(case: Case, event: Table) -> datetime:
    """Some days from that meeting, or on the last Sunday, or another such day (Monday is 0), before it."""
    meeting = _after(case, event)
    days = event.get("days", 1)
    if "weekday" in event:
        days = -((meeting.weekday() - event["weekday"] - 1) % 7 + 1)
    return meeting + timedelta(days=days, hours=2)


def _add_event(case: Case, event: Table, happened: datetime) -> None:
    create_event(case.access, {name: event[name] for name in EVENT_FIELDS if name in event} | {"event_date": happened})


def _add_private_note(case: Case, note: Table) -> None:
    create_private_note(case.access, note["text"])
