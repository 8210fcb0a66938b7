"""API endpoints for the consent log and signing links."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.consent.services.decisions import record_consent
from accounts.models import ConsentEntry, ConsentRequest, OutgoingMail
from accounts.tests.factories import PASSWORD, BreakGlassFactory, CareFactory, ConsentFactory, access_for
from audit.models import AuditEvent

TYPES = {"types": ["recording", "ai_processing"]}


def consents(patient):
    return f"/api/v1/patients/{patient.pk}/consents"


def request_path(patient):
    return f"{consents(patient)}/request"


def test_an_entry_says_who_signed_when_and_before_whom(therapist, patient, api_for):
    signed = timezone.now() - timedelta(days=2)
    body = {
        "types": ["billing"],
        "status": "granted",
        "method": "written",
        "signed_at": signed.isoformat(),
        "signer_role": "guardian",
        "signer_name": "Gerda",
        "witness_name": "Wim",
    }
    answer = api_for(therapist).post(consents(patient), body, format="json")
    entry = answer.json()["results"][0]
    assert answer.status_code == 201
    assert (entry["signer_role"], entry["signer_name"], entry["witness_name"]) == ("guardian", "Gerda", "Wim")
    assert ConsentEntry.objects.get(pk=entry["id"]).signed_at == signed


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"status": "expired"}, 400, "status"),
        ({"method": "electronic"}, 400, "method"),
        ({"signer_role": "guardian"}, 400, "signer_name"),
        ({"signed_at": "2150-01-01T00:00:00Z"}, 400, "signed_at"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, 400, "expires_at"),
        ({"status": "revoked"}, 409, None),
    ],
)
def test_a_decision_that_cannot_be_is_refused(therapist, patient, api_for, change, status, field):
    body = {"types": ["billing"], "status": "granted", "method": "verbal", **change}
    answer = api_for(therapist).post(consents(patient), body, format="json")
    assert answer.status_code == status
    assert field is None or list(answer.json()["errors"]) == [field]
    assert not ConsentEntry.objects.filter(consent_type="billing").exists()


def test_patients_read_their_own_consent_log(therapist, patient, api_for):
    patient.email = "canary@example.org"
    patient.set_password(PASSWORD)
    patient.save()
    record_consent(access_for(therapist, patient), ["recording"], "granted", "written", signer_name="Canary Bird")
    rows = api_for(patient).get(consents(patient)).json()["results"]
    assert [row["signer_name"] for row in rows] == ["Canary Bird", None, None]
    assert "ip" not in rows[0]
    other = CareFactory(therapist=therapist).patient
    assert api_for(patient).get(consents(other)).status_code == 404
    assert api_for(patient).post(request_path(patient), TYPES, format="json").status_code == 403


def test_the_consent_log_comes_in_pages_of_the_same_cost(therapist, patient, api_for):
    device = api_for(therapist)
    device.get(consents(patient))

    def read(address):
        with CaptureQueriesContext(connection) as captured:
            answer = device.get(address)
        assert answer.status_code == 200
        return answer.json(), len(captured)

    _, few = read(consents(patient))
    for _ in range(40):
        ConsentFactory(patient=patient, signer_name="Sig", witness_name="Wit", recorded_by=therapist)
    first, cost = read(consents(patient))
    counted = few + 1  # a first page that is all need not be counted
    assert (len(first["results"]), cost) == (20, counted)
    seen, following = [row["id"] for row in first["results"]], first["next"]
    while following:
        page, cost = read(following)
        seen += [row["id"] for row in page["results"]]
        following = page["next"]
        assert cost == counted
    assert len(seen) == len(set(seen)) == 42
    row = AuditEvent.objects.filter(action="consent.listed").latest("id")
    assert len(row.ids) == 2


def test_asking_answers_with_the_link_and_can_be_revoked(therapist, patient, api_for):
    patient.profile.email = "canary@example.org"
    patient.profile.save()
    device = api_for(therapist)
    answer = device.post(request_path(patient), TYPES, format="json")
    made = answer.json()
    assert (answer.status_code, made["types"]) == (201, TYPES["types"])
    assert OutgoingMail.objects.get().to == "canary@example.org"
    path = "/sign/" + made["link"].rpartition("/")[2]
    assert device.get(path).status_code == 200
    one = f"{request_path(patient)}/{made['id']}"
    assert [device.delete(one).status_code for _ in range(2)] == [204, 409]
    assert device.get(path).status_code == 404
    actions = AuditEvent.objects.filter(patient_id=patient.pk, action__startswith="consent_request", actor=therapist)
    assert sorted(actions.values_list("action", flat=True)) == ["consent_request.revoked", "consent_request.sent"]


def test_asking_with_a_key_happens_once(therapist, patient, api_for):
    device = api_for(therapist)
    headers = {"Idempotency-Key": "ask-1"}
    answers = [device.post(request_path(patient), TYPES, format="json", headers=headers).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert ConsentRequest.objects.count() == 1


@pytest.mark.parametrize("body", [{}, {"types": []}, {"types": ["sleep"]}, {**TYPES, "patient": "x"}])
def test_a_malformed_question_is_400(therapist, patient, api_for, body):
    assert api_for(therapist).post(request_path(patient), body, format="json").status_code == 400


def test_strangers_and_emergency_readers_ask_nothing(patient, therapist, other_therapist, foreign_therapist, api_for):
    made = api_for(therapist).post(request_path(patient), TYPES, format="json").json()
    one = f"{request_path(patient)}/{made['id']}"
    BreakGlassFactory(patient=patient, therapist=other_therapist)
    for person, status in ((other_therapist, 403), (foreign_therapist, 404)):
        device = api_for(person)
        assert device.post(request_path(patient), TYPES, format="json").status_code == status
        assert device.delete(one).status_code == status
        assert AuditEvent.objects.filter(actor=person, outcome="denied").count() == 2
    assert ConsentRequest.objects.open().count() == 1


def test_a_link_is_revoked_under_its_own_patient_only(therapist, patient, api_for):
    device, other = api_for(therapist), CareFactory(therapist=therapist).patient
    made = device.post(request_path(patient), TYPES, format="json").json()
    assert device.delete(f"{request_path(other)}/{made['id']}").status_code == 404
    assert ConsentRequest.objects.open().count() == 1
