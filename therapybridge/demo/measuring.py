"""Numbers of the demonstration: check-ins, values that therapists enter, and questionnaires."""

from datetime import date, timedelta

from accounts.care.access import RecordAccess
from sessions_app.models import RiskReview
from sessions_app.risk.services.decisions import dispose
from therapybridge.core.actor import SYSTEM
from therapybridge.demo.course import Course
from therapybridge.demo.script import Table
from timeline.models import MEASURE
from treatment.measures.services.assigning import assign, start_schedule
from treatment.measures.services.results import Filled, answer_assignment, take_with_patient
from treatment.measures.services.schedules import assign_due_of
from treatment.models import MeasureAssignment, MeasureSchedule
from treatment.tracking.services.check_ins import send_check_in
from treatment.tracking.services.entries import add_entry

NOT_TRACKERS = {"after", "days", "every", "mood", "notes"}


def is_together(course: Course, result: Table) -> bool:
    """Whether the therapist fills it in with the patient, as with all who cannot sign in."""
    return bool(result.get("together")) or not course.case.person.email


def check_in(course: Course, sent: Table, number: int) -> None:
    """Send the check-in of that number, from 0, of a run."""
    rows = {name: values[number] for name, values in sent.items() if name not in NOT_TRACKERS}
    day = course.case.patient.clinic_day
    send_check_in(
        course.case.own_access,
        sent_key=day.isoformat(),
        values={course.trackers[name]: value for name, value in rows.items()},
        mood=sent["mood"][number],
        note=sent.get("notes", {}).get(str(number + 1), ""),
    )


def enter_values(course: Course, brought: Table) -> None:
    """Enter what the patient brought to a meeting: the last value is that of its day, or of the one before."""
    tracker, values, every = course.tracker(brought["tracker"]), brought["values"], brought.get("every", 1)
    last = course.case.patient.clinic_day - timedelta(days=brought.get("before", 0))
    for number, value in enumerate(values, 1):
        day = last - timedelta(days=every * (len(values) - number))
        add_entry(tracker, value=value, day=day, access=course.access)


def schedule(course: Course, asked: Table, first: date) -> None:
    """Ask for a questionnaire every so many days."""
    rhythm = {"every_days": asked["every_days"], "first_due_date": first}
    row = start_schedule(course.access, instrument=asked["instrument"], **rhythm)
    course.schedules[asked["instrument"]] = row.pk


def ask(course: Course, asked: Table) -> None:
    """Give out what is due today."""
    rows = MeasureSchedule.objects.select_related("patient__clinic")
    assign_due_of(rows.get(pk=course.schedules[asked["instrument"]]), by=SYSTEM)


def fill_in(course: Course, asked: Table, result: Table) -> None:
    """Answer a questionnaire: its items are digits in their order."""
    items = {number: int(digit) for number, digit in enumerate(result["items"].replace(" ", ""), 1)}
    filled = Filled(asked["instrument"], items)
    if is_together(course, result):
        held = take_with_patient(course.access, filled)
    else:
        access = course.case.own_access
        held = answer_assignment(access, _waiting(access, course, filled.instrument), filled)
    course.tell(MEASURE, [held.pk])


def _waiting(access: RecordAccess, course: Course, instrument: str) -> MeasureAssignment:
    """The one that waits; without any, the therapist asks for it on the same day."""
    rows = MeasureAssignment.objects.open().filter(patient=access.patient, instrument=instrument)
    today = course.case.patient.clinic_day
    return rows.first() or assign(course.access, instrument=instrument, due_date=today)


def close_review(course: Course, written: Table) -> None:
    """Close the review that the latest answers opened."""
    review = RiskReview.objects.filter(patient=course.case.patient, session=None).latest("opened_at")
    dispose(review, **written, revision=review.revision, access=course.access)
