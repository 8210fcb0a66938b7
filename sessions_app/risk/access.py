"""Access checks for risk reviews named in a URL."""

from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to, writable
from audit.audit_actions import Action
from audit.log import deny
from sessions_app.models import RiskReview
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from therapybridge.core.queries import only_one

PARTS = ("patient__clinic", "patient__profile", "session", "owner", "acknowledged_by", "disposed_by")


def open_review(by: Actor, pk: UUID, action: Action) -> tuple[RiskReview, RecordAccess]:
    """Open a review with its patient and session; NotFound, audited as denied, without access."""
    rows = RiskReview.objects.visible_to(by.user).with_write_access(by.user).select_related(*PARTS)
    review: Any = only_one(rows, pk=pk)
    if review is None:
        deny(action, "not_found", by=by, target=RiskReview(pk=pk))
        raise NotFound("This review does not exist.")
    if review.session:
        review.session.patient = review.patient
    return review, access_to(by, review.patient, may_write=review.is_writable)


def open_review_to_write(by: Actor, pk: UUID, action: Action) -> tuple[RiskReview, RecordAccess]:
    """Open a review for a therapist who treats the patient; Forbidden, audited, for those who may only read it."""
    review, access = open_review(by, pk, action)
    return review, writable(access, action)
