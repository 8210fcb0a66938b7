"""State machines for models: a transition table, a single writer, and an audit row."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone

from audit.audit_actions import Action
from audit.log import Access, record
from therapybridge.core.actor import SYSTEM, Actor
from therapybridge.core.errors import Conflict
from therapybridge.core.jobs import LeasedJob, LeaseLost


class InvalidTransition(Conflict):
    """The row's current state does not allow this transition."""

    code = "invalid_transition"


class StateMachine(models.Model):
    """A model whose state is written only by `move_to`. `NEXT` maps each state to those that may follow it.

    The state is stored in the column `STATE`; models that derive it from timestamps override `state`, `_held` and
    `_columns`.
    """

    NEXT: ClassVar[Mapping[str, Collection[str]]]
    STATE: ClassVar[str] = "status"

    class Meta:
        abstract = True

    @property
    def state(self) -> str:
        """The current state, as far as this object knows."""
        return str(getattr(self, self.STATE))

    def move_to(
        self,
        new: str,
        *,
        action: Action | None = None,
        by: Actor | Access = SYSTEM,
        changed: Sequence[str] = (),
        **changes: Any,
    ) -> None:
        """Compare-and-swap to `new`, with other columns in `changes`; with `action`, audited as done by `by`.

        Raises the exceptions of `_refused`, for a transition that is not allowed, and `_lost`, for a row that someone
        else changed in the meantime.
        """
        if new not in self.NEXT[self.state]:
            raise self._refused(new)
        if not self._step(new, action=action, by=by, changed=changed, **changes):
            raise self._lost()

    def _step(
        self, new: str, *, action: Action | None, by: Actor | Access, changed: Sequence[str] = (), **changes: Any
    ) -> bool:
        """Compare and swap, with the audit row; False if somebody else moved the row in the meantime."""
        columns = {"updated_at": timezone.now(), **self._columns(new), **changes}
        with transaction.atomic():
            if not self._held().update(**columns):
                return False
            if action:
                record(action, self, by=by, changed=changed or [*self._columns(new)])
        self._remember(columns)
        return True

    def _remember(self, columns: Mapping[str, Any]) -> None:
        for name, value in columns.items():
            setattr(self, name, value)

    def _held(self) -> models.QuerySet[Any]:
        """The row, provided that it is still in the state known to this object."""
        return type(self)._base_manager.filter(pk=self.pk, **{self.STATE: self.state})

    def _columns(self, new: str) -> dict[str, Any]:
        """The column values of the state `new`."""
        return {self.STATE: new}

    def _refused(self, new: str) -> Exception:
        return InvalidTransition("This cannot be done any more. Look at the page again.")

    def _lost(self) -> Exception:
        return InvalidTransition("Someone else changed this in the meantime.")


class LeasedStateMachine(LeasedJob, StateMachine):
    """A job of workers: while it is held, its state moves only under the lease."""

    class Meta:
        abstract = True

    def _held(self) -> models.QuerySet[Any]:
        return self._jobs().held_by(self) if self.token else super()._held()

    def _remember(self, columns: Mapping[str, Any]) -> None:
        """Keep the lease on the object: if the transaction fails, the worker still needs it."""

    def _lost(self) -> Exception:
        return LeaseLost(self.pk) if self.token else super()._lost()


class OpenUntil(StateMachine):
    """A row that stays open until it is ended or `expires_at` passes; `ENDS` maps each end to its timestamp column."""

    ENDS: ClassVar[Mapping[str, str]]
    OPEN = "open"
    EXPIRED = "expired"

    expires_at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def state(self) -> str:
        """ "open", "expired" or the end that happened; for display, since `move_to` uses the database's clock."""
        for end, column in self.ENDS.items():
            if getattr(self, column) is not None:
                return end
        return self.OPEN if self.expires_at > timezone.now() else self.EXPIRED

    @classmethod
    def end_all(cls, rows: models.QuerySet[Any], end: str, *, action: Action, by: Actor | Access) -> None:
        """Move each of the open `rows` to `end`, with an audit row each; rows that have ended stay unchanged."""
        if end not in cls.NEXT[cls.OPEN]:
            raise InvalidTransition(f"What is open cannot become {end}.")
        with transaction.atomic():
            for row in rows:
                row._step(end, action=action, by=by)

    def _refused(self, new: str) -> Exception:
        return self._lost()

    def _held(self) -> models.QuerySet[Any]:
        untouched = dict.fromkeys(self.ENDS.values())
        return type(self)._base_manager.filter(pk=self.pk, expires_at__gt=Now(), **untouched)

    def _columns(self, new: str) -> dict[str, Any]:
        return {self.ENDS[new]: timezone.now()}
