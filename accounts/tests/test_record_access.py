"""Access to a record is checked once per request, and services rely on the result."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.care.access import by_link, open_record_to_write
from accounts.care.services import patients
from accounts.rights.services.requests import create_access_request
from accounts.tests.factories import BreakGlassFactory, CareFactory, access_for
from audit.log import record
from audit.models import AuditEvent
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db
CARE = "accounts_therapistpatient"
GIVEN = {"recipient": "Dr. Ortiz", "what": "Summary", "basis": "law"}
DECISION = {"types": ["billing"], "status": "granted", "method": "verbal"}


@pytest.fixture
def grant(patient, other_therapist):
    return BreakGlassFactory(patient=patient, therapist=other_therapist)


def asked_about_care(act):
    """The number of queries of care relations during `act`."""
    with CaptureQueriesContext(connection) as captured:
        answer = act()
    assert answer.status_code < 400, answer.content
    return sum(CARE in query["sql"] for query in captured)


def test_a_stranger_finds_no_record(patient, other_therapist):
    with pytest.raises(NotFound):
        access_for(other_therapist, patient)
    row = AuditEvent.objects.get(outcome="denied")
    assert (row.actor_id, row.patient_id, row.reason) == (other_therapist.pk, patient.pk, "not_found")


def test_what_happens_on_a_link_is_on_record_in_the_clinic_of_the_patient(patient, grant):
    row = record("emergency.read", grant, by=by_link(Actor(), patient))
    assert (row.actor, row.clinic_id, row.patient_id) == (None, patient.clinic_id, patient.pk)


def test_an_emergency_reads_and_says_why(patient, other_therapist, grant):
    access = access_for(other_therapist, patient)
    assert (access.may_write, access.is_own, access.reader.grants) == (False, False, {patient.pk: grant.pk})
    with pytest.raises(Forbidden):
        open_record_to_write(access.reader, patient.pk, "patient.updated")
    assert AuditEvent.objects.get(outcome="denied").reason == "read_only"


def test_patients_read_their_own_record_and_do_not_write_it(patient):
    access = access_for(patient, patient)
    assert (access.may_write, access.is_own) == (False, True)
    with pytest.raises(Forbidden):
        open_record_to_write(Actor(user=patient), patient.pk, "patient.updated")
    assert AuditEvent.objects.get(outcome="denied").reason == "role"


def test_who_is_assigned_while_an_emergency_lives_writes(patient, other_therapist, grant):
    CareFactory(therapist=other_therapist, patient=patient)
    access = access_for(other_therapist, patient)
    assert (access.may_write, access.reader.grants) == (True, {patient.pk: grant.pk})


def test_the_consent_page_offers_them_what_it_accepts(client_for, patient, other_therapist, grant):
    browser, page = client_for(other_therapist), f"/patients/{patient.pk}/consent"
    assert "Record the decision" not in browser.get(page).content.decode()
    assert browser.post(page, DECISION).status_code == 403
    CareFactory(therapist=other_therapist, patient=patient)
    shown = browser.get(page).content.decode()
    assert all(label in shown for label in ("Record the decision", "Show a QR code", "Withdraw this consent"))
    assert browser.post(page, DECISION).status_code == 302
    assert browser.post(f"{page}/request", {"types": ["recording"]}).status_code == 200


def test_the_pages_of_rights_offer_them_what_they_accept(client_for, patient, other_therapist, grant):
    asked = create_access_request(access_for(patient, patient), kind="view")
    browser, page = client_for(other_therapist), f"/patients/{patient.pk}/access"
    assert browser.get(page).status_code == 403
    CareFactory(therapist=other_therapist, patient=patient)
    assert "Start work" in browser.get(page).content.decode()
    assert browser.post(f"{page}/{asked.pk}", {"status": "in_progress"}).status_code == 302
    assert "has been notified" in browser.get(page).content.decode()
    assert "Record" in browser.get(f"/patients/{patient.pk}/disclosures").content.decode()
    given = GIVEN | {"day": "2026-01-02"}
    assert browser.post(f"/patients/{patient.pk}/disclosures", given).status_code == 302


def test_the_access_to_one_record_is_none_to_another(therapist, patient):
    access = access_for(therapist, CareFactory(therapist=therapist).patient)
    with pytest.raises(Forbidden):
        access.require_write(patient.pk)


def test_a_service_refuses_who_may_only_read(patient, other_therapist, grant):
    with pytest.raises(Forbidden):
        patients.update_patient(access_for(other_therapist, patient), first_name="Robin")
    patient.refresh_from_db()
    assert patient.first_name == "Canary"


@pytest.mark.parametrize(
    ("path", "verb", "body"),
    [
        ("", "patch", {"phone": "1"}),
        ("/consents", "post", DECISION),
        ("/consents/request", "post", {"types": ["recording"]}),
        ("/disclosures", "post", GIVEN | {"disclosed_at": "2026-01-02T10:00:00Z"}),
    ],
)
def test_an_api_that_writes_asks_once_who_treats_the_patient(api_for, therapist, patient, path, verb, body):
    send, url = getattr(api_for(therapist), verb), f"/api/v1/patients/{patient.pk}{path}"
    assert asked_about_care(lambda: send(url, body, format="json")) == 1


def test_to_answer_a_request_asks_once_who_treats_the_patient(api_for, client_for, therapist, patient):
    first, second = (create_access_request(access_for(patient, patient), kind="view") for _ in range(2))
    device, browser, body = api_for(therapist), client_for(therapist), {"status": "in_progress"}
    assert asked_about_care(lambda: device.post(f"/api/v1/access-requests/{first.pk}/handle", body, format="json")) == 1
    assert asked_about_care(lambda: browser.post(f"/patients/{patient.pk}/access/{second.pk}", body)) == 1


@pytest.mark.parametrize(("path", "body"), [("consent", DECISION), ("disclosures", GIVEN | {"day": "2026-01-02"})])
def test_a_page_that_writes_asks_once_who_treats_the_patient(client_for, therapist, patient, path, body):
    browser = client_for(therapist)
    assert asked_about_care(lambda: browser.post(f"/patients/{patient.pk}/{path}", body)) == 1
