"""No processing without consent and access: on every route, while queued, and while running."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from threading import Event
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.consent import tasks as consent_tasks
from accounts.consent.services.decisions import record_consent
from accounts.models import ConsentEntry, TherapistPatient, User
from accounts.tests.factories import CareFactory, ConsentFactory, TherapistFactory, access_for, end_care, give_consents
from audit.models import AuditEvent
from sessions_app.conftest import WHEN, work_off
from sessions_app.management.ai_stub.server import Stub
from sessions_app.models import ProcessingJob, TherapySession, Transcript
from sessions_app.processing import tasks as processing_tasks
from sessions_app.processing.access import AccessEnded
from sessions_app.processing.services import control, stages, transcribing
from sessions_app.services import sessions, transcripts
from therapybridge.core.errors import Conflict, ConsentRequired
from therapybridge.core.heartbeat import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)
name_requesters = import_module("sessions_app.migrations.0005_name_requesters").name_requesters
Act = Callable[[], object]
Upload = Callable[..., TherapySession]
UseModels = Callable[..., Stub]
TEXT = b"Therapist: How did you sleep?\nPatient: Badly. I worried about work until three.\nTherapist: What helped?\n"


def again(session: TherapySession) -> TherapySession:
    return TherapySession.objects.select_related("job", "patient", "clinic").get(pk=session.pk)


def denied(session: TherapySession) -> list[Any]:
    """What the trail says of workers that were refused."""
    rows = AuditEvent.objects.filter(action="session.processed", outcome="denied", target_id=session.pk)
    return list(rows.values_list("actor", "patient_id", "clinic_id", "reason"))


def processed(patient: User, therapist: User) -> TherapySession:
    session = work_off(transcripts.create_with_transcript(access_for(therapist, patient), WHEN, TEXT, "talk.txt"))
    assert session.status == "processed"
    return session


def empty(patient: User, therapist: User) -> str:
    """The URL of a session that awaits its transcript."""
    session = sessions.create_session(access_for(therapist, patient), WHEN, kind="dictation")
    return f"/api/v1/sessions/{session.pk}/transcript"


def of_failed(patient: User, therapist: User) -> str:
    session = transcripts.create_with_transcript(access_for(therapist, patient), WHEN, TEXT, "talk.txt")
    control.cancel_processing(session, access=access_for(therapist, session.patient))
    return f"/api/v1/sessions/{session.pk}/retry"


def of_processed(patient: User, therapist: User) -> str:
    return f"/api/v1/sessions/{processed(patient, therapist).pk}/extract-notes"


@pytest.mark.parametrize("missing", ["recording", "ai_processing"])
@pytest.mark.parametrize("way", [empty, of_failed, of_processed])
def test_every_way_in_asks_for_both_consents(
    way: Callable[[User, User], str], missing: str, therapist: User, patient: User, api_for: Any
) -> None:
    address = way(patient, therapist)
    ConsentFactory(patient=patient, consent_type=missing, status="revoked")
    before = list(ProcessingJob.objects.values("stage", "attempts"))
    body = {"file": SimpleUploadedFile("talk.txt", TEXT)} if address.endswith("transcript") else {}
    answer = api_for(therapist).post(address, body, format="multipart" if body else "json")
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_required")
    assert list(ProcessingJob.objects.values("stage", "attempts")) == before
    give_consents(patient)
    body = {"file": SimpleUploadedFile("talk.txt", TEXT)} if body else {}
    assert api_for(therapist).post(address, body, format="multipart" if body else "json").status_code == 202


@pytest.mark.parametrize("path", ["/retry", "/draft"])
def test_the_pages_ask_as_well(path: str, therapist: User, patient: User, client_for: Any) -> None:
    session = transcripts.create_with_transcript(access_for(therapist, patient), WHEN, TEXT, "talk.txt")
    if path == "/retry":
        control.cancel_processing(session, access=access_for(therapist, session.patient))
    else:
        session = work_off(session)
    ConsentFactory(patient=patient, status="declined")
    answer = client_for(therapist).post(f"/sessions/{session.pk}{path}")
    assert answer.status_code == 403
    assert again(session).status == ("failed" if path == "/retry" else "processed")


@pytest.mark.parametrize(
    ("status", "types", "sentence"),
    [
        ("revoked", ["recording", "ai_processing"], "The patient withdrew consent to recording and AI processing"),
        ("declined", ["ai_processing"], "The patient declined consent to AI processing"),
    ],
)
def test_withdrawing_stops_what_waits_and_says_so(
    upload: Upload, use_models: UseModels, therapist: User, patient: User, client_for: Any, status, types, sentence
) -> None:
    stub = use_models()
    session = upload()
    record_consent(access_for(therapist, patient), types, status, "verbal")
    stopped = again(session)
    assert (stopped.status, stopped.error_code, stopped.number) == ("failed", "consent_required", None)
    assert stopped.error_detail == f"{sentence}; the recording is kept."
    assert (stopped.job.stage, stopped.job.failed_stage, stopped.job.token) == ("failed", "check", None)
    assert stopped.recording.file.exists()
    assert not ProcessingJob.objects.due().exists()
    processing_tasks.process_session.apply(args=(str(session.job.pk),))
    assert stub.calls() == []
    assert sentence in client_for(therapist).get(session.get_absolute_url()).content.decode().replace("&#x27;", "'")
    row = AuditEvent.objects.get(action="session.cancelled")
    assert (row.actor, row.patient_id, row.reason) == (None, patient.pk, "consent")


def test_only_a_new_consent_lets_it_go_on(
    upload: Upload, use_models: UseModels, therapist: User, patient: User
) -> None:
    use_models()
    session = upload()
    record_consent(access_for(therapist, patient), ["recording"], "revoked", "verbal")
    with pytest.raises(ConsentRequired):
        control.retry_processing(again(session), access=access_for(therapist, again(session).patient))
    record_consent(access_for(therapist, patient), ["recording"], "granted", "verbal")
    assert again(session).status == "failed", "nothing starts by itself"
    control.retry_processing(again(session), access=access_for(therapist, again(session).patient))
    assert work_off(session).status == "processed"


def test_a_transcript_is_kept_too(therapist: User, patient: User) -> None:
    session = transcripts.create_with_transcript(access_for(therapist, patient), WHEN, TEXT, "talk.txt")
    record_consent(access_for(therapist, patient), ["ai_processing"], "revoked", "verbal")
    assert again(session).error_detail.endswith("; the transcript is kept.")
    assert Transcript.objects.filter(session=session).exists()


def test_other_consents_and_other_patients_go_on(therapist: User, patient: User) -> None:
    other = CareFactory(therapist=therapist).patient
    give_consents(other)
    session = transcripts.create_with_transcript(access_for(therapist, patient), WHEN, TEXT, "talk.txt")
    record_consent(access_for(therapist, patient), ["billing", "research"], "declined", "verbal")
    record_consent(access_for(therapist, other), ["recording"], "revoked", "verbal")
    assert again(session).status == "transcribed"
    record_consent(access_for(therapist, patient), ["recording"], "granted", "verbal")
    assert work_off(session).status == "processed"


def test_a_new_draft_that_is_stopped_leaves_the_earlier_one(therapist: User, patient: User, client_for: Any) -> None:
    session = processed(patient, therapist)
    control.redraft_notes(session, access=access_for(therapist, session.patient))
    record_consent(access_for(therapist, patient), ["ai_processing"], "revoked", "verbal")
    session = again(session)
    assert (session.status, session.error_code, session.number) == ("processed", "consent_required", 1)
    assert "The new draft could not be created. The patient withdrew" in (
        client_for(therapist).get(session.get_absolute_url()).content.decode()
    )


def test_a_worker_at_work_keeps_nothing_of_it(
    upload: Upload, use_models: UseModels, therapist: User, patient: User
) -> None:
    use_models()
    session = upload()
    job = ProcessingJob.claim(session.job.pk)
    assert job is not None
    record_consent(access_for(therapist, patient), ["recording"], "revoked", "verbal")
    stages.run(job)
    assert again(session).error_code == "consent_required"
    assert "withdrew" in again(session).error_detail, "what the patient did, not what the worker met"


def test_an_expired_consent_stops_work_before_and_after_the_log_says_so(
    upload: Upload, use_models: UseModels, therapist: User, patient: User
) -> None:
    stub = use_models()
    first, second = upload(), transcripts.create_with_transcript(access_for(therapist, patient), WHEN, TEXT, "talk.txt")
    ConsentFactory(patient=patient, expires_at=timezone.now() - timedelta(seconds=1))
    assert work_off(first).error_detail == "The patient's consent is missing: Recording."
    assert consent_tasks.expire_consents.apply().get() == 1
    assert again(second).error_detail == "The patient's consent to recording has expired; the transcript is kept."
    assert stub.calls() == []


@pytest.mark.parametrize("stage", ["check", "transcribe", "assemble", "extract", "finish"])
def test_no_stage_begins_without_consent(stage: str, upload: Upload, use_models: UseModels, patient: User) -> None:
    """The signal to workers may be lost: the factory's entry sends none."""
    use_models()
    session = upload()
    while (job := ProcessingJob.claim(session.job.pk)) and job.stage != stage:
        stages.run(job)
    ConsentFactory(patient=patient, consent_type="ai_processing", status="revoked")
    stages.run(job)
    session = again(session)
    assert (session.status, session.error_code, session.job.failed_stage) == ("failed", "consent_required", stage)
    assert denied(session) == [(None, patient.pk, patient.clinic_id, "consent_required")]


def ended(therapist: User, patient: User) -> None:
    end_care(TherapistPatient.objects.get(therapist=therapist, patient=patient))


def deactivated(therapist: User, patient: User) -> None:
    User.objects.filter(pk=therapist.pk).update(is_active=False)


def moved(therapist: User, patient: User) -> None:
    User.objects.filter(pk=therapist.pk).update(clinic=TherapistFactory().clinic)


def no_therapist_any_more(therapist: User, patient: User) -> None:
    # The relation stays, and would count again if the role came back.
    User.objects.filter(pk=therapist.pk).update(role=User.Role.ADMIN)


ENDS = [ended, deactivated, moved, no_therapist_any_more]


@pytest.mark.parametrize("end", ENDS)
def test_work_ends_with_the_access_of_whoever_asked_for_it(
    end: Callable[[User, User], None], upload: Upload, use_models: UseModels, therapist: User, patient: User
) -> None:
    stub = use_models()
    session = upload()
    end(therapist, patient)
    processing_tasks.process_session.apply(args=(str(session.job.pk),))
    session = again(session)
    assert (session.status, session.error_code, session.error_retriable) == ("failed", "access_ended", True)
    assert "no longer treats the patient" in session.error_detail
    assert session.recording.file.exists()
    assert stub.calls() == []
    assert denied(session) == [(None, patient.pk, patient.clinic_id, "access_ended")]


def test_another_therapist_of_the_patient_may_take_it_up(
    upload: Upload, use_models: UseModels, therapist: User, other_therapist: User, patient: User
) -> None:
    use_models()
    session = upload()
    CareFactory(therapist=other_therapist, patient=patient)
    ended(therapist, patient)
    assert work_off(session).error_code == "access_ended", "a colleague's relation is not the asker's"
    control.retry_processing(again(session), access=access_for(other_therapist, again(session).patient))
    session = work_off(session)
    assert (session.status, session.therapist_id) == ("processed", therapist.pk)
    assert session.job.requested_by_id == other_therapist.pk


def test_nobody_left_means_nobody_may(
    upload: Upload, use_models: UseModels, therapist: User, other_therapist: User, patient: User
) -> None:
    stub = use_models()
    session = upload()
    CareFactory(therapist=other_therapist, patient=patient)
    ProcessingJob.objects.update(requested_by=None)
    TherapySession.objects.update(therapist=None)
    ended(therapist, patient)
    assert work_off(session).error_code == "access_ended"
    assert stub.calls() == []
    control.retry_processing(again(session), access=access_for(other_therapist, patient))
    assert work_off(session).status == "processed"


def test_a_requester_whose_account_is_gone_is_nobody(upload: Upload, use_models: UseModels) -> None:
    stub = use_models()
    session = upload()
    ProcessingJob.objects.update(requested_by=None)  # the session's therapist still treats the patient
    assert work_off(session).error_code == "access_ended"
    assert stub.calls() == []


def test_work_from_before_this_was_kept_goes_by_the_sessions_therapist(
    upload: Upload, use_models: UseModels, therapist: User, other_therapist: User, patient: User
) -> None:
    use_models()
    old, theirs = upload(), processed(patient, therapist)
    ProcessingJob.objects.filter(session=old).update(requested_by=None)
    ProcessingJob.objects.filter(session=theirs).update(requested_by=other_therapist)
    name_requesters(apps, None)
    assert again(theirs).job.requested_by_id == other_therapist.pk
    assert work_off(old).status == "processed"
    assert again(old).job.requested_by_id == therapist.pk


@pytest.mark.parametrize("end", ENDS)
def test_access_is_asked_for_again_before_each_piece_is_sent(
    end: Callable[[User, User], None], upload: Upload, use_models: UseModels, therapist: User, patient: User
) -> None:
    stub = use_models()
    session = upload()
    checked = ProcessingJob.claim(session.job.pk)
    assert checked is not None
    stages.run(checked)
    job = ProcessingJob.claim(session.job.pk)
    assert job is not None
    engine = stages.transcriber_for(job)
    end(therapist, patient)  # after the stage has begun, before its next call
    with Heartbeat(job) as heart, pytest.raises(AccessEnded):
        transcribing.transcribe_pieces(job, engine, heart)
    assert stub.calls() == []


@pytest.mark.parametrize("end", ENDS)
def test_access_is_asked_for_again_before_each_call_for_the_draft(
    end: Callable[[User, User], None], use_models: UseModels, therapist: User, patient: User
) -> None:
    stub = use_models()
    session = transcripts.create_with_transcript(access_for(therapist, patient), WHEN, TEXT, "talk.txt")
    job = ProcessingJob.claim(session.job.pk)
    assert job is not None
    end(therapist, patient)  # after the stage has begun
    with Heartbeat(job) as heart, pytest.raises(AccessEnded):
        stages.STEPS[job.stage].work(job, heart)
    assert stub.calls() == []


def test_a_redraft_is_done_by_the_right_of_whoever_asked_for_it(
    therapist: User, other_therapist: User, patient: User
) -> None:
    session = processed(patient, therapist)
    CareFactory(therapist=other_therapist, patient=patient)
    control.redraft_notes(session, access=access_for(other_therapist, session.patient))
    ended(therapist, patient)
    assert work_off(session).error_code == ""


def test_stopping_twice_stops_once(upload: Upload, use_models: UseModels, therapist: User, patient: User) -> None:
    use_models()
    session = upload()
    ConsentFactory(patient=patient, status="revoked")
    assert control.stop_for_consent(patient, {"recording": "revoked"}) == 1
    assert control.stop_for_consent(patient, {"recording": "revoked"}) == 0
    with pytest.raises(Conflict):
        control.cancel_processing(session, access=access_for(therapist, session.patient))


def test_a_message_that_comes_late_stops_nothing(therapist: User, patient: User) -> None:
    transcripts.create_with_transcript(access_for(therapist, patient), WHEN, TEXT, "talk.txt")
    assert ConsentEntry.objects.live().filter(patient=patient).count() == 2
    assert control.stop_for_consent(patient, {"recording": "revoked"}) == 0


def add_text(patient: User, therapist: User) -> Act:
    access = access_for(therapist, patient)
    session = sessions.create_session(access, WHEN, kind="dictation")
    return lambda: transcripts.add_transcript(session, TEXT, "talk.txt", access=access)


def retry(patient: User, therapist: User) -> Act:
    access = access_for(therapist, patient)
    session = transcripts.create_with_transcript(access, WHEN, TEXT, "talk.txt")
    control.cancel_processing(session, access=access)
    return lambda: control.retry_processing(again(session), access=access)


def redraft(patient: User, therapist: User) -> Act:
    session = processed(patient, therapist)
    return lambda: control.redraft_notes(again(session), access=access_for(therapist, patient))


@pytest.mark.parametrize("way", [add_text, retry, redraft])
def test_nothing_slips_in_behind_a_withdrawal_that_is_not_yet_committed(
    way: Callable[[User, User], Act], therapist: User, patient: User
) -> None:
    """Whoever has waited for the lock of the record asks for consent once more."""
    act, waits = way(patient, therapist), Event()
    before = list(ProcessingJob.objects.values("stage", "attempts"))

    def tell(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("BEGIN IMMEDIATE") or "FOR NO KEY UPDATE" in sql:
            waits.set()
        return execute(sql, params, many, context)

    def act_apart() -> object:
        try:
            with connection.execute_wrapper(tell):
                return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with patient.locked():
            record_consent(access_for(therapist, patient), ["recording"], "revoked", "verbal")
            answer = pool.submit(act_apart)
            assert waits.wait(20)
        with pytest.raises(ConsentRequired):
            answer.result(20)
    assert list(ProcessingJob.objects.values("stage", "attempts")) == before
