"""The Celery application of the workers."""

import os
from typing import Any

from celery import Celery, bootsteps
from celery.signals import celeryd_init

from therapybridge.core.logging import setup_celery_logging
from therapybridge.queues import QUEUES, WORK

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "therapybridge.settings")

from therapybridge.schedule import SCHEDULE  # it reads the settings

app = Celery("therapybridge", task_cls="therapybridge.core.tasks:ActorTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(QUEUES)
app.autodiscover_tasks()
setup_celery_logging(app)
app.conf.beat_schedule = SCHEDULE


@app.steps["worker"].add
class WorkPulse(bootsteps.StartStopStep):
    """Lets the worker of sessions say that it is alive, by itself: its processes may be busy for hours."""

    requires = ("celery.worker.components:Timer",)

    def include_if(self, parent: Any) -> bool:
        """Only for the worker that takes the queue."""
        return WORK in parent.app.amqp.queues.consume_from

    def start(self, parent: Any) -> None:
        """At once, and then as often as the timer asks the other worker."""
        from therapybridge.core.health import PULSE_SECONDS, beat_from_worker

        beat_from_worker()
        parent.timer.call_repeatedly(PULSE_SECONDS, beat_from_worker)


@app.steps["worker"].add
class SignOfLife(bootsteps.StartStopStep):
    """Lets whatever watches the container see that the worker turns, whatever its processes do."""

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: Any) -> None:
        """At once, and then as long as the worker waits for nothing."""
        from therapybridge.core import alive

        alive.sign()
        parent.timer.call_repeatedly(alive.SECONDS, alive.sign)


@celeryd_init.connect(dispatch_uid="therapybridge.refuse_to_start")
def refuse_unsafe_worker(**kwargs: Any) -> None:
    """Keep a worker from starting with an unsafe production configuration."""
    from therapybridge.checks import refuse_to_start

    refuse_to_start()
