"""What people do with sessions. Each act checks consent, writes its audit row, and commits as a whole."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Clinic, User
from accounts.services import missing_recording_consents, require_care, require_recording_consent
from audit.log import record
from sessions_app.models import (
    NO_ERROR,
    PatientSummary,
    ProcessingJob,
    Recording,
    TherapySession,
    Transcript,
    TranscriptPiece,
)
from sessions_app.pipeline import probe as probing
from sessions_app.pipeline.speakers import swap_speakers as swapped
from sessions_app.pipeline.transcript_formats import parse_transcript
from sessions_app.pipeline.types import AudioInfo
from sessions_app.signals import summary_approved
from sessions_app.tasks import wake
from therapybridge.core.errors import Conflict, ConsentRequired, Forbidden, InvalidInput
from therapybridge.core.moments import EARLIEST
from therapybridge.core.uploads import StoredFile, receive

Status = TherapySession.Status
Stage = ProcessingJob.Stage
MAX_SUMMARY = 5000  # characters
CONSENT_NAMES = {"recording": "recording", "ai_processing": "AI processing"}
REFUSED = {
    "revoked": "The patient withdrew consent to {}",
    "declined": "The patient declined consent to {}",
    "expired": "The patient's consent to {} has expired",
}


def _clinic_of(therapist: User) -> Clinic:
    """The clinic that a therapist's sessions belong to; Forbidden for one without."""
    if therapist.clinic is None:
        raise Forbidden("Your account belongs to no clinic.")
    return therapist.clinic


def _check_date(session_date: datetime) -> None:
    """A session lies in the past, since 1900, or, clocks being clocks, at most a day ahead."""
    if session_date < EARLIEST:
        raise InvalidInput(errors={"session_date": ["This date is too far away."]})
    if session_date > timezone.now() + timedelta(days=1):
        raise InvalidInput(errors={"session_date": ["The session cannot be in the future."]})


@transaction.atomic
def create_session(
    patient: User,
    session_date: datetime,
    *,
    by: User,
    modality: str = TherapySession.Modality.IN_PERSON,
    kind: str = TherapySession.Kind.INDIVIDUAL,
    request: HttpRequest | None = None,
) -> TherapySession:
    """Add an empty session of a patient whom `by` treats; its recording or transcript follows."""
    session = _new_session(patient, session_date, by=by, modality=modality, kind=kind)
    record("session.created", by=by, target=session, request=request)
    return session


def _new_session(patient: User, session_date: datetime, *, by: User, **details: str) -> TherapySession:
    require_care(patient.pk, by=by)
    _check_date(session_date)
    session = TherapySession.objects.create(
        clinic=_clinic_of(by),
        patient=patient,
        therapist=by,
        session_date=session_date,
        **details,
    )
    TherapySession.objects.renumber(patient.pk)
    session.refresh_from_db(fields=["number"])
    return session


@dataclass(slots=True)
class Received:
    """A file in the storage folder that no row points to yet."""

    stored: StoredFile
    info: AudioInfo
    is_kept: bool = False


@contextmanager
def received(upload: UploadedFile[Any]) -> Iterator[Received]:
    """Store and probe an upload, outside any transaction; unless a recording came of it, the file goes again."""
    stored = receive(upload, Path(settings.STORAGE_DIR) / "recordings", settings.MAX_RECORDING_BYTES)
    try:
        file = Received(stored, probing.probe(stored.path, upload.name or ""))
        yield file
    except BaseException:
        shutil.rmtree(stored.path.parent, ignore_errors=True)
        raise
    if not file.is_kept:
        shutil.rmtree(stored.path.parent, ignore_errors=True)


def check_upload(patient: User, session_date: datetime, *, by: User) -> None:
    """Refuse a recording before its bytes are read: wrong role, missing consent, a date in the future."""
    require_care(patient.pk, by=by)
    require_recording_consent(patient)
    _check_date(session_date)


@transaction.atomic
def add_recording(
    patient: User, session_date: datetime, file: Received, *, by: User, request: HttpRequest | None = None
) -> TherapySession:
    """Add a session with a received recording, and start the work on it."""
    check_upload(patient, session_date, by=by)
    session = _new_session(patient, session_date, by=by)
    _refuse_duplicate(file.stored, by=by)
    recording = Recording.objects.create(
        session=session,
        path=str(file.stored.path.relative_to(settings.STORAGE_DIR)),
        sha256=file.stored.sha256,
        size=file.stored.size,
        uploaded_by=by,
        **asdict(file.info),
    )
    record("recording.uploaded", by=by, target=recording, patient_id=patient.pk, request=request)
    wake(ProcessingJob.objects.create(session=session, requested_by=by).pk)
    file.is_kept = True
    return session


def upload_recording(
    patient: User, session_date: datetime, upload: UploadedFile[Any], *, by: User, request: HttpRequest | None = None
) -> TherapySession:
    """Keep a recording and start the work on it. Raises typed refusals and then leaves neither row nor file."""
    check_upload(patient, session_date, by=by)
    with received(upload) as file:
        return add_recording(patient, session_date, file, by=by, request=request)


def _refuse_duplicate(stored: StoredFile, *, by: User) -> None:
    # Only among the uploader's own patients: the answer must not tell what others have.
    twin = Recording.objects.visible_to(by).filter(sha256=stored.sha256)
    if twin.exists():
        raise Conflict("This recording was uploaded before.", code="duplicate_recording")


def add_transcript(
    session: TherapySession, data: bytes, filename: str, *, by: User, request: HttpRequest | None = None
) -> Transcript:
    """Give a session a transcript made elsewhere (VTT, SRT, TXT, JSON) and have the note drafted from it."""
    require_care(session.patient_id, by=by)
    require_recording_consent(session.patient)
    parsed = parse_transcript(data, filename)
    times = [segment.end for segment in parsed.segments if segment.end is not None]
    with transaction.atomic():
        # The patient's row is the lock of all that is theirs; of two transcripts at once one is first.
        User.objects.select_for_update().filter(pk=session.patient_id).values("pk").get()
        if Recording.objects.filter(session=session).exists() or Transcript.objects.filter(session=session).exists():
            raise Conflict("This session has a recording or a transcript already.", code="has_transcript")
        transcript = Transcript.objects.create(
            session=session,
            segments=[asdict(segment) for segment in parsed.segments],
            duration=max(times, default=None),
            engine="upload",
            model=parsed.format,
            speaker_source="provider" if any(s.speaker != "unknown" for s in parsed.segments) else "none",
            word_count=sum(len(segment.text.split()) for segment in parsed.segments),
        )
        session.move_to(Status.TRANSCRIBED, token=None, duration_seconds=transcript.duration)
        record("transcript.uploaded", by=by, target=transcript, patient_id=session.patient_id, request=request)
        wake(ProcessingJob.objects.create(session=session, stage=Stage.EXTRACT, requested_by=by).pk)
    return transcript


@transaction.atomic
def create_with_transcript(
    patient: User, session_date: datetime, data: bytes, filename: str, *, by: User, request: HttpRequest | None = None
) -> TherapySession:
    """Add a session together with its transcript; neither is kept when one is refused."""
    session = _new_session(patient, session_date, by=by)
    add_transcript(session, data, filename, by=by, request=request)
    return session


@transaction.atomic
def retry_processing(session: TherapySession, *, by: User, request: HttpRequest | None = None) -> None:
    """Take up a failed session where it stopped; what was heard before is not paid for again."""
    require_care(session.patient_id, by=by)
    require_recording_consent(session.patient)
    job = ProcessingJob.objects.select_for_update().filter(session=session, stage=Stage.FAILED).first()
    if job is None:
        raise Conflict("There is nothing to try again: this session has not failed.", code="not_failed")
    if not session.error_retriable:
        raise Conflict("Trying again would end the same way. " + session.error_detail, code="not_retriable")
    session.move_to(_resumed_status(session), token=None, **NO_ERROR)
    _restart(job, job.failed_stage or Stage.CHECK, by)
    TherapySession.objects.renumber(session.patient_id)
    record("session.retried", by=by, target=session, request=request)


def _resumed_status(session: TherapySession) -> str:
    if session.status == Status.PROCESSED:  # a new draft had failed, the earlier one was kept
        return Status.EXTRACTING_NOTES
    return Status.TRANSCRIBED if Transcript.objects.filter(session=session).exists() else Status.PENDING


def _restart(job: ProcessingJob, stage: str, by: User) -> None:
    """From here on the work is done by the right of whoever asked for it last."""
    ProcessingJob.objects.filter(pk=job.pk).update(
        stage=stage,
        requested_by=by,
        failed_stage="",
        attempts=0,
        token=None,
        lease_until=None,
        next_attempt_at=Now(),
        done_fraction=0,
    )
    wake(job.pk)


@transaction.atomic
def cancel_processing(session: TherapySession, *, by: User, request: HttpRequest | None = None) -> None:
    """Stop the work on a session; the worker notices at its next step. The recording stays, Retry resumes."""
    require_care(session.patient_id, by=by)
    if not _stop(session, "cancelled", "You stopped the processing."):
        raise Conflict("Nothing is running for this session.", code="not_running")
    record("session.cancelled", by=by, target=session, request=request)


def _stop(session: TherapySession, code: str, detail: str) -> bool:
    """Take the job from its worker, which can then neither commit nor renew; False when nothing runs."""
    # The session's row first, as workers lock them: the other way round two could wait for each other.
    TherapySession.objects.select_for_update().filter(pk=session.pk).values("pk").get()
    running = ProcessingJob.objects.filter(session=session).exclude(stage__in=[Stage.DONE, Stage.FAILED])
    failed_at = {"stage": Stage.FAILED, "failed_stage": F("stage")}
    if not running.update(**failed_at, token=None, lease_until=None, last_error=code):
        return False
    session.refresh_from_db(fields=["status", "processed_at"])
    session.end_with({"error_code": code, "error_detail": detail, "error_retriable": True}, token=None)
    TherapySession.objects.renumber(session.patient_id)
    return True


def stop_for_consent(patient: User, decisions: Mapping[str, str]) -> int:
    """Stop what is under way for a patient who no longer agrees to it, and say so on each session; returns how many.

    `decisions` maps types of consent to what was decided. Trying again needs a new consent.
    """
    missing = missing_recording_consents(patient)
    refused = {name: decisions[name] for name in missing if decisions.get(name) in REFUSED}
    if not refused:
        return 0
    sessions = TherapySession.objects.running().filter(patient=patient).select_related("recording")
    return sum(_stop_for_consent(session, refused) for session in sessions)


@transaction.atomic
def _stop_for_consent(session: TherapySession, refused: Mapping[str, str]) -> bool:
    kept = "recording" if hasattr(session, "recording") else "transcript"
    what = " and ".join(CONSENT_NAMES[name] for name in refused)
    sentence = REFUSED[next(iter(refused.values()))].format(what)
    if not _stop(session, ConsentRequired.code, f"{sentence}; the {kept} is kept."):
        return False
    record("session.cancelled", by=None, target=session, reason="consent")
    return True


@transaction.atomic
def redraft_notes(session: TherapySession, *, by: User, request: HttpRequest | None = None) -> None:
    """Draft the note anew from the transcript as it is now; earlier drafts stay as versions."""
    require_care(session.patient_id, by=by)
    require_recording_consent(session.patient)
    resting = ProcessingJob.objects.select_for_update().filter(stage__in=[Stage.DONE, Stage.FAILED])
    job = resting.filter(session=session).first()
    if job is None or session.status != Status.PROCESSED:
        raise Conflict("The note can be drafted again once the session is processed.", code="not_processed")
    session.move_to(Status.EXTRACTING_NOTES, token=None, **NO_ERROR)
    _restart(job, Stage.EXTRACT, by)
    record("session.redrafted", by=by, target=session, request=request)


@transaction.atomic
def approve_summary(
    session: TherapySession, text: str | None, *, by: User, request: HttpRequest | None = None
) -> PatientSummary:
    """Share the summary with the patient, as drafted (text None) or as edited here."""
    require_care(session.patient_id, by=by)
    summary: PatientSummary | None = PatientSummary.objects.select_for_update().filter(session=session).first()
    if summary is None or session.processed_at is None:
        raise Conflict("There is no summary to approve yet.", code="no_summary")
    wording = (summary.text if text is None else text).replace("\r\n", "\n").strip()
    if not wording or len(wording) > MAX_SUMMARY:
        raise InvalidInput(errors={"text": [f"Write between 1 and {MAX_SUMMARY} characters."]})
    summary.is_edited = summary.is_edited or wording != summary.text
    summary.text, summary.approved_at, summary.approved_by = wording, timezone.now(), by
    summary.save()
    record("summary.approved", by=by, target=summary, patient_id=session.patient_id, changed=["text"], request=request)
    transaction.on_commit(lambda: summary_approved.send_robust(TherapySession, session=session), robust=True)
    return summary


@transaction.atomic
def swap_speakers(session: TherapySession, *, by: User, request: HttpRequest | None = None) -> Transcript:
    """Exchange therapist and patient in the whole transcript: the one mistake that telling voices apart makes."""
    require_care(session.patient_id, by=by)
    transcript: Transcript | None = Transcript.objects.select_for_update().filter(session=session).first()
    if transcript is None:
        raise Conflict("There is no transcript yet.", code="no_transcript")
    transcript.segments = [asdict(segment) for segment in swapped(transcript.lines)]
    transcript.speaker_source = "person"
    transcript.save()
    record("transcript.speakers_swapped", by=by, target=transcript, patient_id=session.patient_id, request=request)
    return transcript


def piece_counts(session_id: UUID) -> tuple[int, int]:
    """How many pieces were heard, of how many."""
    pieces = TranscriptPiece.objects.filter(session=session_id)
    return pieces.exclude(done_at=None).count(), pieces.count()
