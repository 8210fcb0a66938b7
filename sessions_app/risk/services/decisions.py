"""What people do with a review: acknowledge it, hand it over, and close it with a disposition."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.mail.services import queue_email
from accounts.models import TherapistPatient, User
from sessions_app.audit_actions import RISK_REVIEW_ACKNOWLEDGED, RISK_REVIEW_DISPOSED, RISK_REVIEW_HANDED_OVER
from sessions_app.models import RiskReview
from sessions_app.risk.choices import Happening
from sessions_app.risk.services.escalation import SECOND_STAGE_AFTER
from sessions_app.risk.services.history import step
from therapybridge.core.errors import Conflict, InvalidInput
from therapybridge.core.links import absolute
from therapybridge.core.text import fold_name, written

MIN_REASON, MAX_REASON = 10, 4_000  # characters
Status = RiskReview.Status
REASON = RiskReview._meta.get_field("reason")


def acknowledge(review: RiskReview, *, revision: int, access: RecordAccess) -> RiskReview:
    """Say that one has seen the lines and takes care of them. It stays due: only a disposition closes it."""
    access.require_write(review.patient_id)
    with review.origin_locked():
        _require_current(review, revision)
        if review.status == Status.ACKNOWLEDGED:
            raise Conflict("This review is acknowledged already.", code="already_acknowledged")
        given: dict[str, Any] = {"acknowledged_at": timezone.now(), "acknowledged_by": access.user}
        kind, action = Happening.ACKNOWLEDGED, RISK_REVIEW_ACKNOWLEDGED
        step(review, Status.ACKNOWLEDGED, kind, action=action, by=access, **given)
    return review


def dispose(
    review: RiskReview,
    *,
    disposition: str,
    reason: str,
    revision: int,
    access: RecordAccess,
    at: datetime | None = None,
) -> RiskReview:
    """Close it for good; Conflict if lines were added since `revision`, which the person has not seen.

    `at` is for what was done earlier than it is written down.
    """
    access.require_write(review.patient_id)
    if disposition not in RiskReview.Dispositions.values:
        raise InvalidInput(errors={"disposition": ["Choose what came of it."]})
    text = _checked(reason)
    with review.origin_locked():
        _require_current(review, revision)
        columns = _closing(review, access.user, at or timezone.now())
        columns |= {"disposition": disposition, "reason": REASON.seal(text, review.pk)}
        step(review, Status.DISPOSED, Happening.DISPOSED, action=RISK_REVIEW_DISPOSED, by=access, at=at, **columns)
    return review


def _closing(review: RiskReview, by: User, now: datetime) -> dict[str, Any]:
    """Who closes it has also seen the lines, unless somebody has said so before."""
    seen = {} if review.acknowledged_at else {"acknowledged_at": now, "acknowledged_by": by}
    return {**seen, "disposed_at": now, "disposed_by": by, "escalate_at": None}


def _checked(reason: str) -> str:
    """The reason as it is kept. What cannot be seen does not count as written."""
    text = written("reason", reason, MAX_REASON, least=MIN_REASON)
    written("reason", fold_name(text), MAX_REASON, least=MIN_REASON)
    return text


def hand_over(review: RiskReview, *, owner: UUID, revision: int, access: RecordAccess) -> RiskReview:
    """Make somebody else who treats the patient its owner, who gets an e-mail and has not acknowledged it yet."""
    access.require_write(review.patient_id)
    with review.origin_locked():
        _require_current(review, revision)
        person = possible_owners(review).filter(pk=owner).first()
        if person is None:
            raise InvalidInput(errors={"owner": ["Choose somebody else who treats the patient."]})
        fresh: dict[str, Any] = {"owner": person, "acknowledged_at": None, "acknowledged_by": None}
        fresh["escalate_at"] = review.escalate_at or timezone.now() + SECOND_STAGE_AFTER
        kind, action = Happening.HANDED_OVER, RISK_REVIEW_HANDED_OVER
        step(review, Status.OPEN, kind, action=action, by=access, to=person, **fresh)
        _tell_owner(person)
    return review


def _tell_owner(person: User) -> None:
    button = ("Open Today", absolute(reverse("today")))
    lines = ["A colleague has handed something over to you.", "It waits for you on your page Today."]
    kind, subject = "risk_review_handed_over", "Handed over to you"
    queue_email(kind, person.email, subject, lines, button=button, clinic=person.clinic)


def possible_owners(review: RiskReview) -> QuerySet[User]:
    """Who treats the patient now, apart from the owner."""
    cares = TherapistPatient.objects.active().filter(patient=review.patient_id, therapist=OuterRef("pk"))
    people: QuerySet[User] = User.objects.filter(Exists(cares)).exclude(pk=review.owner_id)
    return people.select_related("clinic")


def _require_current(review: RiskReview, revision: int) -> None:
    """Read it again under the lock, and compare it with what the person has read."""
    review.refresh_from_db()
    if not review.is_unresolved:
        raise Conflict("This review is closed.", code="review_closed")
    if review.revision != revision:
        raise Conflict("This review has changed since you opened it. Read it again first.", code="edit_conflict")
