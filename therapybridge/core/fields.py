"""Model fields that are encrypted in the database and decrypted on attribute access, and one of folded names.

The associated data is `purpose:pk`, so a value that is moved to another row or field cannot be decrypted. The purpose
is an explicit string and never the name of a model or table, since those may be renamed.
Encryption needs the row's pk, so a field can be written only through an instance (save, bulk_create) or with a value
encrypted by hand: `queryset.update(note=field.seal("…", pk))`. A plain value that reaches the database layer in any
other way, such as bulk_update, is a TypeError.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Value
from django.db.models.lookups import Lookup, Transform
from django.db.models.query_utils import DeferredAttribute

from therapybridge.core import crypto
from therapybridge.core.names import MAX_SEARCH_TEXT, MAX_SORT_KEY, search_text, sort_key

if TYPE_CHECKING:
    BinaryField = models.BinaryField[Any, Any]
else:
    BinaryField = models.BinaryField

PURPOSE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


class Sealed(bytes):
    """Ciphertext as stored in the database; decrypt it with `field.open(sealed, pk)`."""

    def __repr__(self) -> str:
        return f"<sealed, {len(self)} bytes>"

    __str__ = __repr__


@dataclass(slots=True)
class _Opened:
    """A value with its ciphertext, so that an unchanged value is written back as it was."""

    sealed: Sealed
    pk: object
    value: Any = field(repr=False)


class _EncryptedAttribute(DeferredAttribute):
    """Decrypts on first access; a value that is never read is never decrypted."""

    field: "EncryptedField"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        held = super().__get__(instance, cls)
        if isinstance(held, Sealed) and instance is not None:
            held = _Opened(held, instance.pk, self.field.open(held, instance.pk))
            instance.__dict__[self.field.attname] = held
        return held.value if isinstance(held, _Opened) else held

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedField(BinaryField):
    """AES-256-GCM in a binary column; subclasses convert values to bytes. Only the isnull lookup works."""

    descriptor_class = _EncryptedAttribute

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        if not PURPOSE.fullmatch(purpose):
            raise ValueError(f"The purpose {purpose!r} needs the form word.word in lower case.")
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def dump(self, value: Any) -> bytes:
        """Convert a plain value to bytes; TypeError for the wrong type."""
        raise NotImplementedError

    def load(self, plain: bytes) -> Any:
        """The inverse of `dump`."""
        raise NotImplementedError

    def seal(self, value: Any, pk: object) -> Sealed | None:
        """Encrypt `value` for the row `pk`, for QuerySet.update and other bulk paths; None stays None."""
        return None if value is None else Sealed(crypto.seal(self.dump(value), self._aad(pk)))

    def open(self, sealed: bytes | memoryview | None, pk: object) -> Any:
        """Decrypt a value of the row `pk` from `.values()` or raw SQL; DecryptionError if it belongs to another row."""
        return None if sealed is None else self.load(crypto.unseal(bytes(sealed), self._aad(pk)))

    def _aad(self, pk: object) -> bytes:
        if pk is None:
            raise ValueError(f"{self}: a row needs its primary key before a value can be encrypted or decrypted.")
        return f"{self.purpose}:{self.model._meta.pk.to_python(pk)}".encode()

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The encrypted value of the instance. An unchanged value keeps its ciphertext unless its key is an old one: a
        row loaded before a rotation must not write the old key back.
        """
        held = model_instance.__dict__.get(self.attname, self)
        if held is self:  # deferred: the descriptor loads it
            held = getattr(model_instance, self.attname)
        if held is None or hasattr(held, "resolve_expression"):
            return held
        sealed = self._sealed(held, model_instance.pk, add)
        if not isinstance(held, Sealed):
            value = held.value if isinstance(held, _Opened) else held
            model_instance.__dict__[self.attname] = _Opened(sealed, model_instance.pk, value)
        return sealed

    def _sealed(self, held: Any, pk: object, add: bool) -> Sealed:
        if isinstance(held, Sealed):
            if add:  # a copied row must fail here, not when it is read
                self.open(held, pk)
            return self._renewed(held, pk)
        if isinstance(held, _Opened):
            if held.pk == pk and crypto.unseal(held.sealed, self._aad(pk)) == self.dump(held.value):
                return self._renewed(held.sealed, pk)
            held = held.value
        return Sealed(crypto.seal(self.dump(held), self._aad(pk)))

    def _renewed(self, sealed: Sealed, pk: object) -> Sealed:
        """Re-encrypt unless the key is primary; an undecryptable value is kept, so that other fields can be saved."""
        try:
            return sealed if crypto.is_current(sealed) else self.reseal(sealed, pk)
        except crypto.DecryptionError:
            return sealed

    def reseal(self, sealed: bytes, pk: object) -> Sealed:
        """Re-encrypt a value of the row `pk` with the primary key; DecryptionError if it cannot be decrypted."""
        aad = self._aad(pk)
        return Sealed(crypto.seal(crypto.unseal(bytes(sealed), aad), aad))

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Sealed | None:
        """Wrap the ciphertext; the descriptor decrypts it."""
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        """No conversion: validation gets the plain value."""
        return value

    def get_default(self) -> Any:
        """The default as given; None without one."""
        return models.Field.get_default(self) if self.has_default() else None

    def get_prep_value(self, value: Any) -> Any:
        """Accept only ciphertext."""
        if value is None or isinstance(value, Sealed):
            return value
        raise TypeError(f"{self}: a plain value cannot be written here; encrypt it first with field.seal(value, pk).")

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Accept expressions, unless they contain a plain value."""
        if not hasattr(value, "as_sql"):
            return self.get_db_prep_value(value, connection)
        for part in value.flatten() if hasattr(value, "flatten") else ():
            if isinstance(part, Value) and not isinstance(part.value, (Sealed, type(None), bool, int)):
                self.get_prep_value(part.value)
        return value

    def get_lookup(self, lookup_name: str) -> "type[Lookup[Any]] | None":
        """Only isnull: equal values have different ciphertexts."""
        if lookup_name != "isnull":
            raise FieldError(f"{self} is encrypted: the lookup {lookup_name!r} cannot work; only isnull can.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> type[Transform] | None:
        """None: the database sees only ciphertext."""
        return None

    def value_to_string(self, obj: models.Model) -> str:
        """Ciphertext in base64, so that dumpdata reveals nothing."""
        sealed = self.pre_save(obj, False)
        return "" if sealed is None else b64encode(sealed).decode()

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Require distinct purposes: values of two fields with the same purpose could be swapped unnoticed."""
        others = [f for f in self.model._meta.local_fields if isinstance(f, EncryptedField) and f is not self]
        clash = any(other.purpose == self.purpose for other in others)
        message = checks.Error(f"The purpose {self.purpose!r} is used twice.", obj=self, id="tb.E090")
        return [*super().check(**kwargs), *([message] if clash else [])]

    def _check_str_default_value(self) -> list[checks.CheckMessage]:
        return []  # the plain value of a text field is a string


class FoldedNameField(models.CharField):  # type: ignore[type-arg]
    """First and last name in other fields of the row, in a form for searching; written whenever the row is saved."""

    form, longest = staticmethod(search_text), MAX_SEARCH_TEXT

    def __init__(self, *, of: Sequence[str], **kwargs: Any) -> None:
        self.of = list(of)
        fixed: dict[str, Any] = {"max_length": self.longest, "blank": True, "default": "", "editable": False}
        super().__init__(**fixed | kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Fold them anew."""
        folded = self.form(*(getattr(model_instance, name) for name in self.of))
        setattr(model_instance, self.attname, folded)
        return folded

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}


class SortNameField(FoldedNameField):
    """The same for sorting, alike on both databases."""

    form, longest = staticmethod(sort_key), MAX_SORT_KEY

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """By code points, as SQLite compares text, instead of by the language of the database."""
        return super().db_parameters(connection) | {"collation": "C" if connection.vendor == "postgresql" else None}


class EncryptedTextField(EncryptedField):
    """Encrypted text."""

    empty_values = [None, ""]

    def dump(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise TypeError(f"{self} holds text, not {type(value).__name__}.")
        return value.encode()

    def load(self, plain: bytes) -> str:
        return plain.decode()

    def get_default(self) -> Any:
        """Empty text for a non-null field."""
        return "" if not self.has_default() and not self.null else super().get_default()


class EncryptedJSONField(EncryptedField):
    """Encrypted JSON of anything orjson can write; UUIDs and datetimes come back as strings. None is SQL NULL."""

    empty_values = [None, "", [], {}]

    def dump(self, value: Any) -> bytes:
        """Serialize to JSON; TypeError for unsupported values."""
        return orjson.dumps(value)

    def load(self, plain: bytes) -> Any:
        return orjson.loads(plain)
