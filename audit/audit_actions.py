"""The registry of audit actions, and those of the trail itself.

Every app declares its own as constants in an `audit_actions` module, so that a misspelt one fails on import.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

SAME_READING = timedelta(minutes=10)


class Action(str):
    """An audit action: a dotted name such as "session.read", whose first word is its category, and a label.

    `{your}` in the label becomes "your" when patients read about their own record, else "the"; `{of_day}` says the day
    of the session that it is about, if known. What is not `is_logged` is in the trail, but not in the log in which
    patients and their therapists see who used the record; there, repetitions within `once_in` are one.
    """

    __slots__ = ("is_logged", "is_read", "label", "once_in")

    label: str
    is_read: bool
    is_logged: bool
    once_in: timedelta

    @property
    def category(self) -> str:
        """The first word of the name, for filters."""
        return self.partition(".")[0]

    def told(self, day: str = "", *, to_patient: bool) -> str:
        """The label for patients reading about their own record, or for everyone else."""
        return self.label.format(your="your" if to_patient else "the", of_day=f" of {day}" if day else "")


_declared: dict[str, Action] = {}
_day_fields: dict[str, str] = {}


def declare(
    name: str, label: str, *, is_read: bool = False, is_logged: bool = True, once_in: timedelta | None = None
) -> Action:
    """Register an action; ImproperlyConfigured if the name is taken.

    Repeated reads are one within ten minutes and changes never, unless `once_in` says otherwise.
    """
    if name in _declared:
        raise ImproperlyConfigured(f"The audit action {name!r} is declared twice.")
    action = Action(name)
    action.label, action.is_read, action.is_logged = label, is_read, is_logged
    action.once_in = (SAME_READING if is_read else timedelta()) if once_in is None else once_in
    _declared[name] = action
    return action


def find(name: str) -> Action | None:
    """The action with this name; None if it is from an earlier release."""
    return _declared.get(name)


def declared(name: str) -> Action:
    """The action with this name; LookupError if it was not declared."""
    if name not in _declared:
        raise LookupError(f"No app declares the audit action {name!r}.")
    return _declared[name]


def date_targets(target_type: str, field: str) -> None:
    """Let `{of_day}` in labels be the day of `field`, a lookup from a row of `target_type` ("app.model")."""
    _day_fields[target_type] = field


def days_of(target_type: str, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """The moments that date these targets, deleted ones included; empty for a type that has none."""
    field = _day_fields.get(target_type)
    if field is None:
        return {}
    rows = apps.get_model(target_type)._base_manager.filter(pk__in=ids)
    return dict(rows.values_list("pk", field))


def categories() -> list[str]:
    """All categories in alphabetical order."""
    return sorted({action.category for action in _declared.values()})


def reads() -> list[str]:
    """Names of the read-only actions."""
    return [name for name, action in _declared.items() if action.is_read]


def unlogged() -> list[str]:
    """Names of the actions that the log of a record leaves out."""
    return [name for name, action in _declared.items() if not action.is_logged]


AUDIT_LISTED = declare("audit.listed", "looked at the audit trail", is_read=True)
AUDIT_READ = declare("audit.read", "looked at an entry of the audit trail", is_read=True)
AUDIT_COUNTED = declare("audit.counted", "looked at the audit trail's statistics", is_read=True)
AUDIT_EXPORTED = declare("audit.exported", "exported the audit trail", is_read=True)
AUDIT_RETENTION = declare("audit.retention", "removed entries older than the retention period")
