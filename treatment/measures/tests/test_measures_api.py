"""Questionnaires through the API: given out, filled in, withdrawn."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import access_for
from audit.models import AuditEvent
from sessions_app.models import RiskReview
from treatment.measures.services.withdrawing import withdraw_result
from treatment.measures.tests.factories import all_answered, as_sent, assigned, taken
from treatment.models import MeasureAssignment, MeasureResult
from treatment.signals import measure_taken, measure_withdrawn

pytestmark = pytest.mark.django_db


def send(api: Any, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    return api.post(f"/api/v1/{path}", body or {}, format="json", headers=headers)


def filled(key: str = "gad-7", value: int = 1, **more: Any) -> dict[str, Any]:
    return {"instrument": key, "answers": as_sent(all_answered(key, value)), **more}


def test_a_therapist_records_answers_and_the_score_follows(api_for, therapist, patient):
    answer = send(api_for(therapist), f"patients/{patient.pk}/measures", filled(value=2))
    found = answer.json()
    assert answer.status_code == 201
    assert (found["total"], found["band"], found["prorated"]) == (14, "moderate", False)
    assert found["answers"][0] == {"item": 1, "value": 2}
    assert (found["filled_by"], found["taken_date"]) == ("therapist", patient.clinic_day.isoformat())
    row = AuditEvent.objects.get(action="measure.taken")
    assert (row.patient_id, str(row.target_id), row.changed) == (patient.pk, found["id"], [])


def test_of_a_licensed_questionnaire_only_the_total_is_taken(api_for, therapist, patient):
    api, path = api_for(therapist), f"patients/{patient.pk}/measures"
    answer = send(api, path, {"instrument": "bdi-ii", "total": 21})
    assert (answer.status_code, answer.json()["band"], answer.json()["answers"]) == (201, "moderate", [])
    for wrong in ({"total": 64}, {}, {"answers": [{"item": 1, "value": 1}]}):
        assert send(api, path, {"instrument": "bdi-ii", **wrong}).status_code == 400
    assert send(api, path, filled(total=3)).status_code == 400
    assert MeasureResult.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"taken_date": "2100-01-01"},
        {"taken_date": "1980-01-01"},
        {"session": "01890000-0000-7000-8000-000000000000"},
        {"answers": [{"item": 1, "value": 1}, {"item": 1, "value": 0}]},
        {"answers": [{"item": 8, "value": 1}]},
        {"answers": []},
        {"sent_key": "link:abc"},
        {"instrument": "hamilton"},
    ],
)
def test_what_cannot_be_is_refused(api_for, therapist, patient, wrong):
    assert send(api_for(therapist), f"patients/{patient.pk}/measures", filled() | wrong).status_code == 400
    assert not MeasureResult.objects.exists()


def test_a_questionnaire_waits_once_until_it_is_filled_in(api_for, therapist, patient):
    api, path = api_for(therapist), f"patients/{patient.pk}/measure-assignments"
    body = {"instrument": "gad-7", "due_date": patient.clinic_day.isoformat()}
    first = send(api, path, body).json()
    assert (first["status"], first["is_overdue"]) == ("open", False)
    again = send(api, path, body)
    assert (again.status_code, again.json()["code"]) == (409, "measure_already_assigned")
    result = send(api, f"patients/{patient.pk}/measures", filled()).json()
    assert result["assignment_id"] == first["id"]
    assert send(api, path, body).status_code == 201


def test_a_patient_answers_what_waits_and_reads_it_in_fewer_fields(api_for, therapist, patient):
    waiting = assigned(therapist, patient, "gad-7")
    api = api_for(patient)
    answer = send(api, f"measure-assignments/{waiting.pk}/answers", {"answers": as_sent(all_answered("gad-7", 3))})
    assert answer.status_code == 201
    own = answer.json()
    assert (own["plain_name"], own["total"], own["highest"]) == ("Anxiety questionnaire", 21, 21)
    assert "severe" not in answer.content.decode()
    assert not {"band", "subscales", "entered_by_id"} & own.keys()
    assert api.get(f"/api/v1/measures/{own['id']}").json() == own
    assert api.get(f"/api/v1/patients/{patient.pk}/measures").json()["results"] == [own]
    again = send(api, f"measure-assignments/{waiting.pk}/answers", {"answers": as_sent(all_answered("gad-7", 3))})
    assert (again.status_code, again.json()["code"]) == (409, "measure_not_open")


def test_what_is_sent_twice_with_one_key_counts_once(api_for, therapist, patient):
    waiting = assigned(therapist, patient, "gad-7")
    api, path = api_for(patient), f"measure-assignments/{waiting.pk}/answers"
    body = {"answers": as_sent(all_answered("gad-7", 1)), "sent_key": "from-my-phone"}
    first, second = send(api, path, body), send(api, path, body)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    other = send(api, path, body | {"answers": as_sent(all_answered("gad-7", 2))})
    assert (other.status_code, other.json()["code"]) == (409, "sent_key_used")
    assert MeasureResult.objects.count() == 1


def test_a_key_whose_result_was_withdrawn_brings_it_back_for_nobody(api_for, therapist, patient):
    waiting = assigned(therapist, patient, "gad-7")
    path = f"measure-assignments/{waiting.pk}/answers"
    body = {"answers": as_sent(all_answered("gad-7", 1)), "sent_key": "from-my-phone"}
    send(api_for(patient), path, body)
    withdraw_result(MeasureResult.objects.get(), reason="A mistake.", access=access_for(therapist, patient))
    again = send(api_for(patient), path, body)
    assert (again.status_code, again.json()["code"]) == (409, "measure_withdrawn")


def test_a_repeat_with_its_key_returns_the_first_response(api_for, therapist, patient):
    api, path = api_for(therapist), f"patients/{patient.pk}/measures"
    first, second = (send(api, path, filled(), **{"Idempotency-Key": "a-key"}) for _ in range(2))
    assert first.json() == second.json()
    assert MeasureResult.objects.count() == 1


def test_a_mistake_is_withdrawn_with_a_reason_and_waits_again(api_for, therapist, patient):
    waiting = assigned(therapist, patient, "gad-7")
    result = taken(therapist, patient)
    api, path = api_for(therapist), f"measures/{result.pk}/withdraw"
    assert send(api, path, {"reason": "x"}).status_code == 400
    gone = send(api, path, {"reason": "It was about somebody else."}).json()
    assert (gone["withdrawn_by_id"], gone["withdrawal_reason"]) == (str(therapist.pk), "It was about somebody else.")
    waiting.refresh_from_db()
    assert waiting.status == "open"
    again = send(api, path, {"reason": "It was about somebody else."})
    assert (again.status_code, again.json()["code"]) == (409, "measure_withdrawn")
    own = api_for(patient)
    assert own.get(f"/api/v1/measures/{result.pk}").status_code == 404
    assert own.get(f"/api/v1/patients/{patient.pk}/measures").json()["results"] == []
    assert taken(therapist, patient).assignment_id == waiting.pk


def test_what_was_withdrawn_waits_no_second_time_beside_another(therapist, patient):
    first = assigned(therapist, patient, "gad-7")
    result = taken(therapist, patient)
    second = assigned(therapist, patient, "gad-7")
    withdraw_result(result, reason="It was a mistake.", access=access_for(therapist, patient))
    first.refresh_from_db()
    assert (first.status, MeasureAssignment.objects.open().get()) == ("cancelled", second)


def test_what_was_filled_in_is_not_cancelled(api_for, therapist, patient):
    waiting = assigned(therapist, patient, "gad-7")
    result = taken(therapist, patient)
    refused = send(api_for(therapist), f"measure-assignments/{waiting.pk}/cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "measure_not_open")
    waiting.refresh_from_db()
    assert waiting.status == "completed"
    MeasureAssignment.objects.filter(pk=waiting.pk).update(status="cancelled")
    withdraw_result(result, reason="It was a mistake.", access=access_for(therapist, patient))
    waiting.refresh_from_db()
    assert waiting.status == "cancelled"


def test_what_is_cancelled_takes_no_answers(api_for, therapist, patient):
    waiting = assigned(therapist, patient, "gad-7")
    assert send(api_for(therapist), f"measure-assignments/{waiting.pk}/cancel").json()["status"] == "cancelled"
    assert send(api_for(therapist), f"measure-assignments/{waiting.pk}/cancel").status_code == 409
    path, body = f"measure-assignments/{waiting.pk}/answers", {"answers": as_sent(all_answered("gad-7", 3))}
    assert send(api_for(patient), path, body).status_code == 404
    assert send(api_for(therapist), path, body).status_code == 409
    assert not MeasureResult.objects.exists()


def test_questionnaires_are_listed_with_their_licence_and_shown_with_their_items(api_for, patient):
    api = api_for(patient)
    found = {one["key"]: one for one in api.get("/api/v1/instruments").json()["results"]}
    assert found["bdi-ii"]["is_entry_only"]
    assert {key: (one["lowest"], one["highest"]) for key, one in found.items() if key in {"phq-9", "who-5"}} == {
        "phq-9": (0, 27),
        "who-5": (0, 100),
    }
    assert all(one["licence"] and one["source"] for one in found.values())
    whole = api.get("/api/v1/instruments/phq-9").json()
    assert (len(whole["items"]), whole["options"][0], whole["most_missing"]) == (
        9,
        {"value": 0, "label": "Not at all"},
        2,
    )
    assert api.get("/api/v1/instruments/hamilton").status_code == 404
    assert api.get("/api/v1/instruments/bdi-ii").json()["items"] == []


@pytest.mark.parametrize("path", ["measures", "measure-assignments", "measure-schedules"])
def test_a_long_list_takes_no_more_queries_than_a_short_one(api_for, therapist, patient, path):
    api, address = api_for(therapist), f"/api/v1/patients/{patient.pk}/{path}"

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert api.get(address).status_code == 200
        return len(captured)

    def add(number: int) -> None:
        for _ in range(number):
            assigned(therapist, patient, "gad-7")
            taken(therapist, patient)

    add(1)
    queries()
    few = queries()
    add(6)
    assert queries() == few


def test_no_review_is_opened_by_a_zero(therapist, patient):
    taken(therapist, patient, "phq-9", 0)
    assert not RiskReview.objects.exists()


def test_due_dates_are_from_today_on(api_for, therapist, patient):
    today, path = patient.clinic_day, f"patients/{patient.pk}/measure-assignments"
    for day in (today - timedelta(days=1), today + timedelta(days=367)):
        body = {"instrument": "phq-9", "due_date": day.isoformat()}
        assert send(api_for(therapist), path, body).status_code == 400
    entry_only = {"instrument": "bai", "due_date": today.isoformat()}
    assert send(api_for(therapist), path, entry_only).status_code == 400


def test_each_result_and_each_withdrawal_is_signalled_once_on_commit(
    therapist, patient, django_capture_on_commit_callbacks
):
    heard: list[tuple[str, bool]] = []

    def hear(sender: object, result: MeasureResult, signal: object, **kwargs: Any) -> None:
        heard.append((result.instrument, result.withdrawn_at is not None))

    for signal in (measure_taken, measure_withdrawn):
        signal.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            result = taken(therapist, patient)
            assert heard == []
        assert heard == [("gad-7", False)]
        with django_capture_on_commit_callbacks(execute=True):
            withdraw_result(result, reason="It was a mistake.", access=access_for(therapist, patient))
    finally:
        for signal in (measure_taken, measure_withdrawn):
            signal.disconnect(hear)
    assert heard == [("gad-7", False), ("gad-7", True)]


def test_a_result_is_not_saved_again(therapist, patient):
    with pytest.raises(TypeError):
        taken(therapist, patient).save()
