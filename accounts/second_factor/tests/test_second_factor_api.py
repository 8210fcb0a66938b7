"""Second factors and step-up in the API."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AuthSession, User
from accounts.second_factor.services import factors
from accounts.tests.factories import (
    PASSWORD,
    AdminFactory,
    PatientFactory,
    TherapistFactory,
    code_of,
    give_app,
    give_recovery_codes,
)
from audit.models import AuditEvent

LOGIN, MFA, STEP_UP, ME = "/api/v1/auth/login", "/api/v1/auth/mfa", "/api/v1/auth/step-up", "/api/v1/me"


def log_in(user: User):
    return APIClient().post(LOGIN, {"email": user.email, "password": PASSWORD}, format="json")


def answer(challenge: str, code: str):
    return APIClient().post(MFA, {"challenge": challenge, "code": code}, format="json")


def trail() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.order_by("id").values_list("action", "outcome"))


def test_a_password_gives_a_challenge_and_no_token(therapist):
    give_app(therapist)
    give_recovery_codes(therapist)
    response = log_in(therapist)
    assert response.status_code == 202
    body = response.json()
    assert set(body) == {"mfa_required", "challenge", "methods"}
    assert (body["mfa_required"], body["methods"]) == (True, ["totp", "recovery_codes"])
    assert trail() == [("user.password_accepted", "ok")]
    assert not AuthSession.objects.exists()
    device = APIClient()
    device.credentials(HTTP_AUTHORIZATION=f"Bearer {body['challenge']}")
    assert device.get(ME).status_code == 401


@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_challenge_and_code_make_a_pair(therapist, kind):
    secret, codes = give_app(therapist), give_recovery_codes(therapist)
    code = code_of(secret) if kind == "totp" else codes[0]
    response = answer(log_in(therapist).json()["challenge"], code)
    assert response.status_code == 200
    device = APIClient()
    device.credentials(HTTP_AUTHORIZATION=f"Bearer {response.json()['access_token']}")
    assert device.get(ME).status_code == 200
    assert AuthSession.objects.get().second_factor_at is not None
    assert trail() == [("user.password_accepted", "ok"), ("user.signed_in", "ok")]
    assert AuditEvent.objects.get(action="user.signed_in").reason == kind


def test_a_device_that_needs_a_code_tells_its_name_with_it(therapist):
    code = code_of(give_app(therapist))
    told = {"challenge": log_in(therapist).json()["challenge"], "code": code, "device_name": "Jo's phone"}
    assert APIClient().post(MFA, told, format="json").status_code == 200
    assert AuthSession.objects.get().device_name == "Jo's phone"


def test_a_wrong_code_is_401_and_the_challenge_stays_good(therapist):
    secret = give_app(therapist)
    challenge = log_in(therapist).json()["challenge"]
    wrong = answer(challenge, "000000")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_code")
    assert trail()[-1] == ("second_factor.failed", "denied")
    assert answer(challenge, code_of(secret)).status_code == 200


def test_a_challenge_works_once(therapist):
    secret, codes = give_app(therapist), give_recovery_codes(therapist)
    challenge = log_in(therapist).json()["challenge"]
    assert answer(challenge, code_of(secret)).status_code == 200
    again = answer(challenge, codes[0])
    assert (again.status_code, again.json()["code"]) == (401, "challenge_invalid")
    assert AuthSession.objects.count() == 1
    assert factors.use_code(therapist, codes[0])  # it was not consumed


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!other"}])
def test_a_challenge_ends_with_the_password_and_the_account(therapist, change):
    secret = give_app(therapist)
    challenge = log_in(therapist).json()["challenge"]
    User.objects.filter(pk=therapist.pk).update(**change)
    assert answer(challenge, code_of(secret)).json()["code"] == "challenge_invalid"


def test_a_challenge_lasts_five_minutes(therapist):
    secret = give_app(therapist)
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
        challenge = log_in(therapist).json()["challenge"]
    with time_machine.travel("2026-03-02T10:05:02Z", tick=False):
        assert answer(challenge, code_of(secret)).json()["code"] == "challenge_invalid"


@pytest.mark.parametrize("challenge", ["x", "a:b:c", "\x00", "é", "x" * 1024])
def test_a_forged_challenge_is_refused(db, challenge):
    assert answer(challenge, "123456").status_code in {400, 401}


@pytest.mark.parametrize("body", [{}, {"challenge": "x"}, {"code": "1"}, [], {"challenge": 1, "code": {}}])
def test_malformed_answers_are_400(db, body):
    assert APIClient().post(MFA, body, format="json").status_code == 400
    assert APIClient().get(MFA).status_code == 405


def test_a_code_of_another_person_does_not_fit(therapist, other_therapist):
    give_app(therapist)
    other = give_app(other_therapist)
    assert answer(log_in(therapist).json()["challenge"], code_of(other)).status_code == 401


@pytest.mark.usefixtures("still_clock")
def test_codes_are_limited_by_account_from_whatever_address(therapist, other_therapist):
    secret, other = give_app(therapist), give_app(other_therapist)
    challenge = log_in(therapist).json()["challenge"]
    body = {"challenge": challenge, "code": "000000"}
    seen = [APIClient().post(MFA, body, format="json", REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(5)]
    assert seen == [401] * 5
    limited = answer(challenge, code_of(secret))
    assert (limited.status_code, int(limited.headers["Retry-After"]) > 0) == (429, True)
    assert answer(log_in(other_therapist).json()["challenge"], code_of(other)).status_code == 200


@pytest.mark.parametrize("make", [TherapistFactory, AdminFactory])
def test_without_the_factor_that_the_role_needs_there_is_no_token(db, settings, make):
    settings.MFA_REQUIRED = True
    response = log_in(make())
    assert (response.status_code, response.json()["code"]) == (403, "mfa_enrolment_required")
    assert "token" not in str(response.json().keys())
    assert not AuthSession.objects.exists()
    assert trail() == [("user.signed_in", "denied")]


def test_a_patient_needs_none(db, settings):
    settings.MFA_REQUIRED = True
    assert log_in(PatientFactory(email="p@example.org", password=PASSWORD)).status_code == 200


def long_ago() -> None:
    AuthSession.objects.update(stepped_up_at=timezone.now() - timedelta(hours=1))


@pytest.mark.parametrize("proof", ["password", "code"])
def test_step_up_by_password_or_code(therapist, api_for, proof):
    secret, device = give_app(therapist), api_for(therapist, second_factor=True)
    long_ago()
    body = {"password": PASSWORD} if proof == "password" else {"code": code_of(secret)}
    assert device.post(STEP_UP, body, format="json").status_code == 204
    assert AuthSession.objects.get().stepped_up_at > timezone.now() - timedelta(minutes=1)
    assert trail() == [("user.stepped_up", "ok")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"password": "wrong"}, 401),
        ({"code": "000000"}, 401),
        ({}, 400),
        ({"password": PASSWORD, "code": "1"}, 400),
        ({"password": PASSWORD, "x": 1}, 400),
    ],
)
def test_a_failed_step_up_changes_nothing(therapist, api_for, body, status):
    device = api_for(therapist)
    long_ago()
    before = AuthSession.objects.get().stepped_up_at
    assert device.post(STEP_UP, body, format="json").status_code == status
    assert AuthSession.objects.get().stepped_up_at == before
    assert trail() == ([("user.stepped_up", "denied")] if status == 401 else [])


def test_step_up_of_a_browser_session_by_the_api(therapist, client_for):
    browser = client_for(therapist)
    long_ago()
    assert browser.post(STEP_UP, {"password": PASSWORD}, content_type="application/json").status_code == 204
    assert AuthSession.objects.get().stepped_up_at > timezone.now() - timedelta(minutes=1)


def test_nobody_can_step_up(db):
    assert APIClient().post(STEP_UP, {"password": PASSWORD}, format="json").status_code == 401
