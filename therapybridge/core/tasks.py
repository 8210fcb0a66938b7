"""The base of all Celery tasks, which provides the actor."""

from typing import Any

from celery.contrib.django.task import DjangoTask

from therapybridge.core.actor import Actor
from therapybridge.core.logging import current_request_id


class ActorTask(DjangoTask[Any, Any]):
    """Tasks with `bind=True` pass `self.actor` to services, as views pass the request's."""

    @property
    def actor(self) -> Actor:
        """The system, with the id of the request that started the task, or else the task's own id."""
        return Actor(request_id=current_request_id() or str(self.request.id or ""))
