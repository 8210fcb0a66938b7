"""Processing a recording through all stages, with a provider's API over HTTP."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.consent.services.decisions import record_consent
from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.conftest import WHEN, work_off
from sessions_app.management.ai_stub.server import Stub
from sessions_app.models import (
    EngineCircuit,
    Extraction,
    PatientSummary,
    ProcessingJob,
    TherapySession,
    Transcript,
    TranscriptPiece,
)
from sessions_app.notes.services import summaries
from sessions_app.pipeline.engines import openai_audio
from sessions_app.pipeline.types import PieceText, RawSegment
from sessions_app.processing.services import control, stages, transcribing
from sessions_app.recordings import services as recordings_services
from sessions_app.services import transcripts
from sessions_app.tests.audio_files import dialogue, write
from therapybridge.core.errors import Conflict, ConsentRequired, Unprocessable

pytestmark = pytest.mark.django_db(transaction=True)
Upload = Callable[..., TherapySession]
UseModels = Callable[..., Stub]


@pytest.mark.parametrize("model", ["stub-verbose", "stub-text"])
def test_lines_start_within_half_a_second_of_the_truth(model: str, upload: Upload, use_models: UseModels) -> None:
    openai_audio._text_only.clear()
    use_models(model)
    session = work_off(upload())
    _, truth = dialogue(4)
    starts = [segment.start for segment in session.transcript.lines]
    assert session.status == "processed"
    assert [pytest.approx(start, abs=0.5) for start, _, _ in truth] == starts


def test_a_processed_session_has_everything_once(upload: Upload, use_models: UseModels) -> None:
    stub = use_models()
    session = work_off(upload())
    assert (session.status, session.number, session.error_code) == ("processed", 1, "")
    assert session.processed_at is not None
    assert session.duration_seconds == pytest.approx(12, abs=0.5)
    assert session.transcript.word_count > 10
    assert Extraction.objects.get(session=session).version == 1
    assert PatientSummary.objects.get(session=session).approved_at is None
    assert not TranscriptPiece.objects.filter(session=session).exists()
    assert not list(session.recording.folder.glob("pieces-*"))
    assert [call["status"] for call in stub.calls()] == [200, 200, 200]
    assert set(session.job.timings) == {"check", "transcribe", "assemble", "extract", "finish"}


def test_words_over_silence_are_left_out_and_told(upload: Upload, use_models: UseModels, client_for: Any) -> None:
    use_models("stub-hallucinates")
    session = work_off(upload())
    assert "Thanks for watching!" not in [line.text for line in session.transcript.lines]
    told = "1 line was left out because the speech engine wrote words where nobody spoke."
    assert session.transcript.warnings == [told]
    assert told in client_for(session.therapist).get(f"/sessions/{session.pk}").content.decode()


def test_every_quote_of_the_note_is_in_its_lines(upload: Upload, use_models: UseModels) -> None:
    use_models(chat="stub-invents")
    session = work_off(upload())
    extraction = Extraction.objects.get(session=session)
    text = " ".join(segment.text for segment in session.transcript.lines)
    quotes = [item["quote"] for item in extraction.notes["significant_quotes"]]
    assert extraction.refused > 0
    assert extraction.refused == sum(extraction.refused_reasons.values())
    assert all(quote in text for quote in quotes)


@pytest.mark.parametrize(
    ("audio", "chat", "code", "calls"),
    [
        ("stub-html", "stub-llm", "bad_reply", 3),
        ("stub-broken-json", "stub-llm", "bad_reply", 3),
        ("stub-empty", "stub-llm", "bad_reply", 3),
        ("stub-verbose", "stub-html", "bad_reply", 4),
        ("stub-verbose", "stub-broken-json", "bad_reply", 4),
        ("stub-verbose", "stub-refusal", "refused", 2),
        ("stub-verbose", "stub-filter", "content_filtered", 2),
    ],
)
def test_a_fault_of_the_provider_ends_in_its_designed_state(
    audio: str, chat: str, code: str, calls: int, upload: Upload, use_models: UseModels, settings: Any
) -> None:
    settings.JOB_MAX_ATTEMPTS = 3
    stub = use_models(audio, chat)
    session = work_off(upload())
    assert (session.status, session.error_code, session.error_retriable) == ("failed", code, True)
    assert session.error_detail
    assert session.number is None
    assert len(stub.calls()) == calls
    assert not Extraction.objects.filter(session=session).exists()
    assert not PatientSummary.objects.filter(session=session).exists()
    assert session.recording.file.exists()


def test_an_answer_that_stays_too_long_is_halved_and_then_given_up(upload: Upload, use_models: UseModels) -> None:
    stub = use_models(chat="stub-length")
    session = work_off(upload())
    assert (session.status, session.error_code) == ("failed", "too_long")
    assert len(stub.calls()) < 10
    assert not Extraction.objects.filter(session=session).exists()


@pytest.mark.parametrize("fault", ["500", "reset", "html", "empty"])
def test_a_passing_fault_costs_one_more_call(fault: str, upload: Upload, use_models: UseModels) -> None:
    stub = use_models(f"stub-{fault}-once", f"stub-{fault}-once")
    session = work_off(upload())
    assert session.status == "processed"
    # The recording twice, the draft twice, the second pass once: what it did not prove is to check.
    assert len(stub.calls()) == 5


def test_a_busy_provider_is_given_the_time_it_asks_for(upload: Upload, use_models: UseModels) -> None:
    stub = use_models("stub-429-once")
    session = work_off(upload())
    assert session.status == "transcribing"
    assert (session.job.last_error, session.job.waits_for, session.job.attempts) == ("rate_limited", "speech", 0)
    assert not ProcessingJob.objects.due().exists(), "Retry-After is one second"
    EngineCircuit.objects.update(next_probe_at=WHEN)
    assert work_off(session).status == "processed"
    assert len(stub.calls()) == 4


def test_transcribed_chunks_are_not_paid_for_again(
    upload: Upload, use_models: UseModels, tmp_path: Any, settings: Any
) -> None:
    settings.JOB_MAX_ATTEMPTS = 1
    tracks, _ = dialogue(6)
    openai_audio._text_only.clear()
    stub = use_models("stub-text")
    first = upload(write(tmp_path / "long.flac", [sum(tracks)]).read_bytes())
    job = ProcessingJob.objects.get(session=first)
    while (claimed := ProcessingJob.claim(job.pk)) and claimed.stage != "assemble":
        stages.run(claimed)
    calls_before = len(stub.calls())
    ProcessingJob.objects.update(stage="transcribe", token=None, lease_until=None, attempts=0)
    TranscriptPiece.objects.filter(index__gte=5).update(text=None, done_at=None)
    open_pieces = TranscriptPiece.objects.filter(done_at=None).count()
    assert open_pieces
    assert work_off(first).status == "processed"
    assert len(stub.calls()) == calls_before + open_pieces + 2, "the draft and its second pass"


def test_silence_never_reaches_a_model(upload: Upload, use_models: UseModels, tmp_path: Any) -> None:
    stub = use_models()
    quiet = write(tmp_path / "quiet.flac", [np.zeros(16_000 * 20)])
    session = work_off(upload(quiet.read_bytes()))
    assert (session.status, session.error_code, session.error_retriable) == ("failed", "no_speech", False)
    assert stub.calls() == []
    assert session.recording.file.exists()


def test_retry_goes_on_where_it_stopped(upload: Upload, use_models: UseModels, therapist: User) -> None:
    use_models(chat="stub-refusal")
    session = work_off(upload())
    stub = use_models(chat="stub-llm")
    control.retry_processing(session, access=access_for(therapist, session.patient))
    session = work_off(session)
    assert (session.status, session.number, session.error_code) == ("processed", 1, "")
    assert len([call for call in stub.calls() if "audio" in call["path"]]) == 1


def test_what_cannot_succeed_is_not_tried_again(
    upload: Upload, use_models: UseModels, therapist: User, tmp_path: Any
) -> None:
    use_models()
    session = work_off(upload(write(tmp_path / "quiet.flac", [np.zeros(16_000 * 20)]).read_bytes()))
    with pytest.raises(Conflict) as refused:
        control.retry_processing(session, access=access_for(therapist, session.patient))
    assert refused.value.code == "not_retriable"


def test_cancel_takes_the_job_from_its_worker(upload: Upload, use_models: UseModels, therapist: User) -> None:
    stub = use_models()
    session = upload()
    job = ProcessingJob.claim(session.job.pk)
    assert job is not None
    control.cancel_processing(session, access=access_for(therapist, session.patient))
    stages.run(job)
    session = TherapySession.objects.get(pk=session.pk)
    assert (session.status, session.error_code) == ("failed", "cancelled")
    assert stub.calls() == []
    control.retry_processing(session, access=access_for(therapist, session.patient))
    assert work_off(session).status == "processed"


def test_consent_withdrawn_before_the_call_stops_the_call(
    upload: Upload, use_models: UseModels, therapist: User, patient: User
) -> None:
    stub = use_models()
    session = upload()
    record_consent(access_for(therapist, patient), ["ai_processing"], "revoked", "verbal")
    session = work_off(session)
    assert (session.status, session.error_code) == ("failed", "consent_required")
    assert stub.calls() == []


def test_a_clinic_that_forbids_external_engines_sends_nothing(
    upload: Upload, use_models: UseModels, patient: User
) -> None:
    stub = use_models()
    patient.clinic.external_ai_allowed = False
    patient.clinic.save()
    session = work_off(upload())
    assert stub.calls() == []
    assert session.error_code in {"", "no_speech"}  # the small model may hear no word in synthetic sound


def test_drafting_again_adds_a_version_and_keeps_an_edited_summary(
    upload: Upload, use_models: UseModels, therapist: User
) -> None:
    use_models()
    session = work_off(upload())
    summaries.approve_summary(session, "You spoke about trains.", access=access_for(therapist, session.patient))
    control.redraft_notes(session, access=access_for(therapist, session.patient))
    session = work_off(session)
    assert session.status == "processed"
    assert list(Extraction.objects.values_list("version", flat=True)) == [2, 1]
    assert PatientSummary.objects.get(session=session).text == "You spoke about trains."


@pytest.fixture
def drafted(use_models: UseModels, therapist: User, patient: User) -> TherapySession:
    use_models()
    text = b"Therapist: How was it?\nPatient: I sat in the train to the seaside on Sunday.\n"
    return work_off(transcripts.create_with_transcript(access_for(therapist, patient), WHEN, text, "talk.txt"))


def drafted_from_other_words(session: TherapySession, therapist: User) -> str:
    """The summary of a redraft after the speakers were corrected."""
    transcript = Transcript.objects.get(session=session)
    transcript.segments[1]["text"] = "I planted tomatoes on the balcony on Sunday."
    transcript.save()
    control.redraft_notes(session, access=access_for(therapist, session.patient))
    assert work_off(session).status == "processed"
    notes = Extraction.objects.get(session=session, version=2).notes
    return " ".join(statement["text"] for statement in notes["patient_summary"]["statements"])


def test_a_redraft_never_touches_an_approved_summary(drafted: TherapySession, therapist: User) -> None:
    approved = summaries.approve_summary(drafted, None, access=access_for(therapist, drafted.patient))
    assert not approved.is_edited, "nothing but the approval keeps it"
    before = PatientSummary.objects.values().get()
    assert drafted_from_other_words(drafted, therapist) != approved.text
    assert PatientSummary.objects.values().get() == before


def test_a_redraft_never_touches_an_edited_summary(drafted: TherapySession, therapist: User) -> None:
    summary = PatientSummary.objects.get(session=drafted)
    summary.text, summary.is_edited = "You spoke about trains.", True
    summary.save()
    drafted_from_other_words(drafted, therapist)
    assert PatientSummary.objects.get(session=drafted).text == "You spoke about trains."


def test_a_redraft_replaces_a_summary_that_nobody_touched(drafted: TherapySession, therapist: User) -> None:
    offered = drafted_from_other_words(drafted, therapist)
    assert offered == "You spoke about Tomatoes."
    assert PatientSummary.objects.get(session=drafted).text == offered


def test_a_failed_new_draft_is_told_and_leaves_the_session_processed(
    upload: Upload, use_models: UseModels, therapist: User, client_for: Any
) -> None:
    use_models()
    session = work_off(upload())
    use_models(chat="stub-refusal")
    control.redraft_notes(session, access=access_for(therapist, session.patient))
    assert TherapySession.objects.get(pk=session.pk).is_running, "the page shows it from the first moment"
    session = work_off(session)
    assert (session.status, session.number, session.error_code) == ("processed", 1, "refused")
    assert Extraction.objects.get(session=session).version == 1
    page = client_for(therapist).get(session.get_absolute_url()).content.decode()
    assert f"The new draft could not be created. {session.error_detail}" in page
    use_models()
    control.retry_processing(session, access=access_for(therapist, session.patient))
    session = work_off(session)
    assert (session.status, session.error_code) == ("processed", "")
    page = client_for(therapist).get(session.get_absolute_url()).content.decode()
    assert "The new draft could not be created" not in page


def test_a_worker_that_keeps_dying_is_given_up_on(upload: Upload, use_models: UseModels, settings: Any) -> None:
    use_models()
    session = upload()
    ProcessingJob.objects.update(attempts=settings.JOB_MAX_ATTEMPTS)
    session = work_off(session)
    assert (session.status, session.error_code, session.error_retriable) == ("failed", "gave_up", True)


def test_a_worker_that_lost_its_lease_commits_nothing(upload: Upload, use_models: UseModels) -> None:
    use_models()
    session = upload()
    slow = ProcessingJob.claim(session.job.pk)
    assert slow is not None
    ProcessingJob.objects.update(lease_until=WHEN)
    session = work_off(session)
    stages.run(slow)
    assert session.status == "processed"
    assert Transcript.objects.filter(session=session).count() == 1
    assert Extraction.objects.filter(session=session).count() == 1


def test_a_transcript_is_drafted_without_any_model(therapist: User, patient: User) -> None:
    text = (
        b"Therapist: How did you sleep?\nPatient: Badly. I worried about work until three.\nTherapist: What helped?\n"
    )
    session = transcripts.create_with_transcript(access_for(therapist, patient), WHEN, text, "notes.txt")
    session = work_off(session)
    extraction = Extraction.objects.get(session=session)
    assert (session.status, extraction.engine, extraction.quality) == ("processed", "builtin", "keyword_draft")
    assert [segment.speaker for segment in session.transcript.lines] == ["therapist", "patient", "therapist"]


def test_a_transcript_is_read_before_anything_is_locked(therapist: User, patient: User) -> None:
    access = access_for(therapist, patient)
    with CaptureQueriesContext(connection) as asked, pytest.raises(Unprocessable):
        transcripts.create_with_transcript(access, WHEN, b" ", "talk.txt")
    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}
    assert not any("FOR " in query["sql"] for query in asked)


def test_nothing_is_stored_without_consent(talk: Any, therapist: User, patient: User, settings: Any) -> None:
    record_consent(access_for(therapist, patient), ["recording"], "declined", "verbal")
    file = SimpleUploadedFile("a.flac", talk.read_bytes())
    with pytest.raises(ConsentRequired):
        recordings_services.upload_recording(access_for(therapist, patient), WHEN, file)
    with pytest.raises(ConsentRequired):
        transcripts.create_with_transcript(access_for(therapist, patient), WHEN, b"Patient: Hello.", "a.txt")
    assert not TherapySession.objects.exists()
    assert not [path for path in settings.STORAGE_DIR.rglob("*") if path.is_file()]


def test_consent_withdrawn_after_the_transcript_stops_the_draft(
    upload: Upload, use_models: UseModels, therapist: User, patient: User
) -> None:
    stub = use_models()
    session = upload()
    while (job := ProcessingJob.claim(session.job.pk)) and job.stage != "extract":
        stages.run(job)
    record_consent(access_for(therapist, patient), ["ai_processing"], "revoked", "verbal")
    ProcessingJob.objects.update(token=None, lease_until=None)
    assert work_off(session).error_code == "consent_required"
    assert not [call for call in stub.calls() if "chat" in call["path"]]


def test_times_within_a_piece_are_placed_in_the_whole_recording() -> None:
    row = TranscriptPiece(index=3, start=480.0, end=900.0)
    transcribed = PieceText([RawSegment("First.", 1.5, 4.0), RawSegment("Without times.")])
    placed = [(line.start, line.end) for line, _ in transcribing._placed(row, transcribed)]
    assert placed == [(481.5, 484.0), (480.0, 900.0)]


def test_cancelling_a_new_draft_keeps_the_session_processed(
    upload: Upload, use_models: UseModels, therapist: User
) -> None:
    use_models()
    session = work_off(upload())
    control.redraft_notes(session, access=access_for(therapist, session.patient))
    control.cancel_processing(session, access=access_for(therapist, session.patient))
    session = TherapySession.objects.get(pk=session.pk)
    assert (session.status, session.number, session.error_code) == ("processed", 1, "cancelled")
