"""What came of the lines that the demonstration's sessions list as possible risk."""

from datetime import timedelta

from sessions_app.models import Extraction, TherapySession, Transcript
from sessions_app.risk.choices import Disposition
from sessions_app.risk.services.decisions import dispose
from sessions_app.risk.services.opening import review_draft
from therapybridge.demo.people import Case

CLOSED_AFTER = timedelta(minutes=40)
# By dialogue; the review of any other stays open.
CLOSED = {
    "a_dark_evening": (
        Disposition.SAFETY_PLAN,
        (
            "Asked directly: a passive thought at night, no plan, no intent, nothing prepared, reasons to live named. "
            "We wrote a safety plan together; her sister will know of it. 988 is in her phone. She writes tomorrow "
            "evening and comes again on Friday."
        ),
    ),
    "grief_first_meeting": (
        Disposition.NOT_PRESENT,
        "He speaks of his father's folding ruler, which he carries as a keepsake. Asked about thoughts of death: none.",
    ),
    "grief_and_guilt": (
        Disposition.NOT_PRESENT,
        "Guilt about the call that he did not take on the evening before his father died. No wish to die, now or then.",
    ),
}


def add_review(case: Case, session: TherapySession, dialogue: str) -> None:
    """Open the review as the worker does when it has drafted, and close it as the therapist did after the session."""
    extraction, transcript = Extraction.objects.get(session=session), Transcript.objects.get(session=session)
    review = review_draft(extraction, transcript, extraction.created_at)
    if review is None or dialogue not in CLOSED:
        return
    disposition, reason = CLOSED[dialogue]
    at, revision = extraction.created_at + CLOSED_AFTER, review.revision
    dispose(review, disposition=disposition, reason=reason, revision=revision, access=case.access, at=at)
