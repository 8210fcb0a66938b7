"""Action items through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import access_for
from audit.models import AuditEvent
from sessions_app.action_items.services.changes import change_item
from sessions_app.models import ActionItem, TherapySession
from sessions_app.notes.services.summaries import approve_summary, withdraw_summary
from therapybridge.core.errors import NotFound

pytestmark = pytest.mark.django_db
Api = Callable[[User], APIClient]


def change(api: APIClient, item: ActionItem, body: dict[str, Any], revision: int = 1) -> Any:
    return api.patch(f"/api/v1/action-items/{item.pk}", body, format="json", headers={"If-Match": f'"{revision}"'})


def listed(api: APIClient, patient: User, **query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = api.get(f"/api/v1/patients/{patient.pk}/action-items", query).json()["results"]
    return rows


def test_an_item_is_ticked_off_and_on_record(api_for: Api, therapist: User, item: ActionItem) -> None:
    answer = change(api_for(therapist), item, {"status": "completed"})
    assert (answer.status_code, answer.json()["status"], answer.headers["ETag"]) == (200, "completed", '"2"')
    assert answer.json()["changed_by_id"] == str(therapist.pk)
    row = AuditEvent.objects.get(action="action_item.changed")
    assert (row.changed, row.patient_id, row.target_id) == (["status"], item.patient_id, item.pk)


def test_whoever_drops_it_says_why(api_for: Api, therapist: User, item: ActionItem) -> None:
    api = api_for(therapist)
    refused = change(api, item, {"status": "abandoned"})
    assert (refused.status_code, "reason" in refused.json()["errors"]) == (400, True)
    dropped = change(api, item, {"status": "abandoned", "reason": "It made the nights worse."})
    assert dropped.json()["reason"] == "It made the nights worse."
    again = change(api, item, {"status": "assigned"}, 2).json()
    assert (again["status"], again["reason"], again["closed_at"]) == ("assigned", None, None)


def test_a_reason_is_for_what_is_dropped_alone(api_for: Api, therapist: User, item: ActionItem) -> None:
    refused = change(api_for(therapist), item, {"status": "completed", "reason": "Because."})
    assert (refused.status_code, "reason" in refused.json()["errors"]) == (400, True)


def test_what_is_closed_has_to_be_opened_first(api_for: Api, therapist: User, item: ActionItem) -> None:
    api = api_for(therapist)
    change(api, item, {"status": "completed"})
    refused = change(api, item, {"assigned_to": "therapist"}, 2)
    assert (refused.status_code, refused.json()["code"]) == (409, "item_closed")


@pytest.mark.parametrize("given", [{"status": "assigned"}, {"assigned_to": "patient"}])
def test_a_change_of_nothing_writes_nothing(
    api_for: Api, therapist: User, item: ActionItem, given: dict[str, str]
) -> None:
    answer = change(api_for(therapist), item, given)
    assert (answer.status_code, answer.headers["ETag"], answer.json()["changed_by_id"]) == (200, '"1"', None)
    assert not AuditEvent.objects.filter(action="action_item.changed").exists()


def test_an_item_that_a_redraft_took_away_meanwhile_is_not_found(therapist: User, item: ActionItem) -> None:
    ActionItem.objects.filter(pk=item.pk).delete()
    with pytest.raises(NotFound):
        change_item(item, revision=1, status="completed", access=access_for(therapist, item.patient))


def test_an_older_revision_is_told_who_changed_it(api_for: Api, therapist: User, item: ActionItem) -> None:
    api = api_for(therapist)
    change(api, item, {"assigned_to": "therapist"})
    refused = change(api, item, {"status": "completed"})
    told = refused.json()
    assert (refused.status_code, told["code"]) == (409, "edit_conflict")
    assert (told["change"]["by"], therapist.full_name in told["detail"]) == (therapist.full_name, True)
    item.refresh_from_db()
    assert told["change"]["at"] == f"{item.updated_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert (item.status, item.assigned_to) == ("assigned", "therapist")
    assert change(api, item, {"status": "in_progress"}, 2).status_code == 200


def test_a_change_names_the_revision_it_builds_on(api_for: Api, therapist: User, item: ActionItem) -> None:
    answer = api_for(therapist).patch(f"/api/v1/action-items/{item.pk}", {"status": "completed"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


def test_the_list_is_filtered(api_for: Api, therapist: User, item: ActionItem) -> None:
    api = api_for(therapist)
    assert [row["id"] for row in listed(api, item.patient, status="assigned,in_progress")] == [str(item.pk)]
    assert listed(api, item.patient, status="completed") == []
    assert listed(api, item.patient, assigned_to="therapist") == []
    assert len(listed(api, item.patient, session=str(item.session_id))) == 1


def test_a_patient_reads_the_steps_of_a_shared_summary_and_no_more_of_them(
    api_for: Api, therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    phone, access = api_for(patient), access_for(therapist, patient)
    assert listed(phone, patient) == []
    approve_summary(session, "We met.", items=[item.pk], access=access)
    (row,) = listed(phone, patient)
    assert set(row) == {"id", "task", "assigned_to", "status", "session_title", "session_date", "closed_at"}
    withdraw_summary(session, access=access)
    assert listed(phone, patient) == []


def test_what_is_added_or_dropped_after_sharing_is_not_told(
    api_for: Api, therapist: User, patient: User, session: TherapySession, item: ActionItem
) -> None:
    phone, access = api_for(patient), access_for(therapist, patient)
    approve_summary(session, "We met.", items=[item.pk], access=access)
    later = ActionItem.objects.create(
        session=session, patient=patient, task="Call", is_for_patient=True, statement="action_items-7"
    )
    assert [row["id"] for row in listed(phone, patient)] == [str(item.pk)]
    approve_summary(session, "We met again.", items=[item.pk, later.pk], access=access)
    assert [row["id"] for row in listed(phone, patient)] == [str(later.pk), str(item.pk)]
    change(api_for(therapist), later, {"status": "abandoned", "reason": "No."})
    assert [row["id"] for row in listed(phone, patient)] == [str(item.pk)]


def test_a_deleted_session_takes_its_items_out_of_sight(
    api_for: Api, therapist: User, session: TherapySession, item: ActionItem
) -> None:
    TherapySession.objects.filter(pk=session.pk).update(deleted_at=session.created_at)
    api = api_for(therapist)
    assert listed(api, item.patient) == []
    assert change(api, item, {"status": "completed"}).status_code == 404


@pytest.mark.parametrize("reader", ["therapist", "patient"])
def test_a_list_of_many_needs_no_more_queries_than_a_list_of_one(
    api_for: Api, therapist: User, patient: User, session: TherapySession, item: ActionItem, reader: str
) -> None:
    approve_summary(session, "We met.", items=[item.pk], access=access_for(therapist, patient))
    api = api_for({"therapist": therapist, "patient": patient}[reader])
    listed(api, patient)
    with CaptureQueriesContext(connection) as one:
        listed(api, patient)
    for number in range(5):
        ActionItem.objects.create(
            session=session, patient=patient, task="x", statement=str(number), is_for_patient=True
        )
    every = [row.pk for row in session.action_items.all()]
    approve_summary(session, "We met.", items=every, access=access_for(therapist, patient))
    with CaptureQueriesContext(connection) as many:
        assert len(listed(api, patient)) == 6
    assert len(many) == len(one)
