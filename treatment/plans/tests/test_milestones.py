"""Milestones: in an order without gaps, whatever is moved, added and removed at once."""

from functools import partial

import pytest

from accounts.tests.factories import access_for
from accounts.tests.threads import at_once
from therapybridge.core.errors import Conflict, InvalidInput, NotFound
from treatment.models import PlanMilestone
from treatment.plans.services import milestones
from treatment.plans.services.lifecycle import activate_plan, complete_plan
from treatment.plans.tests.factories import make_active_plan, make_milestone, make_plan
from treatment.signals import milestone_achieved

pytestmark = pytest.mark.django_db
EIGHT = 8


@pytest.fixture
def access(therapist, patient):
    return access_for(therapist, patient)


@pytest.fixture
def plan(therapist, patient):
    draft = make_plan(patient, therapist)
    for name in "abcd":
        make_milestone(draft, therapist, description=name)
    return draft


def told(plan):
    """The milestones in their order, whose positions count from 1."""
    rows = list(plan.milestones.order_by("position"))
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    return "".join(row.description for row in rows)


def named(plan, names):
    found = {row.description: row for row in plan.milestones.all()}
    return [found[name] for name in names]


def test_all_are_put_in_another_order(api_for, therapist, plan):
    ids = [str(row.pk) for row in named(plan, "dbca")]
    path = f"/api/v1/plans/{plan.pk}/milestones/order"
    assert api_for(therapist).put(path, {"milestones": ids}, format="json").status_code == 204
    assert told(plan) == "dbca"
    refused = api_for(therapist).put(path, {"milestones": ids[1:]}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "milestones_changed")


def test_one_is_moved_by_steps_and_stays_at_the_ends(plan, access):
    (a, b, *_) = named(plan, "abcd")
    milestones.shift_milestone(b, steps=-1, access=access)
    assert told(plan) == "bacd"
    milestones.shift_milestone(b, steps=-1, access=access)
    milestones.shift_milestone(a, steps=1, access=access)
    assert told(plan) == "bcad"
    milestones.shift_milestone(a, steps=1, access=access)
    milestones.shift_milestone(a, steps=1, access=access)
    assert told(plan) == "bcda"


def test_what_is_removed_leaves_no_gap_and_a_started_plan_keeps_its_own(plan, access, therapist, patient):
    (b,) = named(plan, "b")
    milestones.remove_milestone(b, revision=1, access=access)
    assert told(plan) == "acd"
    with pytest.raises(NotFound):
        milestones.change_milestone(b, revision=1, access=access, description="x")
    started = make_active_plan(patient, therapist)
    with pytest.raises(Conflict):
        milestones.remove_milestone(make_milestone(started, therapist), revision=1, access=access)
    assert started.milestones.count() == 1


def test_it_is_started_achieved_and_taken_back(plan, access, patient, django_capture_on_commit_callbacks):
    heard = []

    def hear(sender, milestone, **kwargs):
        heard.append(milestone.pk)

    milestone_achieved.connect(hear)
    (a,) = named(plan, "a")
    with django_capture_on_commit_callbacks(execute=True):
        for status in ("in_progress", "achieved"):
            milestones.change_milestone(a, revision=a.revision, access=access, status=status)
    milestone_achieved.disconnect(hear)
    assert (a.achieved_date, heard) == (patient.clinic.today, [a.pk])
    milestones.change_milestone(a, revision=a.revision, access=access, status="in_progress")
    a.refresh_from_db()
    assert (a.status, a.achieved_date, a.revision) == ("in_progress", None, 4)


def test_an_older_tab_changes_nothing_and_hears_who_was_first(api_for, therapist, plan):
    (a,) = named(plan, "a")
    path, headers = f"/api/v1/milestones/{a.pk}", {"If-Match": '"1"'}
    api = api_for(therapist)
    assert api.patch(path, {"description": "x"}, format="json", headers=headers).status_code == 200
    refused = api.patch(path, {"description": "y"}, format="json", headers=headers)
    assert (refused.status_code, refused.json()["change"]["by"]) == (409, therapist.full_name)
    assert told(plan) == "xbcd"


def test_an_ended_plan_keeps_its_milestones_as_they_are(access, therapist, patient):
    plan = make_active_plan(patient, therapist)
    step = make_milestone(plan, therapist)
    complete_plan(plan, revision=plan.revision, access=access)
    with pytest.raises(Conflict) as refused:
        milestones.change_milestone(step, revision=1, access=access, status="achieved")
    assert refused.value.code == "plan_ended"


def test_one_without_words_is_refused(plan, access):
    with pytest.raises(InvalidInput):
        milestones.add_milestone(plan, access=access, description="  ")


@pytest.mark.django_db(transaction=True)
def test_eight_that_move_add_and_order_at_once_leave_no_gap(plan, access, therapist):
    rows = named(plan, "abcd")
    orders = [[row.pk for row in named(plan, names)] for names in ("dcba", "badc")]
    calls = [partial(milestones.shift_milestone, row, steps=-1, access=access) for row in rows]
    calls += [partial(milestones.order_milestones, plan, ids, access=access) for ids in orders]
    calls += [partial(milestones.add_milestone, plan, access=access, description=name) for name in "ef"]
    assert len(calls) == EIGHT
    errors = at_once(calls)
    assert {getattr(error, "code", error) for error in errors} <= {"milestones_changed"}
    assert sorted(told(plan)) == list("abcdef")


@pytest.mark.django_db(transaction=True)
def test_of_eight_plans_started_at_once_one_is_active(therapist, patient):
    plans = [make_plan(patient, therapist) for _ in range(EIGHT)]
    access = access_for(therapist, patient)
    errors = at_once([partial(activate_plan, plan, revision=1, access=access) for plan in plans])
    assert [error.code for error in errors] == ["another_plan_active"] * 7
    assert PlanMilestone.objects.count() == 0
    assert sum(plan.versions.count() for plan in plans) == 1
