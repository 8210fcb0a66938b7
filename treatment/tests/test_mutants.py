"""Tests of the tests of plans, goals and the thread: for every mutant one of them must fail."""

import inspect
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from rest_framework.test import APIClient

from accounts.care.access import RecordAccess
from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.models import SessionNote
from sessions_app.notes.tests.notes import begin, drafted_session
from therapybridge.core.errors import DomainError
from treatment.goals.tests.factories import make_goal
from treatment.goals.tests.factories import make_plan as running_plan
from treatment.models import Goal, TreatmentPlan
from treatment.plans.tests.factories import make_active_plan, make_plan
from treatment.tests.mutants import MUTANTS, Mutant

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
# Not TypeError: a mutant that is called in another way than what it replaces breaks no rule.
RED = (AssertionError, ValueError, KeyError, AttributeError, pytest.fail.Exception, DomainError, DatabaseError)


class Rows:
    """What the tests of a module ask for, made as by their own fixtures, which are not seen from here."""

    def __init__(self, module: str, fixture: Callable[[str], Any]) -> None:
        self.module, self.fixture = module.rpartition(".")[2], fixture

    def of(self, name: str) -> Any:
        """The value of a parameter."""
        return getattr(self, name) if name in vars(type(self)) else self.fixture(name)

    @cached_property
    def people(self) -> tuple[User, User]:
        """The patient and the therapist."""
        return self.fixture("patient"), self.fixture("therapist")

    @cached_property
    def access(self) -> RecordAccess:
        """The therapist's."""
        patient, therapist = self.people
        return access_for(therapist, patient)

    @cached_property
    def plan(self) -> TreatmentPlan:
        """As each module has it."""
        makers = {
            "test_reviews": make_active_plan,
            "test_milestones": make_plan,
            "test_plan_consents": make_active_plan,
        }
        makers["test_consent_links"] = make_active_plan
        return makers.get(self.module, running_plan)(*self.people)

    @cached_property
    def goal(self) -> Goal:
        """A goal that nothing stands below."""
        return make_goal(self.plan)

    @cached_property
    def note(self) -> SessionNote:
        """Begun, not signed."""
        patient, therapist = self.people
        return begin(drafted_session(therapist, patient))

    @cached_property
    def api(self) -> APIClient:
        """The therapist's."""
        client: APIClient = self.fixture("api_for")(self.people[1])
        return client

    @cached_property
    def ask(self) -> Callable[..., Any]:
        """Creates a signing link about the plan."""
        path = f"/api/v1/plans/{self.plan.pk}/consents/request"
        return lambda version=1: self.api.post(path, {"version": version}, format="json")

    @cached_property
    def report(self) -> Callable[..., Any]:
        """The page of a progress report."""
        patient, therapist = self.people
        return lambda **period: self.fixture("client_for")(therapist).get(f"/patients/{patient.pk}/progress", period)

    @cached_property
    def heard(self) -> list[Any]:
        """Signals, to which only what waits for the commit listens."""
        return []


@pytest.fixture
def fails(request: pytest.FixtureRequest, therapist: User, patient: User) -> Callable[[Mutant], bool]:
    """Whether the mutant's test fails now; what it writes is undone."""

    def failed(mutant: Mutant) -> bool:
        for person in (therapist, patient):
            person.refresh_from_db()
        rows = Rows(mutant.test.__module__, request.getfixturevalue)
        with transaction.atomic():
            try:
                names = [name for name in inspect.signature(mutant.test).parameters if name not in mutant.given]
                mutant.test(**{name: rows.of(name) for name in names}, **mutant.given)
            except RED:
                return True
            finally:
                transaction.set_rollback(True)
        return False

    return failed


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_broken_rule_fails_a_test(mutant: Mutant, fails: Callable[[Mutant], bool], monkeypatch: pytest.MonkeyPatch):
    assert not fails(mutant), "the test fails without the mutant"
    mutant.apply(monkeypatch)
    assert fails(mutant)
