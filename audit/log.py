"""The one door into the trail. Call it inside the transaction of what it describes."""

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import structlog
from django.db.models import Model
from django.http import HttpRequest
from rest_framework.request import Request

from audit.models import NO_CLINIC, AuditEvent
from therapybridge.core.limits import client_ip

# Which request the field history is written in; set by the middleware.
current_request: ContextVar[HttpRequest | None] = ContextVar("audit_request", default=None)


def record(
    action: str,
    *,
    by: Any,
    target: Model | None = None,
    patient_id: UUID | None = None,
    clinic_id: UUID | None = None,
    outcome: str = AuditEvent.Outcome.OK,
    reason: str = "",
    changed: Sequence[str] = (),
    ids: Sequence[UUID] = (),
    request: HttpRequest | Request | None = None,
) -> AuditEvent:
    """Add one row; `by` is a user or None for the system. Raises what the database raises: no row, no act.

    `ids` are the rows that a list returned. What an emergency grant opened carries the grant's id. The clinic is the
    actor's, else the target's, unless `clinic_id` names it.
    """
    actor = by if getattr(by, "pk", None) else None
    whose = patient_id or getattr(target, "patient_id", None)
    clinic = clinic_id or getattr(actor, "clinic_id", None) or getattr(target, "clinic_id", None)
    return AuditEvent.objects.create(
        actor=actor,
        clinic_id=None if clinic == NO_CLINIC else clinic,
        action=action,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        patient_id=whose,
        ids=[str(one) for one in ids],
        grant_id=getattr(request, "emergency_grants", {}).get(whose),
        outcome=outcome,
        reason=reason[:200],
        changed=list(changed),
        request_id=_trace(),
        ip=client_ip(request) if request is not None else None,
        user_agent=request.headers.get("User-Agent", "")[:200] if request is not None else "",
    )


def _trace() -> str:
    """The request's id, also in the task that it started; a task that the schedule started has its own."""
    context = structlog.contextvars.get_contextvars()
    return str(context.get("request_id") or context.get("task_id") or "")[:64]
