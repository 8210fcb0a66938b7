"""A POST with an Idempotency-Key happens once."""

import threading
from datetime import timedelta
from typing import NoReturn

import pytest
from django.db import connections
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.care.services import patients
from accounts.models import ConsentEntry, IdempotencyRecord, TherapistPatient, User
from accounts.tests.factories import ClinicFactory, TherapistFactory
from audit.audit_actions import find
from audit.models import AuditEvent
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict
from therapybridge.core.idempotency import fingerprint_of, idempotent

PATIENTS = "/api/v1/patients"
ADA = {"first_name": "Ada", "email": "ada@example.org", "phone": "canary-phone"}


def post(device: APIClient, body: dict = ADA, key: str = "key-1", path: str = PATIENTS):
    return device.post(path, body, format="json", headers={"Idempotency-Key": key})


def test_a_repeat_gets_the_same_answer_and_changes_nothing(therapist, api_for):
    device = api_for(therapist)
    first, again = post(device), post(device)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert User.objects.patients().count() == 1


@pytest.mark.parametrize("end", ["relation", "clinic"])
def test_a_repeat_tells_nothing_once_the_patient_is_somebody_elses(therapist, api_for, end):
    device = api_for(therapist)
    patient = User.objects.get(pk=post(device).json()["id"])
    if end == "relation":
        TherapistPatient.objects.filter(patient=patient).update(is_active=False)
    else:
        User.objects.filter(pk=patient.pk).update(clinic=ClinicFactory())
    answer = post(device)
    assert answer.status_code == 404
    assert "canary-phone" not in answer.content.decode()
    assert AuditEvent.objects.filter(outcome="denied", patient_id=patient.pk).count() == 1


def test_a_repeat_is_on_record_as_reading(therapist, api_for):
    device = api_for(therapist)
    post(device)
    before = AuditEvent.objects.count()
    post(device)
    assert AuditEvent.objects.count() == before + 1
    assert AuditEvent.objects.order_by("id").last().action == "patient.details.read"


NEW_ROWS = {
    "sessions": {"session_date": "2026-03-01T10:00:00Z"},
    "timeline": {"event_type": "goal", "title": "A goal", "event_date": "2026-03-01T10:00:00Z"},
    "disclosures": {
        "recipient": "Dr. Ortiz",
        "what": "All",
        "basis": "law",
        "disclosed_at": "2026-03-01T10:00:00Z",
    },
    "consents": {"types": ["billing"], "status": "granted", "method": "verbal"},
    "consents/request": {"types": ["billing"]},
}


@pytest.mark.parametrize("what", NEW_ROWS)
def test_a_repeat_about_a_patient_leaves_one_row_as_reading(therapist, patient, api_for, what):
    device, body = api_for(therapist), dict(NEW_ROWS[what])
    path = f"/api/v1/patients/{patient.pk}/{what}"
    if what == "sessions":
        path, body["patient"] = "/api/v1/sessions", str(patient.pk)
    first = post(device, body, path=path)
    assert first.status_code == 201, first.content
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    assert post(device, body, path=path).content == first.content
    row = AuditEvent.objects.exclude(pk__in=before).get()
    assert (find(row.action).is_read, row.patient_id, row.outcome) == (True, patient.pk, "ok")


def test_the_order_of_fields_does_not_matter(therapist, api_for):
    device = api_for(therapist)
    post(device)
    assert post(device, dict(reversed(ADA.items()))).status_code == 201


def test_another_body_with_the_same_key_is_422(therapist, api_for):
    device = api_for(therapist)
    post(device)
    answer = post(device, {**ADA, "first_name": "Grace"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")
    assert User.objects.patients().count() == 1


def test_keys_of_other_people_and_routes_are_apart(therapist, other_therapist, api_for):
    post(api_for(therapist))
    assert post(api_for(other_therapist), {"first_name": "Grace"}).status_code == 201
    path = f"{PATIENTS}/{User.objects.patients_visible_to(therapist).get().pk}/consents"
    body = {"types": ["recording"], "status": "granted", "method": "verbal"}
    assert post(api_for(therapist), body, path=path).status_code == 201
    assert post(api_for(therapist), body, path=path).status_code == 201
    assert ConsentEntry.objects.count() == 1


@pytest.mark.parametrize("key", ["", "a" * 101, "two words", "t\u00e4g", "tab\tbed"])
def test_a_malformed_key_is_400(therapist, api_for, key):
    answer = post(api_for(therapist), key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_idempotency_key")
    assert not User.objects.patients().exists()


def test_a_refused_request_frees_its_key(therapist, api_for):
    request = RequestFactory().post(PATIENTS, headers={"Idempotency-Key": "key-1"})
    request.user = therapist

    def refuse() -> NoReturn:
        raise Conflict

    with pytest.raises(Conflict):
        idempotent(request, "patients.create", fingerprint_of(ADA), refuse, before_repeat=None)
    assert not IdempotencyRecord.objects.exists()
    assert post(api_for(therapist)).status_code == 201


def in_progress(therapist: User, since: timedelta) -> IdempotencyRecord:
    record = IdempotencyRecord.objects.create(
        user=therapist, route="patients.create", key="key-1", fingerprint=fingerprint_of(ADA)
    )
    IdempotencyRecord.objects.filter(pk=record.pk).update(created_at=timezone.now() - since)
    return record


def test_a_request_that_is_still_at_work_is_409(therapist, api_for):
    in_progress(therapist, timedelta(minutes=4))
    answer = post(api_for(therapist))
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_progress")
    assert answer.json()["retriable"] is True
    assert answer.headers["Retry-After"] == "2"
    assert not User.objects.patients().exists()


def test_a_crashed_request_blocks_its_key_for_minutes_only(therapist, api_for):
    in_progress(therapist, timedelta(minutes=6))
    assert post(api_for(therapist)).status_code == 201


def test_an_answer_is_remembered_for_a_day(therapist, api_for):
    device = api_for(therapist)
    post(device)
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert post(device, {"first_name": "Grace"}).status_code == 201


def test_a_request_that_was_overtaken_undoes_its_work(therapist, rf):
    request = rf.post(PATIENTS, headers={"Idempotency-Key": "slow"})
    request.user = therapist

    def overtaken_while_acting() -> tuple[int, dict]:
        patients.create_patient(by=Actor(user=therapist), first_name="Ada")
        IdempotencyRecord.objects.all().delete()
        return 201, {}

    with pytest.raises(Conflict):
        idempotent(request, "patients.create", fingerprint_of({}), overtaken_while_acting, before_repeat=None)
    assert not User.objects.patients().exists()


def test_the_kept_answer_is_sealed(therapist, api_for):
    post(api_for(therapist))
    stored = IdempotencyRecord.objects.values_list("body", flat=True).get()
    assert stored.startswith(b"v1.")
    assert b"canary-phone" not in stored


def test_fingerprints_differ_by_fields_and_files():
    bodies = [({},), ({"a": 1},), ({"a": 1}, "f" * 64), ({"a": "1"},)]
    prints = [fingerprint_of(*body) for body in bodies]
    assert len(set(prints)) == 4
    assert {len(one) for one in prints} == {64}
    assert fingerprint_of({"a": "\ud800"})


@pytest.mark.django_db(transaction=True)
def test_of_six_at_once_one_acts(api_for):
    therapist = TherapistFactory()
    devices = [api_for(therapist) for _ in range(6)]
    barrier, answers = threading.Barrier(6), []

    def run(device: APIClient) -> None:
        barrier.wait()
        try:
            answers.append(post(device).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[device]) for device in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert User.objects.patients().count() == 1
