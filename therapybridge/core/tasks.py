"""The base of all Celery tasks, which provides the actor."""

from typing import Any

from celery import current_app, shared_task
from celery.contrib.django.task import DjangoTask
from django.conf import settings
from django.db import connection

from therapybridge.core.actor import Actor
from therapybridge.core.health import beat
from therapybridge.core.logging import current_request_id
from therapybridge.core.uploads import remove_abandoned

MOST_ANALYZED = 1_000  # rows of an index: milliseconds, however large the table


class ActorTask(DjangoTask[Any, Any]):
    """Tasks with `bind=True` pass `self.actor` to services, as views pass the request's."""

    @property
    def actor(self) -> Actor:
        """The system, with the id of the request that started the task, or else the task's own id."""
        return Actor(request_id=current_request_id() or str(self.request.id or ""))


def takes(worker: Any, task: Any) -> bool:
    """Whether a worker takes the queue that the task goes to."""
    queue = worker.app.amqp.router.route({}, task.name)["queue"].name
    return queue in worker.app.amqp.queues.consume_from


@shared_task(name="therapybridge.core.tasks.remove_abandoned_uploads")
def remove_abandoned_uploads() -> int:
    """Remove uploads whose process was killed; returns how many."""
    return remove_abandoned()


@shared_task(name="therapybridge.core.tasks.pulse")
def pulse() -> None:
    """Show that the timer and the worker of short tasks are alive, for /health."""
    beat()


@shared_task(name="therapybridge.core.tasks.count_embedded_rows")
def count_embedded_rows() -> bool:
    """Tell SQLite how its rows are distributed; returns whether there was need to.

    Without it, it reads all notes of a practice to find the one that is due. PostgreSQL looks by itself.
    """
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {MOST_ANALYZED}")
        cursor.execute("ANALYZE")
    return True


@shared_task(name="therapybridge.core.tasks.forget_delivered")
def forget_delivered() -> int:
    """Delete the delivered messages of the embedded broker, which only marks them; returns how many."""
    if not settings.IS_EMBEDDED_BROKER:
        return 0
    with current_app.connection_for_write() as broker:
        channel: Any = broker.default_channel
        session = channel.session
        deleted = int(session.query(channel.message_cls).filter_by(visible=False).delete(synchronize_session=False))
        session.commit()
    return deleted
