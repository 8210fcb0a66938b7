"""Sign-in, rotation and sign-out of the API."""

import os
import threading
from datetime import timedelta

import argon2
import jwt
import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.authentication.services import tokens
from accounts.models import AuthSession, User
from accounts.tests.factories import PASSWORD, ClinicFactory, PatientFactory, TherapistFactory
from audit.models import AuditEvent
from therapybridge.core.actor import Actor

LOGIN, REFRESH, LOGOUT, ME = "/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/auth/logout", "/api/v1/me"


def signed_in(email: str, password: str = PASSWORD, **extra: str):
    return APIClient().post(LOGIN, {"email": email, "password": password}, format="json", **extra)


def refreshed(token: str):
    return APIClient().post(REFRESH, {"refresh_token": token}, format="json")


def me(token: str):
    return APIClient().get(ME, headers={"Authorization": f"Bearer {token}"})


def test_sign_in_gives_a_pair_and_the_person(therapist):
    answer = signed_in(therapist.email.upper()).json()
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 1800
    assert answer["user"]["id"] == str(therapist.pk)
    assert set(answer["user"]) == {
        "id",
        "email",
        "first_name",
        "last_name",
        "full_name",
        "role",
        "clinic",
        "time_zone",
    }
    assert answer["user"]["clinic"] == {
        "id": str(therapist.clinic.pk),
        "name": therapist.clinic.name,
        "time_zone": "Europe/Berlin",
    }
    assert me(answer["access_token"]).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_may_be_in_any_case(api_for, therapist, scheme):
    token = api_for(therapist)._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    assert APIClient().get(ME, headers={"Authorization": f"{scheme} {token}"}).status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Basic {}", "Bearer{}", "{}", "Bearer {} {}", "bearer x"])
def test_anything_else_is_no_token(api_for, therapist, header):
    token = api_for(therapist)._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    answer = APIClient().get(ME, headers={"Authorization": header.format(token, token)})
    assert answer.status_code == 401


def test_a_lower_case_scheme_signs_out(api_for, therapist):
    token = api_for(therapist)._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    headers = {"Authorization": f"bearer {token}", "Accept": "application/problem+json"}
    assert APIClient().post(LOGOUT, headers=headers).status_code == 204
    assert me(token).status_code == 401


def test_sign_in_is_on_record_without_the_address(therapist):
    signed_in(therapist.email)
    signed_in(therapist.email, "wrong-password")
    rows = AuditEvent.objects.filter(action="user.signed_in").order_by("id")
    assert [(row.outcome, row.target_id) for row in rows] == [("ok", therapist.pk), ("denied", therapist.pk)]
    assert therapist.email not in str([vars(row) for row in rows])


@pytest.mark.parametrize("case", ["wrong password", "unknown", "deactivated", "no password"])
def test_every_failure_has_the_same_answer_and_costs_one_hash(therapist, case, monkeypatch):
    TherapistFactory(email="gone@example.org", is_active=False)
    PatientFactory(email="patient@example.org")
    email, password = {
        "wrong password": (therapist.email, "wrong"),
        "unknown": ("nobody@example.org", PASSWORD),
        "deactivated": ("gone@example.org", PASSWORD),
        "no password": ("patient@example.org", PASSWORD),
    }[case]
    hashes = counted_hashes(monkeypatch)
    answer = signed_in(email, password)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    body = answer.json()
    assert (body["code"], body["detail"]) == ("invalid_credentials", "The e-mail address or the password is incorrect")
    assert len(hashes) == 1


def counted_hashes(monkeypatch) -> list[int]:
    """Counts runs of argon2."""
    runs: list[int] = []
    make, verify = argon2.low_level.hash_secret, argon2.PasswordHasher.verify
    monkeypatch.setattr(argon2.low_level, "hash_secret", lambda *a, **k: runs.append(1) or make(*a, **k))
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *a, **k: runs.append(1) or verify(*a, **k))
    return runs


def test_an_inactive_account_is_refused_with_the_right_password(db):
    TherapistFactory(email="gone@example.org", is_active=False)
    assert signed_in("gone@example.org").status_code == 401


@pytest.mark.usefixtures("still_clock")
def test_the_sixth_attempt_in_a_minute_waits_before_any_hash(therapist, monkeypatch):
    for _ in range(5):
        assert signed_in(therapist.email, "wrong").status_code == 401
    hashes = counted_hashes(monkeypatch)
    answer = signed_in(therapist.email)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert hashes == []


@pytest.mark.usefixtures("still_clock")
def test_attempts_on_one_account_do_not_lock_another_nor_another_address(therapist, other_therapist):
    for _ in range(6):
        signed_in(therapist.email, "wrong")
    assert signed_in(other_therapist.email).status_code == 200
    assert signed_in(therapist.email, REMOTE_ADDR="198.51.100.7").status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"email": "no address", "password": "x"}, {"email": "a@example.org"}, [], {"email": "a\x00@b.org"}]
)
def test_malformed_sign_in_is_400(db, body):
    assert APIClient().post(LOGIN, body, format="json").status_code == 400


def test_get_on_sign_in_is_405(db):
    assert APIClient().get(LOGIN).status_code == 405


def test_a_refresh_token_buys_one_new_pair(therapist):
    first = signed_in(therapist.email).json()
    second = refreshed(first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert me(second.json()["access_token"]).status_code == 200
    assert refreshed(second.json()["refresh_token"]).status_code == 200
    assert AuthSession.objects.count() == 1


def test_a_lost_answer_is_given_again_until_its_pair_is_refreshed(therapist, time_machine_at):
    first = signed_in(therapist.email).json()
    given = refreshed(first["refresh_token"]).json()
    with time_machine_at(seconds=50):
        again = refreshed(first["refresh_token"])
        assert again.status_code == 200
        assert pair_of(again.json()) == pair_of(given)
        assert me(given["access_token"]).status_code == 200
        assert again.json()["expires_in"] <= given["expires_in"] - 50
    assert AuthSession.objects.get().revoked_at is None


def test_once_its_child_was_refreshed_a_token_revokes_the_session_and_only_that(therapist):
    other_device = signed_in(therapist.email).json()
    first = signed_in(therapist.email).json()
    second = refreshed(first["refresh_token"]).json()
    third = refreshed(second["refresh_token"]).json()
    replay = refreshed(first["refresh_token"])
    assert (replay.status_code, replay.json()["code"]) == (401, "token_reused")
    for pair in (second, third):
        assert refreshed(pair["refresh_token"]).json()["code"] == "token_invalid"
        assert me(pair["access_token"]).status_code == 401
    assert me(other_device["access_token"]).status_code == 200
    assert AuditEvent.objects.filter(action="user.token_refresh", outcome="denied", actor=therapist).count() == 1


def test_after_a_minute_a_used_token_revokes_the_session(therapist, time_machine_at):
    first = signed_in(therapist.email).json()
    refreshed(first["refresh_token"])
    with time_machine_at(seconds=61):
        assert refreshed(first["refresh_token"]).json()["code"] == "token_reused"
    assert AuthSession.objects.get().revoked_reason == "token_reused"


def test_a_repeated_token_of_a_revoked_session_is_refused(therapist):
    first = signed_in(therapist.email).json()
    refreshed(first["refresh_token"])
    AuthSession.objects.update(revoked_at=timezone.now())
    assert refreshed(first["refresh_token"]).json()["code"] == "token_invalid"


def pair_of(answer: dict[str, str]) -> tuple[str, str]:
    return answer["access_token"], answer["refresh_token"]


ROUNDS = int(os.environ.get("ROTATION_ROUNDS", "5"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(ROUNDS))
def test_eight_refreshes_at_once_get_one_pair_and_the_device_stays_signed_in(_round, settings):
    settings.LIMITS = {**settings.LIMITS, "refresh": "1000/s"}
    user = TherapistFactory(clinic=ClinicFactory())
    token = tokens.issue_pair(user, by=Actor()).refresh_token
    barrier, answers = threading.Barrier(8), []

    def run() -> None:
        barrier.wait()
        try:
            answers.append(refreshed(token))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 8
    (pair,) = {pair_of(answer.json()) for answer in answers}
    assert me(pair[0]).status_code == 200
    assert refreshed(pair[1]).status_code == 200
    assert refreshed(token).json()["code"] == "token_reused"
    assert AuthSession.objects.get().revoked_reason == "token_reused"


def test_sign_out_revokes_the_session_at_once(therapist):
    pair = signed_in(therapist.email).json()
    device = APIClient()
    device.credentials(HTTP_AUTHORIZATION=f"Bearer {pair['access_token']}")
    answer = device.post(LOGOUT)
    assert (answer.status_code, answer.content) == (204, b"")
    assert device.get(ME).status_code == 401
    assert refreshed(pair["refresh_token"]).status_code == 401


def test_anonymous_sign_out_is_401(db):
    assert APIClient().post(LOGOUT).status_code == 401


@pytest.mark.parametrize("end", ["deactivated", "password changed", "session revoked", "session expired"])
def test_what_ends_an_account_or_device_ends_its_tokens(therapist, end):
    pair = signed_in(therapist.email).json()
    person = User.objects.get(pk=therapist.pk)
    {
        "deactivated": lambda: User.objects.filter(pk=person.pk).update(is_active=False),
        "password changed": lambda: (person.set_password("another-long-phrase"), person.save()),
        "session revoked": lambda: AuthSession.objects.update(revoked_at=timezone.now()),
        "session expired": lambda: AuthSession.objects.update(expires_at=timezone.now()),
    }[end]()
    answer = me(pair["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert refreshed(pair["refresh_token"]).status_code == 401


def test_a_request_with_a_token_asks_the_database_once_for_person_clinic_and_session(
    therapist, api_for, django_assert_num_queries
):
    device = api_for(therapist)
    device.get(ME)
    with django_assert_num_queries(1) as queries:
        tokens.session_of(tokens.AccessToken(device._credentials["HTTP_AUTHORIZATION"].split()[1]))
    assert "accounts_clinic" in queries[0]["sql"]


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_token_is_401(db, forged):
    assert APIClient().get(ME, headers={"Authorization": f"Bearer {forged}"}).status_code == 401
    assert refreshed(forged or "x").status_code == 401


def test_the_two_kinds_of_token_are_not_interchangeable(therapist):
    pair = signed_in(therapist.email).json()
    assert me(pair["refresh_token"]).status_code == 401
    assert refreshed(pair["access_token"]).status_code == 401


def test_a_token_signed_by_another_key_is_401(therapist):
    tomorrow = timezone.now() + timedelta(days=1)
    session = AuthSession.objects.create(user=therapist, expires_at=tomorrow, ends_at=tomorrow)
    claims = {"token_type": "access", "exp": 9_999_999_999, "jti": "1", "user_id": str(therapist.pk)}
    forged = jwt.encode({**claims, "sid": session.pk.hex}, "k" * 40, algorithm="HS256")
    assert me(forged).status_code == 401


def test_a_token_that_was_accepted_opens_nothing_to_another_that_says_the_same(therapist):
    token = signed_in(therapist.email).json()["access_token"]
    assert me(token).status_code == 200
    signed, _, signature = token.rpartition(".")
    for forged in (f"{signed}.{signature[::-1]}", f"{signed}.", f"{signed}.{signature}A"):
        assert me(forged).status_code == 401
    assert me(token).status_code == 200


def test_what_is_done_to_a_token_is_forgotten_with_it(therapist):
    token = signed_in(therapist.email).json()["access_token"]
    tokens.AccessToken(token)["sid"] = "another"
    assert tokens.AccessToken(token)["sid"] != "another"


def test_an_access_token_ends_after_half_an_hour_and_a_refresh_token_after_a_week(therapist, time_machine_at):
    pair = signed_in(therapist.email).json()
    assert me(pair["access_token"]).status_code == 200
    with time_machine_at(minutes=31):
        assert me(pair["access_token"]).status_code == 401
    with time_machine_at(days=6):
        assert refreshed(pair["refresh_token"]).status_code == 200


def test_a_refresh_token_of_last_week_is_401(therapist, time_machine_at):
    pair = signed_in(therapist.email).json()
    with time_machine_at(days=7, seconds=1):
        assert refreshed(pair["refresh_token"]).json()["code"] == "token_invalid"


@pytest.fixture
def time_machine_at():
    """Move the clock forward."""
    return lambda **later: time_machine.travel(timezone.now() + timedelta(**later), tick=False)


def test_a_clock_that_is_put_back_signs_nobody_out(therapist):
    """Nor does the clock of another of our machines, if it is a little behind."""
    pair = signed_in(therapist.email).json()
    tokens._signed_claims.cache_clear()  # another process has not seen it yet
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        assert me(pair["access_token"]).status_code == 200
        assert refreshed(pair["refresh_token"]).status_code == 200
