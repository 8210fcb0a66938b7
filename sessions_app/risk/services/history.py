"""Steps of a review, each with its line of the history and its audit row in one transaction."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.models import User
from audit.audit_actions import Action
from sessions_app.models import RiskReview, RiskReviewEntry
from therapybridge.core.actor import Actor


def step(
    review: RiskReview,
    new: str,
    kind: str,
    *,
    action: Action,
    by: Actor | RecordAccess,
    to: User | None = None,
    at: datetime | None = None,
    **columns: Any,
) -> None:
    """Move the review to `new` with other columns, and reload it; Conflict if somebody else has moved it since."""
    with transaction.atomic():
        review.move_to(new, action=action, by=by, **columns)
        tell(review, kind, by=by.user if isinstance(by, RecordAccess) else None, to=to, at=at)
    review.refresh_from_db()


def tell(
    review: RiskReview, kind: str, *, by: User | None = None, to: User | None = None, at: datetime | None = None
) -> None:
    """Add a line to the history."""
    RiskReviewEntry.objects.create(review=review, kind=kind, by=by, to=to, happened_at=at or timezone.now())
