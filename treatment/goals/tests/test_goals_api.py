"""Goals through the API."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import access_for
from audit.models import AuditEvent
from therapybridge.core.errors import InvalidInput
from treatment.goals.models import Goal
from treatment.goals.services.progress import MAX_NOTE, rate_goal
from treatment.goals.tests.factories import make_goal, make_intervention, make_plan, use
from treatment.plans.models import TreatmentPlan
from treatment.signals import goal_achieved, goal_set

pytestmark = pytest.mark.django_db
Api = Callable[[User], APIClient]


def act(api: APIClient, goal: Goal, what: str, body: dict[str, Any] | None = None, revision: int = 1) -> Any:
    headers = {"If-Match": f'"{revision}"'}
    return api.post(f"/api/v1/goals/{goal.pk}/{what}", body or {}, format="json", headers=headers)


def set_goal(api: APIClient, plan: TreatmentPlan, **body: Any) -> Any:
    return api.post(f"/api/v1/plans/{plan.pk}/goals", {"wording": "Ride", "term": "long_term"} | body, format="json")


def test_a_goal_is_set_below_another_and_on_record(
    api_for: Api, therapist: User, plan: TreatmentPlan, goal: Goal
) -> None:
    measured = {"unit": "rides a week", "baseline": "0", "target": "5.0"}
    answer = set_goal(api_for(therapist), plan, term="objective", parent=str(goal.pk), measurement=measured)
    told = answer.json()
    assert (answer.status_code, told["level"], told["position"], answer.headers["ETag"]) == (201, 2, 1, '"1"')
    assert told["measurement"] == {"unit": "rides a week", "baseline": "0", "current": "0", "target": "5"}
    row = AuditEvent.objects.get(action="goal.created")
    assert (str(row.target_id), row.patient_id) == (told["id"], plan.patient_id)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"term": "long_term"}, "term"),
        ({"term": "short_term", "wording": " "}, "wording"),
        ({"term": "short_term", "measurement": {"baseline": "3", "target": "3"}}, "measurement"),
    ],
)
def test_what_does_not_fit_is_named(
    api_for: Api, therapist: User, plan: TreatmentPlan, goal: Goal, body: dict[str, Any], field: str
) -> None:
    answer = set_goal(api_for(therapist), plan, parent=str(goal.pk), **body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_there_are_three_levels_at_most(api_for: Api, therapist: User, plan: TreatmentPlan, goal: Goal) -> None:
    lowest = make_goal(plan, make_goal(plan, goal))
    assert set_goal(api_for(therapist), plan, term="objective", parent=str(lowest.pk)).status_code == 400


def test_a_change_keeps_the_id_and_an_older_revision_is_told_who_changed_it(
    api_for: Api, therapist: User, goal: Goal
) -> None:
    api, address = api_for(therapist), f"/api/v1/goals/{goal.pk}"
    first = api.patch(address, {"wording": "Take a tram"}, format="json", headers={"If-Match": '"1"'})
    assert (first.status_code, first.json()["id"], first.headers["ETag"]) == (200, str(goal.pk), '"2"')
    refused = api.patch(address, {"wording": "Walk"}, format="json", headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (409, "edit_conflict")
    assert refused.json()["change"]["by"] == therapist.full_name
    assert api.patch(address, {"wording": "Walk"}, format="json").status_code == 428


def test_a_goal_moves_with_all_below_it_and_never_below_itself(
    api_for: Api, therapist: User, plan: TreatmentPlan, goal: Goal
) -> None:
    api = api_for(therapist)
    middle = make_goal(plan, goal, term="short_term")
    lower = make_goal(plan, middle)
    assert act(api, goal, "move", {"parent": str(lower.pk), "position": 1}).status_code == 400
    assert act(api, middle, "move", {"parent": None, "position": 1}).status_code == 200
    places = {row.pk: (row.parent_id, row.level, row.position) for row in Goal.objects.all()}
    assert places == {middle.pk: (None, 1, 1), goal.pk: (None, 1, 2), lower.pk: (middle.pk, 2, 1)}


def test_a_goal_of_another_plan_is_no_parent(api_for: Api, therapist: User, patient: User, goal: Goal) -> None:
    elsewhere = make_goal(make_plan(patient, therapist, status="draft", next_review_date=None))
    refused = act(api_for(therapist), goal, "move", {"parent": str(elsewhere.pk), "position": 1})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["parent"])


def test_a_lower_rating_is_kept_and_lowers_nothing(api_for: Api, therapist: User, goal: Goal) -> None:
    api = api_for(therapist)
    for percent in (60, 30):
        assert act(api, goal, "rate", {"percent": percent}).status_code == 201
    goal.refresh_from_db()
    assert (goal.progress, goal.status, goal.ratings.count()) == (60, "in_progress", 2)


def test_a_measured_value_counts_from_baseline_to_target(api_for: Api, therapist: User, plan: TreatmentPlan) -> None:
    falling = {"unit": "attacks", "baseline": "8", "current": "8", "target": "2"}
    goal = make_goal(plan, measurement=falling)
    answer = act(api_for(therapist), goal, "rate", {"value": "5"})
    assert (answer.json()["percent"], answer.json()["progress"], answer.json()["value"]) == (50, 50, "5")
    goal.refresh_from_db()
    assert goal.measurement == falling | {"current": "5"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"percent": 50, "value": Decimal(5)}, "percent"),
        ({}, "percent"),
        ({"percent": 50, "note": "x" * (MAX_NOTE + 1)}, "note"),
    ],
)
def test_a_rating_is_one_number_and_its_note_is_never_cut(
    therapist: User, plan: TreatmentPlan, given: dict[str, Any], field: str
) -> None:
    goal = make_goal(plan, measurement={"unit": "attacks", "baseline": "8", "current": "8", "target": "2"})
    with pytest.raises(InvalidInput) as refused:
        rate_goal(goal, access=access_for(therapist, goal.patient), **given)
    assert list(refused.value.errors or {}) == [field]
    assert (goal.measurement["current"], goal.ratings.count()) == ("8", 0)


def test_a_goal_with_parts_is_not_rated(api_for: Api, therapist: User, plan: TreatmentPlan, goal: Goal) -> None:
    make_goal(plan, goal)
    refused = act(api_for(therapist), goal, "rate", {"percent": 40})
    assert (refused.status_code, refused.json()["code"]) == (409, "goal_has_parts")


def test_the_whole_achieves_the_goal_and_those_it_completes_with_one_signal_each(
    api_for: Api, therapist: User, plan: TreatmentPlan, goal: Goal, committed: Any
) -> None:
    lower, heard = make_goal(plan, goal), []

    def hear(sender: type, goal: Goal, **kwargs: Any) -> None:
        heard.append(goal.pk)

    goal_achieved.connect(hear)
    with committed():
        act(api_for(therapist), lower, "rate", {"percent": 100})
    goal_achieved.disconnect(hear)
    goal.refresh_from_db()
    assert (goal.status, goal.progress, goal.closed_date) == ("achieved", 100, plan.clinic.today)
    assert heard == [lower.pk, goal.pk]
    assert AuditEvent.objects.get(action="goal.rated").ids == [str(goal.pk)]


def test_a_new_goal_is_announced(api_for: Api, therapist: User, plan: TreatmentPlan, committed: Any) -> None:
    heard: list[Any] = []

    def hear(sender: type, goal: Goal, **kwargs: Any) -> None:
        heard.append(str(goal.pk))

    goal_set.connect(hear)
    with committed():
        told = set_goal(api_for(therapist), plan).json()
    goal_set.disconnect(hear)
    assert heard == [told["id"]]


def test_another_goal_takes_the_place_of_a_modified_one(
    api_for: Api, therapist: User, plan: TreatmentPlan, goal: Goal
) -> None:
    part = make_goal(plan, goal, progress=40, status="in_progress")
    use(goal, make_intervention(plan.clinic))
    body = {"wording": "Take a tram", "term": "long_term", "reason": "The bus was cancelled."}
    told = act(api_for(therapist), goal, "modify", body).json()
    goal.refresh_from_db()
    part.refresh_from_db()
    assert (goal.status, str(goal.replaced_by_id), goal.reason) == ("modified", told["id"], body["reason"])
    assert (str(part.parent_id), told["progress"], told["position"]) == (told["id"], 40, goal.position)
    assert Goal.objects.get(pk=told["id"]).interventions.get().frequency == "Once a week"


def test_whoever_gives_a_goal_up_says_why_and_gives_up_what_is_below(
    api_for: Api, therapist: User, plan: TreatmentPlan, goal: Goal
) -> None:
    part, done = make_goal(plan, goal), make_goal(plan, goal, status="achieved", progress=100, closed_date="2026-01-01")
    api = api_for(therapist)
    assert act(api, goal, "discontinue").status_code == 400
    assert act(api, goal, "discontinue", {"reason": "Moved to the city."}).json()["status"] == "discontinued"
    assert {one.pk: one.status for one in (part, done) if one.refresh_from_db() is None} == {
        part.pk: "discontinued",
        done.pk: "achieved",
    }
    assert Goal.objects.get(pk=part.pk).reason == "Moved to the city."


def test_a_relapse_opens_a_goal_again_and_those_it_had_completed(
    api_for: Api, therapist: User, plan: TreatmentPlan, goal: Goal
) -> None:
    api, lower = api_for(therapist), make_goal(plan, goal)
    act(api, lower, "rate", {"percent": 100})
    told = act(api, lower, "reopen", {"percent": 30}, revision=2).json()
    goal.refresh_from_db()
    assert (told["status"], told["progress"], told["closed_date"]) == ("in_progress", 30, None)
    assert (goal.status, goal.progress) == ("in_progress", 30)


def test_goals_of_an_ended_plan_stay_as_they_are(api_for: Api, therapist: User, patient: User) -> None:
    ended = {"status": "completed", "ended_date": patient.clinic.today, "next_review_date": None}
    goal = make_goal(make_plan(patient, therapist, **ended))
    refused = act(api_for(therapist), goal, "achieve")
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_ended")


def test_a_repeated_request_sets_no_second_goal(api_for: Api, therapist: User, plan: TreatmentPlan) -> None:
    api, headers = api_for(therapist), {"Idempotency-Key": "once"}
    body = {"wording": "Ride", "term": "long_term"}
    answers = [
        api.post(f"/api/v1/plans/{plan.pk}/goals", body, format="json", headers=headers).json() for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert Goal.objects.count() == 1


def test_a_plan_of_forty_goals_needs_no_more_queries_than_one(
    api_for: Api, therapist: User, plan: TreatmentPlan, goal: Goal
) -> None:
    api, address = api_for(therapist), f"/api/v1/plans/{plan.pk}/goals?limit=100"
    api.get(address)
    with CaptureQueriesContext(connection) as one:
        api.get(address)
    for _ in range(13):
        make_goal(plan, make_goal(plan, make_goal(plan)))
    with CaptureQueriesContext(connection) as many:
        assert len(api.get(address).json()["results"]) == 40
    assert len(many) == len(one)


def test_a_rating_in_a_plan_of_forty_goals_needs_no_more_queries_than_in_a_small_one(
    api_for: Api, therapist: User, plan: TreatmentPlan, goal: Goal
) -> None:
    api, lower = api_for(therapist), make_goal(plan, goal)
    act(api, lower, "rate", {"percent": 10})
    with CaptureQueriesContext(connection) as one:
        act(api, lower, "rate", {"percent": 15})
    for _ in range(12):
        make_goal(plan, make_goal(plan, make_goal(plan)))
    with CaptureQueriesContext(connection) as many:
        act(api, lower, "rate", {"percent": 20})
    assert len(many) == len(one)
