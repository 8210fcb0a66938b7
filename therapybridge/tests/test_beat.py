"""The timer sends what the worker knows, and loads nothing of it."""

import subprocess
import sys

from celery import current_app

from therapybridge.beat import app

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
