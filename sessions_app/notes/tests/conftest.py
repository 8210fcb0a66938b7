"""Fixtures of tests of notes."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from sessions_app.models import SessionNote, TherapySession
from sessions_app.notes.tests.notes import begin, drafted_session, sign


@pytest.fixture
def session(therapist: User, patient: User) -> TherapySession:
    """A processed session with a draft."""
    return drafted_session(therapist, patient)


@pytest.fixture
def signed(session: TherapySession) -> SessionNote:
    """Its note, signed by the therapist."""
    return sign(begin(session))


@pytest.fixture
def browser(client_for: Callable[[User], Client], therapist: User) -> Client:
    """The therapist's browser."""
    return client_for(therapist)


@pytest.fixture
def device(api_for: Callable[[User], APIClient], therapist: User) -> APIClient:
    """The therapist's device."""
    return api_for(therapist)


@pytest.fixture
def portal(client_for: Callable[[User], Client], patient: User) -> Client:
    """The patient's browser."""
    return client_for(patient)


@pytest.fixture
def phone(api_for: Callable[[User], APIClient], patient: User) -> APIClient:
    """The patient's device."""
    return api_for(patient)
