"""What a plan holds at most, and moving a goal that somebody else has moved."""

import pytest

from accounts.tests.factories import access_for
from therapybridge.core.errors import Conflict, InvalidInput
from treatment.goals.models import Goal
from treatment.goals.services import changes, endings
from treatment.goals.tests.factories import make_goal, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(therapist, patient):
    return make_plan(patient, therapist)


@pytest.fixture
def access(therapist, patient):
    return access_for(therapist, patient)


def test_replacing_goals_does_not_pass_the_most_that_a_plan_holds(plan, access):
    goals = [make_goal(plan) for _ in range(changes.MAX_GOALS)]
    said = {"wording": "Take the tram", "term": "long_term", "reason": "The bus was cancelled."}
    with pytest.raises(InvalidInput, match="up to 100 goals"):
        endings.replace_goal(goals[0], revision=1, access=access, **said)
    assert Goal.objects.count() == changes.MAX_GOALS


def test_a_step_of_a_goal_that_was_moved_elsewhere_is_a_conflict(plan, access):
    top, moved = make_goal(plan), make_goal(plan, term="short_term")
    read = Goal.objects.select_related("plan").get(pk=moved.pk)
    read.parent_id = top.pk  # as it stood when the page was read
    with pytest.raises(Conflict):
        changes.step_goal(read, revision=9, access=access, down=True)
