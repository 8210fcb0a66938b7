"""Validity of sessions: idle and absolute limits, revocation, and required second factors."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.authentication.middleware import ENROLMENT
from accounts.authentication.services import auth_sessions
from accounts.models import AuthSession, User
from accounts.tests.factories import PASSWORD, AdminFactory, PatientFactory, TherapistFactory, code_of, give_app
from audit.models import AuditEvent

PAGE, STAY, ME = "/account/devices", "/account/stay", "/api/v1/me"
LONG_AGO = timedelta(minutes=10)


def is_in(browser: Client) -> bool:
    return browser.get(PAGE).status_code == 200


def row() -> AuthSession:
    return AuthSession.objects.get()


@pytest.mark.parametrize("limit", ["expires_at", "ends_at"])
def test_a_session_ends_at_either_limit_by_the_clock_of_the_database(therapist, client_for, limit):
    browser = client_for(therapist)
    AuthSession.objects.update(**{limit: timezone.now() + timedelta(seconds=30)})
    assert is_in(browser)
    AuthSession.objects.update(**{limit: timezone.now() - timedelta(seconds=1)})
    assert not is_in(browser)
    assert browser.get(ME).status_code in {401, 403}


def test_a_browser_gets_the_limits_of_the_settings(therapist, client_for, api_for):
    client_for(therapist)
    browser = row()
    assert timedelta(minutes=59) < browser.expires_at - timezone.now() <= timedelta(minutes=60)
    assert timedelta(hours=11) < browser.ends_at - timezone.now() <= timedelta(hours=12)
    AuthSession.objects.all().delete()
    api_for(therapist)
    assert timedelta(days=6) < row().expires_at - timezone.now() <= timedelta(days=7)
    assert timedelta(days=89) < row().ends_at - timezone.now() <= timedelta(days=90)


def idle(soon: timedelta = timedelta(minutes=5)) -> AuthSession:
    """Make the session idle, shortly before its end."""
    AuthSession.objects.update(last_used_at=timezone.now() - LONG_AGO, expires_at=timezone.now() + soon)
    return row()


def test_use_moves_the_idle_limit_and_never_the_absolute_one(therapist, client_for):
    browser = client_for(therapist)
    before = idle()
    assert is_in(browser)
    after = row()
    assert after.expires_at > before.expires_at + timedelta(minutes=50)
    assert (after.ends_at, after.last_used_at > before.last_used_at) == (before.ends_at, True)


def test_a_device_is_moved_by_its_refresh_token_only(therapist, api_for):
    device = api_for(therapist)
    before = idle()
    assert device.get(ME).status_code == 200
    assert row().expires_at == before.expires_at
    assert row().last_used_at > before.last_used_at


def test_staying_moves_the_limit_and_tells_the_seconds(therapist, client_for):
    browser = client_for(therapist)
    idle()
    answer = browser.post(STAY)
    assert (answer.status_code, answer.content) == (204, b"")
    assert 3500 < int(answer.headers["Session-Seconds"]) <= 3600
    assert row().expires_at > timezone.now() + timedelta(minutes=50)
    assert browser.get(STAY).status_code == 405
    AuthSession.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert browser.post(STAY).status_code == 302


def test_a_page_says_how_long_the_session_lasts(therapist, client_for):
    browser = client_for(therapist)
    AuthSession.objects.update(ends_at=timezone.now() + timedelta(seconds=100))
    page = browser.get(PAGE)
    assert 90 < page.wsgi_request.session_seconds <= 100
    assert "data-timeout=" in page.content.decode()
    assert "data-timeout=" not in Client().get("/sign-in").content.decode()


@pytest.mark.parametrize("end", ["deactivated", "password", "revoked", "another"])
def test_what_ends_access_acts_on_the_next_request_of_a_browser(therapist, other_therapist, client_for, end):
    browser = client_for(therapist)
    assert is_in(browser)
    person = User.objects.get(pk=therapist.pk)
    {
        "deactivated": lambda: User.objects.filter(pk=person.pk).update(is_active=False),
        "password": lambda: (person.set_password("another-long-phrase"), person.save()),
        "revoked": lambda: auth_sessions.revoke_all(person.pk, "test"),
        "another": lambda: AuthSession.objects.update(user=other_therapist),
    }[end]()
    assert not is_in(browser)
    assert "_auth_user_id" not in browser.session


def test_a_session_of_somebody_with_a_factor_does_not_hold_without_it(therapist, client_for, api_for):
    browser, device = client_for(therapist), api_for(therapist)
    shown_browser, shown_device = client_for(therapist, second_factor=True), api_for(therapist, second_factor=True)
    give_app(therapist)
    assert not is_in(browser)
    assert device.get(ME).status_code == 401
    assert is_in(shown_browser)
    assert shown_device.get(ME).status_code == 200


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> list[str]:
    """All named routes without arguments."""
    found = []
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            found += names(one.url_patterns, inner) if not one.pattern.converters else []
        elif one.name and not one.pattern.converters and not one.pattern.regex.groups:
            found.append(f"{space}{one.name}")
    return found


@pytest.mark.parametrize("make", [TherapistFactory, AdminFactory])
def test_whoever_must_set_up_a_factor_reaches_exactly_the_pages_for_it(db, client_for, settings, make):
    settings.MFA_REQUIRED = True
    settings.LIMITS = {**settings.LIMITS, "read": "100000/s"}
    browser, reached, refused = client_for(make()), set(), 0
    for name in names(get_resolver().url_patterns):
        answer = browser.get(reverse(name))
        if reverse(name).startswith("/api/"):
            assert (answer.status_code, answer.json()["code"]) == (403, "mfa_enrolment_required")
            refused += 1
        elif answer.headers.get("Location") != reverse("mfa_index"):
            reached.add(name)
    assert reached == ENROLMENT
    assert refused > 5


def test_removing_a_factor_ends_what_it_may_have_opened(therapist, client_for, api_for):
    give_app(therapist)
    own, others = client_for(therapist, second_factor=True), client_for(therapist, second_factor=True)
    device = api_for(therapist, second_factor=True)
    assert own.post("/account/second-factor/app/remove").status_code == 302
    assert own.get("/account").status_code == 200
    assert others.get("/account").status_code == 302
    assert device.get("/api/v1/me").status_code == 401


def test_the_admin_site_and_tokens_are_closed_without_the_factor(db, client_for, api_for, settings):
    settings.MFA_REQUIRED = True
    admin = AdminFactory()
    assert client_for(admin).get("/admin/").headers["Location"] == "/account/second-factor"
    assert client_for(admin).get("/admin/accounts/user/").headers["Location"] == "/account/second-factor"
    answer = api_for(admin).get(ME)
    assert (answer.status_code, answer.json()["code"]) == (403, "mfa_enrolment_required")


def test_a_patient_is_not_led_there(client_for, clinic, settings):
    settings.MFA_REQUIRED = True
    patient = PatientFactory(clinic=clinic, email="p@example.org", password=PASSWORD)
    assert is_in(client_for(patient))


@pytest.mark.usefixtures("still_clock")
def test_with_the_factor_the_way_is_free(therapist, client_for, settings, django_capture_on_commit_callbacks):
    settings.MFA_REQUIRED = True
    browser = client_for(therapist)
    assert browser.get("/today").headers["Location"] == "/account/second-factor"
    secret = browser.get("/account/second-factor/app").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/account/second-factor/app", {"code": code_of(secret)})
    assert browser.get("/today").status_code == 200


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/account/confirm", {"password": PASSWORD}, 302),
        ("/account/confirm", {"password": "wrong"}, 422),
        ("/account/confirm/second-factor", {"code": "right"}, 302),
        ("/account/confirm/second-factor", {"code": "000000"}, 422),
    ],
)
def test_a_sensitive_page_asks_again_and_leads_back(therapist, client_for, path, body, status):
    secret, wanted = give_app(therapist), "/account/email"
    browser = client_for(therapist, second_factor=True)
    AuthSession.objects.update(stepped_up_at=timezone.now() - timedelta(hours=1))
    assert browser.get(wanted).headers["Location"].startswith("/account/confirm?next=")
    assert browser.get(path).status_code == 200
    body = {"code": code_of(secret)} if body.get("code") == "right" else body
    answer = browser.post(f"{path}?next={wanted}", {**body, "next": wanted})
    assert answer.status_code == status
    assert browser.get(wanted).status_code == (200 if status == 302 else 302)
    outcomes = AuditEvent.objects.filter(action="user.stepped_up").values_list("outcome", flat=True)
    assert list(outcomes) == ["ok" if status == 302 else "denied"]


def test_a_proof_does_not_lead_to_another_site(therapist, client_for):
    browser = client_for(therapist)
    answer = browser.post("/account/confirm", {"password": PASSWORD, "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"
