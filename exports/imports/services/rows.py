"""The rows of a record by model, in the order in which they can be inserted."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from accounts.models import AccessRequest, Clinic, ConsentEntry, Disclosure, TherapistPatient
from accounts.rights.choices import AccessRequestStatus
from exports.records import columns
from exports.records.record import Record
from sessions_app import models as sessions
from sessions_app.choices import SessionStatus
from sessions_app.pipeline.types import Segment
from timeline.models import TimelineEvent
from treatment import models as treatment

Rows = list[dict[str, Any]]
Table = tuple[Any, Rows]
ASKED_THERE = "This request was made to another practice and was open when the record came in."
FINAL = (SessionStatus.HELD, SessionStatus.PROCESSED, SessionStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Into:
    """Where the record goes: the clinic, the moment, and the library's interventions by those of the file."""

    clinic: Clinic
    patient: UUID
    at: datetime
    interventions: dict[UUID, UUID]

    @property
    def whose(self) -> dict[str, Any]:
        """The columns of rows that belong to a patient."""
        return {"patient_id": self.patient}

    @property
    def of_clinic(self) -> dict[str, Any]:
        """The columns of rows that belong to a clinic, too."""
        return {"clinic_id": self.clinic.pk, **self.whose}


def tables(record: Record, into: Into) -> Iterator[Table]:
    """Every table, those that others refer to first; people, forms and the library are there already."""
    yield from _rights(record, into)
    yield from _sessions(record, into)
    yield from _notes(record, into)
    yield from _plans(record, into)
    yield from _goals(record, into)
    yield from _measures(record, into)
    yield from _tracking(record, into)
    yield from _links(record, into)
    yield from _came_of_sessions(record, into)
    yield TimelineEvent, _events(record, into)


def _each(shape: columns.Columns, parts: Any, **more: Any) -> Rows:
    return [shape.written(one) | more for one in parts]


def _within(shape: columns.Columns, wholes: Any, name: str, column: str, **more: Any) -> Rows:
    """Rows of what belongs to something else, whose id is in `column`."""
    return [shape.written(one) | {column: whole.id} | more for whole in wholes for one in getattr(whole, name)]


def _rights(record: Record, into: Into) -> Iterator[Table]:
    """Relations are history: nobody of them treats the patient here by being named."""
    past = [
        columns.RELATION.written(one) | {"is_active": False, "ended_at": one.ended_at or into.at}
        for one in record.relations
    ]
    yield TherapistPatient, [row | into.whose for row in past]
    yield ConsentEntry, _each(columns.CONSENT, record.consents, **into.whose)
    yield Disclosure, _each(columns.DISCLOSURE, record.disclosures, **into.whose)
    yield AccessRequest, [_asked(one, into) for one in record.access_requests]


def _asked(request: Any, into: Into) -> dict[str, Any]:
    """Made to another practice: one that is open there is closed here, so that it entitles to nothing."""
    row = columns.ACCESS_REQUEST.written(request) | into.whose
    if not AccessRequest.NEXT.get(request.status):
        return row
    ended = {"status": AccessRequestStatus.WITHDRAWN, "closed_at": into.at, "answer": request.answer or ASKED_THERE}
    return row | ended


def _sessions(record: Record, into: Into) -> Iterator[Table]:
    """Without numbers: they are given anew. What waited or was worked on has no recording here: it is held, or done."""
    held = [
        columns.SESSION.written(one) | into.of_clinic | {"number": None, "status": _status(one)}
        for one in record.sessions
    ]
    yield sessions.TherapySession, held
    spoken = [(one.id, one.transcript) for one in record.sessions if one.transcript]
    yield sessions.Transcript, [columns.TRANSCRIPT.written(one) | _said(pk, one) for pk, one in spoken]
    yield sessions.Extraction, _within(columns.DRAFT, record.sessions, "drafts", "session_id")
    drafts = [draft for one in record.sessions for draft in one.drafts]
    yield sessions.StatementReview, _within(columns.DECISION, drafts, "reviews", "extraction_id")
    told = [(one.id, one.summary) for one in record.sessions if one.summary]
    yield sessions.PatientSummary, [columns.SUMMARY.written(one) | {"session_id": pk} for pk, one in told]


def _status(session: Any) -> str:
    if session.status in FINAL or session.status not in SessionStatus:
        return str(session.status)
    return SessionStatus.PROCESSED if session.drafts else SessionStatus.HELD


def _said(session: UUID, transcript: Any) -> dict[str, Any]:
    lines = [Segment(**columns.LINE.written(one)) for one in transcript.lines]
    words = sum(len(one.text.split()) for one in lines)
    return {"session_id": session, "segments": [asdict(one) for one in lines], "word_count": words}


def _notes(record: Record, into: Into) -> Iterator[Table]:
    notes = record.notes
    held = [columns.NOTE.written(one) | into.of_clinic | {"template_version_id": one.template.id} for one in notes]
    yield sessions.SessionNote, held
    yield sessions.NoteSignature, _within(columns.SIGNATURE, notes, "signatures", "note_id")
    yield sessions.NoteAddendum, _within(columns.ADDENDUM, notes, "addenda", "note_id")
    yield sessions.AmendmentRequest, _within(columns.CORRECTION, notes, "corrections", "note_id", **into.whose)
    yield sessions.NoteVersion, _within(columns.NOTE_VERSION, notes, "versions", "note_id")
    yield sessions.NoteWithholding, _within(columns.WITHHOLDING, notes, "withholdings", "note_id")
    yield sessions.ArchiveStep, _within(columns.ARCHIVE_STEP, notes, "archive_steps", "note_id")
    yield sessions.PrivateNote, _each(columns.PRIVATE_NOTE, record.private_notes, **into.whose)


def _plans(record: Record, into: Into) -> Iterator[Table]:
    plans = record.treatment.plans
    held = [columns.PLAN.written(one) | {"codes": [code.code for code in one.codes]} | into.of_clinic for one in plans]
    yield treatment.TreatmentPlan, held
    yield treatment.PlanVersion, _within(columns.PLAN_VERSION, plans, "versions", "plan_id")
    yield treatment.PlanReview, _within(columns.REVIEW, plans, "reviews", "plan_id")
    yield treatment.PlanMilestone, _within(columns.MILESTONE, plans, "milestones", "plan_id", **into.whose)
    yield treatment.PlanConsent, _within(columns.PLAN_CONSENT, plans, "consents", "plan_id")


def _goals(record: Record, into: Into) -> Iterator[Table]:
    goals = sorted(record.treatment.goals, key=lambda one: one.level)
    yield treatment.Goal, _each(columns.GOAL, goals, **into.whose)
    yield treatment.GoalRating, _within(columns.RATING, goals, "ratings", "goal_id")
    uses = _within(columns.GOAL_INTERVENTION, goals, "interventions", "goal_id", **into.whose)
    known = into.interventions
    yield treatment.GoalIntervention, [row | {"intervention_id": known[row["intervention_id"]]} for row in uses]
    yield treatment.Award, _each(columns.AWARD, record.treatment.awards, **into.whose)


def _measures(record: Record, into: Into) -> Iterator[Table]:
    held = record.treatment
    yield treatment.MeasureSchedule, _each(columns.SCHEDULE, held.schedules, **into.whose)
    yield treatment.MeasureAssignment, _each(columns.ASSIGNMENT, held.assignments, **into.whose)
    yield treatment.MeasureResult, _each(columns.RESULT, [*held.results, *held.withdrawn], **into.whose)


def _tracking(record: Record, into: Into) -> Iterator[Table]:
    """What was sent twice counted once there; a key of its own keeps it from counting as sent here."""
    held = record.treatment
    yield treatment.Tracker, _each(columns.TRACKER, held.trackers, **into.whose)
    sent = [columns.CHECK_IN.written(one) | {"sent_key": str(one.id)} | into.whose for one in held.check_ins]
    yield treatment.CheckIn, sent
    for name in ("entries", "withdrawn"):
        yield treatment.TrackingEntry, _within(columns.ENTRY, held.trackers, name, "tracker_id", **into.whose)
    yield treatment.ReminderPreference, _reminders(record, into)


def _reminders(record: Record, into: Into) -> Rows:
    """Off: nobody gets an e-mail because a record came in."""
    held = record.treatment.reminders
    hours = {"quiet_from": _clock(held.quiet_from), "quiet_until": _clock(held.quiet_until)} if held else {}
    row = treatment.ReminderPreference(**hours, **({"id": held.id} if held else {}))
    return [
        {
            "id": row.pk,
            "quiet_from": row.quiet_from,
            "quiet_until": row.quiet_until,
            "wants_reminders": False,
            **into.whose,
        }
    ]


def _clock(text: str) -> time:
    """ValueError for what is no time of day."""
    return time.fromisoformat(text)


def _links(record: Record, into: Into) -> Iterator[Table]:
    yield treatment.GoalLink, _within(columns.GOAL_LINK, record.notes, "goal_links", "note_id", **into.whose)
    alone = [(one.id, one.no_goal) for one in record.notes if one.no_goal]
    why = [columns.WITHOUT_GOAL.written(one) | {"note_id": pk} | into.whose for pk, one in alone]
    yield treatment.NoteWithoutGoal, why


def _came_of_sessions(record: Record, into: Into) -> Iterator[Table]:
    yield sessions.ActionItem, _each(columns.ACTION_ITEM, record.action_items, **into.whose)
    yield sessions.ActionItemClosing, _within(columns.CLOSING, record.action_items, "closings", "item_id")
    yield sessions.RiskReview, _each(columns.RISK_REVIEW, record.risk_reviews, **into.of_clinic)
    yield sessions.RiskReviewEntry, _within(columns.RISK_STEP, record.risk_reviews, "history", "review_id")


def _events(record: Record, into: Into) -> Rows:
    """Derived ones are removed at first: each comes back, with its words, if what it tells of is in the record."""
    rows = [columns.EVENT.written(one) | into.whose for one in record.events]
    empty = {"description": "", "metadata": {}, "deleted_at": into.at}
    return [row | {"title": str(row["event_type"])} | empty if row["related_entity_id"] else row for row in rows]
