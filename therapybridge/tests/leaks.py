"""A watch over the whole suite: every patient of a test is called Canary, and that word may not turn up in places that
other people read: log lines, e-mails, task messages, the audit trail, histories, the cache and browser sessions.
"""

import logging
import logging.config
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from celery.signals import before_task_publish
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection

from accounts.models import OutgoingMail
from therapybridge.core.logging import logging_config

WORD = "canary"
# Rows of these are read by clinic staff or operators; their columns are in clear.
READ_BY_OTHERS = ("audit_auditevent", "django_admin_log", "auditlog_logentry", "cache", "celery_taskmeta")


class Watch(logging.Handler):
    """Formats each log record as in production and keeps lines that contain the word."""

    def __init__(self) -> None:
        super().__init__()
        formatter = logging_config(json_lines=True)["formatters"]["events"]
        self.setFormatter(logging.config.DictConfigurator({}).configure_formatter(dict(formatter)))  # type: ignore[attr-defined]
        self.found: list[str] = []

    def listen(self) -> None:
        """Capture logs at INFO, even after a test that reconfigured logging."""
        logging.getLogger().addHandler(self)
        for name in ("", "django"):
            logging.getLogger(name).setLevel(logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        """Check one record."""
        self.note("log", self.format(record))

    def note(self, place: str, text: str) -> None:
        """Keep `text` if it contains the word."""
        if WORD in text.lower():
            self.found.append(f"{place}: {text[:300]}")


def told(watch: Watch, *, with_database: bool = True) -> list[str]:
    """All places that contain the word: logs and e-mails so far, and stored data."""
    for email in getattr(mail, "outbox", []):
        watch.note("e-mail", f"{email.subject} {email.body} {email.alternatives}")
    if with_database:
        for waiting in OutgoingMail.objects.filter(text__isnull=False):
            watch.note("e-mail", f"{waiting.subject} {waiting.text} {waiting.html}")
        for place, text in _packed():
            watch.note(place, text)
        watch.found += [f"table: {table}" for table in tables_that_tell()]
    return watch.found


def tables_that_tell() -> list[str]:
    """Tables readable by others that contain the word."""
    return [table for table, columns in watched_columns().items() if _holds_word(table, columns)]


def watched_columns() -> dict[str, list[str]]:
    """Table → columns of the existing tables: tests may create some."""
    return _columns_of(frozenset(connection.introspection.table_names()) & frozenset(READ_BY_OTHERS))


@lru_cache(maxsize=4)
def _columns_of(tables: frozenset[str]) -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        describe = connection.introspection.get_table_description
        return {
            table: [connection.ops.quote_name(column.name) for column in describe(cursor, table)] for table in tables
        }


def _holds_word(table: str, columns: list[str]) -> bool:
    text = " || ' ' || ".join(f"COALESCE(LOWER(CAST({name} AS text)), '')" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE {text} LIKE %s LIMIT 1", [f"%{WORD}%"])
        return cursor.fetchone() is not None


def _packed() -> Iterator[tuple[str, str]]:
    """Encoded data in the database, in which the word is not visible."""
    yield from (("browser session", str(session.get_decoded())) for session in Session.objects.all())


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
    """Fails the test that leaked the word."""
    has_database = bool({"db", "transactional_db"} & set(request.fixturenames)) or request.node.get_closest_marker(
        "django_db"
    )
    if has_database:
        # Asked for here, so that the rows are still there when this fixture ends.
        request.getfixturevalue("_django_db_helper")
    leak_watch.listen()
    leak_watch.found.clear()
    yield
    stored = bool(has_database) and not connection.needs_rollback
    assert told(leak_watch, with_database=stored) == []
