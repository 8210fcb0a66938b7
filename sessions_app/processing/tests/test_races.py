"""People and workers that come to a session at once: the second waits, and sees what the first has done."""

import pytest

from accounts.models import User
from sessions_app.conftest import WHEN
from sessions_app.models import LeaseLost, ProcessingJob, TherapySession
from sessions_app.processing.services import control
from sessions_app.services.transcripts import create_with_transcript
from therapybridge.tests.waiting import start_waiting

pytestmark = pytest.mark.django_db(transaction=True)
SAID = b"Therapist: How did you sleep?\nPatient: I slept badly.\n"


@pytest.fixture
def session(therapist: User, patient: User) -> TherapySession:
    """Its transcript waits for a worker."""
    return create_with_transcript(patient, WHEN, SAID, "talk.txt", by=therapist)


def test_a_worker_that_waited_for_a_cancellation_does_not_undo_it(session: TherapySession, therapist: User) -> None:
    job = ProcessingJob.claim(session.job.pk)
    assert job
    with session.patient.locked(), session.locked():
        second = start_waiting(lambda: job.session.move_to("extracting_notes", token=job.token))
        control.cancel_processing(session, by=therapist)
    assert isinstance(second.exception(10), LeaseLost)
    session.refresh_from_db()
    assert (session.status, session.job.stage) == ("failed", "failed")
