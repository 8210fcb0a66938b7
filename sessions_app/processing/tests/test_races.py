"""Concurrent changes by people and workers: the second waits and sees the first one's result."""

import pytest

from accounts.care.access import RecordAccess
from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import PatientSummary, ProcessingJob, TherapySession
from sessions_app.notes.services.summaries import approve_summary
from sessions_app.processing.services import control, stages
from sessions_app.services.transcripts import create_with_transcript
from therapybridge.core.errors import Conflict
from therapybridge.core.jobs import LeaseLost
from therapybridge.tests.waiting import start_waiting

pytestmark = pytest.mark.django_db(transaction=True)
SAID = b"Therapist: How did you sleep?\nPatient: I slept badly.\n"


@pytest.fixture
def access(therapist: User, patient: User) -> RecordAccess:
    return access_for(therapist, patient)


@pytest.fixture
def session(access: RecordAccess) -> TherapySession:
    """A session whose transcript waits for a worker."""
    return create_with_transcript(access, WHEN, SAID, "talk.txt")


def test_a_worker_that_waited_for_a_cancellation_does_not_undo_it(
    session: TherapySession, access: RecordAccess
) -> None:
    job = ProcessingJob.claim(session.job.pk)
    assert job
    with session.patient.locked(), session.locked():
        second = start_waiting(lambda: job.session.move_to("extracting_notes", token=job.token))
        control.cancel_processing(session, access=access)
    assert isinstance(second.exception(10), LeaseLost)
    session.refresh_from_db()
    assert (session.status, session.job.stage) == ("failed", "failed")


def test_an_approval_that_waited_for_a_new_draft_is_kept(session: TherapySession, access: RecordAccess) -> None:
    session = work_off(session)
    control.redraft_notes(session, access=access)
    job = ProcessingJob.claim(session.job.pk)
    assert job
    step = stages.STEPS[job.stage]
    result = step.work(job, stages.Heartbeat(job))
    with session.locked():
        second = start_waiting(lambda: approve_summary(session, "We spoke about sleep.", access=access))
        step.commit(job, result)
    assert second.exception(10) is None
    summary = PatientSummary.objects.get(session=session)
    assert (summary.text, summary.changed_by) == ("We spoke about sleep.", access.user)


def test_an_approval_of_what_was_read_does_not_share_the_draft_that_it_waited_for(
    session: TherapySession, access: RecordAccess
) -> None:
    session = work_off(session)
    read = PatientSummary.objects.get(session=session).version
    control.redraft_notes(session, access=access)
    job = ProcessingJob.claim(session.job.pk)
    assert job
    step = stages.STEPS[job.stage]
    result = step.work(job, stages.Heartbeat(job))
    with session.locked():
        second = start_waiting(lambda: approve_summary(session, None, read, access=access))
        step.commit(job, result)
    assert isinstance(second.exception(10), Conflict)
    assert PatientSummary.objects.get(session=session).approved_at is None
