"""Key rotation: every value is re-encrypted with the primary key while the installation is running.

A value's prefix names its key, so a query finds what is left to do and an interrupted run needs no state of its own.
Each write is a compare-and-swap: concurrent changes win.
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
    """A row's value as it was read."""

    pk: Any
    value: Any


class Source(Protocol):
    """A store of encrypted values."""

    name: str

    def held(self, batch: int) -> Iterator[Sequence[Held]]:
        """All rows with a value, in batches of `batch`."""

    def stale(self, batch: int) -> Iterator[Sequence[Held]]:
        """Those with a value not under the primary key."""

    def renewed(self, row: Held) -> Any:
        """The value re-encrypted with the primary key; DecryptionError if it cannot be decrypted."""

    def swap(self, row: Held, renewed: Any) -> bool:
        """Write it if the row still holds the value that was read; else False."""

    def left(self) -> Counter[str]:
        """The number of values per other key; "?" for malformed values."""


@dataclass(slots=True)
class Progress:
    """The progress of one source; `unopened` are primary keys of rows that could not be decrypted."""

    name: str
    renewed: int = 0
    outrun: int = 0
    unopened: Sequence[Any] = ()


_registered: list[Callable[[], Source]] = []


def register(make: Callable[[], Source]) -> None:
    """Register a source other than an EncryptedField; each run instantiates it."""
    if make not in _registered:
        _registered.append(make)


def sources() -> list[Source]:
    """All encrypted fields of all models, and the registered sources."""
    return [*(ColumnSource(field) for field in encrypted_fields()), *(make() for make in _registered)]


def encrypted_fields() -> list[EncryptedField]:
    """All encrypted fields, by table and column."""
    stored = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    found = [field for model in stored for field in model._meta.local_fields if isinstance(field, EncryptedField)]
    return sorted(found, key=lambda field: (field.model._meta.label_lower, field.name))


def rotate(source: Source, batch: int, *, write: bool = True) -> Iterator[Progress]:
    """Process stale values once, yielding after each batch, which is one transaction. Without `write`, only decrypt."""
    for rows in source.stale(batch):
        done = Progress(source.name)
        fresh = list(_renewed(source, rows, done))
        if write:
            with transaction.atomic():
                done.renewed = sum(source.swap(row, value) for row, value in fresh)
            done.outrun = len(fresh) - done.renewed
        yield done


def opened(source: Source, batch: int) -> tuple[int, int]:
    """Decrypt all values of a source; returns how many there are and how many of them could not be."""
    done = Progress(source.name)
    number = sum(1 for rows in source.held(batch) for _ in _renewed(source, rows, done))
    return number + len(done.unopened), len(done.unopened)


def _renewed(source: Source, rows: Sequence[Held], done: Progress) -> Iterator[tuple[Held, Any]]:
    for row in rows:
        try:
            yield row, source.renewed(row)
        except crypto.DecryptionError:
            done.unopened = [*done.unopened, row.pk]


class ColumnSource:
    """The values of one encrypted field; the database finds and compares them as bytes."""

    def __init__(self, field: EncryptedField) -> None:
        self.field = field
        self.name = f"{field.model._meta.label_lower}.{field.name}"

    def held(self, batch: int) -> Iterator[Sequence[Held]]:
        """In primary-key order."""
        return self._in_batches(self._rows().filter(**{f"{self.field.name}__isnull": False}), batch)

    def stale(self, batch: int) -> Iterator[Sequence[Held]]:
        """In primary-key order; values that cannot be decrypted are skipped."""
        return self._in_batches(self._stale_rows(), batch)

    def _in_batches(self, found_rows: QuerySet[Any], batch: int) -> Iterator[Sequence[Held]]:
        rows, after = found_rows.order_by("pk"), None
        while True:
            following = rows if after is None else rows.filter(pk__gt=after)
            found = [Held(pk, sealed) for pk, sealed in following.values_list("pk", self.field.name)[:batch]]
            if not found:
                return
            yield found
            after = found[-1].pk

    def renewed(self, row: Held) -> Sealed:
        """Re-encrypted for the same row."""
        return self.field.reseal(row.value, row.pk)

    def swap(self, row: Held, renewed: Sealed) -> bool:
        """Bypasses the model's manager and save(): deleted and append-only rows need the new key too, and none of them
        has changed, so that `updated_at` stays.
        """
        rows = self._rows().filter(pk=row.pk, sealed_value=bytes(row.value))
        return bool(rows.update(**{self.field.name: renewed}))

    def left(self) -> Counter[str]:
        """Counted by prefix."""
        start = self._rows(LONGEST_PREFIX).filter(pk__in=self._stale_rows().values("pk"))
        return Counter(key_id(bytes(prefix)) for prefix in start.values_list("sealed_start", flat=True).iterator())

    def _rows(self, length: int = 0) -> QuerySet[Any]:
        """All rows, with the value as bytes and its first `length` bytes."""
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
    """The key's id, or "?" if the value is malformed."""
    try:
        return crypto.key_id_of(blob)
    except crypto.DecryptionError:
        return "?"
