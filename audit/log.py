"""The one way to write to the audit trail. Call it inside the transaction of the change it describes."""

from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from functools import partial
from typing import Any, Protocol, cast
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Model

from audit import audit_actions
from audit.audit_actions import Action
from audit.models import NO_CLINIC, AuditEvent
from therapybridge.core import witnesses
from therapybridge.core.actor import SYSTEM, Actor
from therapybridge.core.compiled import insert

# Tells who acts, for the field history; set by the middleware.
current_actor: ContextVar[Callable[[], Actor]] = ContextVar("audit_actor", default=lambda: SYSTEM)


class Access(Protocol):
    """The proof that a reader may use a patient's record."""

    @property
    def reader(self) -> Actor:
        """Who uses it."""

    @property
    def patient(self) -> Any:
        """Whose record it is."""


def record(
    action: Action,
    target: Model | None = None,
    *,
    by: Actor | Access,
    patient_id: UUID | None = None,
    clinic_id: UUID | None = None,
    reason: str = "",
    changed: Sequence[str] = (),
    ids: Sequence[UUID] = (),
    among: Iterable[UUID] = (),
) -> AuditEvent:
    """Add one row; `by` is an Actor, or the access under which a patient's record was used.

    Raises what the database raises: without the row, no action. LookupError for an undeclared action. `ids` are rows
    that a list returned, `among` their patients. The patient is the target's, else the access's, unless `patient_id`
    names one; what an emergency opened carries the grant's id. The clinic is the actor's, else the target's, else that
    of the target's or the access's patient, unless `clinic_id` names it.
    """
    listed = [str(one) for one in ids]
    used = _grants_of(by, among)
    # A row has room for one grant; that a list was read under several is rare.
    reason = reason or ("also under " + ", ".join(map(str, used[1:])) if used[1:] else "")
    columns: dict[str, Any] = {"changed": list(changed), "ids": listed, "grant_id": used[0] if used else None}
    return _row(action, target, by, patient_id, clinic_id, reason=reason, **columns)


def _grants_of(by: Actor | Access, among: Iterable[UUID]) -> list[UUID]:
    """The emergency accesses that opened rows of a list."""
    grants = (by if isinstance(by, Actor) else by.reader).grants
    return [grants[patient] for patient in dict.fromkeys(among) if patient in grants]


def record_rows(action: Action, rows: Iterable[Any], *, by: Actor | Access) -> AuditEvent:
    """Record a list of rows, each with the id of its patient."""
    listed = [(row.pk, row.patient_id) for row in rows]
    return record(action, by=by, ids=[pk for pk, _ in listed], among=[patient for _, patient in listed])


def deny(
    action: Action, reason: str, *, by: Actor | Access, target: Model | None = None, patient_id: UUID | None = None
) -> AuditEvent:
    """Audit a refusal; `reason` is a code such as not_found."""
    return _row(action, target, by, patient_id, outcome=AuditEvent.Outcome.DENIED, reason=reason)


def _row(
    action: Action,
    target: Model | None,
    by: Actor | Access,
    patient_id: UUID | None,
    clinic_id: UUID | None = None,
    *,
    reason: str,
    grant_id: UUID | None = None,
    **columns: Any,
) -> AuditEvent:
    actor, patient = (by, None) if isinstance(by, Actor) else (by.reader, by.patient)
    user = actor.user if getattr(actor.user, "pk", None) else None
    whose = patient_id or getattr(target, "patient_id", None) or getattr(patient, "pk", None)
    clinic = clinic_id or _clinic_of(user, target, patient)
    named = witnesses.unnamed()
    row = AuditEvent(
        actor=user,
        clinic_id=None if clinic == NO_CLINIC else clinic,
        action=audit_actions.declared(action),
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        patient_id=whose,
        grant_id=grant_id or (actor.grants.get(whose) if whose else None),
        reason=reason[:200],
        request_id=actor.request_id or _trace(),
        ip=actor.address,
        user_agent=actor.user_agent,
        preceding=[str(one) for one in named],
        **columns,
    )
    insert(row)
    transaction.on_commit(partial(witnesses.committed, row.pk, named))
    return row


def _clinic_of(user: Any, target: Model | None, patient: Any) -> UUID | None:
    for one in (user, target):
        if clinic := getattr(one, "clinic_id", None):
            return cast("UUID", clinic)
    if target is not None and target._meta.model_name == "clinic":
        return cast("UUID", target.pk)
    return getattr(getattr(target, "patient", None) or patient, "clinic_id", None)


def _trace() -> str:
    """The id of the request, also in a task that it started; a scheduled task has its own."""
    context = structlog.contextvars.get_contextvars()
    return str(context.get("request_id") or context.get("task_id") or "")[:64]
