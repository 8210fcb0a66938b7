"""Pages of goals."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import access_for
from treatment.goals.admin import LibraryForm
from treatment.goals.contexts.plan import goals_context, goals_for_patient, how_far
from treatment.goals.models import Goal, GoalIntervention, Intervention
from treatment.goals.tests.factories import make_goal, make_intervention, make_plan, use
from treatment.plans.models import TreatmentPlan

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


def test_a_goal_is_set_below_another(client_for: Browser, therapist: User, plan: TreatmentPlan, goal: Goal) -> None:
    browser, address = client_for(therapist), f"/plans/{plan.pk}/goals/new"
    assert "selected" in browser.get(f"{address}?parent={goal.pk}").content.decode()
    body = {"wording": "Ride", "term": "objective", "priority": "high", "parent": str(goal.pk), "specific": "One stop"}
    answer = browser.post(address, body | {"unit": "rides", "baseline": "0", "target": "5"})
    made = Goal.objects.get(parent=goal)
    assert answer["Location"] == f"/goals/{made.pk}"
    assert '<details class="goal__smart" open>' in browser.get(f"/goals/{made.pk}/edit").content.decode()
    assert (made.priority, made.smart, made.measurement["target"]) == ("high", {"specific": "One stop"}, "5")


def test_a_change_on_top_of_an_older_one_names_who_made_it(client_for: Browser, therapist: User, goal: Goal) -> None:
    browser, address = client_for(therapist), f"/goals/{goal.pk}/edit"
    body = {"wording": "Take a tram", "term": "long_term", "priority": "medium", "revision": "1"}
    assert browser.post(address, body).status_code == 302
    refused = browser.post(address, body | {"wording": "Walk"})
    assert (refused.status_code, f"{therapist.full_name} changed this goal" in refused.content.decode()) == (422, True)
    assert 'name="revision" value="2"' in refused.content.decode()


def test_a_goal_is_rated_measured_and_moved(client_for: Browser, therapist: User, plan: TreatmentPlan) -> None:
    browser = client_for(therapist)
    first = make_goal(plan, measurement={"unit": "rides", "baseline": "0", "current": "0", "target": "4"})
    second = make_goal(plan)
    browser.post(f"/goals/{first.pk}/rate", {"value": "1", "note": "Went to the market."})
    browser.post(f"/goals/{second.pk}/rate", {"percent": "10"})
    refused = browser.post(f"/goals/{second.pk}/rate", {"percent": "101"})
    assert refused.status_code == 422
    moved = browser.post(f"/goals/{first.pk}/move", {"revision": "2", "down": "on"})
    assert moved["Location"] == f"/plans/{plan.pk}#goal-{first.pk}"
    rows = {goal.pk: (goal.progress, goal.position) for goal in Goal.objects.all()}
    assert rows == {first.pk: (25, 2), second.pk: (10, 1)}


def test_a_goal_is_put_below_another(client_for: Browser, therapist: User, plan: TreatmentPlan, goal: Goal) -> None:
    browser, low = client_for(therapist), make_goal(plan, term="objective")
    page = browser.get(f"/goals/{low.pk}").content.decode()
    assert f'<option value="{goal.pk}"' in page
    browser.post(f"/goals/{low.pk}/place", {"revision": "1", "parent": str(goal.pk)})
    low.refresh_from_db()
    assert (low.parent_id, low.level) == (goal.pk, 2)


def test_a_goal_is_started_achieved_and_opened_again(client_for: Browser, therapist: User, goal: Goal) -> None:
    browser = client_for(therapist)
    for step, body in (("start", {}), ("achieve", {}), ("reopen", {"percent": "60"})):
        goal.refresh_from_db()
        browser.post(f"/goals/{goal.pk}/{step}", {"revision": goal.revision} | body)
    goal.refresh_from_db()
    assert (goal.status, goal.progress) == ("in_progress", 60)


def test_a_goal_is_replaced_and_given_up_with_a_reason(client_for: Browser, therapist: User, goal: Goal) -> None:
    browser = client_for(therapist)
    body = {"revision": "1", "wording": "Take a tram", "term": "long_term", "priority": "low"}
    assert browser.post(f"/goals/{goal.pk}/replace", body).status_code == 422
    new = browser.post(f"/goals/{goal.pk}/replace", body | {"reason": "No bus."})["Location"]
    assert "Replaced by" in browser.get(f"/goals/{goal.pk}").content.decode()
    browser.post(f"{new}/discontinue", {"revision": "1", "reason": "Moved."})
    assert "Why it ended" in browser.get(new).content.decode()


def test_interventions_are_linked_changed_and_unlinked(
    client_for: Browser, therapist: User, plan: TreatmentPlan, goal: Goal
) -> None:
    browser, entry = client_for(therapist), make_intervention(plan.clinic)
    browser.post(f"/goals/{goal.pk}/interventions", {"intervention": str(entry.pk), "frequency": "Daily"})
    linked = GoalIntervention.objects.get()
    browser.post(f"/goal-interventions/{linked.pk}/change", {"revision": "1", "effectiveness": "4"})
    assert "effectiveness 4 of 5" in browser.get(f"/goals/{goal.pk}").content.decode()
    refused = browser.post(f"/goal-interventions/{linked.pk}/change", {"revision": "1", "effectiveness": "2"})
    assert (refused.status_code, "changed this intervention" in refused.content.decode()) == (422, True)
    browser.post(f"/goal-interventions/{linked.pk}/remove", {"revision": "2"})
    assert not GoalIntervention.objects.exists()


def test_the_library_is_read_searched_and_extended(client_for: Browser, therapist: User) -> None:
    browser = client_for(therapist)
    page = browser.get("/interventions?q=thought+diary").content.decode()
    assert "Thought record" in page
    assert "Sleep diary" not in page
    system = Intervention.objects.get(key="thought-record")
    assert "cannot be changed" in browser.get(f"/interventions/{system.pk}").content.decode()
    browser.post("/interventions/new", {"name": "Bus rides", "aliases": "rides, trips", "evidence_level": "unknown"})
    own = Intervention.objects.get(name="Bus rides")
    assert own.aliases == ["rides", "trips"]
    assert "Bus rides" in browser.get("/interventions?show=own").content.decode()
    browser.post(f"/interventions/{own.pk}/retire")
    assert "Bus rides" not in browser.get("/interventions?show=own").content.decode()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["x" * 81], "has more than 80 characters"),
        ([f"ride {number}" for number in range(21)], "at most 20 other names"),
    ],
)
def test_other_names_that_are_too_long_or_too_many_are_refused_and_not_cut(
    client_for: Browser, therapist: User, names: list[str], said: str
) -> None:
    fields = {"name": "Bus rides", "aliases": ", ".join(names), "evidence_level": "unknown"}
    refused = client_for(therapist).post("/interventions/new", fields)
    assert (refused.status_code, said in refused.content.decode()) == (422, True)
    assert not Intervention.objects.filter(name="Bus rides").exists()
    assert said in str(LibraryForm(fields).errors["aliases"])


def test_a_page_of_forty_goals_needs_no_more_queries_than_one_of_three(
    client_for: Browser, therapist: User, plan: TreatmentPlan
) -> None:
    def branch() -> None:
        low = make_goal(plan, make_goal(plan, make_goal(plan)))
        use(low, Intervention.objects.get(key="thought-record"))

    browser, address = client_for(therapist), f"/plans/{plan.pk}"
    branch()
    browser.get(address)
    with CaptureQueriesContext(connection) as one:
        browser.get(address)
    for _ in range(12):
        branch()
    make_goal(plan)
    with CaptureQueriesContext(connection) as many:
        assert browser.get(address).content.decode().count('class="goal"') == 40
    assert len(many) == len(one)


def test_what_was_replaced_stands_apart(therapist: User, patient: User, plan: TreatmentPlan, goal: Goal) -> None:
    gone = make_goal(plan, status="discontinued", reason="Moved.", closed_date=plan.start_date)
    context = goals_context(access_for(therapist, patient), plan)
    assert [node.goal.pk for node in context["goal_tree"]] == [goal.pk]
    assert context["dropped_goals"] == [gone]


def test_a_patient_reads_goals_of_started_plans_in_plain_words(
    therapist: User, patient: User, plan: TreatmentPlan, goal: Goal
) -> None:
    make_goal(plan, goal, wording="Reduce avoidance", plain_wording="Go out more", progress=40)
    make_goal(plan, status="discontinued", reason="Moved.", closed_date=plan.start_date)
    make_goal(make_plan(patient, therapist, status="draft", next_review_date=None))
    (told,) = goals_for_patient(patient)
    assert (told.words, [(one.words, one.progress) for one in told.children]) == (goal.wording, [("Go out more", 40)])


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (0, ""),
        *((number, "Just started") for number in (1, 14)),
        *((number, "About a quarter") for number in (15, 39)),
        *((number, "About halfway") for number in (40, 69)),
        *((number, "Nearly there") for number in (70, 99)),
        (100, "Reached"),
    ],
)
def test_a_patient_reads_in_words_how_far_it_is(progress: int, words: str) -> None:
    assert how_far(progress) == words


def test_a_patient_reads_no_percentage(
    client_for: Browser, patient: User, therapist: User, plan: TreatmentPlan, goal: Goal
) -> None:
    make_goal(plan, goal, wording="Reduce avoidance", progress=37)
    page = client_for(patient).get("/portal/plans").content.decode()
    assert "About a quarter" in page
    assert not re.search(r"\b37\b", page)  # ids may hold these digits too
