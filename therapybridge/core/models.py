"""The abstract base of every model; core has no concrete ones."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import models, transaction
from uuid_utils import compat


def uuid7() -> UUID:
    """A time-ordered key: fresh rows land side by side in the index."""
    return compat.uuid7()


class BaseModel(models.Model):
    """A uuid7 key made in the application, and two stamps in UTC."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True

    @contextmanager
    def locked(self) -> Iterator[None]:
        """A transaction in which nobody else holds this row: of two at once one is first.

        Rows are taken in one order, or two transactions may wait for each other: clinic, patient, session, job, then
        what hangs on them; of one kind by key. Whoever needs a later one takes the earlier one first. So the patient
        is the lock of the patient's whole record, and the session of its parts.

        On PostgreSQL it is FOR NO KEY UPDATE. A row that points here, an audit row for instance, takes KEY SHARE on
        this one when it commits: FOR UPDATE would make it wait, and two transactions that both inserted and then lock
        would wait for each other. SQLite has one lock for everything, taken when the transaction begins.
        """
        with transaction.atomic():
            type(self)._base_manager.select_for_update(no_key=True).filter(pk=self.pk).values("pk").get()
            yield


def short_id(key: object) -> str:
    """The last characters of an id: enough to compare two lines, and nobody's name."""
    return str(key)[-8:] if key else "–"  # noqa: RUF001 (a dash for people)


def one_of(field: str, choices: type[models.TextChoices] | Iterable[str], name: str) -> models.CheckConstraint:
    """The constraint that a column holds one of the choices, or of the names, and nothing else."""
    values = choices.values if isinstance(choices, type) else list(choices)
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)
