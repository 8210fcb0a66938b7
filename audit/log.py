"""The one way into the trail. Call it inside the transaction of what it describes."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import structlog
from django.db.models import Model
from django.http import HttpRequest
from rest_framework.request import Request

from audit import audit_actions
from audit.models import NO_CLINIC, AuditEvent
from therapybridge.core.actor import SYSTEM, Actor, client_ip

# Tells who acts, for the field history; set by the middleware.
current_actor: ContextVar[Callable[[], Actor]] = ContextVar("audit_actor", default=lambda: SYSTEM)


def record(
    action: str,
    target: Model | None = None,
    *,
    by: Any,
    patient_id: UUID | None = None,
    clinic_id: UUID | None = None,
    outcome: str = AuditEvent.Outcome.OK,
    reason: str = "",
    changed: Sequence[str] = (),
    ids: Sequence[UUID] = (),
    request: HttpRequest | Request | None = None,
) -> AuditEvent:
    """Add one row; `by` is an Actor, or the RecordAccess under which a patient's record was used.

    Raises what the database raises: without the row, no action. LookupError for an undeclared action. `ids` are rows
    that a list returned. The patient is the target's, else the access's, unless `patient_id` names one; what an
    emergency opened carries the grant's id. The clinic is the actor's, else the target's or,
    without one, the patient's, unless `clinic_id` names it.
    """
    actor = _actor(by, request)
    user = actor.user if getattr(actor.user, "pk", None) else None
    patient = getattr(by, "patient", None)
    whose = patient_id or getattr(target, "patient_id", None) or getattr(patient, "pk", None)
    clinic = clinic_id or getattr(user, "clinic_id", None) or getattr(target or patient, "clinic_id", None)
    return AuditEvent.objects.create(
        actor=user,
        clinic_id=None if clinic == NO_CLINIC else clinic,
        action=audit_actions.declared(action),
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        patient_id=whose,
        ids=[str(one) for one in ids],
        grant_id=actor.grants.get(whose) if whose else None,
        outcome=outcome,
        reason=reason[:200],
        changed=list(changed),
        request_id=actor.request_id or _trace(),
        ip=actor.address,
        user_agent=actor.user_agent,
    )


def deny(
    action: str, reason: str, *, by: Any, target: Model | None = None, patient_id: UUID | None = None
) -> AuditEvent:
    """Put a refusal on record: who wanted to do what, and why that was not possible (a word for programs)."""
    return record(action, target, by=by, patient_id=patient_id, outcome=AuditEvent.Outcome.DENIED, reason=reason)


def _actor(by: Any, request: HttpRequest | Request | None) -> Actor:
    given = getattr(by, "reader", by)
    if isinstance(given, Actor):
        return given
    known = getattr(request, "actor", None)
    actor = known if isinstance(known, Actor) else SYSTEM
    if request is not None and actor is SYSTEM:
        actor = Actor(address=client_ip(request), user_agent=request.headers.get("User-Agent", "")[:200])
    return actor.acting_as(given)


def _trace() -> str:
    """The request's id, also in the task that it started; a task that the schedule started has its own."""
    context = structlog.contextvars.get_contextvars()
    return str(context.get("request_id") or context.get("task_id") or "")[:64]
