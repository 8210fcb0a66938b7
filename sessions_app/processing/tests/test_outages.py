"""A provider that is away or refuses us costs nothing but time; one that mistakes in the settings lock out waits."""

import errno
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from sessions_app.conftest import WHEN, work_off
from sessions_app.management.ai_stub.server import Stub
from sessions_app.models import EngineCircuit, Extraction, ProcessingJob, TherapySession, TranscriptPiece
from sessions_app.processing.services import circuits, stages
from sessions_app.processing.tasks import wake_stalled_jobs
from sessions_app.signals import stage_reached
from sessions_app.tests.audio_files import dialogue, write
from therapybridge.core import health
from therapybridge.core.actor import SYSTEM
from therapybridge.core.jobs import MAX_BACKOFF, backoff

pytestmark = pytest.mark.django_db(transaction=True)
Upload = Callable[..., TherapySession]
UseModels = Callable[..., Stub]
ROUNDS = 12  # more than any number of attempts


def an_hour_later() -> None:
    """What was to be tried within an hour may be tried now."""
    EngineCircuit.objects.exclude(next_probe_at=None).update(next_probe_at=WHEN)


def try_for_long(session: TherapySession) -> TherapySession:
    for _ in range(ROUNDS):
        an_hour_later()
        session = work_off(session, claims=3)
    return session


@pytest.mark.parametrize(
    ("fault", "code"),
    [("500", "upstream_error"), ("429", "rate_limited"), ("reset", "connection"), ("timeout", "timeout")],
)
@pytest.mark.parametrize("kind", ["speech", "language"])
def test_an_outage_uses_up_no_attempts(
    kind: str, fault: str, code: str, upload: Upload, use_models: UseModels, settings: Any
) -> None:
    engines = {"audio" if kind == "speech" else "chat": f"stub-{fault}"}
    stub = use_models(**engines, timeout=0.2)
    session = try_for_long(upload())
    assert len([call for call in stub.calls() if call["status"] != 200]) > 2 * settings.JOB_MAX_ATTEMPTS
    assert session.is_running
    assert (session.job.waits_for, session.job.last_error, session.job.attempts) == (kind, code, 0)
    use_models()
    session = work_off(session)
    assert (session.status, session.error_code, session.number) == ("processed", "", 1)
    assert Extraction.objects.filter(session=session).count() == 1
    assert [c["status"] for c in stub.calls() if "audio" in c["path"]].count(200) == 1, "a chunk is paid for once"


def test_chunks_that_were_heard_before_an_outage_are_not_paid_again(
    upload: Upload, use_models: UseModels, tmp_path: Any
) -> None:
    stub = use_models("stub-text")
    tracks, _ = dialogue(6)
    session = upload(write(tmp_path / "long.flac", [sum(tracks)]).read_bytes())
    while (job := ProcessingJob.claim(session.job.pk)) and job.stage == "check":
        stages.run(job)
    assert job
    stages.run(job)
    paid = TranscriptPiece.objects.exclude(done_at=None)
    ProcessingJob.objects.update(stage="transcribe")
    last = paid.order_by("index").last()
    assert last
    TranscriptPiece.objects.filter(pk=last.pk).update(text=None, done_at=None)
    before = [call["status"] for call in stub.calls()].count(200)
    use_models("stub-500")
    assert try_for_long(session).job.waits_for == "speech"
    use_models("stub-text")
    assert work_off(session).status == "processed"
    assert [c["status"] for c in stub.calls() if "audio" in c["path"]].count(200) == before + 1


@pytest.mark.parametrize("fault", ["401", "403", "404", "307"])
def test_wrong_settings_pause_the_engine_until_they_change(fault: str, upload: Upload, use_models: UseModels) -> None:
    stub = use_models(f"stub-{fault}")
    session = try_for_long(upload())
    assert len(stub.calls()) == 1
    assert (session.status, session.job.waits_for, session.job.last_error) == (
        "transcribing",
        "speech",
        "engine_config",
    )
    assert EngineCircuit.objects.get().state == "paused"
    use_models()
    assert work_off(session).status == "processed"


def test_an_operator_has_a_paused_engine_tried_again(upload: Upload, use_models: UseModels) -> None:
    stub = use_models("stub-401-once")
    session = try_for_long(upload())
    assert (len(stub.calls()), session.job.waits_for) == (1, "speech")
    assert circuits.probe_now(EngineCircuit.objects.all(), by=SYSTEM) == 1
    assert work_off(session).status == "processed"


def test_an_address_that_is_none_pauses_the_engine(upload: Upload, use_models: UseModels, settings: Any) -> None:
    use_models()
    settings.TRANSCRIBE_BASE_URL = "htp:/nowhere"
    assert work_off(upload()).job.last_error == "engine_config"
    assert EngineCircuit.objects.get().state == "paused"


def test_an_account_without_credit_is_tried_once_an_hour(upload: Upload, use_models: UseModels) -> None:
    stub = use_models(chat="stub-quota-once")
    session = work_off(upload())
    assert (session.job.waits_for, session.job.last_error) == ("language", "quota")
    due = EngineCircuit.objects.get(kind="language").next_probe_at
    assert due
    assert due > timezone.now() + timedelta(seconds=MAX_BACKOFF - 60)
    assert len(stub.calls()) == 2
    an_hour_later()
    assert work_off(session).status == "processed"


def test_a_missing_model_on_this_machine_is_waited_for(upload: Upload, settings: Any, tmp_path: Any) -> None:
    settings.WHISPER_MODEL_DIR = str(tmp_path / "nowhere")
    session = work_off(upload())
    assert (session.status, session.job.waits_for) == ("transcribing", "local_speech")


def test_what_one_recording_does_to_a_working_engine_is_its_own_fault(
    upload: Upload, use_models: UseModels, settings: Any
) -> None:
    settings.JOB_MAX_ATTEMPTS = 3
    use_models("stub-500")
    bad = upload()
    for _ in range(4):
        an_hour_later()
        bad = work_off(bad, claims=3)
        EngineCircuit.objects.update(opened_at=None, probe=None, answered_at=timezone.now())  # by another job
        ProcessingJob.objects.update(next_attempt_at=WHEN)
    assert (bad.status, bad.error_code, bad.error_retriable) == ("failed", "upstream_error", True)


def opened(**fields: Any) -> EngineCircuit:
    """A circuit of the speech service that was opened a minute ago."""
    now = timezone.now()
    told = {"fingerprint": circuits.fingerprint("speech"), "opened_at": now, "failures": 1, "error_code": "timeout"}
    return EngineCircuit.objects.create(kind="speech", **{**told, "next_probe_at": now + timedelta(hours=1), **fields})


def ready_to_call(upload: Upload, talk: Path) -> ProcessingJob:
    """A job whose next step is a call of the speech service."""
    # A decoder ignores what follows the last frame: another file of the same sound.
    session = upload(talk.read_bytes() + uuid4().bytes)
    job = ProcessingJob.claim(session.job.pk)
    assert job
    stages.run(job)
    return ProcessingJob.objects.get(pk=job.pk)


def run(job: ProcessingJob) -> ProcessingJob:
    claimed = ProcessingJob.claim(job.pk)
    assert claimed
    stages.run(claimed)
    return ProcessingJob.objects.get(pk=job.pk)


def test_nobody_calls_while_the_circuit_is_open(upload: Upload, talk: Path, use_models: UseModels) -> None:
    stub = use_models()
    job = ready_to_call(upload, talk)
    opened()
    job = run(job)
    assert (job.stage, job.waits_for, job.last_error, job.attempts) == ("transcribe", "speech", "timeout", 0)
    assert stub.calls() == []
    assert wake_stalled_jobs() == 0


def test_one_job_at_a_time_tries_and_closes_the_circuit(upload: Upload, talk: Path, use_models: UseModels) -> None:
    stub = use_models()
    job = ready_to_call(upload, talk)
    trying = ProcessingJob.claim(job.pk)
    assert trying
    opened(next_probe_at=WHEN, probe=trying.token)
    assert not EngineCircuit.objects.to_probe().exists(), "somebody tries already"
    ProcessingJob.objects.update(lease_until=WHEN)
    assert EngineCircuit.objects.to_probe().exists(), "who tried has died"
    assert run(job).stage == "assemble"
    assert (EngineCircuit.objects.get().opened_at, len(stub.calls())) == (None, 1)


def test_a_failed_probe_makes_the_pause_longer(upload: Upload, talk: Path, use_models: UseModels) -> None:
    use_models("stub-500")
    job = ready_to_call(upload, talk)
    before = opened(next_probe_at=WHEN, failures=4).opened_at
    run(job)
    circuit = EngineCircuit.objects.get()
    assert (circuit.failures, circuit.opened_at, circuit.probe) == (5, before, None)


def test_pauses_double_up_to_an_hour_and_honour_what_the_provider_asks(settings: Any) -> None:
    settings.JOB_BACKOFF_SECONDS = 15
    assert [int(backoff(n) // 15).bit_length() for n in (1, 2, 3, 4)] == [1, 2, 3, 4]
    assert backoff(12) == backoff(500) == MAX_BACKOFF
    assert 600 <= backoff(1, 600) <= 750
    assert backoff(1, MAX_BACKOFF) == MAX_BACKOFF
    assert len({backoff(1) for _ in range(20)}) > 1


def test_waiting_jobs_are_released_over_a_minute(upload: Upload, use_models: UseModels, therapist: User) -> None:
    use_models()
    session = upload()
    patient, clinic = session.patient, session.clinic
    others = [
        TherapySession(patient=patient, therapist=therapist, clinic=clinic, session_date=WHEN + timedelta(days=n))
        for n in range(150)
    ]
    TherapySession.objects.bulk_create(others)
    ProcessingJob.objects.bulk_create(
        ProcessingJob(session=one, waits_for="speech", next_attempt_at=WHEN, requested_by=therapist) for one in others
    )
    assert circuits.release("speech") == 150
    due = sorted(ProcessingJob.objects.exclude(session=session).values_list("next_attempt_at", flat=True))
    assert timedelta(seconds=45) < due[-1] - due[0] < timedelta(seconds=60)
    assert max(due.count(moment) for moment in due) < 4


def test_the_sweep_releases_one_job_to_try(upload: Upload, talk: Path, use_models: UseModels) -> None:
    use_models()
    jobs = [ready_to_call(upload, talk) for _ in range(2)]
    ProcessingJob.objects.update(waits_for="speech", next_attempt_at=WHEN)
    opened()
    circuits.review()
    assert ProcessingJob.objects.filter(waits_for="speech").count() == len(jobs)
    an_hour_later()
    circuits.review()
    assert ProcessingJob.objects.filter(waits_for="speech").count() == len(jobs) - 1


def test_a_clinic_that_forbids_servers_waits_for_none(upload: Upload, use_models: UseModels) -> None:
    use_models()
    session = upload()
    ProcessingJob.objects.update(waits_for="speech")
    opened()
    session.clinic.external_ai_allowed = False
    session.clinic.save()
    circuits.review()
    assert ProcessingJob.objects.get().waits_for == ""


def test_a_cancelled_session_waits_no_more(upload: Upload, use_models: UseModels) -> None:
    use_models("stub-500")
    session = work_off(upload(), claims=3)
    assert session.job.waits_for == "speech"
    session.job.stop("cancelled")
    assert ProcessingJob.objects.get().waits_for == ""


def test_a_second_pass_is_not_tried_while_the_model_is_away(upload: Upload, use_models: UseModels) -> None:
    stub = use_models(chat="stub-no-second-pass")
    session = work_off(upload())
    assert session.status == "processed"
    assert EngineCircuit.objects.get(kind="language").opened_at
    Extraction.objects.update(second_pass_at=WHEN)
    EngineCircuit.objects.update(next_probe_at=timezone.now() + timedelta(hours=1))
    calls = len(stub.calls())
    wake_stalled_jobs()
    assert work_off(session).status == "processed"
    assert len(stub.calls()) == calls
    an_hour_later()
    use_models()
    wake_stalled_jobs()
    assert work_off(session).status == "processed"
    assert len(stub.calls()) > calls
    assert EngineCircuit.objects.get(kind="language").opened_at is None


def test_health_tells_which_engine_is_away_and_why(upload: Upload, use_models: UseModels, client: Client) -> None:
    use_models("stub-401")
    health.forget()
    assert client.get("/health").json()["parts"]["engine"]["away"] == []
    work_off(upload())
    health.forget()
    body = client.get("/health").json()
    away = [{"engine": "speech", "state": "paused", "error_code": "engine_config"}]
    assert (body["status"], body["parts"]["engine"]["ok"]) == ("degraded", False)
    assert body["parts"]["engine"]["away"] == away
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("status", stdout=said)
    assert "speech: paused (engine_config)" in said.getvalue()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("500", "The speech service is not answering. We try again by ourselves; nothing is lost."),
        ("429", "The speech service is too busy. We try again by ourselves; nothing is lost."),
        ("401", "The speech service is not set up correctly."),
        ("quota", "The account at the speech service has no credit left."),
    ],
)
def test_people_and_programs_are_told_what_is_waited_for(
    fault: str, sentence: str, upload: Upload, use_models: UseModels, therapist: User, client_for: Any, api_for: Any
) -> None:
    use_models(f"stub-{fault}")
    session = work_off(upload())
    page = client_for(therapist).get(session.get_absolute_url()).content.decode()
    assert sentence in page
    assert "Waiting for the speech service" in page
    device = api_for(therapist)
    answer = device.get(f"/api/v1/sessions/{session.pk}/progress")
    told = answer.json()
    assert told["message"].startswith(sentence)
    assert (told["is_running"], told["waits_for"], told["eta_seconds"]) == (True, "speech", None)
    assert answer["Retry-After"] == "15"
    progress = device.get(f"/api/v1/sessions/{session.pk}").json()["progress"]
    assert (progress["waits_for"], progress["waiting_code"]) == ("speech", told["waiting_code"])


def test_settings_are_told_apart_without_being_readable(settings: Any) -> None:
    settings.LLM_API_KEY = "sk-canary-key"
    settings.LLM_BASE_URL = "https://canary.example/v1"
    first = circuits.fingerprint("language")
    assert "canary" not in first
    settings.LLM_API_KEY = "sk-another-key"
    assert circuits.fingerprint("language") != first


def test_a_full_disk_uses_up_no_attempts(upload, use_models, settings):
    use_models()
    settings.JOB_MAX_ATTEMPTS = 2
    session = upload()

    def full(**kwargs: Any) -> None:
        if kwargs["moment"] == "worked":
            raise OSError(errno.ENOSPC, "No space left on device")

    stage_reached.connect(full)
    for _ in range(settings.JOB_MAX_ATTEMPTS + 2):
        with pytest.raises(OSError, match="No space left"):
            work_off(session)
    stage_reached.disconnect(full)
    job = ProcessingJob.objects.get(session=session)
    assert (job.stage, job.attempts, job.last_error) == ("check", 0, "storage_full")
    assert work_off(session).status == "processed"
