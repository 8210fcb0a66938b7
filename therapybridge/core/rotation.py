"""Key rotation: every sealed value is opened and sealed again under the primary key, while the installation runs.

A value's first bytes name its key, so what is left to do is a question to the database and an interrupted run needs no
memory of its own. Each write is a compare-and-swap: of a value that somebody else changes meanwhile theirs stays.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.apps import apps
from django.db import models, transaction
from django.db.models import ExpressionWrapper, F, Func, QuerySet

from therapybridge.core import crypto
from therapybridge.core.fields import EncryptedField, Sealed

LONGEST_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Held:
    """One row's value as it was found."""

    pk: Any
    value: Any


class Source(Protocol):
    """A place that holds sealed values."""

    name: str

    def stale(self, batch: int) -> Iterator[Sequence[Held]]:
        """All rows that hold a value under another key than the primary one, `batch` at a time."""

    def renewed(self, row: Held) -> Any:
        """The row's value under the primary key; DecryptionError if it does not open."""

    def swap(self, row: Held, renewed: Any) -> bool:
        """Write it if the row still holds what was found; False if it does not."""

    def left(self) -> Counter[str]:
        """How many values are under which other key; "?" for what names no key."""


@dataclass(slots=True)
class Progress:
    """How far one source has come; `unopened` are primary keys of rows."""

    name: str
    renewed: int = 0
    outrun: int = 0
    unopened: Sequence[Any] = ()


_registered: list[Callable[[], Source]] = []


def register(make: Callable[[], Source]) -> None:
    """Add a source that is no EncryptedField; each run makes it anew."""
    if make not in _registered:
        _registered.append(make)


def sources() -> list[Source]:
    """Every column of every model that is stored here, and what was registered."""
    return [*(ColumnSource(field) for field in encrypted_fields()), *(make() for make in _registered)]


def encrypted_fields() -> list[EncryptedField]:
    """All encrypted fields by table and column."""
    stored = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    found = [field for model in stored for field in model._meta.local_fields if isinstance(field, EncryptedField)]
    return sorted(found, key=lambda field: (field.model._meta.label_lower, field.name))


def rotate(source: Source, batch: int, *, write: bool = True) -> Iterator[Progress]:
    """Go once through what is stale; yields after each batch, each its own transaction. Without `write`, only opens."""
    for rows in source.stale(batch):
        done = Progress(source.name)
        fresh = list(_renewed(source, rows, done))
        if write:
            with transaction.atomic():
                done.renewed = sum(source.swap(row, value) for row, value in fresh)
            done.outrun = len(fresh) - done.renewed
        yield done


def _renewed(source: Source, rows: Sequence[Held], done: Progress) -> Iterator[tuple[Held, Any]]:
    for row in rows:
        try:
            yield row, source.renewed(row)
        except crypto.DecryptionError:
            done.unopened = [*done.unopened, row.pk]


class ColumnSource:
    """The values of one encrypted field; found and compared by the database as the bytes they are."""

    def __init__(self, field: EncryptedField) -> None:
        self.field = field
        self.name = f"{field.model._meta.label_lower}.{field.name}"

    def stale(self, batch: int) -> Iterator[Sequence[Held]]:
        """In the order of the primary key; what does not open is passed by."""
        rows, after = self._stale_rows().order_by("pk"), None
        while True:
            following = rows if after is None else rows.filter(pk__gt=after)
            found = [Held(pk, sealed) for pk, sealed in following.values_list("pk", self.field.name)[:batch]]
            if not found:
                return
            yield found
            after = found[-1].pk

    def renewed(self, row: Held) -> Sealed:
        """Sealed again for the same row."""
        return self.field.reseal(row.value, row.pk)

    def swap(self, row: Held, renewed: Sealed) -> bool:
        """Past the model's manager and save(): neither a deleted row nor an append-only one may keep the old key."""
        rows = self._rows().filter(pk=row.pk, sealed_value=bytes(row.value))
        return bool(rows.update(**{self.field.name: renewed}))

    def left(self) -> Counter[str]:
        """Counted from the first bytes of the values."""
        start = self._rows(LONGEST_PREFIX).filter(pk__in=self._stale_rows().values("pk"))
        return Counter(key_id(bytes(prefix)) for prefix in start.values_list("sealed_start", flat=True).iterator())

    def _rows(self, length: int = 0) -> QuerySet[Any]:
        """All rows, with the value as plain bytes and its first `length` bytes."""
        binary: models.BinaryField[Any, Any] = models.BinaryField()
        column = F(self.field.name)
        start = Func(column, 1, length, function="substr", output_field=binary)
        everything: QuerySet[Any] = QuerySet(model=self.field.model)
        rows: QuerySet[Any] = everything.alias(sealed_value=ExpressionWrapper(column, output_field=binary))
        started: QuerySet[Any] = rows.annotate(sealed_start=start)
        return started

    def _stale_rows(self) -> QuerySet[Any]:
        prefix = crypto.current_prefix()
        return self._rows(len(prefix)).filter(**{f"{self.field.name}__isnull": False}).exclude(sealed_start=prefix)


def key_id(blob: bytes) -> str:
    """For counting: the key's id, or "?"."""
    try:
        return crypto.key_id_of(blob)
    except crypto.DecryptionError:
        return "?"
