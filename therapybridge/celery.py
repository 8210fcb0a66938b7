"""The Celery application of the workers."""

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init

from therapybridge.core.logging import setup_celery_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "therapybridge.settings")

from therapybridge.schedule import SCHEDULE  # it reads the settings

app = Celery("therapybridge", task_cls="therapybridge.core.tasks:ActorTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
setup_celery_logging(app)
app.conf.beat_schedule = SCHEDULE


@celeryd_init.connect(dispatch_uid="therapybridge.refuse_to_start")
def refuse_unsafe_worker(**kwargs: Any) -> None:
    """Keep a worker from starting with an unsafe production configuration."""
    from therapybridge.checks import refuse_to_start

    refuse_to_start()
