"""What of patients' requests waits for their therapists."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRequest, User
from accounts.rights.choices import AccessRequestStatus
from therapybridge.core.compiled import objects_for

MOST_WAITING = 21  # on Today
OPEN = (AccessRequestStatus.RECEIVED, AccessRequestStatus.IN_PROGRESS)


def waiting_requests(user: User, most: int) -> list[dict[str, Any]]:
    """Open requests of patients whom the therapist treats, the one that is due first at the top, for Today."""
    return [_waiting(asked) for asked in objects_for(user, _open)[:most]]


def _open(reader: User) -> QuerySet[AccessRequest]:
    treated = User.objects.patients_treated_by(reader).holding()
    rows = AccessRequest.objects.filter(treated, status__in=OPEN).select_related("patient__clinic")
    return rows.defer("details", "answer").order_by("due_at", "id")[:MOST_WAITING]


def _waiting(asked: AccessRequest) -> dict[str, Any]:
    told = "Request about the record"
    return {
        "row": asked,
        "patient": asked.patient,
        "pill": f"{told}, overdue" if asked.is_overdue else told,
        "look": "danger" if asked.is_overdue else "warn",
        "due_date": timezone.localdate(asked.due_at, asked.patient.clinic_zone),
        "url": reverse("accounts:request_handle", args=[asked.patient_id, asked.pk]),
        "action": "Answer the request",
    }
