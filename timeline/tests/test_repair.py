"""An event that cannot be repaired keeps no other one from being repaired, of whatever kind."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db.models.signals import pre_save

from accounts.tests.factories import access_for
from therapybridge.core.batches import RowsFailed
from therapybridge.core.crypto import DecryptionError
from timeline.models import TimelineEvent
from timeline.tasks import reconcile
from timeline.tests.factories import make_session
from treatment.goals.services.changes import create_goal
from treatment.plans.tests.factories import make_active_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken() -> Iterator[Callable[[UUID], None]]:
    """Makes the event of a row fail, as a value does that cannot be read."""
    rows = set()

    def fail(instance: TimelineEvent, **kwargs: Any) -> None:
        if instance.related_entity_id in rows:
            raise DecryptionError

    pre_save.connect(fail, TimelineEvent)
    yield rows.add
    pre_save.disconnect(fail, TimelineEvent)


def test_all_others_are_repaired_and_the_task_fails(therapist, patient, broken):
    sessions = [make_session(patient, therapist, day=day) for day in range(3)]
    goal = create_goal(
        make_active_plan(patient, therapist),
        access=access_for(therapist, patient),
        term="long_term",
        wording="Take the bus alone",
    )
    broken(sessions[0].pk)
    with pytest.raises(RowsFailed) as told:
        reconcile()
    assert (told.value.done, told.value.failed) == (4, 1)  # the start of the plan is one
    of_rows = set(TimelineEvent.objects.values_list("related_entity_id", flat=True))
    assert of_rows >= {sessions[1].pk, sessions[2].pk, goal.pk}
    assert sessions[0].pk not in of_rows
