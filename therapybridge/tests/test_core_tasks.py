"""The actor of tasks."""

import structlog
from celery import current_app

from accounts.consent.tasks import expire_consents
from therapybridge.core.actor import Actor


def test_a_task_acts_as_the_system_under_the_id_of_the_request_that_started_it():
    with structlog.contextvars.bound_contextvars(request_id="a-request"):
        assert expire_consents.actor == Actor(request_id="a-request")


def test_every_task_of_ours_knows_who_acts():
    ours = [task for name, task in current_app.tasks.items() if not name.startswith("celery.")]
    assert ours
    assert all(isinstance(task.actor, Actor) for task in ours)
