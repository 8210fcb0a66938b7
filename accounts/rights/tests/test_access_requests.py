"""Patients' requests about their record."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRequest, OutgoingMail
from accounts.rights.services import requests
from accounts.tests.factories import AdminFactory, BreakGlassFactory, CareFactory, PatientFactory, access_for
from audit.models import AuditEvent
from therapybridge.core.errors import Conflict

PAGE = "/account/requests"
ASK = {"kind": "correct", "details": "My birthday is wrong."}
KINDS = ["view", "download", "correct", "delete", "restrict", "portability"]


def api_of(patient):
    return f"/api/v1/patients/{patient.pk}/access-requests"


def handle_page(asked):
    return f"/patients/{asked.patient_id}/access/{asked.pk}"


def verb(asked, name):
    return f"/api/v1/access-requests/{asked.pk}/{name}"


def trail(action):
    return AuditEvent.objects.filter(action=action).values_list("outcome", flat=True)


def handle(asked, therapist, status, answer=""):
    requests.handle_access_request(asked, access=access_for(therapist, asked.patient), status=status, answer=answer)


@pytest.fixture
def patient(patient):
    patient.email = "someone@example.org"
    patient.save()
    return patient


@pytest.fixture
def asked(patient):
    return requests.create_access_request(access_for(patient, patient), **ASK)


@pytest.mark.parametrize("kind", KINDS)
def test_a_patient_asks_and_has_an_answer_within_30_days(client_for, patient, kind):
    browser = client_for(patient)
    answer = browser.post(PAGE, {"kind": kind, "details": "Please."})
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    asked = AccessRequest.objects.get()
    assert (asked.kind, asked.details, asked.status) == (kind, "Please.", "received")
    assert asked.due_at - asked.created_at > timedelta(days=29, hours=23)
    assert "Please." in browser.get(PAGE).content.decode()
    row = AuditEvent.objects.get(action="access_request.created")
    assert (row.actor_id, row.patient_id, row.target_id) == (patient.pk, patient.pk, asked.pk)
    assert list(trail("access_request.listed")) == ["ok"]


def test_the_api_takes_a_request_once_a_key(api_for, patient):
    device = api_for(patient)
    answers = [device.post(api_of(patient), ASK, format="json", HTTP_IDEMPOTENCY_KEY="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [row["details"] for row in device.get(api_of(patient)).json()["results"]] == [ASK["details"]]


def test_the_therapists_are_told(therapist, asked):
    email = OutgoingMail.objects.get()
    assert email.to == therapist.email
    assert ASK["details"] not in (email.text or "")


@pytest.mark.parametrize("body", [{"kind": ""}, {"kind": "sleep"}, {"kind": "view", "details": "x" * 4001}])
def test_a_wrong_request_is_not_taken(client_for, api_for, patient, body):
    assert client_for(patient).post(PAGE, body).status_code == 422
    assert api_for(patient).post(api_of(patient), body, format="json").status_code == 400
    assert not AccessRequest.objects.exists()


def test_the_therapists_are_not_flooded_with_emails(client_for, api_for, patient, still_clock):
    browser = client_for(patient)
    assert [browser.post("/account/requests", ASK).status_code for _ in range(5)] == [302] * 5
    assert browser.post("/account/requests", ASK).status_code == 429
    assert api_for(patient).post(api_of(patient), ASK, format="json").status_code == 429
    assert AccessRequest.objects.count() == 5
    assert OutgoingMail.objects.filter(kind="access_request_made").count() == 5


def test_nobody_asks_for_someone_else(client_for, api_for, therapist, other_therapist, patient):
    assert client_for(therapist).post(PAGE, ASK).status_code == 403
    assert api_for(therapist).post(api_of(patient), ASK, format="json").status_code == 403
    assert api_for(other_therapist).post(api_of(patient), ASK, format="json").status_code == 404
    assert api_for(PatientFactory()).post(api_of(patient), ASK, format="json").status_code == 404
    assert list(trail("access_request.created")) == ["denied"] * 3
    assert not AccessRequest.objects.exists()


def test_a_patient_withdraws_once(client_for, api_for, patient, asked):
    assert client_for(patient).post(f"{PAGE}/{asked.pk}/withdraw").status_code == 302
    asked.refresh_from_db()
    assert (asked.status, asked.closed_at is None, asked.handled_by) == ("withdrawn", False, None)
    answer = api_for(patient).post(verb(asked, "withdraw"))
    assert answer.status_code == 409
    assert list(trail("access_request.withdrawn")) == ["ok"]


def test_another_patients_request_is_not_there(client_for, api_for, asked):
    other = PatientFactory(clinic=asked.patient.clinic)
    assert client_for(other).post(f"{PAGE}/{asked.pk}/withdraw").status_code == 404
    assert api_for(other).post(verb(asked, "withdraw")).status_code == 404
    assert api_for(other).get(api_of(asked.patient)).status_code == 404


@pytest.mark.parametrize("end", ["fulfilled", "denied"])
def test_a_therapist_takes_it_up_and_answers(client_for, therapist, patient, asked, end):
    browser = client_for(therapist)
    OutgoingMail.objects.all().delete()
    back = f"/patients/{patient.pk}/access#request-{asked.pk}"
    assert browser.post(handle_page(asked), {"status": "in_progress"}).headers["Location"] == back
    assert browser.post(handle_page(asked), {"status": end, "answer": "It says 1990 now."}).headers["Location"] == back
    asked.refresh_from_db()
    assert (asked.status, asked.answer, asked.handled_by) == (end, "It says 1990 now.", therapist)
    assert asked.closed_at is not None
    assert {email.to for email in OutgoingMail.objects.all()} == {patient.email}
    assert not any("1990" in (email.text or "") for email in OutgoingMail.objects.all())
    assert "It says 1990 now." in client_for(patient).get(PAGE).content.decode()
    assert list(trail("access_request.in_progress")) == ["ok"]
    assert AuditEvent.objects.get(action=f"access_request.{end}").changed == ["status", "answer"]


@pytest.mark.parametrize("end", ["fulfilled", "denied"])
@pytest.mark.parametrize("answer", ["", "   "])
def test_an_end_needs_an_answer(client_for, api_for, therapist, asked, end, answer):
    body = {"status": end, "answer": answer}
    reply = api_for(therapist).post(verb(asked, "handle"), body, format="json")
    assert (reply.status_code, list(reply.json()["errors"])) == (400, ["answer"])
    page = client_for(therapist).post(handle_page(asked), body, follow=True)
    assert "Tell the patient what was done, or why not." in page.content.decode()
    asked.refresh_from_db()
    assert asked.status == "received"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"status": "denied", "answer": "Because " + "x" * 4000}, "Ensure this value has at most 4000 characters"),
        ({"status": "denied", "answer": "   "}, "Tell the patient what was done, or why not."),
        ({"status": "", "answer": "Because of that."}, "Choose what to do with the request."),
        ({"status": "withdrawn", "answer": "Because of that."}, "Choose what to do with the request."),
    ],
)
def test_an_answer_that_is_refused_comes_back_with_its_text(client_for, therapist, asked, body, told):
    page = client_for(therapist).post(handle_page(asked), body)
    text = page.content.decode()
    assert (page.status_code, text.count(told), text.count("Choose what to do")) == (422, 2, 2 * ("Choose" in told))
    assert body["answer"].strip() in text
    assert f'id="answer-{asked.pk}"' in text
    assert [row.action for row in AuditEvent.objects.filter(actor=therapist, patient_id=asked.patient_id)] == [
        "access.read"
    ]


def test_whoever_is_too_late_is_told_why(client_for, therapist, patient, asked):
    requests.withdraw_access_request(asked, access=access_for(patient, patient))
    page = client_for(therapist).post(handle_page(asked), {"status": "fulfilled", "answer": "Done."})
    assert page.status_code == 422
    assert "This request has already been closed." in page.content.decode()


def test_a_line_break_counts_as_one_character_as_in_the_browser(client_for, therapist, asked):
    lines = "\r\n".join(["x" * 39] * 100)
    assert len(lines.replace("\r\n", "\n")) == 3999
    answer = client_for(therapist).post(handle_page(asked), {"status": "denied", "answer": lines})
    asked.refresh_from_db()
    assert (answer.status_code, asked.answer) == (302, lines.replace("\r\n", "\n"))


@pytest.mark.parametrize("status", ["withdrawn", "received", "lost"])
def test_other_states_are_not_for_therapists(api_for, therapist, asked, status):
    body = {"status": status, "answer": "x"}
    assert api_for(therapist).post(verb(asked, "handle"), body, format="json").status_code == 400


def test_a_closed_request_stays_closed(api_for, therapist, patient, asked):
    requests.withdraw_access_request(asked, access=access_for(patient, patient))
    body = {"status": "fulfilled", "answer": "Done."}
    assert api_for(therapist).post(verb(asked, "handle"), body, format="json").status_code == 409


def test_what_was_taken_up_already_is_not_called_closed(api_for, therapist, asked):
    device, body = api_for(therapist), {"status": "in_progress"}
    answers = [device.post(verb(asked, "handle"), body, format="json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["detail"] == "Work on this request has already started."


def test_of_two_answers_at_once_one_counts(therapist, patient, asked):
    stale = AccessRequest.objects.get(pk=asked.pk)
    handle(asked, therapist, "denied", "No.")
    with pytest.raises(Conflict):
        requests.handle_access_request(
            stale, access=access_for(therapist, asked.patient), status="fulfilled", answer="Yes."
        )


def test_nobody_handles_their_own(api_for, patient, asked):
    body = {"status": "fulfilled", "answer": "Done."}
    assert api_for(patient).post(verb(asked, "handle"), body, format="json").status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessRequest.objects.update(handled_by=patient)


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("foreign", 404), ("holder", 403), ("admin", 403)])
def test_only_who_treats_the_patient_handles(
    client_for, api_for, asked, other_therapist, foreign_therapist, clinic, who, status
):
    people = {"foreign": foreign_therapist, "admin": AdminFactory(clinic=clinic)}
    person = people.get(who, other_therapist)
    if who == "holder":
        BreakGlassFactory(patient=asked.patient, therapist=person)
    body = {"status": "denied", "answer": "No."}
    assert api_for(person).post(verb(asked, "handle"), body, format="json").status_code == status
    assert client_for(person).post(handle_page(asked), body).status_code == status
    assert client_for(person).get(f"/patients/{asked.patient_id}/access").status_code == status
    asked.refresh_from_db()
    assert asked.status == "received"
    assert list(trail("access_request.handled")) == ["denied"] * 2


def test_the_tab_shows_requests_and_is_on_record_once(client_for, therapist, patient, asked):
    AccessRequest.objects.update(due_at=timezone.now() - timedelta(days=1))
    page = client_for(therapist).get(f"/patients/{patient.pk}/access").content.decode()
    assert ASK["details"] in page
    assert "Overdue since" in page
    assert [row.action for row in AuditEvent.objects.filter(actor=therapist, patient_id=patient.pk)] == ["access.read"]
    assert "Access" in client_for(therapist).get(f"/patients/{patient.pk}").content.decode()


def test_a_closed_request_is_not_overdue(therapist, asked):
    AccessRequest.objects.update(due_at=timezone.now() - timedelta(days=1))
    asked.refresh_from_db()
    assert asked.is_overdue
    handle(asked, therapist, "denied", "No.")
    assert not asked.is_overdue


def test_administrators_see_kind_state_and_date_only(client_for, therapist, clinic, asked):
    requests.handle_access_request(
        asked, access=access_for(therapist, asked.patient), status="fulfilled", answer="Done with it."
    )
    stranger = CareFactory().patient
    foreign = requests.create_access_request(access_for(stranger, stranger), kind="view")
    desk = client_for(AdminFactory(clinic=clinic))
    for address in (
        reverse("admin:accounts_accessrequest_changelist"),
        reverse("admin:accounts_accessrequest_change", args=[asked.pk]),
    ):
        page = desk.get(address).content.decode()
        assert "Correct something" in page
        assert "Fulfilled" in page
        assert not any(word in page for word in ("Canary", ASK["details"], "Done with it."))
    assert desk.get(reverse("admin:accounts_accessrequest_change", args=[foreign.pk])).status_code == 404
    assert desk.post(reverse("admin:accounts_accessrequest_change", args=[asked.pk]), {}).status_code == 403
    assert desk.get(reverse("admin:accounts_accessrequest_add")).status_code == 403


def test_the_lists_take_the_same_queries_for_one_and_for_many(client_for, api_for, therapist, patient):
    browser, tab, device = client_for(patient), client_for(therapist), api_for(therapist)
    reads = ((browser, PAGE), (tab, f"/patients/{patient.pk}/access"), (device, api_of(patient)))

    def queries():
        counted = []
        for client, path in reads:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            counted.append(len(seen))
        return counted

    def ask():
        asked = requests.create_access_request(access_for(patient, patient), kind="view")
        handle(asked, therapist, "in_progress")

    ask()
    queries()
    one = queries()
    for _ in range(4):
        ask()
    assert queries() == one
