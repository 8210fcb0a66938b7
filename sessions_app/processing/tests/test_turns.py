"""A clinic with many sessions holds up no other one, and uses all workers while it is alone."""

from datetime import timedelta

import pytest
from celery.signals import before_task_publish
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Clinic
from accounts.tests.factories import CareFactory, ClinicFactory, PatientFactory, TherapistFactory, give_consents
from sessions_app.conftest import WHEN
from sessions_app.models import ProcessingJob, TherapySession, Transcript
from sessions_app.processing import tasks
from sessions_app.processing.services import stages
from sessions_app.signals import stage_reached
from therapybridge.tests.waiting import start_waiting

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 12


@pytest.fixture
def busy() -> Clinic:
    return ClinicFactory(name="Busy")


@pytest.fixture
def other() -> Clinic:
    return ClinicFactory(name="Other")


def upload(clinic: Clinic, number: int = 1) -> list[ProcessingJob]:
    """Sessions that wait for their draft, the first one longest."""
    therapist, patient = TherapistFactory(clinic=clinic), PatientFactory(clinic=clinic)
    CareFactory(therapist=therapist, patient=patient)
    give_consents(patient)
    made = []
    for at in range(number):
        session = TherapySession.objects.create(
            patient=patient, therapist=therapist, clinic=clinic, session_date=WHEN, status="transcribed"
        )
        line = {"index": 0, "start": None, "end": None, "text": "I slept.", "speaker": "patient", "confidence": None}
        Transcript.objects.create(session=session, segments=[line], engine="test", model="", word_count=2)
        due = timezone.now() - timedelta(hours=1, seconds=-at)
        made.append(
            ProcessingJob.objects.create(session=session, stage="extract", requested_by=therapist, next_attempt_at=due)
        )
    return made


def begin(*jobs: ProcessingJob) -> list[Clinic]:
    """The clinics whose jobs are begun by workers that were woken for these jobs, one after the other."""
    claimed = [ProcessingJob.claim_next(job.pk) for job in jobs]
    return [job.session.clinic for job in claimed if job]


def test_one_job_of_a_clinic_runs_while_others_wait(busy: Clinic, other: Clinic) -> None:
    many, one = upload(busy, MANY), upload(other)
    assert begin(*many[:3]) == [busy, other, busy]
    assert ProcessingJob.objects.get(pk=one[0].pk).token


def test_a_clinic_that_is_alone_uses_all_workers(busy: Clinic) -> None:
    many = upload(busy, MANY)
    assert begin(*many) == [busy] * MANY


def test_clinics_take_turns_when_there_is_one_worker(busy: Clinic, other: Clinic) -> None:
    jobs, began = [*upload(busy, 3), *upload(other, 3)], []
    ProcessingJob.objects.filter(session__clinic=busy).update(next_attempt_at=WHEN)  # all of them wait longer
    for job in jobs:
        claimed = ProcessingJob.claim_next(job.pk)
        assert claimed
        began.append(claimed.session.clinic)
        claimed.advance("finish")
        ProcessingJob.objects.filter(pk=claimed.pk).update(stage="done")
    assert began == [busy, other] * 3


def test_a_message_leads_to_one_job_whosever_it_is(
    busy: Clinic, other: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left over when each job's message was received."""
    many, one = upload(busy, MANY), upload(other, 2)
    for job in [*many, *one]:
        tasks.process_session(str(job.pk))
    assert set(ProcessingJob.objects.values_list("stage", flat=True)) == {"done"}
    ended = list(ProcessingJob.objects.order_by("updated_at").values_list("session__clinic", flat=True))
    assert ended[:4] == [busy.pk, other.pk, busy.pk, other.pk]


def test_a_job_gives_way_between_its_stages(busy: Clinic, other: Clinic) -> None:
    many = upload(busy, 2)
    begin(*many)
    running = ProcessingJob.objects.get(pk=many[0].pk)
    late = upload(other)
    stages.run(running)
    assert running.claim_again() is None
    assert ProcessingJob.objects.due().filter(pk=running.pk).exists()
    begin(*late)
    again = running.claim_again()
    assert again
    assert again.stage == "finish"


def test_who_gives_way_has_a_worker_woken_for_what_is_left(busy: Clinic, other: Clinic) -> None:
    many, sent = upload(busy, 2), []
    begin(many[1])

    def another_clinic_comes(sender: object, job: ProcessingJob, moment: str, **kwargs: object) -> None:
        if moment == "committed" and job.pk == many[0].pk:
            upload(other)

    def note(sender: object, body: tuple[list[str], object, object], **kwargs: object) -> None:
        sent.append(list(body[0]))

    stage_reached.connect(another_clinic_comes)
    before_task_publish.connect(note)
    try:
        tasks.process_session(str(many[0].pk))
    finally:
        stage_reached.disconnect(another_clinic_comes)
        before_task_publish.disconnect(note)
    assert ProcessingJob.objects.get(pk=many[0].pk).stage == "finish"
    assert sent == [[str(many[0].pk)]]


def test_the_only_job_of_a_clinic_goes_on_though_others_wait(busy: Clinic, other: Clinic) -> None:
    many = upload(busy, MANY)
    begin(many[0])
    running = ProcessingJob.objects.get(pk=many[0].pk)
    upload(other, MANY)
    stages.run(running)
    assert running.claim_again()


def test_of_two_workers_one_begins_the_other_clinics_job(busy: Clinic, other: Clinic) -> None:
    """The second one saw the same job as the first, and then whose turn it is now."""
    many = upload(busy, MANY)
    late = upload(other)
    with many[0].locked():
        second = start_waiting(lambda: ProcessingJob.claim_next(many[0].pk))
        assert ProcessingJob.claim(many[0].pk)
    begun = second.result(10)
    assert isinstance(begun, ProcessingJob)
    assert begun.pk == late[0].pk


def test_whose_turn_it_is_takes_few_queries_however_many_wait(busy: Clinic, other: Clinic) -> None:
    many = upload(busy, MANY)
    upload(other, MANY)
    with CaptureQueriesContext(connection) as asked:
        assert ProcessingJob.claim_next(many[0].pk)
    assert len(asked) == 6
