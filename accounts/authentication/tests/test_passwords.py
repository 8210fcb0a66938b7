"""Resetting and changing passwords, and password rules."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.authentication.validators import ContextValidator, LengthValidator
from accounts.identity.services import staff
from accounts.models import AuthSession, OutgoingMail, User
from accounts.tests.emails import emails, last_link
from accounts.tests.factories import PASSWORD, AdminFactory, ClinicFactory, TherapistFactory
from audit.models import AuditEvent
from therapybridge.core.actor import Actor

FORGOT, CHANGE = "/password/forgot", "/account/password"
API_ASK, API_RESET, API_CHANGE = (
    "/api/v1/auth/password-reset",
    "/api/v1/auth/password-reset/confirm",
    "/api/v1/me/password",
)
GOOD = "three green bicycles"


def ask(email: str) -> Client:
    return Client().post(FORGOT, {"email": email})


@pytest.fixture
def link(therapist) -> str:
    ask(therapist.email.upper())
    return last_link("password.reset")


def has_password(user: User, password: str) -> bool:
    return User.objects.get(pk=user.pk).check_password(password)


@pytest.mark.parametrize(
    "state",
    [{}, {"is_active": False}, {"password": "!"}, {"email": "else@example.org"}],
    ids=["in", "out", "none", "no"],
)
def test_the_answer_is_the_same_for_everybody(therapist, state):
    address = therapist.email
    User.objects.filter(pk=therapist.pk).update(**state)
    page, plain = ask(address), ask("nobody@example.org")
    assert (page.status_code, page.content) == (plain.status_code, plain.content)
    device = APIClient()
    answers = [device.post(API_ASK, {"email": email}, format="json") for email in (address, "nobody@example.org")]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    assert [email.to for email in emails()] == ([] if state else [therapist.email] * 2)
    assert AuditEvent.objects.filter(action="user.reset_asked").count() == 4


def test_nobody_costs_the_same_queries(therapist):
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            ask(address)
        return len(captured)

    ask("first@example.org")
    # An e-mail is written in both cases; for nobody it is taken back, by one statement more.
    assert queries("nobody@example.org") == queries(therapist.email) + 1


def test_a_link_sets_the_password_once_and_ends_every_session(therapist, client_for, api_for):
    browser, device = client_for(therapist), api_for(therapist)
    ask(therapist.email)
    link = last_link("password.reset")
    assert Client().get(link).status_code == 200
    assert Client().post(link, {"password": GOOD}).headers["Location"] == "/sign-in"
    assert has_password(therapist, GOOD)
    assert not AuthSession.objects.filter(revoked_at=None).exists()
    assert browser.get("/account").status_code == 302
    assert device.get("/api/v1/me").status_code == 401
    assert (Client().get(link).status_code, Client().post(link, {"password": GOOD + "!"}).status_code) == (404, 404)
    assert [email.kind for email in emails()] == ["password.reset", "password.changed"]
    row = AuditEvent.objects.get(action="user.password_reset")
    assert (row.actor_id, row.changed) == (therapist.pk, ["password"])


def test_the_api_resets_too(therapist, link):
    user, token = link.split("/")[-2:]
    body = {"user": user, "token": token, "password": GOOD}
    device = APIClient()
    assert device.post(API_RESET, {**body, "password": "short"}, format="json").json()["errors"]["password"]
    statuses = [
        device.post(API_RESET, {**body, **change}, format="json").status_code
        for change in ({"token": "x"}, {"user": str(TherapistFactory().pk)}, {}, {})
    ]
    assert statuses == [404, 404, 204, 404]
    assert has_password(therapist, GOOD)


def test_a_link_works_for_one_hour(link):
    with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=False):
        assert Client().get(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert Client().post(link, {"password": GOOD}).status_code == 404


def test_a_deactivation_ends_the_link_for_good(therapist, clinic, link):
    admin = Actor(user=AdminFactory(clinic=clinic))
    staff.deactivate_user(therapist, by=admin)
    assert Client().get(link).status_code == 404
    staff.reactivate_user(therapist, by=admin)
    assert Client().post(link, {"password": GOOD}).status_code == 404


def test_a_link_proves_the_address(therapist, link):
    User.objects.filter(pk=therapist.pk).update(is_verified=False, updated_at=F("updated_at"))
    Client().post(link, {"password": GOOD})
    assert User.objects.get(pk=therapist.pk).is_verified


def test_a_bad_password_does_not_use_the_link_up(therapist, link):
    page = Client().post(link, {"password": "password12345"})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["password"])
    assert Client().post(link, {"password": GOOD}).status_code == 302


def test_emails_have_a_limit_by_address_known_or_not(therapist, still_clock):
    for address in (therapist.email, "nobody@example.org"):
        assert [ask(address).status_code for _ in range(6)] == [200] * 5 + [429]
    assert len(emails()) == 5


def change(client, current: str = PASSWORD, new: str = GOOD):
    return client.post(CHANGE, {"current_password": current, "new_password": new})


def test_a_change_keeps_this_browser_and_ends_the_others(therapist, client_for, api_for):
    here, there, device = client_for(therapist), client_for(therapist), api_for(therapist)
    assert change(here).headers["Location"] == "/account"
    assert here.get("/account").status_code == 200
    assert there.get("/account").headers["Location"].startswith("/sign-in")
    assert device.get("/api/v1/me").status_code == 401
    assert has_password(therapist, GOOD)
    assert [email.kind for email in emails()] == ["password.changed"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"current": "wrong"}, "current_password"),
        ({"new": "short"}, "new_password"),
        ({"new": "password12345"}, "new_password"),
        ({"new": "x" * 129}, "new_password"),
    ],
)
def test_a_refused_change_changes_nothing(therapist, client_for, given, field):
    here, there = client_for(therapist), client_for(therapist)
    page = change(here, **given)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert has_password(therapist, PASSWORD)
    assert there.get("/account").status_code == 200
    assert not OutgoingMail.objects.exists()


def test_guessing_the_present_password_has_a_limit(therapist, client_for, still_clock):
    here = client_for(therapist)
    assert [change(here, current="wrong").status_code for _ in range(6)] == [422] * 5 + [429]
    assert AuditEvent.objects.filter(action="user.password_changed", outcome="denied").count() == 5


def test_a_device_changes_the_password_and_signs_in_again(therapist, api_for):
    device, body = api_for(therapist), {"current_password": PASSWORD, "new_password": GOOD}
    assert device.post(API_CHANGE, {**body, "current_password": "wrong"}, format="json").status_code == 400
    assert device.post(API_CHANGE, body, format="json").status_code == 204
    assert device.get("/api/v1/me").status_code == 401
    assert has_password(therapist, GOOD)


def test_a_browser_that_changes_it_over_the_api_stays_signed_in(therapist, client_for):
    here, body = client_for(therapist), {"current_password": PASSWORD, "new_password": GOOD}
    assert here.post(API_CHANGE, body, content_type="application/json").status_code == 204
    assert here.get("/api/v1/me").status_code == 200


def test_anonymous_people_change_nothing(client, db):
    assert change(client).headers["Location"].startswith("/sign-in")
    assert APIClient().post(API_CHANGE, {}, format="json").status_code == 401


@pytest.mark.parametrize(("length", "is_good"), [(7, False), (8, True), (11, True), (128, True), (129, False)])
def test_eight_characters_do_with_a_second_factor(therapist, length, is_good):
    Authenticator.objects.create(user=therapist, type=Authenticator.Type.TOTP, data={})
    assert passes(LengthValidator(), "k7" * 100, therapist, length) is is_good


@pytest.mark.parametrize(("length", "is_good"), [(8, False), (11, False), (12, True), (128, True), (129, False)])
def test_twelve_without(therapist, length, is_good):
    Authenticator.objects.create(user=therapist, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert passes(LengthValidator(), "k7" * 100, therapist, length) is is_good


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("RobinHartmann1!", False),
        ("robin.hartmann", False),
        ("praxis-am-park", False),
        ("TherapyBridge42", False),
        ("hartmann@example", False),
        ("robin eats seven plums", True),
        ("three green bicycles", True),
    ],
)
def test_a_password_is_more_than_a_name(db, password, is_good):
    clinic = ClinicFactory(name="Praxis am Park")
    user = TherapistFactory(last_name="Hartmann", email="hartmann@example.org", clinic=clinic)
    assert passes(ContextValidator(), password, user, 100) is is_good


def passes(validator, password: str, user: User, length: int) -> bool:
    try:
        validator.validate(password[:length], user)
    except ValidationError:
        return False
    return True
