"""The timer sends what the worker knows, and loads nothing of it."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from celery import Celery, current_app

from therapybridge.beat import app
from therapybridge.core.timer import Timer

LOADED = """
import sys
from therapybridge.beat import app
app.loader.init_worker()
app.finalize()
from django.apps import apps
print(apps.ready, "accounts.models" in sys.modules)
"""


def test_every_task_on_the_schedule_is_one_of_the_worker():
    current_app.loader.import_default_modules()
    sent = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert sent
    assert sent <= set(current_app.tasks)


def test_it_uses_the_same_broker():
    assert app.conf.beat_schedule == current_app.conf.beat_schedule
    assert str(app.conf.task_ignore_result) == str(current_app.conf.task_ignore_result)


def test_no_app_is_loaded():
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


class Recorder(Timer):
    """Notes what it would send."""

    sent: list[str]

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        self.sent.append(entry.name)

    def after(self, seconds: float, clock: Any) -> set[str]:
        """What it sends when so many seconds have passed."""
        clock.shift(timedelta(seconds=seconds))
        self.sent = []
        while self.tick() <= 0:
            pass
        return set(self.sent)


def test_it_goes_on_after_the_clock_was_put_back():
    probe = Celery("probe", broker="memory://", set_as_current=False)
    every = {"task": "nothing", "schedule": 5}
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False) as clock:
        timer = Recorder(probe, schedule={})
        timer.update_from_dict({"seals": every, "mails": every})
        assert timer.after(5, clock) == {"seals", "mails"}
        assert timer.after(3, clock) == set()
        assert timer.after(-2 * 3600, clock) == set()
        assert timer.after(5, clock) == {"seals", "mails"}
        assert timer.after(4, clock) == set()


def test_it_keeps_nothing_on_disk():
    assert app.conf.beat_scheduler == current_app.conf.beat_scheduler == "therapybridge.core.timer:Timer"
    assert "sync" not in vars(Timer)  # Celery's own scheduler does nothing there
