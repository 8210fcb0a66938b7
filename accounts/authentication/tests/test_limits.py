"""Rate limits and lockout at sign-in: which attempts are counted together, and whom they affect."""

import pytest
import time_machine
from django.test import Client
from rest_framework.test import APIClient

from accounts.authentication.tests.test_sign_in_api import counted_hashes, signed_in
from accounts.tests.factories import PASSWORD, TherapistFactory
from therapybridge.core import limits

SIGN_IN, LOGIN, PATIENTS = "/sign-in", "/api/v1/auth/login", "/api/v1/patients"
HERE, THERE = "192.0.2.1", "198.51.100.7"
TEN = "2026-03-02T10:00:00Z"


@pytest.fixture
def fast_guesses(settings):
    """Disable all limits but the lockout."""
    settings.LIMITS = {**settings.LIMITS, "sign_in": "1000/s"}


@pytest.fixture
def ten_o_clock():
    with time_machine.travel(TEN, tick=False) as clock:
        yield clock


@pytest.mark.usefixtures("fast_guesses")
@pytest.mark.parametrize("channel", ["page", "api"])
def test_ten_failures_in_an_hour_shut_out_the_right_password_too(therapist, ten_o_clock, channel, monkeypatch):
    for _ in range(10):
        assert signed_in(therapist.email, "wrong").status_code == 401
    hashes = counted_hashes(monkeypatch)
    if channel == "api":
        answer = signed_in(therapist.email)
    else:
        answer = Client().post(SIGN_IN, {"email": therapist.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600
    assert therapist.email not in answer.content.decode()
    assert hashes == []
    ten_o_clock.shift(int(answer.headers["Retry-After"]) + 1)
    assert signed_in(therapist.email).status_code == 200


@pytest.mark.slow
@pytest.mark.usefixtures("fast_guesses", "ten_o_clock")
def test_a_right_password_between_does_not_start_the_count_anew(therapist):
    for _ in range(9):
        signed_in(therapist.email, "wrong")
    assert signed_in(therapist.email).status_code == 200
    signed_in(therapist.email, "wrong")
    assert signed_in(therapist.email).status_code == 429


@pytest.mark.slow
@pytest.mark.usefixtures("ten_o_clock")
def test_a_hundred_bad_attempts_leave_other_clients_and_accounts_free(therapist, other_therapist):
    seen = {signed_in(therapist.email, "wrong", REMOTE_ADDR=HERE).status_code for _ in range(100)}
    assert seen == {401, 429}
    assert signed_in(therapist.email, REMOTE_ADDR=HERE).status_code == 429
    assert signed_in(therapist.email, REMOTE_ADDR=THERE).status_code == 200
    assert signed_in(other_therapist.email, REMOTE_ADDR=HERE).status_code == 200
    body = {"email": other_therapist.email, "password": PASSWORD}
    assert Client(REMOTE_ADDR=HERE).post(SIGN_IN, body).status_code == 302


@pytest.mark.slow
@pytest.mark.usefixtures("ten_o_clock")
@pytest.mark.parametrize("known", [True, False])
def test_the_lockout_does_not_tell_who_is_known(therapist, known, settings):
    settings.LIMITS = {**settings.LIMITS, "sign_in": "1000/s"}
    email = therapist.email if known else "nobody@example.org"
    assert [signed_in(email, "wrong").status_code for _ in range(11)] == [401] * 10 + [429]


@pytest.mark.usefixtures("ten_o_clock")
def test_who_is_refused_is_told_of_the_limit_that_refused(therapist):
    refused = [signed_in(therapist.email, "wrong") for _ in range(6)][-1].headers
    assert (refused["RateLimit-Limit"], refused["RateLimit-Remaining"]) == ("5", "0")
    assert refused["RateLimit-Reset"] == refused["Retry-After"]


@pytest.mark.usefixtures("ten_o_clock")
@pytest.mark.parametrize("forged", ["10.0.0.{n}", "garbage{n}", "'; DROP TABLE x{n}", "::ffff:10.0.0.{n}", ",,{n},"])
def test_a_forged_address_opens_no_second_account_of_attempts(therapist, settings, forged):
    settings.NUM_PROXIES = 0
    seen = [signed_in(therapist.email, "x", HTTP_X_FORWARDED_FOR=forged.format(n=n)).status_code for n in range(6)]
    assert seen == [401] * 5 + [429]


@pytest.mark.usefixtures("ten_o_clock")
def test_behind_a_proxy_only_its_own_entry_counts(therapist, settings):
    settings.NUM_PROXIES = 1
    chain = [f"10.0.0.{n}, {HERE}" for n in range(6)]
    seen = [signed_in(therapist.email, "x", HTTP_X_FORWARDED_FOR=one).status_code for one in chain]
    assert seen == [401] * 5 + [429]
    assert signed_in(therapist.email, HTTP_X_FORWARDED_FOR=THERE).status_code == 200


@pytest.mark.usefixtures("still_clock")
def test_reads_and_writes_count_by_person(therapist, other_therapist, api_for, client_for, settings):
    settings.LIMITS = {**settings.LIMITS, "read": "2/m", "write": "1/m"}
    assert [api_for(therapist).get(PATIENTS).status_code for _ in range(3)] == [200, 200, 429]
    page = client_for(therapist).get("/account/devices")
    assert (page.status_code, int(page.headers["Retry-After"]) > 0) == (429, True)
    assert page.headers["Content-Type"].startswith("text/html")
    assert api_for(other_therapist).get(PATIENTS).status_code == 200
    person = {"first_name": "Ada"}
    assert api_for(therapist).post(PATIENTS, person, format="json").status_code == 201
    refused = api_for(therapist).post(PATIENTS, person, format="json")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert int(refused.headers["Retry-After"]) > 0
    assert api_for(other_therapist).post(PATIENTS, person, format="json").status_code == 201


@pytest.mark.usefixtures("still_clock")
def test_a_clinic_has_a_ceiling_that_what_is_refused_does_not_come_nearer(
    therapist, other_therapist, foreign_therapist, api_for, settings, monkeypatch
):
    monkeypatch.setattr("therapybridge.core.limits.CEILING", 2)
    settings.LIMITS = {**settings.LIMITS, "read": "3/m"}
    assert [api_for(therapist).get(PATIENTS).status_code for _ in range(9)] == [200] * 3 + [429] * 6
    assert [api_for(other_therapist).get(PATIENTS).status_code for _ in range(3)] == [200] * 3
    third = TherapistFactory(clinic=therapist.clinic)
    refused = api_for(third).get(PATIENTS)
    assert (refused.status_code, refused.headers["RateLimit-Limit"]) == (429, "6")
    assert api_for(foreign_therapist).get(PATIENTS).status_code == 200


@pytest.mark.usefixtures("still_clock")
def test_what_is_urgent_is_refused_for_nobody_elses_requests(
    therapist, patient, api_for, client_for, settings, monkeypatch
):
    monkeypatch.setattr("therapybridge.core.limits.CEILING", 0)
    device, browser = api_for(therapist), client_for(therapist)
    assert device.get(PATIENTS).status_code == 429
    assert browser.get("/account/devices").status_code == 429
    assert browser.get("/emergency").status_code in {200, 302}
    assert device.get("/api/v1/emergency-access").status_code == 200
    given = {"consent_type": "session_recording", "status": "granted", "method": "verbal"}
    assert device.post(f"{PATIENTS}/{patient.pk}/consents", given, format="json").status_code != 429
    assert device.post("/api/v1/auth/logout").status_code == 204


@pytest.mark.usefixtures("still_clock")
def test_only_recordings_that_are_taken_count_as_uploads(therapist, patient, api_for, settings):
    settings.LIMITS = {**settings.LIMITS, "upload": "1/h"}
    key = f"user:{therapist.pk}"
    refused = api_for(therapist).post("/api/v1/sessions/upload", {"patient": str(patient.pk)}, format="multipart")
    assert refused.status_code == 400
    limits.check_left("upload", key)
    limits.count_one("upload", key)
    assert api_for(therapist).post("/api/v1/sessions/upload").status_code == 429


@pytest.mark.usefixtures("still_clock")
def test_no_patient_keeps_the_clinic_from_its_work(therapist, patient, client_for, settings):
    settings.LIMITS = {**settings.LIMITS, "read": "5/m", "write": "2/m"}
    pages, desk = client_for(patient), client_for(therapist)
    name = {"first_name": "Ada"}
    assert [pages.post("/account", name).status_code for _ in range(3)] == [302, 302, 429]
    assert [pages.get("/portal/access").status_code for _ in range(6)] == [200] * 5 + [429]
    assert desk.post("/account", name).status_code == 302
    assert desk.get("/account/devices").status_code == 200


@pytest.mark.usefixtures("still_clock")
def test_refreshing_counts_by_device(therapist, settings):
    settings.LIMITS = {**settings.LIMITS, "refresh": "2/m"}

    def refresh(token: str):
        return APIClient().post("/api/v1/auth/refresh", {"refresh_token": token}, format="json", REMOTE_ADDR=HERE)

    first, second = (signed_in(therapist.email, REMOTE_ADDR=HERE).json()["refresh_token"] for _ in range(2))
    assert [refresh(first).status_code for _ in range(3)] == [200, 200, 429]
    assert refresh(second).status_code == 200
    assert refresh("x").status_code == 401


@pytest.mark.usefixtures("ten_o_clock")
def test_one_address_cannot_try_passwords_without_end(db, settings):
    settings.LIMITS = {**settings.LIMITS, "sign_in_address": "3/m"}
    people = [TherapistFactory() for _ in range(4)]
    assert [signed_in(one.email, REMOTE_ADDR=HERE).status_code for one in people] == [200, 200, 200, 429]
    body = {"email": people[3].email, "password": PASSWORD}
    assert Client(REMOTE_ADDR=HERE).post(SIGN_IN, body).status_code == 429
    assert signed_in(people[3].email, REMOTE_ADDR=THERE).status_code == 200
