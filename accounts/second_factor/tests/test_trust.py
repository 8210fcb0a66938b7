"""Trusted browsers: what ends the trust, and what it is not good for."""

import json
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.models import AuthSession
from accounts.second_factor.tests.test_second_factor import (
    ADD_PASSKEY,
    APP,
    CODE,
    CODES,
    INDEX,
    OUT,
    PASSKEYS,
    REMOVE_APP,
    TRUST,
    is_in,
    options,
    with_password,
)
from accounts.tests.factories import PASSWORD, code_of, give_app
from accounts.tests.passkey import Passkey

DEVICES = "/account/devices"
MANAGED = [APP, REMOVE_APP, CODES, f"{CODES}/new", f"{CODES}/download", ADD_PASSKEY]


@pytest.fixture
def secret(therapist):
    return give_app(therapist)


@pytest.fixture
def trusted(therapist, secret):
    """A browser that was trusted yesterday, signed out."""
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        browser = with_password(therapist)
        browser.post(CODE, {"code": code_of(secret)})
        browser.post(TRUST, {"action": "trust"})
        browser.post(OUT)
    return browser


def test_a_sign_out_keeps_the_trust(therapist, trusted):
    assert is_in(with_password(therapist, trusted))


def test_signing_out_everywhere_ends_it(therapist, trusted, client_for):
    assert client_for(therapist, second_factor=True).post(DEVICES, {"password": PASSWORD}).status_code == 302
    assert not is_in(with_password(therapist, trusted))


def test_so_does_signing_out_a_device(therapist, trusted, client_for):
    other = client_for(therapist, second_factor=True)
    with_password(therapist, trusted)
    session = AuthSession.objects.get(pk=trusted.session["sid"])
    assert other.post(f"{DEVICES}/{session.pk}/revoke").status_code == 302
    assert not is_in(with_password(therapist, trusted))


def test_signing_out_of_somebody_else_ends_nothing(therapist, other_therapist, trusted, client_for):
    client_for(other_therapist).post(DEVICES, {"password": PASSWORD})
    assert is_in(with_password(therapist, trusted))


def test_it_can_be_trusted_anew(therapist, secret, trusted, client_for):
    client_for(therapist, second_factor=True).post(DEVICES, {"password": PASSWORD})
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        with_password(therapist, trusted)
        trusted.post(CODE, {"code": code_of(secret)})
        trusted.post(TRUST, {"action": "trust"})
        trusted.post(OUT)
        assert is_in(with_password(therapist, trusted))


@pytest.mark.parametrize("path", MANAGED)
def test_trust_and_password_manage_no_factor(therapist, trusted, path):
    browser = with_password(therapist, trusted)
    assert browser.get(path).headers["Location"] == f"/account/confirm/second-factor?next={path}"
    browser.post("/account/confirm", {"password": PASSWORD})
    assert browser.get(path).headers["Location"] == f"/account/confirm/second-factor?next={path}"
    assert browser.get(INDEX).status_code == 200


def test_nothing_is_removed_before_the_code_and_all_may_be_after_it(therapist, secret, trusted):
    browser = with_password(therapist, trusted)
    browser.post(REMOVE_APP)
    assert Authenticator.objects.filter(type="totp").exists()
    page = browser.get("/account/confirm/second-factor")
    assert "Use your password" not in page.content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        answer = browser.post(f"/account/confirm/second-factor?next={REMOVE_APP}", {"code": code_of(secret)})
        assert answer.headers["Location"] == REMOVE_APP
        browser.post(REMOVE_APP)
    assert not Authenticator.objects.filter(type="totp").exists()


def test_whoever_has_passkeys_alone_uses_one(therapist, client_for):
    browser, passkey = client_for(therapist), Passkey()
    credential = passkey.created(options(browser.get(ADD_PASSKEY))["creation_options"])
    browser.post(ADD_PASSKEY, {"name": "My key", "credential": json.dumps(credential)})
    AuthSession.objects.update(factor_used_at=None)
    there = f"/account/confirm/passkey?next={ADD_PASSKEY}"
    assert browser.get(ADD_PASSKEY).headers["Location"] == there
    answer = passkey.signed(options(browser.get(there))["request_options"])
    assert browser.post(there, {"credential": json.dumps(answer)}).headers["Location"] == ADD_PASSKEY
    assert browser.get(ADD_PASSKEY).status_code == 200
    assert browser.get(PASSKEYS).status_code == 200


def test_a_code_at_sign_in_is_good_for_ten_minutes(therapist, secret):
    browser = with_password(therapist)
    browser.post(CODE, {"code": code_of(secret)})
    browser.post(TRUST, {"action": "skip"})
    assert browser.get(REMOVE_APP).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert browser.get(REMOVE_APP).status_code == 302
