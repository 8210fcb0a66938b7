"""The mood to which a patient put a number, session by session."""

from django.db.models import OuterRef, Subquery

from accounts.care.access import RecordAccess
from sessions_app.models import Extraction, StatementReview, TherapySession
from sessions_app.notes.services.statements import undecided
from sessions_app.pipeline.quality import is_low
from therapybridge.core.pages.sparkline import Sparkline, draw_sparkline

SESSIONS_READ = 12
MOOD = "session_mood"
WORST_TO_BEST = 10


def mood_sparkline(access: RecordAccess) -> Sparkline | None:
    """The patient's own numbers in the latest sessions; only of statements that are supported or were kept."""
    patient = access.patient
    if patient.clinic and not patient.clinic.emotion_inference:
        return None
    sessions = TherapySession.objects.visible_to(access.user).filter(patient=patient, status="processed").in_order()
    dates = dict(sessions.values_list("pk", "session_date")[:SESSIONS_READ])
    newest = Extraction.objects.filter(session=OuterRef("session")).order_by("-version").values("version")[:1]
    drafts = list(Extraction.objects.filter(session__in=dates, version=Subquery(newest)))
    reviews = StatementReview.objects.filter(extraction__in=drafts, statement=MOOD)
    decided = dict(reviews.values_list("extraction_id", "decision"))
    scores = [(dates[draft.session_id], _score(draft, decided.get(draft.pk, ""))) for draft in drafts]
    numbers = [(at, score) for at, score in scores if score is not None]
    return draw_sparkline("mood", "Mood in the patient's own numbers", numbers, WORST_TO_BEST)


def _score(draft: Extraction, decision: str) -> float | None:
    item = draft.notes.get(MOOD)
    if not item or is_low(draft.quality):
        return None
    state = decision or undecided(MOOD, item)["state"]
    score: float | None = item.get("score")
    return score if state in {"supported", StatementReview.Decision.KEPT} else None
