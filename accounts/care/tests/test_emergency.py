"""Emergency access: who may open a record, for how long, and who is notified."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.care.services.emergency import NO_MATCH
from accounts.identity.services import staff
from accounts.models import AuthSession, BreakGlassGrant, User
from accounts.tests.emails import emails
from accounts.tests.factories import AdminFactory, BreakGlassFactory, CareFactory, PatientFactory, TherapistFactory
from audit.models import AuditEvent
from therapybridge.core.actor import Actor

PAGE, REVIEWS, API = "/emergency", "/emergency/reviews", "/api/v1/emergency-access"
BORN = "1990-12-10"
WHY = {"reason": "medical", "justification": "The ward asks for the medication now.", "hours": 2}


@pytest.fixture
def patient(therapist):
    person = PatientFactory(clinic=therapist.clinic, last_name="Byron", profile__date_of_birth=BORN)
    CareFactory(therapist=therapist, patient=person)
    return person


def by_name(patient: User, **changes: str) -> dict[str, object]:
    named = {"first_name": patient.first_name, "last_name": patient.last_name, "date_of_birth": BORN}
    return WHY | named | changes


def end_page(grant: BreakGlassGrant) -> str:
    return f"{PAGE}/{grant.pk}/end"


def test_the_page_opens_a_record_by_name_and_date_of_birth(client_for, other_therapist, patient):
    browser = client_for(other_therapist)
    assert browser.get(f"/patients/{patient.pk}").status_code == 404
    answer = browser.post(PAGE, by_name(patient, first_name="canary", last_name=" BYRON "))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/patients/{patient.pk}")
    grant = BreakGlassGrant.objects.get()
    assert (grant.therapist, grant.patient, grant.reason) == (other_therapist, patient, "medical")
    assert grant.expires_at - grant.started_at == timedelta(hours=2)
    assert grant.review_due_at - grant.started_at == timedelta(hours=72)
    assert browser.get(f"/patients/{patient.pk}").status_code == 200
    row = AuditEvent.objects.get(action="emergency.opened")
    assert (row.actor_id, row.patient_id, row.target_id, row.grant_id) == (
        other_therapist.pk,
        patient.pk,
        grant.pk,
        grant.pk,
    )


@pytest.mark.parametrize("last_name", ["Müller-O'Hara", "MU\u0308LLER\u2011OʼHARA", "muller – o’hara"])  # noqa: RUF001
def test_a_name_in_another_spelling_opens_the_record(client_for, other_therapist, patient, last_name):
    patient.first_name, patient.last_name = "Renée", "Müller-O’Hara"  # noqa: RUF001
    patient.save()
    answer = client_for(other_therapist).post(PAGE, by_name(patient, first_name="rene\u0301e", last_name=last_name))
    assert answer.status_code == 302
    assert BreakGlassGrant.objects.get().patient == patient


def test_the_api_opens_a_record_by_id_once_a_key(api_for, other_therapist, patient):
    device = api_for(other_therapist)
    body = WHY | {"patient_id": str(patient.pk)}
    answers = [device.post(API, body, format="json", HTTP_IDEMPOTENCY_KEY="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["is_live"] is True
    assert answers[0].json()["justification"] == WHY["justification"]
    assert BreakGlassGrant.objects.count() == 1
    assert device.get(f"/api/v1/patients/{patient.pk}").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"first_name": "Can"},
        {"last_name": "Byro"},
        {"last_name": ""},
        {"date_of_birth": "1990-12-11"},
        {"patient_id": "018f0000-0000-7000-8000-000000000000"},
    ],
)
def test_no_match_is_one_answer_and_on_record(client_for, other_therapist, patient, change):
    answer = client_for(other_therapist).post(PAGE, by_name(patient, **change))
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [NO_MATCH]
    row = AuditEvent.objects.exclude(action__startswith="user.").get()
    assert (row.action, row.outcome, row.reason, row.patient_id) == ("emergency.opened", "denied", "no_match", None)
    assert not BreakGlassGrant.objects.exists()


@pytest.mark.parametrize("kind", ["foreign patient", "colleague"])
def test_only_patients_of_the_own_clinic_are_found(api_for, other_therapist, foreign_therapist, therapist, kind):
    found = {"foreign patient": foreign_therapist.patient_relations.get().patient, "colleague": therapist}[kind]
    answer = api_for(other_therapist).post(API, WHY | {"patient_id": str(found.pk)}, format="json")
    assert (answer.status_code, answer.json()["detail"]) == (404, NO_MATCH)
    assert AuditEvent.objects.filter(action="emergency.opened", outcome="denied").count() == 1


def test_two_people_of_one_name_and_birthday_need_the_id(api_for, other_therapist, patient):
    PatientFactory(clinic=patient.clinic, last_name=patient.last_name, profile__date_of_birth=BORN)
    assert api_for(other_therapist).post(API, by_name(patient), format="json").status_code == 404


@pytest.mark.usefixtures("still_clock")
def test_guessing_ends_after_five_tries_an_hour_by_page_and_api(client_for, api_for, other_therapist, patient):
    browser, device = client_for(other_therapist), api_for(other_therapist)
    for _ in range(3):
        assert browser.post(PAGE, by_name(patient, first_name="x")).status_code == 422
    for _ in range(2):
        assert device.post(API, by_name(patient, first_name="x"), format="json").status_code == 404
    assert browser.post(PAGE, by_name(patient)).status_code == 429
    assert device.post(API, by_name(patient), format="json").status_code == 429
    assert not BreakGlassGrant.objects.exists()


def test_who_treats_the_patient_needs_no_emergency(client_for, api_for, therapist, patient):
    answer = api_for(therapist).post(API, by_name(patient), format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_related")
    assert client_for(therapist).post(PAGE, by_name(patient)).status_code == 422
    assert not BreakGlassGrant.objects.exists()


def test_an_ended_relation_does_not_count_as_one(api_for, therapist, patient):
    patient.care_relations.update(is_active=False, ended_at=timezone.now())
    assert api_for(therapist).post(API, by_name(patient), format="json").status_code == 201


def test_an_open_access_is_not_opened_twice(api_for, other_therapist, grant):
    answer = api_for(other_therapist).post(API, by_name(grant.patient), format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_open")


def test_one_that_is_over_can_be_followed_by_another(api_for, other_therapist, over):
    assert api_for(other_therapist).post(API, by_name(over.patient), format="json").status_code == 201


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("justification", "x" * 19),
        ("justification", " " * 30),
        ("hours", 5),
        ("hours", 0),
        ("reason", "curious"),
        ("first_name", ""),
        ("date_of_birth", "2999-01-01"),
    ],
)
def test_a_wrong_form_opens_nothing(client_for, api_for, other_therapist, patient, field, value):
    body = by_name(patient) | {field: value}
    assert client_for(other_therapist).post(PAGE, body).status_code == 422
    assert api_for(other_therapist).post(API, body, format="json").status_code == 400
    assert not BreakGlassGrant.objects.exists()


def test_opening_needs_a_recent_proof(client_for, api_for, other_therapist, patient):
    browser, device = client_for(other_therapist), api_for(other_therapist)
    AuthSession.objects.update(stepped_up_at=timezone.now() - timedelta(minutes=11))
    answer = device.post(API, by_name(patient), format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    for answer in (browser.get(PAGE), browser.post(PAGE, by_name(patient))):
        assert answer.headers["Location"].startswith("/account/confirm?")
    assert not BreakGlassGrant.objects.exists()


@pytest.mark.parametrize("role", ["patient", "admin"])
def test_other_roles_open_nothing(client_for, api_for, clinic, patient, role):
    person = {"patient": patient, "admin": AdminFactory(clinic=clinic)}[role]
    assert client_for(person).post(PAGE, by_name(patient)).status_code == 403
    assert api_for(person).post(API, by_name(patient), format="json").status_code == 403
    assert AuditEvent.objects.filter(action="emergency.opened", outcome="denied", reason="role").count() == 2


def test_those_who_treat_and_the_administration_are_told_without_a_name(api_for, other_therapist, therapist, patient):
    second, admin = TherapistFactory(clinic=patient.clinic), AdminFactory(clinic=patient.clinic)
    CareFactory(therapist=second, patient=patient, relationship_type="secondary")
    TherapistFactory(clinic=patient.clinic)
    gone = CareFactory(patient=patient, therapist=TherapistFactory(clinic=patient.clinic), is_active=False)
    AdminFactory()
    api_for(other_therapist).post(API, by_name(patient), format="json")
    assert {email.to for email in emails()} == {therapist.email, second.email, admin.email}
    assert gone.therapist.email not in {email.to for email in emails()}
    text = emails()[0].text or ""
    assert "Someone opened a record in an emergency. Please review it." in text
    assert "/emergency/reviews" in text
    assert not any(word in text for word in ("Canary", "Byron", other_therapist.last_name))


@pytest.mark.parametrize("path", ["/today", "/patients", "/sessions", "/sessions/new", PAGE, REVIEWS])
def test_the_banner_is_on_every_page_while_it_lasts(client_for, other_therapist, grant, path):
    browser = client_for(other_therapist)
    shown = browser.get(path).content.decode()
    assert "End now" in shown
    assert end_page(grant) in shown
    browser.post(end_page(grant))
    assert "End now" not in browser.get(path).content.decode()


def test_no_grant_costs_no_query(client_for, other_therapist, patient):
    browser = client_for(other_therapist)
    browser.get(REVIEWS)
    with CaptureQueriesContext(connection) as without:
        browser.get(REVIEWS)
    BreakGlassFactory(patient=patient, therapist=other_therapist)
    with CaptureQueriesContext(connection) as with_one:
        browser.get(REVIEWS)
    assert len(with_one) - len(without) == 2
    assert sum("accounts_breakglassgrant" in query["sql"] and "justification" in query["sql"] for query in without) == 1


def test_the_holder_ends_it_at_once_and_once(client_for, api_for, other_therapist, grant):
    browser = client_for(other_therapist)
    assert browser.get(end_page(grant)).status_code == 405
    assert browser.post(end_page(grant)).status_code == 302
    assert browser.get(f"/patients/{grant.patient_id}").status_code == 404
    answer = api_for(other_therapist).post(f"{API}/{grant.pk}/end")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_ended")
    row = AuditEvent.objects.get(action="emergency.ended", outcome="ok")
    assert (row.patient_id, row.grant_id) == (grant.patient_id, grant.pk)


@pytest.mark.parametrize(("who", "status"), [("therapist", 403), ("stranger", 404), ("foreign_therapist", 404)])
def test_nobody_else_ends_it(api_for, therapist, foreign_therapist, grant, who, status):
    people = {"therapist": therapist, "foreign_therapist": foreign_therapist}
    person = people.get(who) or TherapistFactory(clinic=grant.patient.clinic)
    assert api_for(person).post(f"{API}/{grant.pk}/end").status_code == status
    assert AuditEvent.objects.filter(action="emergency.ended", outcome="denied").count() == 1
    assert BreakGlassGrant.objects.live().count() == 1


def test_it_ends_by_itself(client_for, other_therapist, grant):
    browser = client_for(other_therapist)
    assert browser.get(f"/patients/{grant.patient_id}").status_code == 200
    BreakGlassGrant.objects.update(expires_at=timezone.now())
    assert browser.get(f"/patients/{grant.patient_id}").status_code == 404


def test_a_relation_that_begins_meanwhile_outlives_it(client_for, other_therapist, grant):
    CareFactory(therapist=other_therapist, patient=grant.patient)
    browser = client_for(other_therapist)
    browser.post(end_page(grant))
    assert browser.get(f"/patients/{grant.patient_id}").status_code == 200


@pytest.mark.parametrize(
    ("act", "role"), [(staff.deactivate_user, {}), (staff.change_role, {"role": "admin"})], ids=["closed", "admin"]
)
def test_it_ends_with_the_account_and_with_the_role(clinic, other_therapist, grant, act, role):
    admin = AdminFactory(clinic=clinic)
    act(other_therapist, by=Actor(user=admin), **role)
    assert not BreakGlassGrant.objects.live().exists()
    row = AuditEvent.objects.get(action="emergency.ended")
    assert (row.actor_id, row.target_id, row.patient_id) == (admin.pk, grant.pk, grant.patient_id)
