"""Second factors in the browser: setup, sign-in, step-up, and encryption of secrets."""

import json
import threading
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import AuthSession, OutgoingMail, User
from accounts.second_factor.services import factors
from accounts.second_factor.services.secret_rotation import SecondFactorSource
from accounts.tests.factories import PASSWORD, PatientFactory, TherapistFactory, code_of, give_app, give_recovery_codes
from accounts.tests.passkey import Passkey
from audit.models import AuditEvent
from therapybridge.core import crypto
from therapybridge.core.errors import Unavailable
from therapybridge.core.rotation import rotate

SIGN_IN, CODE, TRUST, OUT = "/sign-in", "/sign-in/second-factor", "/sign-in/trust", "/sign-out"
INDEX = "/account/second-factor"
APP, REMOVE_APP, CODES = f"{INDEX}/app", f"{INDEX}/app/remove", f"{INDEX}/codes"
PASSKEYS, ADD_PASSKEY = f"{INDEX}/passkeys", f"{INDEX}/passkeys/new"


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Run a request's on-commit callbacks."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def trail(*, outcome: str = "ok") -> list[str]:
    return list(AuditEvent.objects.filter(outcome=outcome).order_by("id").values_list("action", flat=True))


def with_password(user: User, client: Client | None = None, **extra: str) -> Client:
    client = client or Client()
    client.post(SIGN_IN, {"email": user.email, "password": PASSWORD, **extra})
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def options(response) -> dict:
    return response.context["js_data"]


def test_password_code_and_trust_make_one_sign_in(therapist):
    secret = give_app(therapist)
    browser = with_password(therapist, next="/patients/new")
    assert not is_in(browser)
    assert trail() == ["user.password_accepted"]
    assert browser.get(CODE).status_code == 200
    answer = browser.post(CODE, {"code": code_of(secret)})
    assert (answer.status_code, answer.headers["Location"]) == (302, TRUST)
    assert not is_in(browser)
    assert browser.get(TRUST).status_code == 200
    answer = browser.post(TRUST, {"action": "skip"})
    assert answer.headers["Location"] == "/patients/new"
    assert trail() == ["user.password_accepted", "second_factor.used", "user.signed_in"]
    assert AuthSession.objects.get().second_factor_at is not None
    assert browser.get("/patients/new").status_code == 200
    assert "trusted" not in browser.cookies


def test_a_trusted_browser_is_asked_for_the_password_only_until_something_changes(therapist):
    secret = give_app(therapist)
    browser = with_password(therapist)
    browser.post(CODE, {"code": code_of(secret)})
    browser.post(TRUST, {"action": "trust"})
    assert browser.cookies["trusted"]["max-age"] == 30 * 24 * 3600
    browser.post(OUT)
    assert is_in(with_password(therapist, browser))
    assert browser.get("/patients/new").status_code == 200
    browser.post(OUT)
    Authenticator.objects.all().delete()
    give_app(therapist)
    assert not is_in(with_password(therapist, browser))


def test_a_browser_is_trusted_for_thirty_days_and_for_one_person(therapist, other_therapist):
    secret = give_app(therapist)
    give_app(other_therapist)
    browser = with_password(therapist)
    browser.post(CODE, {"code": code_of(secret)})
    browser.post(TRUST, {"action": "trust"})
    browser.post(OUT)
    assert not is_in(with_password(other_therapist, browser))
    with time_machine.travel(timezone.now() + timedelta(days=30, seconds=1), tick=False):
        assert not is_in(with_password(therapist, browser))


@pytest.mark.parametrize("path", [CODE, TRUST, INDEX, APP, "/today", "/admin/", "/api/v1/me"])
def test_a_password_alone_opens_nothing(therapist, path):
    give_app(therapist)
    answer = with_password(therapist).get(path)
    assert answer.status_code == 200 if path == CODE else answer.status_code in {302, 401, 403}
    assert AuthSession.objects.count() == 0


def test_a_code_page_without_a_password_leads_to_the_start(therapist, client):
    secret = give_app(therapist)
    for path, body in ((CODE, {"code": code_of(secret)}), (TRUST, {"action": "trust"})):
        assert client.post(path, body).headers["Location"] == SIGN_IN
        assert client.get(path).headers["Location"] == SIGN_IN
        assert client.put(path).status_code == 405
    assert not is_in(client)


@pytest.mark.usefixtures("still_clock")
def test_a_wrong_code_is_422_on_record_and_limited(therapist):
    secret = give_app(therapist)
    browser = with_password(therapist)
    for _ in range(5):
        answer = browser.post(CODE, {"code": "000000"})
        assert answer.status_code == 422
        assert "used before" in answer.content.decode()
    answer = browser.post(CODE, {"code": code_of(secret)})
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
    assert trail(outcome="denied") == ["second_factor.failed"] * 5
    assert not is_in(browser)


def test_twenty_wrong_codes_in_an_hour_shut_out_the_right_one(therapist, settings):
    settings.LIMITS = {**settings.LIMITS, "second_factor": "1000/s"}
    secret = give_app(therapist)
    with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
        for _ in range(20):
            factors.count_failure(therapist)
        assert with_password(therapist).post(CODE, {"code": code_of(secret)}).status_code == 429
    with time_machine.travel("2026-03-02T11:00:01Z", tick=False):
        assert with_password(therapist).post(CODE, {"code": code_of(secret)}).status_code == 302


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "x" * 21}, {"code": "\x00"}, {"code": "١٢٣٤٥٦"}])
def test_malformed_codes_are_refused(therapist, body):
    give_app(therapist)
    assert with_password(therapist).post(CODE, body).status_code == 422


def test_a_code_works_once(therapist):
    code = code_of(give_app(therapist))
    assert with_password(therapist).post(CODE, {"code": code}).status_code == 302
    assert with_password(therapist).post(CODE, {"code": f"{code[:3]} {code[3:]}"}).status_code == 422


def test_a_recovery_code_works_once(therapist):
    give_app(therapist)
    code = give_recovery_codes(therapist)[3]
    assert with_password(therapist).post(CODE, {"code": code}).status_code == 302
    assert AuditEvent.objects.get(action="second_factor.used").reason == "recovery_codes"
    assert with_password(therapist).post(CODE, {"code": code}).status_code == 422


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!other"}])
def test_what_changes_between_password_and_code_ends_the_sign_in(therapist, change):
    secret = give_app(therapist)
    browser = with_password(therapist)
    User.objects.filter(pk=therapist.pk).update(**change)
    browser.post(CODE, {"code": code_of(secret)})
    answer = browser.post(TRUST, {"action": "skip"})
    assert answer.headers["Location"] == SIGN_IN
    assert not is_in(browser)
    assert "user.signed_in" not in trail()


@pytest.mark.parametrize("changed", ["password", "factor"])
def test_what_changes_after_the_code_ends_the_sign_in_and_nobody_trusts_the_browser(therapist, changed):
    secret = give_app(therapist)
    browser = with_password(therapist)
    browser.post(CODE, {"code": code_of(secret)})
    if changed == "password":
        User.objects.filter(pk=therapist.pk).update(password="!other")
    else:
        Authenticator.objects.all().delete()
        give_app(therapist)
    assert browser.post(TRUST, {"action": "trust"}).headers["Location"] == SIGN_IN
    assert "trusted" not in browser.cookies
    assert not is_in(browser)
    assert "user.signed_in" not in trail()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_of_eight_uses_of_a_code_at_once_one_counts(kind, settings):
    settings.LIMITS = {**settings.LIMITS, "second_factor": "1000/s"}
    user = TherapistFactory()
    code = code_of(give_app(user)) if kind == "totp" else give_recovery_codes(user)[0]
    barrier, accepted = threading.Barrier(8), []

    def run() -> None:
        barrier.wait()
        try:
            accepted.append(factors.use_code(user, code).type)
        except factors.InvalidCode:
            accepted.append("")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(8)]
    with time_machine.travel(timezone.now(), tick=False):
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    assert sorted(accepted) == [""] * 7 + [kind]


def test_a_code_that_cannot_be_remembered_opens_nothing(therapist, settings):
    secret = give_app(therapist)
    redis = {"BACKEND": "therapybridge.core.backends.counting.CountingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": redis}
    with pytest.raises(Unavailable):
        factors.use_code(therapist, code_of(secret))


def test_setting_up_an_app_shows_recovery_codes_once_and_ends_other_sessions(therapist, client_for, commits):
    other, browser = client_for(therapist), client_for(therapist)
    page = browser.get(APP)
    secret = page.context["form"].secret
    assert page.context["totp_svg_data_uri"].startswith("data:image/svg+xml;base64,")
    assert secret in page.content.decode()
    with commits():
        answer = browser.post(APP, {"code": code_of(secret)})
    assert answer.headers["Location"] == CODES
    assert trail() == ["second_factor.added", "recovery_codes.generated"]
    assert other.get(INDEX).status_code == 302
    codes = browser.get(CODES).context["unused_codes"]
    assert len(codes) == 10
    assert browser.get(CODES).context["unused_codes"] == ["****"] * 10
    assert browser.get(f"{CODES}/download").status_code == 403
    email = OutgoingMail.objects.get()
    assert (email.kind, email.to) == ("second_factor_added", therapist.email)
    assert with_password(therapist).post(CODE, {"code": code_of(secret)}).status_code == 422  # used by setting up
    assert with_password(therapist).post(CODE, {"code": codes[0]}).status_code == 302


def test_a_wrong_first_code_sets_up_nothing(therapist, client_for):
    browser = client_for(therapist)
    secret = browser.get(APP).context["form"].secret
    answer = browser.post(APP, {"code": "000000"})
    assert (answer.status_code, answer.context["form"].secret) == (422, secret)
    assert not Authenticator.objects.exists()


def test_no_secret_lies_in_clear(therapist, client_for, commits):
    browser = client_for(therapist)
    secret = browser.get(APP).context["form"].secret
    assert secret not in str([session.get_decoded() for session in Session.objects.all()])
    with commits():
        browser.post(APP, {"code": code_of(secret)})
    assert "mfa.totp.secret" not in browser.session
    stored = {one.type: one.data for one in Authenticator.objects.all()}
    assert secret not in str(stored)
    assert {name for data in stored.values() for name in data} == {"secret", "seed", "used_mask"}


def test_a_secret_moved_to_another_person_does_not_open(therapist, other_therapist):
    secret, codes = give_app(therapist), give_recovery_codes(therapist)
    for code in (code_of(secret), codes[0]):
        kind = "totp" if code == code_of(secret) else "recovery_codes"
        Authenticator.objects.all().update(user=other_therapist)
        with pytest.raises(crypto.DecryptionError):
            factors.use_code(other_therapist, code)
        Authenticator.objects.all().update(user=therapist)
        assert factors.use_code(therapist, code).type == kind


def test_a_rotation_of_keys_reaches_the_secrets(therapist, settings):
    secret, codes = give_app(therapist), give_recovery_codes(therapist)
    settings.FIELD_ENCRYPTION_KEYS = ["fresh:" + "A" * 43 + "=", *settings.FIELD_ENCRYPTION_KEYS]
    source = SecondFactorSource()
    assert sum(source.left().values()) == 2
    assert sum(done.renewed for done in rotate(source, 1)) == 2
    assert not source.left()
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]
    for code in (code_of(secret), codes[0]):
        assert factors.use_code(therapist, code)


def add_passkey(browser: Client, commits) -> Passkey:
    passkey, page = Passkey(), browser.get(ADD_PASSKEY)
    credential = passkey.created(options(page)["creation_options"])
    with commits():
        answer = browser.post(ADD_PASSKEY, {"name": "My key", "credential": json.dumps(credential)})
    assert answer.status_code == 302
    return passkey


def test_a_passkey_is_added_and_completes_a_sign_in(therapist, client_for, commits):
    passkey = add_passkey(client_for(therapist), commits)
    assert trail() == ["second_factor.added", "recovery_codes.generated"]
    browser = with_password(therapist)
    credential = passkey.signed(options(browser.get(CODE))["request_options"])
    assert browser.post(CODE, {"credential": json.dumps(credential)}).headers["Location"] == TRUST
    browser.post(TRUST, {"action": "skip"})
    assert is_in(browser)
    assert AuditEvent.objects.get(action="second_factor.used").reason == "webauthn"


MALFORMED = ["", "x", "[]", "7", '"x"', "{}", '{"id": 1}', '{"id": "AA", "rawId": "AA", "response": 5}', "null"]
# Deeper than the parser goes, a longer number than it reads, and more than any passkey says.
MALFORMED += ["[" * 10_000, "1" * 5_000, '{"id": "' + "A" * 20_000 + '"}']


@pytest.mark.slow
@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize("credential", MALFORMED)
def test_a_malformed_passkey_answer_is_refused_everywhere(therapist, client_for, commits, credential):
    signed_in = client_for(therapist)
    add_passkey(signed_in, commits)
    browser = with_password(therapist)
    browser.get(CODE)
    assert browser.post(CODE, {"credential": credential}).status_code == 422
    confirm = "/account/confirm/passkey"
    signed_in.get(confirm)
    assert signed_in.post(confirm, {"credential": credential}).status_code == 422
    signed_in.get(ADD_PASSKEY)
    assert signed_in.post(ADD_PASSKEY, {"credential": credential}).status_code == 422
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_passkeys_are_listed_renamed_and_removed_by_their_owner_only(therapist, other_therapist, client_for, commits):
    browser, stranger = client_for(therapist), client_for(other_therapist)
    add_passkey(browser, commits)
    pk = Authenticator.objects.get(type="webauthn").pk
    for verb in ("rename", "remove"):
        assert stranger.get(f"{PASSKEYS}/{pk}/{verb}").status_code == 404
        assert stranger.post(f"{PASSKEYS}/{pk}/{verb}", {"name": "x"}).status_code == 404
        assert browser.get(f"{PASSKEYS}/{pk}/{verb}").status_code == 200
        assert browser.get(f"{PASSKEYS}/{10**30}/{verb}").status_code == 404
    assert browser.post(f"{PASSKEYS}/{pk}/rename", {"name": "Blue key"}).status_code == 302
    assert "Blue key" in browser.get(PASSKEYS).content.decode()
    with commits():
        assert browser.post(f"{PASSKEYS}/{pk}/remove").status_code == 302
    assert not Authenticator.objects.exists()
    assert trail()[-1] == "second_factor.removed"
    assert OutgoingMail.objects.filter(kind="second_factor_removed").count() == 1


def test_the_last_factor_stays_while_the_role_needs_one(therapist, client_for, commits, settings):
    browser = client_for(therapist)
    add_passkey(browser, commits)
    pk = Authenticator.objects.get(type="webauthn").pk
    settings.MFA_REQUIRED = True
    assert browser.post(f"{PASSKEYS}/{pk}/remove").headers["Location"] == INDEX
    give_app(therapist)
    assert browser.post(f"{PASSKEYS}/{pk}/remove").headers["Location"] == PASSKEYS
    assert browser.get(REMOVE_APP).status_code == 200
    assert browser.post(REMOVE_APP).headers["Location"] == INDEX
    assert Authenticator.objects.filter(user=therapist, type="totp").exists()
    settings.MFA_REQUIRED = False
    assert browser.post(REMOVE_APP).status_code == 302
    assert not Authenticator.objects.exists()


def test_new_recovery_codes_replace_the_old_ones(therapist, client_for, commits):
    give_app(therapist)
    old = give_recovery_codes(therapist)[0]
    browser = client_for(therapist, second_factor=True)
    assert browser.get(f"{CODES}/new").status_code == 200
    with commits():
        assert browser.post(f"{CODES}/new").headers["Location"] == CODES
    new = browser.get(CODES).context["unused_codes"][0]
    assert trail() == ["recovery_codes.generated"]
    assert with_password(therapist).post(CODE, {"code": old}).status_code == 422
    assert with_password(therapist).post(CODE, {"code": new}).status_code == 302


@pytest.mark.parametrize("path", [APP, REMOVE_APP, CODES, f"{CODES}/new", f"{CODES}/download", ADD_PASSKEY])
def test_sensitive_pages_ask_again_after_a_while(therapist, client_for, path):
    browser = client_for(therapist)
    AuthSession.objects.update(stepped_up_at=timezone.now() - timedelta(minutes=11))
    assert browser.get(path).headers["Location"] == f"/account/confirm?next={path}"


def test_a_patient_may_have_a_second_factor_too(db, client_for, commits):
    patient = PatientFactory(email="p@example.org", password=PASSWORD)
    browser = client_for(patient)
    with commits():
        browser.post(APP, {"code": code_of(browser.get(APP).context["form"].secret)})
    assert browser.get(INDEX).status_code == 200
    assert not is_in(with_password(patient))
