"""Tests of the tests of tracking: for every mutant one of them must fail."""

import inspect
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.care.access import RecordAccess, access_to
from accounts.models import User
from accounts.tests.factories import PASSWORD
from therapybridge.core.actor import Actor
from therapybridge.core.errors import DomainError
from treatment.measures.tests.factories import assigned
from treatment.models import Goal, Tracker
from treatment.tracking.tests.factories import active_goal, running_tracker
from treatment.tracking.tests.mutants import MUTANTS, Mutant
from treatment.tracking.tests.test_reminders import reachable
from treatment.tracking.tests.test_trackers import MEASURED

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


class Rows:
    """What the tests of a module ask for, made as by their own fixtures, which are not seen from here."""

    def __init__(self, module: str, **people: Any) -> None:
        self.module, self.people = module.rpartition(".")[2], people

    def of(self, name: str) -> Any:
        """The value of a parameter."""
        return self.people[name] if name in self.people else getattr(self, name)

    @cached_property
    def tracker(self) -> Tracker:
        """In the tests of reminders, of a patient who can be reached."""
        is_reminded = self.module == "test_reminders"
        tracker = running_tracker(sends_reminders=is_reminded)
        return reachable(tracker) if is_reminded else tracker

    @cached_property
    def own(self) -> Actor:
        """The patient of the tracker."""
        return Actor(user=self.tracker.patient)

    @cached_property
    def access(self) -> RecordAccess:
        """The therapist's; in the tests of links the patient's own."""
        is_own = self.module == "test_form_links"
        reader = self.people["patient" if is_own else "therapist"]
        return access_to(Actor(user=reader), self.people["patient"], may_write=not is_own)

    @cached_property
    def goal(self) -> Goal:
        """A goal that is measured."""
        return active_goal(self.people["patient"], measurement=MEASURED)

    @cached_property
    def hours(self) -> Tracker:
        """What moves it."""
        scale = {"kind": "duration", "lowest": None, "highest": None}
        return running_tracker(self.people["patient"], goal=self.goal, moves_goal=True, **scale)

    @cached_property
    def portal(self) -> Client:
        """A browser of a patient with a password."""
        patient: User = self.people["patient"]
        User.objects.filter(pk=patient.pk).update(password=make_password(PASSWORD), email="portal@example.org")
        patient.refresh_from_db()
        return self.browser(patient)

    @cached_property
    def path(self) -> str:
        """The page of a questionnaire's link."""
        waiting = assigned(self.people["therapist"], self.people["patient"])
        return self.browser(waiting.patient).post(f"/account/questionnaires/{waiting.pk}").headers["Location"]

    def browser(self, user: User) -> Client:
        """Signed in."""
        browser: Client = self.people["client_for"](user)
        return browser


@pytest.fixture
def fails(therapist: User, patient: User, client_for: Any, api_for: Any, client: Client) -> Callable[[Mutant], bool]:
    """Whether the mutant's test fails now; what it writes is undone."""
    people = {"therapist": therapist, "patient": patient, "client_for": client_for, "api_for": api_for}

    def failed(mutant: Mutant) -> bool:
        patient.refresh_from_db()
        rows = Rows(mutant.test.__module__, client=client, **people)
        with transaction.atomic():
            try:
                names = [name for name in inspect.signature(mutant.test).parameters if name not in mutant.given]
                given = {name: rows.of(name) for name in names}
                mutant.test(**given, **mutant.given)
            except (AssertionError, ExceptionGroup, pytest.fail.Exception, DomainError, DatabaseError):
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
