"""Tests of the matrix: it must detect every mutant."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import yaml
from django.urls import path
from django.urls.resolvers import get_resolver
from django.utils import timezone

import exports.jobs.tests.mutants  # noqa: F401  (they register themselves)
from accounts.access import guards
from accounts.authentication.services import auth_sessions
from therapybridge.celery import app
from therapybridge.core import compiled, health
from therapybridge.tests.matrix import cells, collecting, listing
from therapybridge.tests.matrix.judging import Judge
from therapybridge.tests.matrix.mutants import MUTANTS, Mutant
from timeline import views

pytestmark = pytest.mark.django_db

CELLS = cells.everything()


@pytest.fixture
def _built_anew() -> Iterator[None]:
    """What is built once has what was broken, and nobody has it afterwards."""
    compiled.forget_all()
    yield
    compiled.forget_all()


@pytest.mark.matrix
@pytest.mark.usefixtures("_built_anew")
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_broken_rule_turns_the_matrix_red(mutant: Mutant, judge: Judge, monkeypatch: pytest.MonkeyPatch):
    mutant.apply(monkeypatch)
    entries = [listing.entries()[where] for where in mutant.where]
    assert any(judge.wrong(cell) for entry in entries for cell in cells.cells(entry))


def test_the_clock_makes_no_difference(judge: Judge, monkeypatch: pytest.MonkeyPatch):
    # Seconds left, told to the microsecond: two requests in a row never tell the same.
    monkeypatch.setattr(auth_sessions, "seconds_left", lambda session: timezone.now().timestamp())
    refused = next(cell for cell in CELLS if str(cell) == "POST sessions/new as emergency_over by cookie")
    assert judge.wrong(refused) == []


def test_a_new_route_turns_the_listing_red():
    new = path("backstage", health.live)
    found = listing.differences(collecting.routes([*get_resolver().url_patterns, new]), collecting.tasks())
    assert "not listed: GET backstage" in found


def test_a_route_that_does_not_say_its_methods_turns_the_listing_red():
    new = path("backstage", lambda request: None)
    found = listing.differences(collecting.routes([*get_resolver().url_patterns, new]), collecting.tasks())
    assert "not listed: ANY backstage" in found


def test_a_new_method_turns_the_listing_red(monkeypatch: pytest.MonkeyPatch):
    spoilt = replace(guards[views.patient_list], methods=["GET", "DELETE"])
    monkeypatch.setitem(guards, views.patient_list, spoilt)
    assert "not listed: DELETE patients" in listing.differences(collecting.routes(), collecting.tasks())


def test_a_route_that_is_gone_turns_the_listing_red():
    routes = collecting.routes()
    del routes["portal"]
    assert "not there: GET portal" in listing.differences(routes, collecting.tasks())


def test_a_new_task_turns_the_listing_red(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(app._tasks, "backstage.tasks.work", object())
    assert "not listed: task backstage.tasks.work" in listing.differences(collecting.routes(), collecting.tasks())


def test_a_route_without_a_file_turns_the_listing_red(monkeypatch: pytest.MonkeyPatch):
    left = {path: listed for path, listed in listing.files().items() if not path.startswith("audit/")}
    monkeypatch.setattr(listing, "files", lambda: left)
    monkeypatch.setattr(listing, "entries", listing.entries.__wrapped__)
    found = listing.differences(collecting.routes(), collecting.tasks())
    assert {"not listed: GET api/v1/audit/events", "not listed: task audit.tasks.build_chain"} <= set(found)


def test_a_route_or_task_in_two_files_turns_the_listing_red():
    again = {"routes": {"portal": {}}, "tasks": {"timeline.tasks.reconcile": ""}}
    found = listing.misplaced(listing.files() | {"timeline/treatment/tests/matrix.yaml": again}, collecting.owners())
    both = "timeline/tests/matrix.yaml, timeline/treatment/tests/matrix.yaml"
    assert found == [f"listed twice: portal ({both})", f"listed twice: timeline.tasks.reconcile ({both})"]


@pytest.mark.parametrize(
    "name",
    ["portal", "api/v1/patients/<id:patient_id>/timeline", "timeline.tasks.reconcile", "admin/audit/auditevent/"],
)
def test_a_route_page_or_task_in_the_file_of_another_app_turns_the_listing_red(name: str):
    owners = collecting.owners()
    found = listing.misplaced({"accounts/care/tests/matrix.yaml": {"routes": {name: {}}}}, owners)
    assert found == [f"of {owners[name]}: {name} (accounts/care/tests/matrix.yaml)"]


def test_a_route_twice_in_one_file_is_refused_by_name():
    with pytest.raises(yaml.YAMLError, match="'portal'"):
        listing.read("routes:\n  portal: {GET: portal}\n  portal: {GET: signed_in}\n")
