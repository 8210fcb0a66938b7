"""Reviewers of emergency access, and their e-mails."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.care.audit_actions import EMERGENCY_REVIEW_REMINDED
from accounts.mail.services import queue_email
from accounts.models import BreakGlassGrant, TherapistPatient, User
from audit.log import record
from audit.models import AuditEvent
from therapybridge.core.actor import Actor
from therapybridge.core.batches import each_alone
from therapybridge.core.links import absolute

BATCH = 100


def reviewers_of(grant: BreakGlassGrant) -> QuerySet[User]:
    """The patient's therapists and the clinic's administrators, except the holder."""
    relations = TherapistPatient.objects.active().filter(patient=grant.patient_id, therapist=OuterRef("pk"))
    treating = Q(Exists(relations), role=User.Role.THERAPIST)
    people: QuerySet[User] = User.objects.filter(treating | Q(role=User.Role.ADMIN), is_active=True)
    return people.filter(clinic=grant.patient.clinic_id).exclude(pk=grant.therapist_id).select_related("clinic")


def tell_opened(grant: BreakGlassGrant) -> None:
    """E-mail everyone who may review; the e-mail names neither patient nor holder."""
    lines = [
        "Someone opened a record in an emergency. Please review it.",
        "The access is read-only and ends by itself after a few hours.",
        "The review is due within three days.",
    ]
    _write_to_reviewers(grant, "emergency_opened", "Someone opened a record in an emergency", lines)


def remind_overdue(*, by: Actor) -> int:
    """E-mail one reminder for each overdue review; returns how many. The audit trail remembers which were sent.

    RowsFailed, once all others were reminded of, if it failed for some.
    """
    told = AuditEvent.objects.filter(
        patient_id=OuterRef("patient_id"), target_id=OuterRef("pk"), action=EMERGENCY_REVIEW_REMINDED
    )
    late = BreakGlassGrant.objects.overdue().filter(~Exists(told))
    return each_alone(late.order_by("id")[:BATCH], partial(_remind, by=by), event="review_not_reminded")


def _remind(late: BreakGlassGrant, *, by: Actor) -> bool:
    with transaction.atomic():
        # The row is the lock: of two concurrent runs, the second finds the first one's audit row.
        grants = BreakGlassGrant.objects.overdue().filter(pk=late.pk).select_related("patient")
        grant: BreakGlassGrant | None = grants.select_for_update(of=["self"], no_key=True).first()
        if grant is None or AuditEvent.objects.filter(action=EMERGENCY_REVIEW_REMINDED, target_id=grant.pk).exists():
            return False
        lines = ["The review of an emergency access is overdue. Please decide whether it was justified."]
        _write_to_reviewers(grant, "emergency_overdue", "A review is overdue", lines)
        record(EMERGENCY_REVIEW_REMINDED, grant, by=by)
    return True


def _write_to_reviewers(grant: BreakGlassGrant, kind: str, subject: str, lines: Sequence[str]) -> None:
    button = ("Review it", absolute(reverse("accounts:emergency_reviews")))
    for person in reviewers_of(grant):
        queue_email(kind, person.email, subject, lines, button=button, clinic=person.clinic)
