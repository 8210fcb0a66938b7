"""Rows that go from state to state: a table of what may follow what, one writer, and the line in the trail."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone

from audit.log import record
from therapybridge.core.errors import Conflict


class InvalidTransition(Conflict):
    """The row cannot go from its present state to the one asked for."""

    code = "invalid_transition"


class StateMachine(models.Model):
    """A row whose state only `move_to` writes. `NEXT` maps each state to those that may follow it.

    The state lies in the column `STATE`; a row whose state is told by moments says so in `state`, `_held` and
    `_columns`.
    """

    NEXT: ClassVar[Mapping[str, Collection[str]]]
    STATE: ClassVar[str] = "status"

    class Meta:
        abstract = True

    @property
    def state(self) -> str:
        """Where the row stands, as far as this object knows."""
        return str(getattr(self, self.STATE))

    def move_to(
        self, new: str, *, action: str = "", by: Any = None, changed: Sequence[str] = (), **changes: Any
    ) -> None:
        """Compare-and-swap to `new`, with other columns in `changes`; with `action`, on record as done by `by`.

        Raises what `_refused` and `_lost` make: for a step that the table does not allow, and for a row that somebody
        else moved meanwhile.
        """
        if new not in self.NEXT[self.state]:
            raise self._refused(new)
        columns = {**self._columns(new), **changes}
        with transaction.atomic():
            if not self._held().update(**columns):
                raise self._lost()
            if action:
                record(action, self, by=by, changed=changed or [*self._columns(new)])
        self._remember(columns)

    def _remember(self, columns: Mapping[str, Any]) -> None:
        for name, value in columns.items():
            setattr(self, name, value)

    def _held(self) -> models.QuerySet[Any]:
        """The row, as long as it is still in the state that this object knows."""
        return type(self)._base_manager.filter(pk=self.pk, **{self.STATE: self.state})

    def _columns(self, new: str) -> dict[str, Any]:
        """What says that the row is in the state `new`."""
        return {self.STATE: new}

    def _refused(self, new: str) -> Exception:
        return InvalidTransition(f"What is {self.state} cannot become {new}.")

    def _lost(self) -> Exception:
        return InvalidTransition("Someone else changed this meanwhile.")


class OpenUntil(StateMachine):
    """A row that is open until one thing happens to it, or until `expires_at`; `ENDS` maps each end to its column."""

    ENDS: ClassVar[Mapping[str, str]]
    OPEN = "open"
    EXPIRED = "expired"

    expires_at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def state(self) -> str:
        """Open, expired, or what happened; for display: `move_to` goes by the database's clock."""
        for end, column in self.ENDS.items():
            if getattr(self, column) is not None:
                return end
        return self.OPEN if self.expires_at > timezone.now() else self.EXPIRED

    def move_to(
        self, new: str, *, action: str = "", by: Any = None, changed: Sequence[str] = (), **changes: Any
    ) -> None:
        """As for every row with states; `updated_at` follows, since nothing else writes these rows."""
        super().move_to(new, action=action, by=by, changed=changed, updated_at=timezone.now(), **changes)

    def _refused(self, new: str) -> Exception:
        return self._lost()

    def _held(self) -> models.QuerySet[Any]:
        untouched = dict.fromkeys(self.ENDS.values())
        return type(self)._base_manager.filter(pk=self.pk, expires_at__gt=Now(), **untouched)

    def _columns(self, new: str) -> dict[str, Any]:
        return {self.ENDS[new]: timezone.now()}
