"""Writing rows as they were: with their ids and times, encrypted for this installation, each value checked."""

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from exports.imports.services.refusals import ImportRefused
from therapybridge.core.fields import EncryptedField

Row = Mapping[str, Any]
BATCH = 100


def insert(model: type[models.Model], rows: Iterable[Row]) -> None:
    """Insert rows, given by column; other columns get their default.

    `save` and `bulk_create` would set the times of now, and refuse rows of logs that are only added to one by one. The
    database's own constraints and triggers hold here too.
    """
    fields: list[Any] = list(model._meta.concrete_fields)
    ready = [_ready(model, fields, row) for row in rows]
    for start in range(0, len(ready), BATCH):
        manager: Any = model._base_manager.all()
        manager._insert(ready[start : start + BATCH], fields=fields, using=manager.db, raw=True)


def _ready(model: type[models.Model], fields: Iterable[Any], row: Row) -> SimpleNamespace:
    values = {field.attname: _value(field, row) for field in fields}
    for field in fields:
        require_valid(field, values[field.attname], model.__name__)
    sealed = [field for field in fields if isinstance(field, EncryptedField)]
    return SimpleNamespace(**values | {field.attname: field.seal(values[field.attname], row["id"]) for field in sealed})


def _value(field: Any, row: Row) -> Any:
    if field.attname in row:
        return row[field.attname]
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return timezone.now()
    return field.get_default()


def require_valid(field: Any, value: Any, name: str) -> None:
    """ImportRefused for a value that no form and no endpoint would have let in."""
    place = f"{name}.{field.name}"
    if value is None:
        if not field.null:
            raise ImportRefused("invalid_value", "A value is missing.", place)
        return
    if field.is_relation or isinstance(field, EncryptedField):
        return
    if field.choices and value != "" and value not in dict(field.flatchoices):
        raise ImportRefused("invalid_value", "A value is none of those that there are.", place)
    try:
        field.run_validators(value)
    except ValidationError:
        raise ImportRefused("invalid_value", "A value is too long, too large, or not allowed.", place) from None
