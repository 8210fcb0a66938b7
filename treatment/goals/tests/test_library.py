"""The library of interventions, and how goals use it."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from sessions_app.pipeline.lexicon.techniques import TECHNIQUES
from treatment.goals.models import Goal, GoalIntervention, Intervention
from treatment.goals.services.library import install_library
from treatment.goals.tests.factories import make_intervention, use
from treatment.plans.models import TreatmentPlan

pytestmark = pytest.mark.django_db
Api = Callable[[User], APIClient]


def found(api: APIClient, **query: str) -> list[str]:
    return [row["name"] for row in api.get("/api/v1/interventions", query).json()["results"]]


def test_the_library_has_each_technique_that_notes_name() -> None:
    rows = {entry.name: entry for entry in Intervention.objects.filter(clinic=None)}
    assert len(rows) >= 60
    assert rows.keys() == {technique.name for technique in TECHNIQUES}
    assert rows["Thought record"].aliases == ["thought diary", "thought log"]


def test_only_what_a_named_guideline_supports_has_a_level() -> None:
    rows = Intervention.objects.filter(clinic=None)
    assert all(bool(entry.evidence_source) == (entry.evidence_level != "unknown") for entry in rows)
    assert rows.get(key="cognitive-processing").evidence_source == "APA PTSD guideline (2017)"
    assert rows.get(key="worry-tree").evidence_level == "unknown"


def test_a_release_brings_its_entries_up_to_date_and_retires_what_it_dropped() -> None:
    before = Intervention.objects.get(key="thought-record")
    Intervention.objects.filter(pk=before.pk).update(description="Old.")
    gone = Intervention.objects.create(key="gone", name="Gone")
    install_library(Intervention)
    after = Intervention.objects.get(key="thought-record")
    assert (after.pk, after.description) == (before.pk, before.description)
    gone.refresh_from_db()
    assert gone.retired_at is not None


def test_the_library_is_searched_by_name_alias_and_modality(api_for: Api, therapist: User) -> None:
    api = api_for(therapist)
    assert found(api, search="thought DIARY") == ["Thought record"]
    assert found(api, search="imagery rehears", modality="imagery rehearsal therapy") == ["Imagery rehearsal"]
    assert found(api, search="imagery rehears", system="false") == []


def test_a_clinic_has_entries_of_its_own(
    api_for: Api, therapist: User, other_therapist: User, foreign_therapist: User
) -> None:
    told = api_for(therapist).post("/api/v1/interventions", {"name": "Bus rides"}, format="json").json()
    assert found(api_for(other_therapist), search="bus rides") == ["Bus rides"]
    assert found(api_for(foreign_therapist), search="bus rides") == []
    taken = api_for(therapist).post("/api/v1/interventions", {"name": "thought RECORD"}, format="json")
    assert (taken.status_code, list(taken.json()["errors"])) == (400, ["name"])
    address, headers = f"/api/v1/interventions/{told['id']}", {"If-Match": '"1"'}
    changed = api_for(other_therapist).patch(address, {"name": "Rides"}, format="json", headers=headers)
    assert (changed.json()["name"], changed.headers["ETag"]) == ("Rides", '"2"')
    refused = api_for(therapist).patch(address, {"name": "Trams"}, format="json", headers=headers)
    assert (refused.status_code, refused.json()["change"]["by"]) == (409, other_therapist.full_name)


def test_the_products_entries_are_not_changed(api_for: Api, therapist: User) -> None:
    address = f"/api/v1/interventions/{Intervention.objects.get(key='thought-record').pk}"
    refused = api_for(therapist).patch(address, {"name": "X"}, format="json", headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (403, "system_intervention")


def link(api: APIClient, goal: Goal, entry: Intervention, **body: Any) -> Any:
    return api.post(f"/api/v1/goals/{goal.pk}/interventions", {"intervention": str(entry.pk)} | body, format="json")


def test_a_goal_has_an_intervention_once_with_how_often_and_how_well(api_for: Api, therapist: User, goal: Goal) -> None:
    api, entry = api_for(therapist), Intervention.objects.get(key="thought-record")
    told = link(api, goal, entry, frequency="Every evening", effectiveness=4).json()
    assert (told["name"], told["frequency"], told["effectiveness"]) == ("Thought record", "Every evening", 4)
    assert link(api, goal, entry).json()["code"] == "already_linked"
    address, headers = f"/api/v1/goal-interventions/{told['id']}", {"If-Match": '"1"'}
    assert api.patch(address, {"effectiveness": 6}, format="json", headers=headers).status_code == 400
    assert api.patch(address, {"effectiveness": 2}, format="json", headers=headers).json()["effectiveness"] == 2
    assert api.delete(address, headers=headers).json()["code"] == "edit_conflict"
    assert api.delete(address, headers={"If-Match": '"2"'}).status_code == 204
    assert not GoalIntervention.objects.exists()


def test_what_was_retired_stays_where_it_is_and_is_linked_no_more(
    api_for: Api, therapist: User, plan: TreatmentPlan, goal: Goal
) -> None:
    api, entry = api_for(therapist), make_intervention(plan.clinic)
    use(goal, entry)
    retired = api.post(f"/api/v1/interventions/{entry.pk}/retire", format="json").json()
    assert retired["retired_at"]
    assert found(api, search="bus rides", retired="false") == []
    assert link(api, Goal.objects.get(pk=goal.pk), entry).json()["code"] == "intervention_retired"
    assert goal.interventions.count() == 1
