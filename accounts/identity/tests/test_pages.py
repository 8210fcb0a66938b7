"""Sign-in, new patient and consent in the browser."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts import demo
from accounts.identity.middleware import ReadersDatesMiddleware
from accounts.models import ConsentEntry, User
from accounts.tests.factories import (
    PASSWORD,
    AdminFactory,
    CareFactory,
    ClinicFactory,
    PatientFactory,
    TherapistFactory,
)
from audit.models import AuditEvent

SIGN_IN, SIGN_OUT, NEW = "/sign-in", "/sign-out", "/patients/new"
ABSENT = "018f0000-0000-7000-8000-000000000000"
ADA = {"first_name": "Ada", "last_name": "Byron", "date_of_birth": "1990-12-10", "email": "ada@example.org"}
YES = {"types": ["recording", "ai_processing"], "status": "granted", "method": "verbal"}


def consent_page(patient: User) -> str:
    return f"/patients/{patient.pk}/consent"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str):
    return client.post(SIGN_IN, {"email": email, "password": password, **extra})


def test_sign_in_opens_a_fresh_session(client, therapist):
    assert client.get(SIGN_IN).status_code == 200
    planted = client.session
    planted["planted"] = True
    planted.save()
    before = planted.session_key
    answer = sign_in(client, therapist.email.upper())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.session.session_key != before
    assert not planted.exists(before)
    assert client.session["_auth_user_id"] == str(therapist.pk)
    assert AuditEvent.objects.get(action="user.signed_in").outcome == "ok"


@pytest.mark.parametrize("case", ["wrong password", "unknown", "deactivated", "patient without password"])
def test_every_failure_shows_the_same_sentence(client, therapist, case):
    TherapistFactory(email="gone@example.org", is_active=False)
    PatientFactory(email="patient@example.org")
    email, password = {
        "wrong password": (therapist.email, "wrong"),
        "unknown": ("nobody@example.org", PASSWORD),
        "deactivated": ("gone@example.org", PASSWORD),
        "patient without password": ("patient@example.org", ""),
    }[case]
    answer = sign_in(client, email, password or "x")
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["The e-mail address or the password is incorrect."]
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("still_clock")
def test_too_many_attempts_wait(client, therapist):
    for _ in range(5):
        sign_in(client, therapist.email, "wrong")
    answer = sign_in(client, therapist.email)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("still_clock")
def test_page_and_api_share_one_count(client, therapist):
    for _ in range(5):
        sign_in(client, therapist.email, "wrong")
    body = {"email": therapist.email, "password": PASSWORD}
    assert client.post("/api/v1/auth/login", body, content_type="application/json").status_code == 429


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/patients/new", "/patients/new"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_next_leads_to_this_site_only(client, therapist, wanted, reached):
    assert sign_in(client, therapist.email, next=wanted).headers["Location"] == reached
    assert client.get(SIGN_IN, {"next": wanted}).headers["Location"] == reached


def test_sign_in_needs_the_csrf_token(therapist):
    assert sign_in(Client(enforce_csrf_checks=True), therapist.email).status_code == 403


def test_sign_out_ends_the_session_by_post_only(therapist, client_for):
    browser = client_for(therapist)
    assert browser.get(SIGN_OUT).status_code == 405
    answer = browser.post(SIGN_OUT)
    assert (answer.status_code, answer.headers["Location"]) == (302, SIGN_IN)
    assert browser.get(NEW).status_code == 302
    assert AuditEvent.objects.filter(action="user.signed_out", actor=therapist).count() == 1
    assert browser.post(SIGN_OUT).status_code == 302


@pytest.mark.parametrize("end", [{"is_active": False}, {"password": "!changed"}])
def test_deactivation_or_a_new_password_ends_an_open_browser(therapist, client_for, end):
    browser = client_for(therapist)
    assert browser.get(NEW).status_code == 200
    User.objects.filter(pk=therapist.pk).update(**end)
    assert browser.get(NEW).headers["Location"].startswith(SIGN_IN)


def test_demonstration_sign_ins_are_shown(client, settings, db):
    settings.DEMO_PASSWORD = "shown-to-everyone"
    clinic = ClinicFactory(name=demo.CLINIC_NAME)
    TherapistFactory(clinic=clinic, email="therapist@demo.example")
    TherapistFactory(clinic=clinic, email="joined-later@demo.example")
    PatientFactory(clinic=clinic, email="patient2@demo.example")  # without a password
    page = client.get(SIGN_IN)
    assert page.context["demo_logins"] == ["Therapist: therapist@demo.example"]
    assert "shown-to-everyone" in page.content.decode()


def test_production_shows_no_demonstration(client, settings, db):
    settings.IS_PRODUCTION, settings.DEMO_PASSWORD = True, "shown-to-everyone"
    TherapistFactory(clinic=ClinicFactory(name=demo.CLINIC_NAME))
    page = client.get(SIGN_IN)
    assert (page.context["demo_logins"], page.context["demo_password"]) == ([], "")


def test_a_therapist_takes_on_a_patient_and_asks_for_consent(therapist, client_for):
    browser = client_for(therapist)
    answer = browser.post(NEW, ADA)
    patient = User.objects.patients_visible_to(therapist).get()
    assert answer.headers["Location"] == consent_page(patient)
    assert (patient.full_name, patient.profile.date_of_birth) == ("Ada Byron", "1990-12-10")
    page = browser.get(consent_page(patient))
    assert "audio recording" in page.content.decode()
    answer = browser.post(consent_page(patient), YES)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/sessions/new?patient={patient.pk}")
    assert ConsentEntry.objects.live().filter(patient=patient).count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"first_name": ""},
        {"email": "no address"},
        {"date_of_birth": "2999-01-01"},
        {"first_name": "x" * 101},
    ],
)
def test_a_wrong_patient_form_comes_back_with_the_field_named(therapist, client_for, change):
    answer = client_for(therapist).post(NEW, {**ADA, **change})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(change))
    assert not User.objects.patients().exists()


@pytest.mark.parametrize("change", [{"types": []}, {"types": ["sleep"]}, {"status": "expired"}, {"method": "x"}])
def test_a_wrong_consent_form_comes_back(therapist, patient, client_for, change):
    answer = client_for(therapist).post(consent_page(patient), {**YES, **change})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(change))
    assert ConsentEntry.objects.count() == 2


def test_a_page_with_a_patient_on_it_is_on_record_once(therapist, patient, client_for):
    client_for(therapist).get(consent_page(patient))
    assert [row.action for row in AuditEvent.objects.filter(patient_id=patient.pk)] == ["consent.listed"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", [NEW, f"/patients/{ABSENT}/consent"])
def test_anonymous_people_are_sent_to_sign_in(client, db, method, address):
    answer = getattr(client, method)(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{SIGN_IN}?next={address}")


@pytest.mark.parametrize("role", ["patient", "admin"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_therapists_take_on_patients(patient, client_for, role, method):
    person = {"patient": patient, "admin": AdminFactory(clinic=patient.clinic)}[role]
    assert getattr(client_for(person), method)(NEW, ADA).status_code == 403
    assert User.objects.patients().count() == 1


STAFF_OR_PATIENT = ("other patient", "clinic admin", "superuser")
STRANGERS = {
    "without relation": lambda patient: TherapistFactory(clinic=patient.clinic),
    "ended": lambda patient: (
        CareFactory(patient=patient, therapist=TherapistFactory(clinic=patient.clinic), is_active=False).therapist
    ),
    "another clinic": lambda patient: CareFactory().therapist,
    "moved": lambda patient: CareFactory(patient=patient, therapist=TherapistFactory()).therapist,
    "other patient": lambda patient: PatientFactory(clinic=patient.clinic),
    "clinic admin": lambda patient: AdminFactory(clinic=patient.clinic),
    "superuser": lambda patient: User.objects.create_superuser("root@example.org", "x" * 12, first_name="Root"),
}


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_refused_and_nothing_changes(patient, client_for, stranger, method):
    person = STRANGERS[stranger](patient)
    answer = getattr(client_for(person), method)(consent_page(patient), {**YES, "status": "revoked"})
    assert answer.status_code == (403 if stranger in STAFF_OR_PATIENT else 404)
    assert "Canary" not in answer.content.decode()
    assert not ConsentEntry.objects.filter(status="revoked").exists()
    denied = AuditEvent.objects.get(outcome="denied")
    assert (denied.actor_id, denied.patient_id) == (person.pk, patient.pk)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_patient_cannot_record_the_own_consent(patient, client_for, method):
    answer = getattr(client_for(patient), method)(consent_page(patient), {**YES, "status": "revoked"})
    assert answer.status_code == 403
    assert not ConsentEntry.objects.filter(status="revoked").exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_verbs_are_405(therapist, patient, client_for, method):
    for address in (SIGN_IN, NEW, consent_page(patient)):
        assert getattr(client_for(therapist), method)(address).status_code == 405


@pytest.mark.parametrize(
    ("own", "path", "zone"),
    [("", "/x", "Europe/Berlin"), ("Asia/Tokyo", "/x", "Asia/Tokyo"), ("Asia/Tokyo", "/api/x", "UTC")],
)
def test_pages_speak_the_readers_zone_and_the_api_utc(rf, therapist, own, path, zone):
    therapist.time_zone = own
    request = rf.get(path)
    request.user = therapist
    seen: list[str] = []
    ReadersDatesMiddleware(lambda request: seen.append(timezone.get_current_timezone_name()))(request)
    assert seen == [zone]
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_page_asks_for_person_and_clinic_in_one_query(therapist, client_for, django_assert_max_num_queries):
    browser = client_for(therapist)
    with django_assert_max_num_queries(7) as queries:
        browser.get(NEW)
    assert sum("accounts_clinic" in query["sql"] for query in queries) == 1
