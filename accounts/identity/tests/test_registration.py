"""Signing up and confirming the address."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.identity.services import staff
from accounts.models import AuthSession, Clinic, OutgoingMail, User
from accounts.tests.emails import emails, last_link
from accounts.tests.factories import PASSWORD, AdminFactory, PatientFactory, TherapistFactory
from audit.models import AuditEvent
from therapybridge.core.actor import Actor

SIGN_UP, API = "/sign-up", "/api/v1/auth/sign-up"
NEW = {
    "first_name": "Noor",
    "last_name": "Haddad",
    "clinic_name": "Practice by the park",
    "time_zone": "Europe/Berlin",
    "email": "Noor@Example.org",
    "password": "three green bicycles",
}
pytestmark = pytest.mark.django_db


def sign_up(address: str = SIGN_UP, client=None, **changes):
    given = NEW | changes
    if address == API:
        return (client or APIClient()).post(API, given, format="json")
    return (client or Client()).post(SIGN_UP, given)


def sign_in(email: str = NEW["email"], password: str = NEW["password"]):
    return Client().post("/sign-in", {"email": email, "password": password})


@pytest.mark.parametrize(("address", "status"), [(SIGN_UP, 200), (API, 202)])
def test_a_therapist_gets_a_clinic_and_no_session(address, status):
    client = Client()
    assert sign_up(address, client if address == SIGN_UP else None).status_code == status
    user = User.objects.get()
    assert (user.role, user.email, user.is_verified) == ("therapist", "noor@example.org", False)
    assert (user.clinic.name, user.clinic.time_zone) == ("Practice by the park", "Europe/Berlin")
    assert not AuthSession.objects.exists()
    assert [(row.action, row.target_id) for row in AuditEvent.objects.all()] == [("user.signed_up", user.pk)]


def test_a_role_cannot_be_chosen():
    for wanted in ({"role": "admin"}, {"is_superuser": True}, {"clinic": "018f0000-0000-7000-8000-000000000000"}):
        assert sign_up(API, **wanted).status_code == 400
    assert not User.objects.exists()
    sign_up(SIGN_UP, role="admin", is_superuser="on", is_verified="on")
    user = User.objects.get()
    assert (user.role, user.is_superuser, user.is_verified) == ("therapist", False, False)


@pytest.mark.parametrize("address", [SIGN_UP, API])
@pytest.mark.parametrize("known", [TherapistFactory, PatientFactory, AdminFactory])
def test_a_known_address_gets_the_same_answer_and_another_email(address, known):
    person = known(email="noor@example.org", is_active=known is not AdminFactory)
    before = User.objects.values().get(pk=person.pk)
    answer, fresh = sign_up(address), sign_up(address, email="fresh@example.org")
    assert answer.status_code == fresh.status_code
    assert answer.content == fresh.content
    assert User.objects.values().get(pk=person.pk) == before
    assert [(one.kind, one.to) for one in emails()] == [
        ("sign_up.known", "noor@example.org"),
        ("sign_up.confirm", "fresh@example.org"),
    ]
    assert Clinic.objects.filter(name=NEW["clinic_name"]).count() == 1


def test_a_known_address_costs_the_same_hash(monkeypatch):
    from accounts.authentication.hashers import Argon2Hasher

    hashed = []
    encode = Argon2Hasher.encode
    monkeypatch.setattr(Argon2Hasher, "encode", lambda self, *given: hashed.append(1) or encode(self, *given))
    TherapistFactory(email="noor@example.org")
    hashed.clear()
    sign_up()
    known = len(hashed)
    sign_up(email="fresh@example.org")
    assert (known, len(hashed)) == (1, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"password": "short"},
        {"password": "x" * 129},
        {"password": "password12345"},
        {"password": "noorhaddad12"},
        {"password": "park-practice"},
        {"time_zone": "localtime"},
        {"time_zone": ""},
        {"first_name": ""},
        {"clinic_name": ""},
        {"email": "no address"},
    ],
)
def test_what_is_wrong_is_named_and_nothing_happens(change):
    [name] = change
    page = sign_up(**change)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [name])
    answer = sign_up(API, **change)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])
    assert not User.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_the_fourth_account_within_the_hour_is_too_many(still_clock):
    statuses = [sign_up(email=f"{number}@example.org").status_code for number in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert User.objects.count() == 3


def test_nobody_signs_in_before_the_address_is_confirmed():
    sign_up()
    page = sign_in()
    assert page.status_code == 422
    assert "confirm your e-mail address" in page.content.decode()
    answer = APIClient().post("/api/v1/auth/login", {"email": NEW["email"], "password": NEW["password"]}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (401, "email_unverified")
    assert not AuthSession.objects.exists()
    assert [one.kind for one in emails()] == ["sign_up.confirm"] * 3
    assert [row.reason for row in AuditEvent.objects.filter(action="user.signed_in")] == ["unverified"] * 2


def test_a_wrong_password_says_nothing_about_confirmation():
    sign_up()
    unconfirmed, unknown = sign_in(password="wrong"), sign_in(email="nobody@example.org")
    for page in (unconfirmed, unknown):
        assert page.context["form"].errors == {"__all__": ["The e-mail address or the password is incorrect."]}
    assert len(emails()) == 1


def test_the_email_is_not_sent_again_without_end(still_clock, settings):
    settings.LIMITS = {**settings.LIMITS, "email": "2/h"}
    sign_up()
    pages = [sign_in() for _ in range(4)]
    assert {page.status_code for page in pages} == {422}
    assert len(emails()) == 1 + 2


def test_the_link_confirms_by_a_button_and_once():
    sign_up()
    link = last_link("sign_up.confirm")
    browser = Client()
    for page in (browser.get(link), browser.head(link)):
        assert page.status_code == 200
    assert not User.objects.get().is_verified
    assert browser.post(link).headers["Location"] == "/sign-in"
    assert User.objects.get().is_verified
    assert (browser.post(link).status_code, browser.get(link).status_code) == (404, 404)
    assert sign_in().status_code == 302


def test_the_api_confirms_too():
    sign_up(API)
    token = last_link("sign_up.confirm").rsplit("/", 1)[1]
    device = APIClient()
    statuses = [
        device.post("/api/v1/auth/verify-email", {"token": given}, format="json").status_code
        for given in (token[:-1], token, token)
    ]
    assert statuses == [404, 204, 404]
    assert User.objects.get().is_verified


def test_the_link_works_for_24_hours():
    sign_up()
    link = last_link("sign_up.confirm")
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=59), tick=False):
        assert Client().get(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1), tick=False):
        assert Client().get(link).status_code == 404
        assert Client().post(link).status_code == 404
    assert not User.objects.get().is_verified


def test_a_deactivation_ends_the_link_for_good():
    sign_up()
    link, user = last_link("sign_up.confirm"), User.objects.get(email="noor@example.org")
    admin = Actor(user=AdminFactory(clinic=user.clinic))
    staff.deactivate_user(user, by=admin)
    assert Client().post(link).status_code == 404
    staff.reactivate_user(user, by=admin)
    assert Client().post(link).status_code == 404


def test_the_link_holds_no_address():
    sign_up()
    assert "example" not in last_link("sign_up.confirm")


def test_the_sign_in_page_leads_to_sign_up_and_to_a_new_password(client):
    page = client.get("/sign-in").content.decode()
    assert 'href="/sign-up"' in page
    assert 'href="/password/forgot"' in page


def test_a_signed_in_person_has_an_account(therapist, client_for):
    assert client_for(therapist).get(SIGN_UP).headers["Location"] == "/"


def test_the_forms_refuse_requests_from_elsewhere(client):
    guarded = Client(enforce_csrf_checks=True)
    assert guarded.post(SIGN_UP, NEW).status_code == 403
    assert guarded.post("/password/forgot", {"email": "a@example.org"}).status_code == 403


def test_a_password_of_the_tests_is_good():
    assert sign_up(password=PASSWORD).status_code == 200
