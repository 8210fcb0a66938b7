"""SQL that is built once and run often: Django takes longer to build a query than the database to answer it.

The rules stay where they are: a `Compiled` is made of a querysets' own filters, with a `Slot` for each value that
differs from one request to the next.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, ParamSpec, TypeVar, cast

from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet
from django.db import connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, QuerySet
from django.db.models.query import get_related_populators

MOST_KEPT = 256  # queries by one function
Row = tuple[Any, ...]
P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound=models.Model)
_forgetters: list[Callable[[], None]] = []


def built_once(build: Callable[P, T]) -> Callable[P, T]:
    """Decorator: keep what `build` returned for each of the latest arguments."""
    kept = lru_cache(MOST_KEPT)(build)
    _forgetters.append(kept.cache_clear)
    return cast("Callable[P, T]", kept)


def forget_all() -> None:
    """Build everything anew, for tests that change the rules."""
    for forget in _forgetters:
        forget()


class Slot(Expression):
    """Stands in a queryset for a value that is given by name when the query runs."""

    def __init__(self, name: str, field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """A placeholder; the parameter is the slot itself, until `Compiled` fills it."""
        return "%s", [self]

    def filled(self, given: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        """The given value as the database takes it."""
        return self.output_field.get_db_prep_value(given[self.name], connection)


READER, CLINIC = Slot("reader", models.UUIDField()), Slot("clinic", models.UUIDField())


def reader_of_role(role: str) -> Any:
    """Stands for any active person of the role, so that a queryset made for it serves all of them.

    The key and the clinic's are slots: of the person, the rules may ask these and the role alone, and not compare with
    the person as a whole.
    """
    reader: Any = get_user_model()(role=role)
    reader.pk, reader.clinic_id = READER, CLINIC
    return reader


def role_of(person: Any) -> str:
    """The role to ask `reader_of_role` for; who is no longer active has none."""
    return str(person.role) if person.is_active else ""


def given_by(person: Any) -> dict[str, Any]:
    """What the slots of `reader_of_role` stand for, for this person."""
    return {READER.name: person.pk, CLINIC.name: person.clinic_id}


class Compiled:
    """The SQL of a queryset's `.values()` or `.values_list()`; `columns` are the names of the values of a row."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self._using, self._sql = rows.db, ""
        self._params: Sequence[Any] = ()
        self.columns = tuple(rows.query.selected or ())
        compiler = rows.query.get_compiler(self._using)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:  # a rule says no without asking the database
            return
        self._sql, self._params = _with_constants(sql, params, self._using)
        self._converters = compiler.get_converters([column for column, *_ in compiler.select])
        self._keep_shape(compiler)

    def _keep_shape(self, compiler: Any) -> None:
        """Rows of values need no more."""

    def rows(self, **given: Any) -> list[Row]:
        """Run it with a value for each slot."""
        if not self._sql:
            return []
        connection = connections[self._using]
        found = _run(self._sql, self._params, given, self._using)
        return [self._converted(row, connection) for row in found] if self._converters else found

    def dicts(self, **given: Any) -> list[dict[str, Any]]:
        """The rows by the names of their columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows(**given)]

    def count(self, **given: Any) -> int:
        """How many rows there are, without reading them."""
        (number,) = counts([self], **given)
        return number

    def _converted(self, row: Row, connection: BaseDatabaseWrapper) -> Row:
        values = list(row)
        for place, (converters, expression) in self._converters.items():
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return tuple(values)


class CompiledObjects(Compiled, Generic[M]):
    """The SQL of a queryset of objects, with what it selects along with them and its annotations."""

    def _keep_shape(self, compiler: Any) -> None:
        shape, select = compiler.klass_info, compiler.select
        own = slice(shape["select_fields"][0], shape["select_fields"][-1] + 1)
        self._model, self._own = shape["model"], own
        self._names = [column.target.attname for column, *_ in select[own]]
        self._related = get_related_populators(shape, select, self._using)  # type: ignore[call-arg]  # a later Django's
        self._annotations = compiler.annotation_col_map or {}

    def objects(self, **given: Any) -> list[M]:
        """Run it with a value for each slot."""
        return [self._object(row) for row in self.rows(**given)]

    def _object(self, row: Row) -> M:
        found: M = self._model.from_db(self._using, self._names, row[self._own])
        for related in self._related:
            related.populate(row, found)
        for name, place in self._annotations.items():
            setattr(found, name, row[place])
        return found


def objects_for(person: Any, build: Callable[[Any], QuerySet[M]]) -> list[M]:
    """The objects of the queryset that `build` makes for `reader_of_role`, put together once for each role.

    `build` is a function of a module, since what is kept is found by it; of the time it may ask only the database.
    """
    return _objects(role_of(person), build).objects(**given_by(person))


@built_once
def _objects(role: str, build: Callable[[Any], QuerySet[M]]) -> CompiledObjects[M]:
    return CompiledObjects(build(reader_of_role(role)))


def counts(queries: Sequence[Compiled], **given: Any) -> list[int]:
    """How many rows each of the queries has, in one statement and without reading them."""
    asked = [one for one in queries if one._sql]
    if not asked:
        return [0] * len(queries)
    sql = ", ".join(f"(SELECT COUNT(*) FROM ({one._sql}) AS counted)" for one in asked)  # noqa: S608 (our own)
    params = [param for one in asked for param in one._params]
    (found,) = _run(f"SELECT {sql}", params, given, asked[0]._using)
    numbers = iter(found)
    return [next(numbers) if one._sql else 0 for one in queries]


def _with_constants(sql: str, params: Sequence[Any], using: str) -> tuple[str, Sequence[Any]]:
    """The SQL with everything but slots written into it, for PostgreSQL.

    A statement that it prepares it plans once for all values: of a constant it would not know that it is rare, nor that
    it is the condition of a partial index.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return sql, params
    from psycopg.sql import Literal

    connection.ensure_connection()
    left, slots = iter(params), []

    def written(mark: re.Match[str]) -> str:
        if mark[0] == "%%":
            return mark[0]
        param = next(left)
        if isinstance(param, Slot):
            slots.append(param)
            return mark[0]
        return Literal(param).as_string(connection.connection).replace("%", "%%")

    return re.sub("%%|%s", written, sql), slots


def _run(sql: str, params: Sequence[Any], given: Mapping[str, Any], using: str) -> list[Row]:
    connection = connections[using]
    filled = [one.filled(given, connection) if isinstance(one, Slot) else one for one in params]
    with connection.cursor() as cursor:
        cursor.execute(sql, filled)
        found: list[Row] = cursor.fetchall()
    return found


@built_once
def _insertion(model: type[models.Model], using: str) -> str:
    quote = connections[using].ops.quote_name
    columns = [quote(str(field.column)) for field in model._meta.concrete_fields]
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608


def insert(row: models.Model) -> None:
    """Insert a row with a key of its own in one statement, without the signals of `save`; IntegrityError as there."""
    using = router.db_for_write(type(row))
    connection = connections[using]
    fields = row._meta.concrete_fields
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with transaction.mark_for_rollback_on_error(using), connection.cursor() as cursor:
        cursor.execute(_insertion(type(row), using), values)
    row._state.adding, row._state.db = False, using
