"""Tests of the leak detection: a patient's name is detected in every place that other people read."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry as FieldHistory
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction

from accounts.models import OutgoingMail, User
from audit.models import AuditEvent
from therapybridge.celery import app
from therapybridge.tests import leaks

pytestmark = pytest.mark.django_db
NAME = "Canary"


@pytest.fixture(autouse=True)
def database_cache(settings: Any) -> None:
    """The cache under test: other stores are not checked."""
    call_command("createcachetable", "cache", verbosity=0)
    backend = "therapybridge.core.backends.cache.AtomicDatabaseCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "cache"}}


def in_a_log_line() -> None:
    logging.getLogger("accounts").info("Opened the record of %s", NAME)


def in_a_task_message() -> None:
    app.send_task("nothing", args=[NAME])


def in_an_email() -> None:
    mail.send_mail("News", f"{NAME} wrote.", None, ["someone@example.org"])


def in_an_email_that_waits() -> None:
    OutgoingMail.objects.create(kind="test", to="someone@example.org", subject="News", text=f"{NAME} wrote.")


def in_the_trail() -> None:
    AuditEvent.objects.create(action="patient.read", reason=NAME)


def in_the_log_of_the_admin_site() -> None:
    person = User.objects.create_superuser("root@example.org", None, first_name="Root")
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(user=person, content_type=kind, object_repr=NAME, action_flag=CHANGE)


def in_the_history_of_fields() -> None:
    kind = ContentType.objects.get_for_model(User)
    FieldHistory.objects.create(content_type=kind, object_pk="1", object_repr="x", action=1, changes={"name": NAME})


def in_the_cache() -> None:
    cache.set("who", {"name": NAME}, 60)


def in_the_key_of_a_cached_value() -> None:
    cache.set(f"count-{NAME}", 1, 60)


def in_a_browser_session() -> None:
    session = SessionStore()
    session["who"] = NAME
    session.save()


@pytest.mark.parametrize(
    ("tell", "place"),
    [
        (in_a_log_line, "log: "),
        (in_a_task_message, "task message: "),
        (in_an_email, "e-mail: "),
        (in_an_email_that_waits, "e-mail: "),
        (in_the_trail, "table: audit_auditevent"),
        (in_the_log_of_the_admin_site, "table: django_admin_log"),
        (in_the_history_of_fields, "table: auditlog_logentry"),
        (in_the_cache, "table: cache"),
        (in_the_key_of_a_cached_value, "table: cache"),
        (in_a_browser_session, "browser session: "),
    ],
)
def test_a_name_is_noticed_wherever_others_read(leak_watch: leaks.Watch, tell: Callable[[], None], place: str) -> None:
    with transaction.atomic():
        assert leaks.told(leak_watch) == []
        tell()
        found = [*leaks.told(leak_watch)]
        transaction.set_rollback(True)
    # This test itself has told nothing.
    leak_watch.found.clear()
    mail.outbox.clear()
    assert [one for one in found if one.startswith(place)]
