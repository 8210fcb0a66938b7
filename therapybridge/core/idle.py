"""Silence about periodic tasks that found nothing to do: most of them run every few seconds, and most find nothing."""

import logging
from contextvars import ContextVar
from typing import Any

import structlog
from django_structlog.celery import signals

# What the timer sends along.
PERIODIC = {"periodic": True}
RECEIVERS = "django_structlog.celery.receivers"  # the logger of tasks' lines
_is_periodic: ContextVar[bool] = ContextVar("is_periodic", default=False)
_found: ContextVar[bool] = ContextVar("found", default=False)


class NewsOnly(logging.Filter):
    """Drops that a periodic task was started, and that it found nothing to do; not with LOG_LEVEL=DEBUG."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lines of structlog are dictionaries until they are formatted."""
        event = record.msg.get("event") if isinstance(record.msg, dict) else ""
        if not _is_periodic.get() or logging.getLogger(RECEIVERS).isEnabledFor(logging.DEBUG):
            return True
        return event != "task_started" and (event != "task_succeeded" or _found.get())


def watch_tasks() -> None:
    """Note of each task which it is, whether the timer sent it, and whether it found anything."""
    signals.bind_extra_task_metadata.connect(_began, dispatch_uid="therapybridge.core.idle.began")
    signals.pre_task_succeeded.connect(_ended, dispatch_uid="therapybridge.core.idle.ended")


def _began(task: Any = None, **kwargs: Any) -> None:
    structlog.contextvars.bind_contextvars(task=task.name)
    _is_periodic.set(bool(task.request.get("periodic")))
    _found.set(False)


def _ended(result: Any = None, **kwargs: Any) -> None:
    _found.set(bool(result))
