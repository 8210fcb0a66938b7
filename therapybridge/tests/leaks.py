"""A watch over the whole suite: every patient of a test is called Canary, and that word may not turn up in places that
other people read: log lines, letters, task messages, the audit trail, histories, the cache and browser sessions.
"""

import logging
import logging.config
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from celery.signals import before_task_publish
from django.core import mail
from django.db import connection

from accounts.models import OutgoingMail
from therapybridge.core.logging import logging_config

WORD = "canary"
# Rows of these are read by clinic staff or operators; their columns are in clear.
READ_BY_OTHERS = ("audit_auditevent", "django_admin_log", "auditlog_logentry", "cache", "celery_taskmeta")


class Watch(logging.Handler):
    """Formats each record as production does and keeps the lines that tell too much."""

    def __init__(self) -> None:
        super().__init__()
        formatter = logging_config(json_lines=True)["formatters"]["events"]
        self.setFormatter(logging.config.DictConfigurator({}).configure_formatter(dict(formatter)))  # type: ignore[attr-defined]
        self.found: list[str] = []

    def listen(self) -> None:
        """Hear what an installation may log at INFO, also after a test that configured logging anew."""
        logging.getLogger().addHandler(self)
        for name in ("", "django"):
            logging.getLogger(name).setLevel(logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        """Judge one record."""
        self.note("log", self.format(record))

    def note(self, place: str, text: str) -> None:
        """Keep `text` if it holds the word."""
        if WORD in text.lower():
            self.found.append(f"{place}: {text[:300]}")


def tables_that_tell() -> list[str]:
    """Of the tables that others read, those with the word in any column."""
    return [table for table, columns in _watched_columns().items() if _holds_word(table, columns)]


@lru_cache(maxsize=1)
def _watched_columns() -> dict[str, list[str]]:
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        describe = connection.introspection.get_table_description
        return {
            table: [connection.ops.quote_name(column.name) for column in describe(cursor, table)]
            for table in READ_BY_OTHERS
            if table in present
        }


def _holds_word(table: str, columns: list[str]) -> bool:
    text = " || ' ' || ".join(f"COALESCE(LOWER(CAST({name} AS text)), '')" for name in columns)
    with connection.cursor() as cursor:
        text = " || ' ' || ".join(
            f"COALESCE(LOWER(CAST({connection.ops.quote_name(name)} AS text)), '')" for name in columns
        )
        cursor.execute(f"SELECT 1 FROM {table} WHERE {text} LIKE %s LIMIT 1", [f"%{WORD}%"])
        return cursor.fetchone() is not None


@pytest.fixture(scope="session")
def leak_watch() -> Iterator[Watch]:
    watch = Watch()

    def judge_message(body: object = None, headers: object = None, **kwargs: Any) -> None:
        watch.note("task message", f"{body} {headers}")

    before_task_publish.connect(judge_message, weak=False, dispatch_uid="tests.leaks")
    yield watch
    before_task_publish.disconnect(dispatch_uid="tests.leaks")
    logging.getLogger().removeHandler(watch)


@pytest.fixture(autouse=True)
def nothing_leaks(request: pytest.FixtureRequest, leak_watch: Watch) -> Iterator[None]:
    """Fails the test that told."""
    has_database = bool({"db", "transactional_db"} & set(request.fixturenames)) or request.node.get_closest_marker(
        "django_db"
    )
    if has_database:
        # Asked for here, so that the rows are still there when this fixture ends.
        request.getfixturevalue("_django_db_helper")
    leak_watch.listen()
    leak_watch.found.clear()
    yield
    for letter in getattr(mail, "outbox", []):
        leak_watch.note("letter", f"{letter.subject} {letter.body} {letter.alternatives}")
    if has_database and not connection.needs_rollback:
        for waiting in OutgoingMail.objects.filter(text__isnull=False):
            leak_watch.note("letter", f"{waiting.subject} {waiting.text} {waiting.html}")
        leak_watch.found += [f"table: {table}" for table in tables_that_tell()]
    assert leak_watch.found == []
