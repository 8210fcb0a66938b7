"""Opening a review from a draft. What was found is kept apart from the draft, which the next one replaces."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Clinic
from audit.log import record
from sessions_app.audit_actions import RISK_REVIEW_ADDED, RISK_REVIEW_OPENED
from sessions_app.models import Extraction, RiskReview, TherapySession, Transcript
from sessions_app.risk.choices import Happening, ReviewStatus
from sessions_app.risk.services.history import step, tell
from therapybridge.core.actor import SYSTEM

SEEN = RiskReview._meta.get_field("seen")
GRAVE, LISTED = "high", ("medium", "high")
# Type, severity, segments (indexes of lines), start (seconds), speaker, quote, and the words of the lines.
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


def _open(session: TherapySession, hits: Sequence[Hit], at: datetime) -> RiskReview:
    due = at + _time_for(hits, session.clinic)
    review: RiskReview = RiskReview.objects.create(
        session=session,
        patient_id=session.patient_id,
        clinic_id=session.clinic_id,
        owner_id=session.therapist_id,
        seen=list(hits),
        opened_at=at,
        due_at=due,
        escalate_at=due,
    )
    tell(review, Happening.OPENED, at=at)
    record(RISK_REVIEW_OPENED, review, by=SYSTEM)
    return review


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
