"""API endpoints for the current user, patients and consent."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.care.services import patients
from accounts.consent.services import decisions
from accounts.models import ConsentEntry, PatientProfile, TherapistPatient, User
from accounts.tests.factories import (
    AdminFactory,
    CareFactory,
    PatientFactory,
    TherapistFactory,
    access_for,
    end_care,
    give_consents,
)
from audit.models import AuditEvent

ME, PATIENTS = "/api/v1/me", "/api/v1/patients"
ADA = {
    "first_name": "Ada",
    "last_name": "Byron",
    "email": "Ada@Example.org",
    "date_of_birth": "1990-12-10",
    "phone": "+44 20 7946 0000",
    "medical_history": "Migraine.",
    "tags": ["weekly"],
}


def detail(patient: User) -> str:
    return f"{PATIENTS}/{patient.pk}"


def consents(patient: User) -> str:
    return f"{detail(patient)}/consents"


def ids(answer) -> list[str]:
    return [row["id"] for row in answer.json()["results"]]


@pytest.fixture
def patient_user(patient):
    """The patient, with portal access."""
    patient.email = "canary@example.org"
    patient.set_password("correct-horse-battery")
    patient.save()
    return patient


def test_me_changes_names_and_zone_only(therapist, api_for):
    device = api_for(therapist)
    answer = device.patch(ME, {"first_name": "Kim", "time_zone": "Asia/Tokyo"}, format="json")
    assert (answer.status_code, answer.json()["first_name"]) == (200, "Kim")
    therapist.refresh_from_db()
    assert (therapist.first_name, therapist.time_zone) == ("Kim", "Asia/Tokyo")
    row = AuditEvent.objects.get(action="user.updated")
    assert (row.actor_id, sorted(row.changed)) == (therapist.pk, ["first_name", "time_zone"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"time_zone": "Mars/Base"},
        {"first_name": ""},
        {"role": "admin"},
        {"email": "x@example.org"},
        {"clinic": "018f0000-0000-7000-8000-000000000000"},
        {"is_superuser": True},
        [],
    ],
)
def test_me_refuses_everything_else(therapist, api_for, body):
    before = vars(User.objects.get(pk=therapist.pk))
    assert api_for(therapist).patch(ME, body, format="json").status_code == 400
    after = vars(User.objects.get(pk=therapist.pk))
    assert {k: v for k, v in after.items() if k != "_state"} == {k: v for k, v in before.items() if k != "_state"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ME),
        ("patch", ME),
        ("get", PATIENTS),
        ("post", PATIENTS),
        ("get", PATIENTS + "/{id}"),
        ("patch", PATIENTS + "/{id}"),
        ("get", PATIENTS + "/{id}/consents"),
        ("post", PATIENTS + "/{id}/consents"),
    ],
)
def test_anonymous_requests_are_401(patient, method, path):
    answer = getattr(APIClient(), method)(path.format(id=patient.pk), {}, format="json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")


def test_a_therapist_takes_on_a_patient(therapist, api_for):
    answer = api_for(therapist).post(PATIENTS, ADA, format="json")
    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in ADA} == {**ADA, "email": "ada@example.org"}
    patient = User.objects.get(pk=answer.json()["id"])
    assert (patient.role, patient.clinic_id, patient.has_usable_password()) == ("patient", therapist.clinic_id, False)
    assert patient.profile.date_of_birth == "1990-12-10"
    relation = TherapistPatient.objects.get(patient=patient)
    assert (relation.therapist_id, relation.relationship_type, relation.is_active) == (therapist.pk, "primary", True)
    row = AuditEvent.objects.get(action="patient.created")
    assert (row.patient_id, sorted(row.changed)) == (patient.pk, sorted(ADA))
    assert "Migraine" not in str(vars(row))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"first_name": None}, "first_name"),
        ({"email": "no address"}, "email"),
        ({"date_of_birth": "2999-01-01"}, "date_of_birth"),
        ({"date_of_birth": "10.12.1990"}, "date_of_birth"),
        ({"date_of_birth": "1850-01-01"}, "date_of_birth"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"tags": "weekly"}, "tags"),
        ({"last_name": "a\x00b"}, "last_name"),
        ({"role": "admin"}, "role"),
        ({"clinic": "018f0000-0000-7000-8000-000000000000"}, "clinic"),
        ({"therapist": "018f0000-0000-7000-8000-000000000000"}, "therapist"),
        ({"id": "018f0000-0000-7000-8000-000000000000"}, "id"),
    ],
)
def test_a_patient_with_wrong_or_foreign_fields_is_refused(therapist, api_for, change, field):
    body = json.dumps({**ADA, **change})
    answer = api_for(therapist).post(PATIENTS, body, content_type="application/json")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not User.objects.patients().exists()


def test_an_address_on_record_tells_nothing_about_who_else_has_it(
    therapist, foreign_therapist, other_therapist, api_for
):
    device = api_for(therapist)
    for known in (foreign_therapist.email.upper(), other_therapist.email, "nobody@example.org", "nobody@example.org"):
        answer = device.post(PATIENTS, {**ADA, "email": known}, format="json")
        assert (answer.status_code, answer.json()["email"]) == (201, known.lower())
    # What is on record signs nobody in: the address to sign in with comes with an invitation only.
    assert set(User.objects.patients().values_list("email", flat=True)) == {None}


def test_a_therapist_cannot_move_the_address_that_a_patient_signs_in_with(therapist, patient_user, api_for):
    answer = api_for(therapist).patch(detail(patient_user), {"email": "mine@example.org"}, format="json")
    assert answer.json()["email"] == "mine@example.org"
    assert User.objects.get(pk=patient_user.pk).email == "canary@example.org"


def test_search_finds_a_whole_address_on_record(therapist, api_for):
    device = api_for(therapist)
    device.post(PATIENTS, ADA, format="json")
    found = [len(ids(device.get(PATIENTS, {"search": term}))) for term in ("ADA@example.org", "ada@example", "@")]
    assert found == [1, 0, 0]
    assert "ada@example.org" not in str(PatientProfile.objects.values_list("email", "email_index"))


def test_two_patients_without_address_are_welcome(therapist, api_for):
    device = api_for(therapist)
    for body in ({"first_name": "A"}, {"first_name": "B", "email": None}):
        assert device.post(PATIENTS, body, format="json").status_code == 201


def test_the_list_holds_exactly_the_therapists_own_patients(therapist, patient, other_therapist, api_for):
    ended = CareFactory(therapist=therapist)
    end_care(ended)
    CareFactory(therapist=other_therapist)
    CareFactory(therapist=therapist, patient=PatientFactory())  # of another clinic
    answer = api_for(therapist).get(PATIENTS)
    parts = {"results", "next", "next_cursor", "previous", "total_count", "next_updated_since"}
    assert set(answer.json()) == parts
    assert answer.json()["total_count"] == 1
    assert ids(answer) == [str(patient.pk)]
    row = AuditEvent.objects.get(action="patient.listed")
    assert (row.actor_id, row.changed, row.reason, row.patient_id) == (therapist.pk, [], "", None)


def test_pages_follow_each_other_without_gap_or_repeat(therapist, api_for):
    made = [CareFactory(therapist=therapist).patient for _ in range(5)]
    device, seen, page = api_for(therapist), [], f"{PATIENTS}?limit=2"
    for _ in range(3):
        answer = device.get(page)
        seen += ids(answer)
        page = answer.json()["next"]
    assert seen == [str(person.pk) for person in reversed(made)]
    assert page is None


@pytest.mark.parametrize("query", ["cursor=x", "limit=0", "limit=101", "limit=x", "search=%00", "search=" + "x" * 101])
def test_a_malformed_query_is_400(therapist, api_for, query):
    assert api_for(therapist).get(f"{PATIENTS}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("term", "found"),
    [("grace", 1), ("HOPPER", 1), ("gra hop", 1), ("@navy", 1), ("ada", 0), ("%", 0), ("_", 0), ("  ", 2)],
)
def test_search_finds_names_and_addresses_of_own_patients(therapist, other_therapist, api_for, term, found):
    clinic = therapist.clinic
    grace = PatientFactory(clinic=clinic, first_name="Grace", last_name="Hopper", email="grace@navy.example")
    CareFactory(therapist=therapist, patient=grace)
    CareFactory(therapist=therapist, patient=PatientFactory(clinic=clinic, first_name="Alan", last_name="Turing"))
    CareFactory(therapist=other_therapist, patient=PatientFactory(clinic=clinic, first_name="Ada"))
    assert len(ids(api_for(therapist).get(PATIENTS, {"search": term}))) == found


@pytest.mark.parametrize("path", ["patients", "consents"])
def test_lists_cost_the_same_number_of_queries_whatever_their_length(therapist, patient, api_for, path):
    device, url = api_for(therapist), {"patients": PATIENTS, "consents": consents(patient)}[path]
    device.get(url)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert device.get(url).status_code == 200
        return len(captured)

    few = queries()
    for _ in range(12):
        CareFactory(therapist=therapist)
    give_consents(patient)
    assert queries() == few


def test_a_therapist_reads_and_changes_a_patient(therapist, patient, api_for):
    device = api_for(therapist)
    changes = {"last_name": "Wren", "address": "1 Quay", "tags": ["a", "b"], "email": "wren@example.org"}
    answer = device.patch(detail(patient), changes, format="json")
    assert answer.status_code == 200
    shown = device.get(detail(patient)).json()
    assert {name: shown[name] for name in changes} == changes
    assert (answer.json()["address"], shown["first_name"]) == ("1 Quay", "Canary")
    actions = list(AuditEvent.objects.filter(patient_id=patient.pk).order_by("id").values_list("action", "changed"))
    assert actions == [("patient.updated", ["address", "email", "last_name", "tags"]), ("patient.details.read", [])]


def test_null_clears_a_field(therapist, patient, api_for):
    device = api_for(therapist)
    device.patch(detail(patient), {"phone": "1", "date_of_birth": "2000-02-29"}, format="json")
    answer = device.patch(detail(patient), {"phone": None, "date_of_birth": None}, format="json")
    assert (answer.json()["phone"], answer.json()["date_of_birth"]) == (None, None)


def test_a_change_does_not_undo_a_deactivation_that_happened_meanwhile(therapist, patient):
    access = access_for(therapist, patient)
    User.objects.filter(pk=patient.pk).update(is_active=False)
    patients.update_patient(access, first_name="Robin")
    assert not User.objects.get(pk=patient.pk).is_active


@pytest.mark.parametrize(
    "body", [{}, {"role": "admin"}, {"clinic": None}, {"is_active": False}, {"password": "x" * 12}]
)
def test_empty_and_foreign_changes_are_400(therapist, patient, api_for, body):
    assert api_for(therapist).patch(detail(patient), body, format="json").status_code == 400


def test_patients_see_their_own_record_without_the_clinicians_fields(patient_user, api_for):
    device = api_for(patient_user)
    assert ids(device.get(PATIENTS)) == [str(patient_user.pk)]
    shown = device.get(detail(patient_user)).json()
    assert shown["first_name"] == "Canary"
    assert not {"medical_history", "tags"} & set(shown)
    assert len(ids(device.get(consents(patient_user)))) == 2


def test_a_patient_may_not_write(patient_user, api_for):
    device = api_for(patient_user)
    consent = {"types": ["recording"], "status": "revoked", "method": "verbal"}
    answers = [
        device.post(PATIENTS, ADA, format="json"),
        device.patch(detail(patient_user), {"first_name": "X"}, format="json"),
        device.post(consents(patient_user), consent, format="json"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(403, "forbidden")] * 3
    assert AuditEvent.objects.filter(outcome="denied", reason="role", actor=patient_user).count() == 3
    assert ConsentEntry.objects.count() == 2


def test_clinic_staff_see_no_patient(patient, api_for):
    device = api_for(AdminFactory(clinic=patient.clinic))
    assert ids(device.get(PATIENTS)) == []
    assert device.post(PATIENTS, ADA, format="json").status_code == 403
    assert device.get(detail(patient)).status_code == 404


def ended_therapist(patient: User) -> User:
    relation = CareFactory(patient=patient, therapist=TherapistFactory(clinic=patient.clinic))
    return end_care(relation).therapist


def moved_therapist(patient: User) -> User:
    """A therapist who moved to another clinic, with a relation left behind."""
    return CareFactory(patient=patient, therapist=TherapistFactory()).therapist


STRANGERS = {
    "without relation": lambda patient: TherapistFactory(clinic=patient.clinic),
    "ended": ended_therapist,
    "another clinic": lambda patient: CareFactory().therapist,
    "moved": moved_therapist,
    "other patient": lambda patient: PatientFactory(clinic=patient.clinic, password="correct-horse-battery"),
    "clinic admin": lambda patient: AdminFactory(clinic=patient.clinic),
    "superuser": lambda patient: User.objects.create_superuser("root@example.org", "x" * 12, first_name="Root"),
}


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize(
    "attempt",
    [
        ("get", "", None),
        ("patch", "", {"first_name": "X"}),
        ("get", "/consents", None),
        ("post", "/consents", {"types": ["recording"], "status": "revoked", "method": "verbal"}),
    ],
)
def test_strangers_get_the_404_of_a_row_that_does_not_exist(patient, api_for, stranger, attempt):
    method, suffix, body = attempt
    person = STRANGERS[stranger](patient)
    device, absent = api_for(person), "018f0000-0000-7000-8000-000000000000"
    answer = getattr(device, method)(detail(patient) + suffix, body, format="json")
    of_absent = getattr(device, method)(f"{PATIENTS}/{absent}{suffix}", body, format="json")
    assert (answer.status_code, of_absent.status_code) == (404, 404)
    assert {**answer.json(), "request_id": ""} == {**of_absent.json(), "request_id": ""}
    assert "Canary" not in answer.content.decode() + str(answer.headers)
    denied = AuditEvent.objects.filter(outcome="denied", actor=person)
    assert [row.patient_id for row in denied.filter(patient_id=patient.pk)] == [patient.pk]
    assert ConsentEntry.objects.filter(status="revoked").count() == 0


@pytest.mark.parametrize(
    ("method", "path"), [("delete", "/{id}"), ("put", "/{id}"), ("delete", ""), ("put", "/{id}/consents")]
)
def test_other_verbs_are_405(therapist, patient, api_for, method, path):
    answer = getattr(api_for(therapist), method)(PATIENTS + path.format(id=patient.pk))
    assert answer.status_code == 405


def test_an_address_that_is_no_uuid_is_404(therapist, api_for):
    answer = api_for(therapist).get(f"{PATIENTS}/1")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_decision_adds_one_entry_a_type(therapist, api_for):
    patient = CareFactory(therapist=therapist).patient
    body = {"types": ["recording", "ai_processing", "recording"], "status": "granted", "method": "written"}
    answer = api_for(therapist).post(consents(patient), body, format="json")
    assert answer.status_code == 201
    entries = answer.json()["results"]
    assert [(one["consent_type"], one["status"]) for one in entries] == [
        ("recording", "granted"),
        ("ai_processing", "granted"),
    ]
    assert entries[0]["recorded_by"] == str(therapist.pk)
    assert "audio recording" in entries[0]["text"]
    assert decisions.missing_recording_consents(patient) == []
    row = AuditEvent.objects.get(action="consent.granted", patient_id=patient.pk)
    assert (row.ids, row.changed) == ([one["id"] for one in entries], ["recording", "ai_processing"])


@pytest.mark.parametrize(
    "change", [{"types": []}, {"types": ["sleep"]}, {"status": "maybe"}, {"method": ""}, {"patient": "x"}, {"types": 1}]
)
def test_a_malformed_decision_is_400(therapist, patient, api_for, change):
    body = {"types": ["recording"], "status": "granted", "method": "verbal", **change}
    assert api_for(therapist).post(consents(patient), body, format="json").status_code == 400


def test_api_times_are_utc_whatever_the_readers_zone(therapist, patient, client_for):
    therapist.time_zone = "Asia/Tokyo"
    therapist.save()
    assert client_for(therapist).get(detail(patient)).json()["created_at"].endswith("Z")


def test_a_browser_session_needs_the_csrf_token_to_write(therapist):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(therapist)
    assert browser.post(PATIENTS, ADA, content_type="application/json").status_code == 403
    assert browser.get(PATIENTS).status_code == 200
