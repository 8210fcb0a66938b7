"""What workers log at INFO: each task once it ended, and nothing of periodic ones that found nothing to do."""

import io
import json
import logging.config
from uuid import uuid4

import pytest
import structlog
from celery import current_app, signals
from celery.app.trace import build_tracer
from django.db import connection
from django_structlog.celery.receivers import CeleryReceiver

from accounts.mail.services import queue_email
from therapybridge.core.idle import PERIODIC, RECEIVERS, watch_tasks
from therapybridge.core.logging import logging_config
from therapybridge.schedule import SCHEDULE

pytestmark = pytest.mark.django_db
LIFE = (signals.task_prerun, signals.task_success, signals.task_failure)


@pytest.fixture(autouse=True)
def _tasks():
    """All of ours, and one that returns how much it is told to find."""
    current_app.loader.import_default_modules()

    @current_app.task(name="probe.find", shared=False)
    def find(number: int) -> int:
        return 1 // (1 - number) if number == 1 else number

    yield
    current_app.tasks.unregister("probe.find")


@pytest.fixture(params=["INFO"])
def lines(settings, request):
    """What was logged so far by a worker with that level."""
    written = io.StringIO()
    config = logging_config(json_lines=True, level=request.param)
    config["handlers"]["stdout"]["stream"] = written
    logging.config.dictConfig(config)
    receiver = CeleryReceiver()
    connected = (receiver.receiver_task_prerun, receiver.receiver_task_success, receiver.receiver_task_failure)
    for signal, receive in zip(LIFE, connected, strict=True):
        signal.connect(receive)
    watch_tasks()
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    for signal, receive in zip(LIFE, connected, strict=True):
        signal.disconnect(receive)
    structlog.contextvars.clear_contextvars()
    logging.config.dictConfig(settings.LOGGING)


def run(name, *args, headers=None, **kwargs):
    """Run a task as a worker does, with the headers of its message."""
    task = current_app.tasks[name]
    request = {"id": uuid4().hex, "is_eager": True, **(headers or {})}
    build_tracer(name, task, app=current_app, eager=True)(request["id"], args, kwargs, request)


def events(lines):
    return [(line["event"], line["task"]) for line in lines() if line["logger"] == RECEIVERS]


def test_the_timer_tells_that_it_sent_a_task():
    assert all(entry["options"]["headers"] == PERIODIC for entry in SCHEDULE.values())


def test_periodic_tasks_that_find_nothing_log_nothing(lines, settings):
    settings.IS_EMBEDDED_BROKER = False  # the suite's is in memory
    for entry in SCHEDULE.values():
        run(entry["task"], headers=entry["options"]["headers"], **entry["kwargs"])
    # SQLite has to be told how its rows are distributed, once an hour.
    done = [("task_succeeded", "therapybridge.core.tasks.count_embedded_rows")] * (connection.vendor == "sqlite")
    assert [(line["event"], line.get("task")) for line in lines()] == done


def test_a_periodic_task_that_found_something_is_told_of_when_it_ends(lines):
    queue_email("test", "a@example.org", "Subject", ["Line"])
    run("accounts.mail.tasks.send_mail", headers=PERIODIC)
    assert events(lines) == [("task_succeeded", "accounts.mail.tasks.send_mail")]


def test_a_periodic_task_that_fails_is_told_of(lines):
    run("probe.find", 1, headers=PERIODIC)
    assert events(lines) == [("task_failed", "probe.find")]


def test_what_somebody_asked_for_is_told_from_the_beginning(lines):
    run("probe.find", 0)
    assert events(lines) == [("task_started", "probe.find"), ("task_succeeded", "probe.find")]


def test_one_task_is_not_taken_for_the_one_before(lines):
    run("probe.find", 2, headers=PERIODIC)
    run("probe.find", 0, headers=PERIODIC)
    run("probe.find", 0)
    assert [name for name, _ in events(lines)] == ["task_succeeded", "task_started", "task_succeeded"]


@pytest.mark.parametrize("lines", ["DEBUG"], indirect=True)
def test_whoever_looks_for_a_mistake_sees_all(lines):
    run("probe.find", 0, headers=PERIODIC)
    assert [name for name, _ in events(lines)] == ["task_started", "task_succeeded"]
