"""Fixtures of tests of treatment."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from accounts.models import User
from treatment.goals.models import Goal
from treatment.goals.tests.factories import make_goal, make_plan
from treatment.plans.models import TreatmentPlan


@pytest.fixture
def plan(therapist: User, patient: User) -> TreatmentPlan:
    """An active plan of the patient."""
    return make_plan(patient, therapist)


@pytest.fixture
def goal(plan: TreatmentPlan) -> Goal:
    """A goal that nothing stands below."""
    return make_goal(plan)


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Runs what waits for the commit, which never comes in a test's transaction."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
