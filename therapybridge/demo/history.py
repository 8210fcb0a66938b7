"""A patient's sessions with transcript, draft and summary, as the pipeline would have produced them."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from string import Template

import orjson
from django.db.models import F

from sessions_app.models import Extraction, PatientSummary, ProcessingJob, TherapySession, Transcript
from sessions_app.pipeline.types import Segment
from therapybridge.core.models import BaseModel
from therapybridge.demo import speech
from therapybridge.demo.people import Case
from therapybridge.demo.reviews import add_review
from therapybridge.demo.summaries import SUMMARIES
from timeline.models import TimelineEvent
from timeline.services.events import create_event
from timeline.services.session_events import reconcile_sessions

UPLOADED_AFTER = timedelta(minutes=20)  # counted from the end of the meeting
PROCESSED_AFTER = timedelta(minutes=22)
APPROVED_AFTER = timedelta(hours=3)
VIDEO_EVERY = 4
OUTAGE = "upstream_error"
OUTAGE_DETAIL = "The AI service was unavailable for too long. The transcript is kept; please retry."


@dataclass(frozen=True, slots=True)
class Held:
    """A past meeting: its session row and dialogue."""

    session: TherapySession
    dialogue: str
    said: tuple[Segment, ...]

    @property
    def ended_at(self) -> datetime:
        """When the meeting ended."""
        return self.session.session_date + timedelta(seconds=self.session.duration_seconds or 0)


def add_sessions(case: Case) -> None:
    """Add all meetings of a patient, the last of which may have failed at the AI service, and their timeline events."""
    meetings = [_held(case, number) for number in range(len(case.dates))]
    _insert([meeting.session for meeting in meetings], [meeting.ended_at + UPLOADED_AFTER for meeting in meetings])
    _add_transcripts(meetings)
    done = meetings[:-1] if case.person.last_failed else meetings
    _add_drafts(done)
    for meeting, written in zip(done, case.person.meetings, strict=False):
        add_review(case, meeting.session, written.dialogue)
    _add_summaries(case, done)
    _add_jobs(done, stage=ProcessingJob.Stage.DONE)
    failed = meetings[len(done) :]
    _add_jobs(failed, stage=ProcessingJob.Stage.FAILED, failed_stage=ProcessingJob.Stage.EXTRACT, last_error=OUTAGE)
    TherapySession.objects.renumber(case.patient.pk)
    reconcile_sessions(case.patient.pk)


def add_happenings(case: Case) -> None:
    """Add the therapist's manual events, and backdate all events."""
    for happening in case.person.happenings:
        fields = asdict(happening)
        days = timedelta(days=fields.pop("days"), hours=1)
        fields["event_date"] = case.dates[fields.pop("after") - 1] + days
        create_event(case.access, fields)
    TimelineEvent.objects.filter(patient=case.patient).update(created_at=F("event_date"), updated_at=F("event_date"))


def _held(case: Case, number: int) -> Held:
    dialogue = case.person.meetings[number].dialogue
    said = speech.segments(dialogue, case.person.words)
    session = TherapySession(
        clinic=case.clinic,
        patient=case.patient,
        therapist=case.therapist,
        session_date=case.dates[number],
        duration_seconds=said[-1].end,
        modality="video" if number % VIDEO_EVERY == VIDEO_EVERY - 1 else "in_person",
        status=TherapySession.Status.PROCESSED,
    )
    held = Held(session, dialogue, said)
    if case.person.last_failed and number == len(case.dates) - 1:
        session.status = TherapySession.Status.FAILED
        session.error_code, session.error_detail, session.error_retriable = OUTAGE, OUTAGE_DETAIL, True
    else:
        session.processed_at = held.ended_at + PROCESSED_AFTER
    return held


def _add_transcripts(meetings: Sequence[Held]) -> None:
    rows = [
        Transcript(
            session=meeting.session,
            segments=[asdict(segment) for segment in meeting.said],
            language="en",
            duration=meeting.session.duration_seconds,
            engine="upload",
            model="vtt",
            speaker_source="label",
            word_count=sum(len(segment.text.split()) for segment in meeting.said),
        )
        for meeting in meetings
    ]
    _insert(rows, [meeting.ended_at + UPLOADED_AFTER for meeting in meetings])


def _add_drafts(meetings: Sequence[Held]) -> None:
    rows = [_extraction(meeting) for meeting in meetings]
    _insert(rows, [meeting.ended_at + PROCESSED_AFTER for meeting in meetings])


def _extraction(meeting: Held) -> Extraction:
    engine = speech.builtin_engine()
    return Extraction(
        session=meeting.session,
        version=1,
        engine=engine.name,
        model=engine.model,
        prompt_version=engine.prompt_version,
        quality=engine.quality,
        input_hash=hashlib.sha256(orjson.dumps([asdict(segment) for segment in meeting.said])).hexdigest(),
        **asdict(speech.draft(meeting.said)),
    )


def _add_summaries(case: Case, meetings: Sequence[Held]) -> None:
    rows = [PatientSummary(session=meeting.session, text=_patient_text(meeting)) for meeting in meetings]
    approved = len(meetings) - case.person.awaiting_approval
    for row, meeting in zip(rows[:approved], meetings[:approved], strict=True):
        written = SUMMARIES.get(meeting.dialogue)
        if written:
            row.text, row.is_edited = Template(written).substitute(case.person.words), True
        row.status, row.changed_by = PatientSummary.Status.SHARED, case.therapist
        row.approved_at = meeting.ended_at + APPROVED_AFTER
    _insert(rows, [meeting.ended_at + PROCESSED_AFTER for meeting in meetings])


def _patient_text(meeting: Held) -> str:
    statements = speech.draft(meeting.said).notes["patient_summary"]["statements"]
    return " ".join(statement["text"] for statement in statements if statement["state"] == "supported")


def _add_jobs(meetings: Sequence[Held], **state: str) -> None:
    """Add jobs, without which a session could be neither redrafted nor retried."""
    rows = [
        ProcessingJob(session=meeting.session, requested_by=meeting.session.therapist, **state) for meeting in meetings
    ]
    _insert(rows, [meeting.ended_at + PROCESSED_AFTER for meeting in meetings])


def _insert(rows: Sequence[BaseModel], at: Sequence[datetime]) -> None:
    """Insert rows of one model and backdate them, since new rows are stamped with the current time."""
    if not rows:
        return
    objects = type(rows[0])._default_manager
    objects.bulk_create(rows)
    for row, moment in zip(rows, at, strict=True):
        row.created_at = row.updated_at = moment
    objects.bulk_update(rows, ["created_at", "updated_at"])
