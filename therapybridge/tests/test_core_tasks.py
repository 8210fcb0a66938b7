"""The actor of tasks."""

import pytest
import structlog
from celery import current_app
from django.db import connection

from accounts.consent.tasks import expire_consents
from accounts.tests.factories import PatientFactory
from therapybridge.core.actor import Actor
from therapybridge.core.tasks import count_embedded_rows, forget_delivered, pulse


def test_a_task_acts_as_the_system_under_the_id_of_the_request_that_started_it():
    with structlog.contextvars.bound_contextvars(request_id="a-request"):
        assert expire_consents.actor == Actor(request_id="a-request")


def test_every_task_of_ours_knows_who_acts():
    ours = [task for name, task in current_app.tasks.items() if not name.startswith("celery.")]
    assert ours
    assert all(isinstance(task.actor, Actor) for task in ours)


@pytest.mark.django_db
def test_the_embedded_database_learns_how_its_rows_are_distributed():
    PatientFactory()
    assert count_embedded_rows() is (connection.vendor == "sqlite")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
            assert ("accounts_user",) in cursor.fetchall()


def test_the_embedded_broker_forgets_what_it_has_delivered(settings, tmp_path, monkeypatch):
    settings.IS_EMBEDDED_BROKER = True
    monkeypatch.setattr(current_app.conf, "broker_url", f"sqla+sqlite:///{tmp_path}/broker.sqlite3")
    with current_app.connection_for_write() as broker:
        for _ in range(3):
            pulse.apply_async(connection=broker)
        waiting = broker.SimpleQueue("control")
        waiting.get(timeout=5)
        assert forget_delivered() == 1
        assert forget_delivered() == 0
        assert waiting.qsize() == 2
    settings.IS_EMBEDDED_BROKER = False
    assert forget_delivered() == 0
