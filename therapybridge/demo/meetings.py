"""What therapist and worker do with a session of the demonstration, each step by the service that does it always."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sessions_app.models import (
    Extraction,
    NoteTemplate,
    ProcessingJob,
    RiskReview,
    SessionNote,
    StatementReview,
    TherapySession,
    Transcript,
)
from sessions_app.notes.services import amendments, decisions, signing, summaries, writing
from sessions_app.processing.services import drafting, stages
from sessions_app.risk.services.decisions import acknowledge, dispose
from sessions_app.services.sessions import create_session
from sessions_app.services.transcripts import add_transcript
from therapybridge.demo import cited, drafts, speech
from therapybridge.demo.people import Case
from therapybridge.demo.script import Meeting
from timeline.services.note_events import refresh_note_events
from timeline.services.session_events import refresh_session_event

Status = TherapySession.Status
OUTAGE = "upstream_error"
OUTAGE_DETAIL = "The AI service was unavailable for too long. The transcript is kept; please retry."
NOT_FIELDS = {"template", "state", "cosigned"}


@dataclass(slots=True)
class Held:
    """A meeting of a patient, and its row once there is one."""

    case: Case
    meeting: Meeting
    number: int  # from 0
    rows: dict[str, Any] = field(default_factory=dict)

    @property
    def session(self) -> TherapySession:
        """As it stands now."""
        row: TherapySession = TherapySession.objects.select_related("patient", "therapist").get(pk=self.rows["session"])
        return row

    @property
    def note(self) -> SessionNote:
        """As it stands now."""
        row: SessionNote = SessionNote.objects.select_related("session").get(session=self.rows["session"])
        return row


def upload(held: Held) -> None:
    """Add the session and its transcript, which asks who is speaking where the file does not tell."""
    meeting, access = held.meeting, held.case.access
    session = create_session(access, held.case.dates[held.number], modality=meeting.modality)
    held.rows["session"] = session.pk
    if meeting.said:
        add_transcript(session, speech.transcript_file(meeting), speech.FILE_NAME, access=access)


def draft(held: Held) -> None:
    """Do the worker's work with the written draft: judge it, keep it, finish."""
    transcript = Transcript.objects.get(session=held.rows["session"])
    judged = drafts.judged(held.meeting.name, tuple(transcript.lines), transcript.language)
    job = _claimed(held)
    job.session.move_to(Status.EXTRACTING_NOTES, token=job.token)
    with job.session.locked():
        made = drafting.Drafted(judged, drafts.WrittenExtractor(held.meeting), transcript)
        drafting.commit_extract(job, made)
    stages.run(_claimed(held))
    refresh_session_event(held.rows["session"], held.case.patient.pk)


def fail(held: Held) -> None:
    """Fail as when the service stays away."""
    stages.fail(_claimed(held), OUTAGE, OUTAGE_DETAIL, retriable=True)


def look_at_risk(held: Held) -> None:
    """Close the review of what was listed, or only take it on."""
    review = RiskReview.objects.select_related("session").get(session=held.rows["session"])
    given, access = held.meeting.risk, held.case.access
    if given.get("state") == "acknowledged":
        acknowledge(review, revision=review.revision, access=access)
        return
    chosen = {"disposition": given["disposition"], "reason": given["reason"]}
    dispose(review, **chosen, revision=review.revision, access=access)


def write_note(held: Held) -> None:
    """Keep what is left to check, write the note, and complete or sign it as far as it has come."""
    written, access = held.meeting.note, held.case.access
    template = NoteTemplate.objects.get(key=written["template"])
    if written["state"] == "signed":
        _keep_statements(held)
    note = writing.create_note(held.session, template, access=access)
    saved = writing.save_note(note, _values(written), note.revision, access=access).note
    if written["state"] == "completed":
        signing.complete_note(saved, saved.revision, access=access)
    elif written["state"] == "signed":
        signing.sign_note(saved, saved.revision, access=access)
    refresh_note_events(saved.pk)


def _keep_statements(held: Held) -> None:
    session, extraction = held.session, Extraction.objects.get(session=held.rows["session"])
    for statement in signing.statements_to_check(SessionNote(session=session)):
        kept = StatementReview.Decision.KEPT
        decisions.decide_statement(session, statement, kept, extraction.version, access=held.case.access)


def _values(written: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in written.items() if name not in NOT_FIELDS}
    return {name: cited.plain(value) if isinstance(value, str) else value for name, value in fields.items()}


def cosign(held: Held) -> None:
    """Sign as the trainee's supervisor."""
    signing.cosign_note(held.note, access=held.case.supervision)


def answer_summary(held: Held) -> None:
    """Share the summary, or decline to."""
    written, access = held.meeting.summary, held.case.access
    text = "\n\n".join(written["text"].strip().splitlines())
    if written["state"] == "declined":
        summaries.decline_summary(held.session, text, access=access)
    else:
        agreed = held.session.action_items.tellable().values_list("pk", flat=True)
        summaries.approve_summary(held.session, text, items=list(agreed), access=access)


def withdraw_summary(held: Held) -> None:
    """Take a shared summary back."""
    summaries.withdraw_summary(held.session, access=held.case.access)


def add_addendum(held: Held) -> None:
    """Add to the signed note."""
    added = held.meeting.addendum
    signing.add_addendum(held.note, added["kind"], added["reason"], added["text"], access=held.case.access)
    refresh_note_events(held.note.pk)


def ask_correction(held: Held) -> None:
    """Have the patient ask for a correction of the signed note."""
    amendments.ask_amendment(held.note, text=held.meeting.correction["text"], access=held.case.own_access)


def _claimed(held: Held) -> ProcessingJob:
    job = ProcessingJob.claim(ProcessingJob.objects.get(session=held.rows["session"]).pk)
    if job is None:
        raise RuntimeError(f"{held.meeting.name}: the job is not due")
    return job
