"""Administrators see which model drafts, and have it tried by a worker."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.tests.factories import AdminFactory
from audit.models import AuditEvent
from sessions_app.management.ai_stub.server import Stub
from sessions_app.processing.services import trial
from sessions_app.processing.tasks import try_engine

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client_for: Any, therapist: User) -> Client:
    cache.clear()
    signed_in: Client = client_for(AdminFactory(clinic=therapist.clinic), second_factor=True)
    return signed_in


def test_without_a_model_the_page_says_how_to_get_one(browser: Client) -> None:
    page = browser.get("/engine").content.decode()
    assert "None is set up" in page
    assert "Test the connection" not in page
    followed = browser.post("/engine/test", follow=True).content.decode()
    assert "No language model is configured." in followed
    assert not AuditEvent.objects.filter(action="engine.tried").exists()


def test_a_trial_is_told_step_by_step(browser: Client, use_models: Callable[..., Stub], monkeypatch: Any) -> None:
    use_models()
    sent: list[str] = []
    monkeypatch.setattr(try_engine, "delay", lambda: sent.append("sent"))
    assert "has started" in browser.post("/engine/test", follow=True).content.decode()
    page = browser.get("/engine").content.decode()
    assert "Testing since" in page
    assert "Test the connection" not in page
    assert "is being tested already" in browser.post("/engine/test", follow=True).content.decode()
    assert sent == ["sent"]
    try_engine()
    page = browser.get("/engine").content.decode()
    assert page.count("Good</span>") == 3
    assert "Test the connection" in page
    assert AuditEvent.objects.filter(action="engine.tried").count() == 1


def test_a_trial_that_breaks_off_does_not_block_the_next(use_models: Callable[..., Stub], monkeypatch: Any) -> None:
    use_models()
    cache.set(trial.RUNNING, "now")
    monkeypatch.setattr("sessions_app.pipeline.engines.trial.try_model", lambda chosen: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        try_engine()
    assert trial.running_since() is None
