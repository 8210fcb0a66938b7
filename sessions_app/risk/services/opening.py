"""Opening a review from a draft, or from an answer. What was found is kept apart from the draft, which the next one
replaces.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from accounts.mail.services import queue_email
from accounts.models import Clinic, User
from audit.log import record
from sessions_app.audit_actions import RISK_REVIEW_ADDED, RISK_REVIEW_OPENED
from sessions_app.models import Extraction, RiskReview, TherapySession, Transcript
from sessions_app.pipeline.drafting.schema import RiskFlag
from sessions_app.pipeline.risk import find_risk
from sessions_app.pipeline.types import Segment
from sessions_app.risk.choices import Happening, ReviewStatus, Source
from sessions_app.risk.services.history import step, tell
from therapybridge.core.actor import SYSTEM
from therapybridge.core.links import absolute

SEEN = RiskReview._meta.get_field("seen")
GRAVE, LISTED = "high", ("medium", "high")
# Type, severity, segments (indexes of lines), start (seconds), speaker, quote, and the words of the lines; of an answer
# also its question.
Hit = dict[str, Any]


def review_draft(extraction: Extraction, transcript: Transcript, at: datetime | None = None) -> RiskReview | None:
    """Open a review of what the draft lists with medium or high severity, or add to the one that is unresolved.

    Lines that a disposition has covered open nothing again. A draft that lists less takes nothing away. Call it while
    the session is locked. `at` is when the draft was made.
    """
    hits = _hits(extraction, transcript)
    earlier = list(RiskReview.objects.filter(session=extraction.session_id).order_by("id")) if hits else []
    known = {_key(hit) for review in earlier for hit in review.seen}
    fresh = [hit for hit in hits if _key(hit) not in known]
    if not fresh:
        return None
    unresolved = next((review for review in earlier if review.is_unresolved), None)
    return _add(unresolved, fresh) if unresolved else _open(extraction.session, fresh, at or timezone.now())


def review_answer(
    source: Source, source_id: UUID, day: date, *, patient: User, owner: User | None, question: str, answer: str
) -> RiskReview:
    """Open a review of an answer about suicidal thoughts, and e-mail its owner. Call it while the patient is locked.

    While one of the same row is unresolved, another answer is added to it, and the same one changes nothing. It is
    grave whatever the answer says. Without an owner, the administrators are e-mailed by the next escalation.
    """
    hit: Hit = {"type": "suicidal_ideation", "severity": GRAVE, "segments": [], "start": None, "speaker": "patient"}
    hit |= {"quote": answer, "question": question, "lines": question}
    origin = {"source_type": source.name, "source_id": source_id, "source_day": day}
    rows = RiskReview.objects.unresolved().filter(source_type=source.name, source_id=source_id)
    unresolved: RiskReview | None = rows.first()
    if unresolved is None:
        review = _create([hit], timezone.now(), patient=patient, clinic_id=patient.clinic_id, owner=owner, **origin)
    elif any(seen["quote"] == answer for seen in unresolved.seen):
        return unresolved
    else:
        review = _add(unresolved, [hit])
    _tell_owner(review.owner)
    return review


def review_written(
    source: Source, source_id: UUID, day: date, *, patient: User, owner: User | None, text: str
) -> RiskReview | None:
    """Open a review of what a patient wrote, if it holds phrases of medium or high severity; its owner gets an e-mail.

    Call it while the patient is locked. It takes a second the first time, when the lists are compiled.
    """
    flags = find_risk([Segment(0, None, None, text, "patient")])
    hits = [_written(flag, text) for flag in flags if flag.severity in LISTED]
    if not hits:
        return None
    origin = {"source_type": source.name, "source_id": source_id, "source_day": day}
    review = _create(hits, timezone.now(), patient=patient, clinic_id=patient.clinic_id, owner=owner, **origin)
    _tell_owner(owner)
    return review


def _written(flag: RiskFlag, text: str) -> Hit:
    hit: Hit = {"type": flag.type, "severity": flag.severity, "segments": [], "start": None, "speaker": "patient"}
    return hit | {"quote": flag.evidence.quote, "lines": text}


def _open(session: TherapySession, hits: Sequence[Hit], at: datetime) -> RiskReview:
    whose = {"patient_id": session.patient_id, "clinic_id": session.clinic_id, "owner_id": session.therapist_id}
    return _create(hits, at, session=session, **whose)


def _create(hits: Sequence[Hit], at: datetime, **columns: Any) -> RiskReview:
    review = RiskReview(seen=list(hits), opened_at=at, **columns)
    review.due_at = at + _time_for(hits, review.clinic)
    review.escalate_at = review.due_at if review.owner_id or review.session_id else at
    review.save(force_insert=True)
    tell(review, Happening.OPENED, at=at)
    record(RISK_REVIEW_OPENED, review, by=SYSTEM)
    return review


def _tell_owner(owner: User | None) -> None:
    """Nothing says what it is about: e-mails are read over shoulders."""
    if owner is None:
        return
    button = ("Open Today", absolute(reverse("today")))
    lines = ["Something came in that you should look at now.", "It waits for you on your page Today."]
    kind, subject = "risk_review_opened", "Please look at this now"
    queue_email(kind, owner.email, subject, lines, button=button, clinic=owner.clinic)


def _add(review: RiskReview, hits: Sequence[Hit]) -> RiskReview:
    """Also undo an acknowledgement: whoever gave it has not seen the new lines. The administrators hear of them too."""
    fresh_due = timezone.now() + _time_for(hits, review.clinic)
    due = min(review.due_at, fresh_due)
    is_waiting = review.escalate_at == review.due_at
    step(
        review,
        ReviewStatus.OPEN,
        Happening.ADDED,
        action=RISK_REVIEW_ADDED,
        by=SYSTEM,
        seen=SEEN.seal([*review.seen, *hits], review.pk),
        due_at=due,
        # Whoever was written to has not seen the new lines either.
        escalate_at=due if is_waiting else review.escalate_at or fresh_due,
        acknowledged_at=None,
        acknowledged_by=None,
    )
    return review


def _time_for(hits: Iterable[Hit], clinic: Clinic) -> timedelta:
    is_grave = any(hit["severity"] == GRAVE for hit in hits)
    return timedelta(hours=clinic.grave_risk_review_hours if is_grave else clinic.risk_review_hours)


def _hits(extraction: Extraction, transcript: Transcript) -> list[Hit]:
    said = {segment.index: segment.text for segment in transcript.lines}
    flags = [flag for flag in extraction.notes.get("risk_flags", []) if flag["severity"] in LISTED]
    found = [_hit(flag, said) for flag in flags]
    # Worst first: of two of the same words the graver one stays. A long line may hold several phrases of one kind.
    return list({(*_key(hit), hit["quote"]): hit for hit in reversed(found)}.values())[::-1]


def _hit(flag: Mapping[str, Any], said: Mapping[int, str]) -> Hit:
    segments, quote = flag["evidence"]["segments"], flag["evidence"]["quote"]
    words = " ".join(said[index] for index in segments if index in said)
    kept = {name: flag[name] for name in ("type", "severity", "start", "speaker")}
    return kept | {"segments": segments, "quote": quote, "lines": words or quote}


def _key(hit: Hit) -> tuple[str, str]:
    """What makes two hits the same: their kind and the words of their lines, wherever these stand in the transcript."""
    return hit["type"], hit["lines"]
