"""Escalating overdue reviews by e-mail, in two stages: whoever treats the patient, then the administrators."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial

import structlog
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.care.access import is_treated_by
from accounts.care.choices import RelationType
from accounts.mail.services import queue_email
from accounts.models import TherapistPatient, User
from sessions_app.audit_actions import RISK_REVIEW_ESCALATED
from sessions_app.models import RiskReview
from sessions_app.risk.choices import Happening
from sessions_app.risk.services.history import tell
from therapybridge.core.actor import Actor
from therapybridge.core.batches import each_alone
from therapybridge.core.links import absolute
from therapybridge.core.models import short_id

log = structlog.get_logger(__name__)
SECOND_STAGE_AFTER = timedelta(hours=4)
BATCH = 100
# Nothing says what it is about: e-mails are read over shoulders.
OWN = "Something on your page Today is overdue."
OWN_WITH_OTHERS = [OWN, "A colleague has been asked to look at it too."]
OWN_ALONE = [OWN, "Please look at it now."]
OF_A_COLLEAGUE = ["Something that a colleague should have looked at is overdue.", "It stands on your page Today."]


def escalate_overdue(*, by: Actor) -> int:
    """Take the next stage of every review whose time has come; returns how many. After an outage none is left out.

    Nothing of a review is decrypted, so that a key that was lost keeps none waiting. RowsFailed, once all others were
    escalated, if it failed for some.
    """
    due = RiskReview.objects.unresolved().without_words().filter(escalate_at__lte=timezone.now())
    rows = due.select_related("session", "patient").order_by("escalate_at", "id")[:BATCH]
    return each_alone(rows, partial(_escalate, by=by), event="risk_review_not_escalated")


def _escalate(review: RiskReview, *, by: Actor) -> bool:
    with review.origin_locked():
        review.refresh_from_db()
        if not review.is_unresolved or review.escalate_at is None or review.escalate_at > timezone.now():
            return False  # closed, or escalated by another worker
        is_first = review.escalate_at == review.due_at
        colleagues = list(_second_people(review)) if is_first else []
        reminded = _tell_therapists(review, colleagues) if is_first else []
        escalated = [] if colleagues else _tell_administrators(review)
        if not is_first and not escalated:  # a practice without administrators: its therapist hears of it again
            reminded = _tell_therapists(review, [])
        # Nobody has a task that nobody owns: the administrators hear of it until somebody does.
        is_over = review.owner_id and (escalated or (reminded and not is_first))
        _take(review, None if is_over else timezone.now() + SECOND_STAGE_AFTER, reminded, escalated, by)
    return True


def _take(
    review: RiskReview, following: object, reminded: Sequence[User], escalated: Sequence[User], by: Actor
) -> None:
    """Note who was written to, and when the next stage is; with nobody to write to, this one comes again."""
    action = RISK_REVIEW_ESCALATED if reminded or escalated else None
    # The revision stays: what somebody has open on their screen is still what they read.
    review.move_to(review.status, action=action, by=by, escalate_at=following, revision=review.revision)
    for kind, people in ((Happening.REMINDED, reminded), (Happening.ESCALATED, escalated)):
        for person in people:
            tell(review, kind, to=person)
    if action is None:
        log.warning("risk_review_has_nobody", review=short_id(review.pk))


def _second_people(review: RiskReview) -> QuerySet[User]:
    """Who supervises the treatment, else who else treats the patient."""
    relations = TherapistPatient.objects.active().filter(patient=review.patient_id, therapist=OuterRef("pk"))
    others = User.objects.exclude(pk=review.owner_id).select_related("clinic")
    supervisors: QuerySet[User] = others.filter(Exists(relations.filter(relationship_type=RelationType.SUPERVISOR)))
    return supervisors if supervisors.exists() else others.filter(Exists(relations))


def _tell_therapists(review: RiskReview, colleagues: Sequence[User]) -> list[User]:
    """Write to the owner, if they still treat the patient, and to the colleagues; returns who gets an e-mail."""
    button = ("Open Today", absolute(reverse("today")))
    own = OWN_WITH_OTHERS if colleagues else OWN_ALONE
    owners = [(review.owner, own)] if review.owner and is_treated_by(review.owner, review.patient_id) else []
    people = [*owners, *((colleague, OF_A_COLLEAGUE) for colleague in colleagues)]
    return [
        person
        for person, lines in people
        if queue_email("risk_review_overdue", person.email, "Overdue", lines, button=button, clinic=review.clinic)
    ]


def _tell_administrators(review: RiskReview) -> list[User]:
    """Write to them: they may not read the record, but can reach its therapist or ask a colleague to stand in."""
    lines = [
        f"A task of {_name_of_owner(review)} is overdue, and nobody has taken care of it.",
        "Please reach them now, or give their patients to a colleague who can look at it today.",
    ]
    people: Iterable[User] = User.objects.filter(clinic=review.clinic_id, role=User.Role.ADMIN, is_active=True)
    return [
        person
        for person in people
        if queue_email("risk_review_escalated", person.email, "Overdue", lines, clinic=review.clinic)
    ]


def _name_of_owner(review: RiskReview) -> str:
    owner: User | None = review.owner
    return owner.full_name if owner and owner.is_active else "a therapist who has left"
