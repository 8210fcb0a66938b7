"""A session in which a patient speaks of suicide, and its review."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from sessions_app.models import RiskReview, TherapySession
from sessions_app.notes.tests.notes import drafted_session

RISKY = b"""Therapist: How was your week?
Patient: I want to kill myself.
Therapist: Thank you for telling me. Let us talk about it.
"""


@pytest.fixture
def session(therapist: User, patient: User) -> TherapySession:
    """A processed session with a draft that lists a line."""
    return drafted_session(therapist, patient, RISKY)


@pytest.fixture
def review(session: TherapySession) -> RiskReview:
    """The review that its draft has opened."""
    found: RiskReview = RiskReview.objects.get(session=session)
    return found


@pytest.fixture
def browser(client_for: Callable[[User], Client], therapist: User) -> Client:
    """The therapist's browser."""
    return client_for(therapist)
