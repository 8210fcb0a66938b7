"""Eight devices at once: every rating counts, and a goal is achieved once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from treatment.goals.models import Goal
from treatment.goals.tests.factories import make_goal, make_plan
from treatment.plans.models import TreatmentPlan
from treatment.signals import goal_achieved

pytestmark = pytest.mark.django_db(transaction=True)
DEVICES = 8
Api = Callable[[User], APIClient]


@pytest.fixture
def at_once(api_for: Api, therapist: User) -> Callable[[Callable[[APIClient, int], Any]], list[Any]]:
    """Sends the request of each of eight devices at the same time; their responses, in order."""
    devices = [api_for(therapist) for _ in range(DEVICES)]

    def ask_all(ask: Callable[[APIClient, int], Any]) -> list[Any]:
        ready = Barrier(DEVICES)

        def one(number: int) -> Any:
            try:
                ready.wait(10)
                return ask(devices[number], number)
            finally:
                connection.close()

        with ThreadPoolExecutor(DEVICES) as pool:
            return list(pool.map(one, range(DEVICES)))

    return ask_all


@pytest.fixture
def parts(therapist: User, patient: User) -> list[Goal]:
    """Eight goals below one."""
    top = make_goal(make_plan(patient, therapist))
    return [make_goal(top.plan, top) for _ in range(DEVICES)]


def rate(device: APIClient, goal: Goal, percent: int) -> Any:
    return device.post(f"/api/v1/goals/{goal.pk}/rate", {"percent": percent}, format="json")


def test_of_eight_ratings_of_a_goal_all_are_kept_and_the_highest_counts(at_once: Any, parts: list[Goal]) -> None:
    answers = at_once(lambda device, number: rate(device, parts[0], 10 * number))
    assert {answer.status_code for answer in answers} == {201}
    goal = Goal.objects.get(pk=parts[0].pk)
    assert (goal.progress, goal.ratings.count(), goal.status) == (70, DEVICES, "in_progress")


def test_eight_parts_that_are_completed_at_once_achieve_the_goal_above_once(at_once: Any, parts: list[Goal]) -> None:
    heard: list[Any] = []

    def hear(sender: type, goal: Goal, **kwargs: Any) -> None:
        heard.append(goal.pk)

    goal_achieved.connect(hear)
    answers = at_once(lambda device, number: rate(device, parts[number], 100))
    goal_achieved.disconnect(hear)
    assert {answer.status_code for answer in answers} == {201}
    top = Goal.objects.get(pk=parts[0].parent_id)
    assert (top.status, top.progress) == ("achieved", 100)
    assert sorted(heard) == sorted([top.pk, *(part.pk for part in parts)])


def test_of_eight_changes_on_one_revision_one_is_made(at_once: Any, parts: list[Goal]) -> None:
    address, headers = f"/api/v1/goals/{parts[0].pk}", {"If-Match": '"1"'}
    answers = at_once(
        lambda device, number: device.patch(address, {"wording": f"Way {number}"}, format="json", headers=headers)
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert TreatmentPlan.objects.get().goals.get(pk=parts[0].pk).revision == 2
