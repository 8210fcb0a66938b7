"""The base of every Celery task: it knows who acts."""

from typing import Any

from celery.contrib.django.task import DjangoTask

from therapybridge.core.actor import Actor
from therapybridge.core.logging import current_request_id


class ActorTask(DjangoTask[Any, Any]):
    """Tasks with `bind=True` hand `self.actor` to services, as views hand on the request's."""

    @property
    def actor(self) -> Actor:
        """The system, under the id of the request that started the task, else of the task itself."""
        return Actor(request_id=current_request_id() or str(self.request.id or ""))
