"""The registry of audit actions, and those of the trail itself.

Every app declares its own as constants in an `audit_actions` module, so that a misspelt one fails on import.
"""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured


class Action(str):
    """An audit action: a dotted name such as "session.read", whose first word is its category, and a label.

    `{your}` in the label becomes "your" when patients read about their own record, else "the". What is not `is_logged`
    is in the trail, but not in the log in which patients and their therapists see who used the record.
    """

    __slots__ = ("is_logged", "is_read", "label")

    label: str
    is_read: bool
    is_logged: bool

    @property
    def category(self) -> str:
        """The first word of the name, for filters."""
        return self.partition(".")[0]

    @property
    def for_patient(self) -> str:
        """The label for patients reading about their own record."""
        return self.label.format(your="your")

    @property
    def for_staff(self) -> str:
        """The label for everyone else."""
        return self.label.format(your="the")


_declared: dict[str, Action] = {}


def declare(name: str, label: str, *, is_read: bool = False, is_logged: bool = True) -> Action:
    """Register an action; ImproperlyConfigured if the name is taken."""
    if name in _declared:
        raise ImproperlyConfigured(f"The audit action {name!r} is declared twice.")
    action = Action(name)
    action.label, action.is_read, action.is_logged = label, is_read, is_logged
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
