"""The clinic's administrator, an operator, and a patient who has just been invited."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.identity.tests.inviting import invite
from accounts.models import Clinic, User
from accounts.tests.emails import last_link
from accounts.tests.factories import PASSWORD, AdminFactory


@pytest.fixture
def admin_user(clinic: Clinic) -> User:
    return AdminFactory(clinic=clinic)


@pytest.fixture
def desk(client_for: Callable[..., Client], admin_user: User) -> Client:
    """The clinic's administrator at work."""
    return client_for(admin_user)


@pytest.fixture
def operator(db: None) -> User:
    return User.objects.create_superuser("root@example.org", PASSWORD, first_name="Root")


@pytest.fixture
def invited(patient: User, therapist: User, client_for: Callable[..., Client]) -> str:
    """The link in the patient's e-mail."""
    assert invite(client_for(therapist), patient).status_code == 302
    return last_link("invitation.sent")
