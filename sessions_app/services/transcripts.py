"""What people do with sessions. Each act checks consent, writes its audit row, and commits as a whole."""

from dataclasses import asdict
from datetime import datetime

from django.http import HttpRequest

from accounts.care.services.relations import require_care
from accounts.consent.services.decisions import require_recording_consent
from accounts.models import User
from audit.log import record
from sessions_app.models import ProcessingJob, Recording, TherapySession, Transcript
from sessions_app.pipeline.speakers.assign import swap_speakers as swapped
from sessions_app.pipeline.transcript_formats import parse_transcript
from sessions_app.processing.services.control import Stage
from sessions_app.processing.tasks import wake
from sessions_app.services.sessions import Status, new_session
from therapybridge.core.errors import Conflict


def add_transcript(
    session: TherapySession, data: bytes, filename: str, *, by: User, request: HttpRequest | None = None
) -> Transcript:
    """Give a session a transcript made elsewhere (VTT, SRT, TXT, JSON) and have the note drafted from it."""
    require_care(session.patient_id, by=by)
    require_recording_consent(session.patient)
    parsed = parse_transcript(data, filename)
    times = [segment.end for segment in parsed.segments if segment.end is not None]
    with session.patient.locked():
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


def create_with_transcript(
    patient: User, session_date: datetime, data: bytes, filename: str, *, by: User, request: HttpRequest | None = None
) -> TherapySession:
    """Add a session together with its transcript; neither is kept when one is refused."""
    with patient.locked():
        session = new_session(patient, session_date, by=by)
        add_transcript(session, data, filename, by=by, request=request)
    return session


def swap_speakers(session: TherapySession, *, by: User, request: HttpRequest | None = None) -> Transcript:
    """Exchange therapist and patient in the whole transcript: the one mistake that telling voices apart makes."""
    require_care(session.patient_id, by=by)
    with session.locked():
        transcript: Transcript | None = Transcript.objects.filter(session=session).first()
        if transcript is None:
            raise Conflict("There is no transcript yet.", code="no_transcript")
        transcript.segments = [asdict(segment) for segment in swapped(transcript.lines)]
        transcript.speaker_source = "person"
        transcript.save()
        record("transcript.speakers_swapped", by=by, target=transcript, patient_id=session.patient_id, request=request)
    return transcript
