"""Fixtures of tests of emergency access; their modules say who the patient is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import BreakGlassGrant, User
from accounts.tests.factories import BreakGlassFactory


@pytest.fixture
def grant(patient: User, other_therapist: User) -> BreakGlassGrant:
    """A live emergency access of somebody who does not treat the patient."""
    return BreakGlassFactory(patient=patient, therapist=other_therapist)


@pytest.fixture
def over(patient: User, other_therapist: User) -> BreakGlassGrant:
    """An expired emergency access."""
    started = timezone.now() - timedelta(hours=5)
    return BreakGlassFactory(patient=patient, therapist=other_therapist, started_at=started)
