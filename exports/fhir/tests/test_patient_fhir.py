"""A whole record as FHIR: for whom, how much of it, and what it leaves behind."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccessRequest, PatientProfile
from accounts.tests.factories import BreakGlassFactory
from audit.models import AuditEvent
from exports.builders.tests.fhir_schema import errors_of, parsed
from exports.fhir import services
from sessions_app.models import PrivateNote
from timeline.tests.factories import make_event, make_events, make_session
from treatment.measures.tests.factories import taken

pytestmark = pytest.mark.django_db


def path(patient):
    return f"/api/v1/patients/{patient.pk}/fhir"


def test_a_therapist_who_treats_the_patient_reads_a_bundle_and_this_is_audited(api_for, therapist, patient):
    answer = api_for(therapist).get(path(patient))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/fhir+json")
    whole = answer.json()
    assert [error for one in whole["entry"] for error in errors_of(one["resource"])] == []
    assert parsed({**whole, "entry": []}).type == "collection"
    assert whole["entry"][0]["resource"]["id"] == str(patient.pk)
    event = AuditEvent.objects.get(action="record.read_as_fhir")
    assert (event.actor_id, event.patient_id, event.outcome) == (therapist.pk, patient.pk, "ok")


@pytest.mark.parametrize("accept", ["application/fhir+json", "application/json", "*/*"])
def test_it_is_fhir_whatever_a_client_accepts(api_for, therapist, patient, accept):
    answer = api_for(therapist).get(path(patient), HTTP_ACCEPT=accept)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/fhir+json")


@pytest.mark.parametrize(
    ("kind", "status", "answered"),
    [
        ("download", "received", 403),
        ("download", "in_progress", 200),
        ("portability", "in_progress", 200),
        ("correct", "in_progress", 403),
        ("download", "denied", 403),
    ],
)
def test_patients_read_their_own_by_a_request_for_a_copy_that_was_taken_up(api_for, patient, kind, status, answered):
    AccessRequest.objects.create(patient=patient, kind=kind, status=status, due_at=timezone.now())
    PatientProfile.objects.update_or_create(patient=patient, defaults={"is_part_2": 1})
    answer = api_for(patient).get(path(patient))
    assert answer.status_code == answered
    assert "42CFRPart2" not in answer.content.decode()
    outcomes = AuditEvent.objects.filter(action="record.read_as_fhir").values_list("outcome", flat=True)
    assert list(outcomes) == ["ok" if answered == 200 else "denied"]


def test_the_patient_without_a_request_is_told_to_ask(api_for, patient):
    answer = api_for(patient).get(path(patient))
    assert (answer.status_code, "Ask for a copy" in answer.json()["detail"]) == (403, True)


def test_a_colleague_finds_nothing(api_for, other_therapist, patient):
    assert api_for(other_therapist).get(path(patient)).status_code == 404


def test_a_parameter_that_nobody_knows_is_refused(api_for, therapist, patient):
    assert api_for(therapist).get(path(patient), {"_since": "2026"}).status_code == 400


def test_a_record_under_part_2_is_labelled(api_for, therapist, patient):
    PatientProfile.objects.update_or_create(patient=patient, defaults={"is_part_2": 1})
    whole = api_for(therapist).get(path(patient)).json()
    assert "42CFRPart2" in {one["code"] for one in whole["meta"]["security"]}


def test_a_record_of_many_sessions_is_for_a_worker(api_for, therapist, patient, monkeypatch):
    monkeypatch.setattr(services, "MOST_SESSIONS", 1)
    make_session(patient, therapist)
    assert api_for(therapist).get(path(patient)).status_code == 200
    make_session(patient, therapist, day=1)
    answer = api_for(therapist).get(path(patient))
    assert (answer.status_code, answer.json()["code"]) == (413, "record_too_large")


def test_everything_is_there_but_what_leaves_only_with_an_authorisation(api_for, therapist, patient):
    session = make_session(patient, therapist)
    result = taken(therapist, patient, "gad-7", 2)
    make_event(patient, title="CANARY", is_private=True)
    PrivateNote.objects.create(patient=patient, author=therapist, text="CANARY")
    answer = api_for(therapist).get(path(patient))
    found = {one["resource"]["id"]: one["resource"] for one in answer.json()["entry"]}
    assert found[str(session.pk)]["resourceType"] == "Encounter"
    assert found[str(result.pk)]["resourceType"] == "QuestionnaireResponse"
    assert "70274-6" in answer.content.decode()
    assert "CANARY" not in answer.content.decode()
    [outcome] = [one for one in found.values() if one["resourceType"] == "OperationOutcome"]
    assert [one["code"] for one in outcome["issue"]] == ["suppressed", "suppressed"]
    assert "REDACTED" in {one["code"] for one in answer.json()["meta"]["security"]}


def test_patients_get_no_more_than_what_is_shared_with_them(api_for, therapist, patient):
    AccessRequest.objects.create(patient=patient, kind="view", status="in_progress", due_at=timezone.now())
    make_event(patient, title="CANARY", is_private=True)
    PrivateNote.objects.create(patient=patient, author=therapist, text="CANARY")
    PatientProfile.objects.update_or_create(patient=patient, defaults={"diagnosis": "CANARY", "safety_plan": "CANARY"})
    answer = api_for(patient).get(path(patient))
    assert (answer.status_code, "CANARY" in answer.content.decode()) == (200, False)


def test_it_is_read_sixty_times_an_hour(api_for, therapist, patient, settings):
    settings.LIMITS = settings.LIMITS | {"whole_record": "1/h"}
    device = api_for(therapist)
    assert device.get(path(patient)).status_code == 200
    assert device.get(path(patient)).status_code == 429


def test_queries_do_not_grow_with_the_record(api_for, therapist, patient):
    def fill(number):
        make_session(patient, therapist, day=number)
        make_events(patient, number)
        taken(therapist, patient)

    device = api_for(therapist)
    fill(1)
    device.get(path(patient))
    with CaptureQueriesContext(connection) as few:
        assert device.get(path(patient)).status_code == 200
    for number in range(2, 6):
        fill(number)
    with CaptureQueriesContext(connection) as many:
        assert device.get(path(patient)).status_code == 200
    assert len(many) <= len(few)


def test_emergency_access_lets_nothing_leave(api_for, other_therapist, patient):
    BreakGlassFactory(therapist=other_therapist, patient=patient)
    answer = api_for(other_therapist).get(path(patient))
    assert (answer.status_code, answer.json()["code"]) == (403, "read_only_access")
