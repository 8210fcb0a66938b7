"""Risk reviews by the API: listed, read, acknowledged, handed over and closed, on top of what was read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail
from accounts.tests.factories import CareFactory, TherapistFactory
from audit.models import AuditEvent
from sessions_app.models import RiskReview
from sessions_app.notes.tests.notes import drafted_session
from sessions_app.risk.tests.conftest import RISKY

pytestmark = pytest.mark.django_db
CLOSING = {"disposition": "safety_plan", "reason": "We made a safety plan together."}


@pytest.fixture
def device(api_for, therapist):
    return api_for(therapist)


def send(device, review, name, body=None, *, revision=1, **headers):
    address = f"/api/v1/risk-reviews/{review.pk}/{name}"
    return device.post(address, body or {}, format="json", headers={"If-Match": f'"{revision}"', **headers})


def test_it_says_what_was_listed_and_which_revision_it_is(device, review, session, therapist):
    answer = device.get(f"/api/v1/risk-reviews/{review.pk}")
    shown = answer.json()
    assert (answer.headers["ETag"], shown["status"], shown["owner_id"]) == ('"1"', "open", str(therapist.pk))
    assert [(hit["type"], hit["segments"]) for hit in shown["seen"]] == [("suicidal_ideation", [1])]
    assert "lines" not in shown["seen"][0]
    assert [entry["kind"] for entry in shown["history"]] == ["opened"]


def test_it_is_acknowledged_then_closed_and_never_again(device, review, therapist):
    acknowledged = send(device, review, "acknowledge").json()
    assert (acknowledged["status"], acknowledged["acknowledged_by_id"]) == ("acknowledged", str(therapist.pk))
    assert send(device, review, "acknowledge", revision=2).json()["code"] == "already_acknowledged"
    closed = send(device, review, "dispose", CLOSING, revision=2)
    assert (closed.json()["status"], closed.json()["reason"]) == ("disposed", CLOSING["reason"])
    assert closed.headers["ETag"] == '"3"'
    again = send(device, review, "dispose", CLOSING, revision=3)
    assert (again.status_code, again.json()["code"]) == (409, "review_closed")


def test_a_change_names_what_it_builds_on(device, review):
    address = f"/api/v1/risk-reviews/{review.pk}/dispose"
    assert device.post(address, CLOSING, format="json").status_code == 428
    stale = send(device, review, "dispose", CLOSING, revision=7)
    assert (stale.status_code, stale.json()["code"]) == (409, "edit_conflict")
    assert RiskReview.objects.get().status == "open"


def test_a_repeat_with_its_key_gets_the_first_answer(device, review):
    key = {"Idempotency-Key": "once"}
    first = send(device, review, "dispose", CLOSING, **key)
    again = send(device, review, "dispose", CLOSING, **key)
    assert (again.status_code, again.json()) == (200, first.json())
    assert review.history.filter(kind="disposed").count() == 1
    assert AuditEvent.objects.order_by("id").last().action == "risk_review.read"


@pytest.mark.parametrize(
    "change",
    [
        {"disposition": "low_risk"},
        {"disposition": ""},
        {"reason": ""},
        {"reason": " " * 20},
        {"reason": "\u200b" * 20},
        {"reason": "\u2060\u3164\ufe0f" * 9},
        {"reason": "Seen.\x00 Spoken about."},
        {"reason": "x" * 4001},
        {"reason": None},
        {"status": "x"},
    ],
)
def test_a_disposition_is_one_of_ours_with_a_reason(device, review, change):
    assert send(device, review, "dispose", CLOSING | change).status_code == 400
    assert RiskReview.objects.get().status == "open"


def test_it_is_handed_over_to_somebody_who_treats_the_patient(device, review, patient, other_therapist):
    refused = send(device, review, "hand-over", {"owner": str(other_therapist.pk)})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["owner"])
    colleague = TherapistFactory(clinic=patient.clinic)
    CareFactory(therapist=colleague, patient=patient)
    send(device, review, "acknowledge")
    shown = send(device, review, "hand-over", {"owner": str(colleague.pk)}, revision=2).json()
    assert (shown["owner_id"], shown["status"], shown["acknowledged_at"]) == (str(colleague.pk), "open", None)
    assert shown["history"][-1]["to_id"] == str(colleague.pk)
    assert [mail.to for mail in OutgoingMail.objects.filter(kind="risk_review_handed_over")] == [colleague.email]


def test_the_list_filters_and_takes_one_query_however_long(device, api_for, review, patient, therapist):
    def listed(query=""):
        answer = device.get(f"/api/v1/risk-reviews{query}")
        assert answer.status_code == 200
        return [row["id"] for row in answer.json()["results"]]

    listed()
    with CaptureQueriesContext(connection) as few:
        assert listed() == [str(review.pk)]
    others = [RiskReview.objects.get(session=drafted_session(therapist, patient, RISKY)) for _ in range(3)]
    with CaptureQueriesContext(connection) as many:
        assert len(listed()) == 4
    assert len(many) == len(few)
    send(device, review, "dispose", CLOSING)
    assert listed("?status=disposed") == [str(review.pk)]
    assert listed(f"?session={others[0].session_id}") == [str(others[0].pk)]
    assert len(listed(f"?patient={patient.pk}&mine=true")) == 4
    assert listed("?mine=false") == listed("?overdue=true") == []
    assert device.get("/api/v1/risk-reviews?nonsense=1").status_code == 400
