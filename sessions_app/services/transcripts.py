"""Transcripts made elsewhere."""

from dataclasses import asdict
from datetime import datetime

from accounts.care.access import RecordAccess
from accounts.consent.services.decisions import require_recording_consent
from audit.log import record
from sessions_app.audit_actions import TRANSCRIPT_UPLOADED
from sessions_app.models import ProcessingJob, Recording, TherapySession, Transcript
from sessions_app.notes.services.locks import require_unlocked
from sessions_app.pipeline.speakers.resolve import resolve
from sessions_app.pipeline.text.language import language_of
from sessions_app.pipeline.transcripts import ParsedTranscript, parse_transcript
from sessions_app.processing.tasks import wake
from sessions_app.services.sessions import new_session
from therapybridge.core.errors import Conflict

Stage = ProcessingJob.Stage
Status = TherapySession.Status


def add_transcript(session: TherapySession, data: bytes, filename: str, *, access: RecordAccess) -> Transcript:
    """Add an uploaded transcript (VTT, SRT, SBV, TXT, JSON) to a session and draft the note from it."""
    access.require_write(session.patient_id)
    require_recording_consent(session.patient)
    parsed = parse_transcript(data, filename)
    with session.patient.locked(), session.locked():
        require_unlocked(session)
        if Recording.objects.filter(session=session).exists() or Transcript.objects.filter(session=session).exists():
            raise Conflict("This session already has a recording or a transcript.", code="has_transcript")
        return _keep(session, parsed, access)


def create_with_transcript(access: RecordAccess, session_date: datetime, data: bytes, filename: str) -> TherapySession:
    """Add a session together with its transcript; neither is kept if one is refused."""
    access.require_write(access.patient.pk)
    require_recording_consent(access.patient)
    parsed = parse_transcript(data, filename)
    with access.patient.locked():
        session = new_session(access, session_date)
        _keep(session, parsed, access)
    return session


def _keep(session: TherapySession, parsed: ParsedTranscript, access: RecordAccess) -> Transcript:
    """Call it while the patient is locked."""
    require_recording_consent(access.patient)  # it may have been withdrawn while the file was read
    times = [segment.end for segment in parsed.segments if segment.end is not None]
    resolved = resolve(parsed.segments, session.people)
    transcript = Transcript.objects.create(
        session=session,
        segments=[asdict(segment) for segment in resolved.segments],
        duration=max(times, default=None),
        engine="upload",
        model=parsed.format,
        language=language_of("\n".join(segment.text for segment in parsed.segments)),
        speaker_source=resolved.source,
        warnings=parsed.warnings,
        word_count=sum(len(segment.text.split()) for segment in parsed.segments),
    )
    session.move_to(Status.TRANSCRIBED, token=None, duration_seconds=transcript.duration)
    record(TRANSCRIPT_UPLOADED, transcript, by=access)
    stage = Stage.SPEAKERS if resolved.must_ask else Stage.EXTRACT
    wake(ProcessingJob.objects.create(session=session, stage=stage, requested_by=access.user).pk)
    return transcript
