"""The registry of what can be put on record, and the actions of the trail itself.

Every app declares its own in an `audit_actions` module, as constants: a name that nobody declared fails at import.
"""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured


class Action(str):
    """A dotted name such as "session.read"; its first word is the family. `label` says {your} where it says whose."""

    __slots__ = ("is_read", "label")

    label: str
    is_read: bool

    @property
    def family(self) -> str:
        """What the action is about, for filters."""
        return self.partition(".")[0]

    @property
    def for_patient(self) -> str:
        """The label as patients read it of their own record."""
        return self.label.format(your="your")

    @property
    def for_staff(self) -> str:
        """The label as everyone else reads it."""
        return self.label.format(your="the")


_declared: dict[str, Action] = {}


def declare(name: str, label: str, *, is_read: bool = False) -> Action:
    """Make an action known; ImproperlyConfigured when the name is taken."""
    if name in _declared:
        raise ImproperlyConfigured(f"The audit action {name!r} is declared twice.")
    action = Action(name)
    action.label, action.is_read = label, is_read
    _declared[name] = action
    return action


def find(name: str) -> Action | None:
    """The declared action of that name; None for one of an earlier release."""
    return _declared.get(name)


def declared(name: str) -> Action:
    """The action of that name; LookupError for one that nobody declared."""
    if name not in _declared:
        raise LookupError(f"No app declares the audit action {name!r}.")
    return _declared[name]


def families() -> list[str]:
    """What actions are about, in alphabetical order."""
    return sorted({action.family for action in _declared.values()})


def reads() -> list[str]:
    """Names of the actions that only read."""
    return [name for name, action in _declared.items() if action.is_read]


AUDIT_LISTED = declare("audit.listed", "looked at the audit trail", is_read=True)
AUDIT_READ = declare("audit.read", "looked at a line of the audit trail", is_read=True)
AUDIT_COUNTED = declare("audit.counted", "looked at the audit trail's statistics", is_read=True)
AUDIT_EXPORTED = declare("audit.exported", "exported the audit trail", is_read=True)
AUDIT_RETENTION = declare("audit.retention", "removed lines that are older than the retention period")
