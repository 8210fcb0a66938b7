"""The timer, which only sends wake-up calls: a process of its own that loads neither Django's apps nor our tasks."""

from typing import Any

from celery import Celery
from celery.loaders.app import AppLoader

from therapybridge.checks import refuse_to_start
from therapybridge.queues import QUEUES
from therapybridge.schedule import SCHEDULE

refuse_to_start()


class NoTasks(AppLoader):
    """Sends tasks by their names, and imports none of them."""

    def import_default_modules(self) -> list[Any]:
        """Nothing: a timer runs no task."""
        return []


app = Celery("therapybridge-beat", loader=NoTasks, fixups=[], set_as_current=False)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(QUEUES)
app.conf.beat_schedule = SCHEDULE
