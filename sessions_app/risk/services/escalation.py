"""Escalating overdue reviews by e-mail, in two stages, each once: who treats the patient, then the administrators."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.care.choices import RelationType
from accounts.mail.services import queue_email
from accounts.models import TherapistPatient, User
from sessions_app.audit_actions import RISK_REVIEW_ESCALATED
from sessions_app.models import RiskReview
from sessions_app.risk.choices import Happening
from sessions_app.risk.services.history import step
from therapybridge.core.actor import Actor
from therapybridge.core.links import absolute

SECOND_STAGE_AFTER = timedelta(hours=4)
BATCH = 100


def escalate_overdue(*, by: Actor) -> int:
    """Take the next stage of every review whose time has come; returns how many. After an outage none is left out."""
    due = RiskReview.objects.unresolved().filter(escalate_at__lte=timezone.now())
    return sum(_escalate(review, by) for review in due.select_related("session", "clinic", "owner")[:BATCH])


def _escalate(review: RiskReview, by: Actor) -> bool:
    with review.session.locked():
        review.refresh_from_db()
        if not review.is_unresolved or review.escalate_at is None or review.escalate_at > timezone.now():
            return False  # closed, or escalated by another worker
        colleagues = list(_second_people(review)) if review.escalate_at == review.due_at else []
        if colleagues:
            _take(review, Happening.REMINDED, timezone.now() + SECOND_STAGE_AFTER, by)
            _tell_therapists(review, colleagues)
        else:
            _take(review, Happening.ESCALATED, None, by)
            _tell_administrators(review)
    return True


def _take(review: RiskReview, kind: str, following: Any, by: Actor) -> None:
    # The revision stays: what somebody has open on their screen is still what they read.
    kept = {"escalate_at": following, "revision": review.revision}
    step(review, review.status, kind, action=RISK_REVIEW_ESCALATED, by=by, **kept)


def _second_people(review: RiskReview) -> QuerySet[User]:
    """Who supervises the treatment, else who else treats the patient."""
    relations = TherapistPatient.objects.active().filter(patient=review.patient_id, therapist=OuterRef("pk"))
    others = User.objects.exclude(pk=review.owner_id).select_related("clinic")
    supervisors: QuerySet[User] = others.filter(Exists(relations.filter(relationship_type=RelationType.SUPERVISOR)))
    return supervisors if supervisors.exists() else others.filter(Exists(relations))


def _tell_therapists(review: RiskReview, colleagues: Iterable[User]) -> None:
    """Nothing says what it is about: e-mails are read over shoulders."""
    button = ("Open Today", absolute(reverse("today")))
    own = ["Something on your page Today is overdue.", "A colleague has been asked to look at it too."]
    theirs = ["Something that a colleague should have looked at is overdue.", "It stands on your page Today."]
    told = [(review.owner, own)] if review.owner else []
    for person, lines in [*told, *((colleague, theirs) for colleague in colleagues)]:
        queue_email("risk_review_overdue", person.email, "Overdue", lines, button=button, clinic=review.clinic)


def _tell_administrators(review: RiskReview) -> None:
    """They may not read the record, but can reach its therapist or ask a colleague to stand in."""
    whose = review.owner.full_name if review.owner else "a therapist who has left"
    lines = [
        f"A task of {whose} is overdue, and nobody has taken care of it.",
        "Please reach them now, or give their patients to a colleague who can look at it today.",
    ]
    for person in User.objects.filter(clinic=review.clinic_id, role=User.Role.ADMIN, is_active=True):
        queue_email("risk_review_escalated", person.email, "Overdue", lines, clinic=review.clinic)
