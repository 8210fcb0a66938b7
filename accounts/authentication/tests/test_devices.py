"""Devices: listing, signing one out and signing out everywhere, on pages and in the API."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.authentication import tasks as authentication_tasks
from accounts.authentication.services import retention
from accounts.models import AuthSession, IdempotencyRecord, OutgoingMail, User
from accounts.tests.factories import PASSWORD, AdminFactory, PatientFactory
from audit.models import AuditEvent
from therapybridge.core import batches

PAGE, API = "/account/devices", "/api/v1/auth/devices"
EVERYWHERE = f"{API}/revoke-all"


def sid(browser: Client) -> str:
    return browser.session["sid"]


def shown(page) -> list[str]:
    return [str(row.pk) for row in page.context["page"]]


def rows(action: str) -> list[str]:
    return list(AuditEvent.objects.filter(action=action).order_by("id").values_list("outcome", flat=True))


def test_the_page_lists_ones_own_live_sessions(therapist, other_therapist, client_for, api_for):
    browser, ended = client_for(therapist), client_for(therapist)
    api_for(therapist)
    client_for(other_therapist)
    AuthSession.objects.filter(pk=sid(ended)).update(revoked_at=timezone.now())
    page = browser.get(PAGE)
    assert page.status_code == 200
    own = AuthSession.objects.live().filter(user=therapist)
    assert sorted(shown(page)) == sorted(str(row.pk) for row in own)
    assert len(shown(page)) == 2
    assert page.content.decode().count("This device") == 1
    assert sorted(AuditEvent.objects.get(action="device.listed").ids) == sorted(shown(page))


def test_the_list_costs_the_same_for_many(therapist, client_for, django_assert_max_num_queries):
    browser = client_for(therapist)
    for _ in range(15):
        client_for(therapist)
    browser.get(PAGE)
    with django_assert_max_num_queries(12):
        assert len(shown(browser.get(PAGE))) == 16


def test_signing_one_out_acts_on_its_next_request(therapist, client_for):
    here, there = client_for(therapist), client_for(therapist)
    assert here.get(f"{PAGE}/{sid(there)}/revoke").status_code == 405
    answer = here.post(f"{PAGE}/{sid(there)}/revoke")
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert there.get(PAGE).status_code == 302
    assert here.get(PAGE).status_code == 200
    assert rows("device.revoked") == ["ok"]


def test_the_session_of_somebody_else_is_404_and_goes_on(therapist, other_therapist, client_for, api_for):
    stranger = client_for(other_therapist)
    for pk in (sid(stranger), uuid4()):
        assert client_for(therapist).post(f"{PAGE}/{pk}/revoke").status_code == 404
        assert api_for(therapist).delete(f"{API}/{pk}").status_code == 404
    assert rows("device.revoked") == ["denied"] * 4
    assert stranger.get(PAGE).status_code == 200


def test_signing_out_everywhere_asks_for_the_password_every_time(therapist, other_therapist, client_for, api_for):
    here, there, device, stranger = (
        client_for(therapist),
        client_for(therapist),
        api_for(therapist),
        client_for(other_therapist),
    )
    assert here.post(PAGE, {"password": "wrong"}).status_code == 422
    assert here.post(PAGE, {}).status_code == 422
    assert there.get(PAGE).status_code == 200
    answer = here.post(PAGE, {"password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")
    assert here.get(PAGE).status_code == there.get(PAGE).status_code == 302
    assert device.get(API).status_code == 401
    assert stranger.get(PAGE).status_code == 200
    assert rows("device.all_revoked") == ["denied", "ok"]


@pytest.mark.usefixtures("still_clock")
def test_guessing_the_password_there_is_limited_like_signing_in(therapist, client_for):
    browser = client_for(therapist)
    assert [browser.post(PAGE, {"password": "wrong"}).status_code for _ in range(6)] == [422] * 5 + [429]


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/018f0000-0000-7000-8000-000000000000/revoke", "/account/stay"])
def test_nobody_is_led_to_sign_in(db, path):
    verb = "get" if path == PAGE else "post"
    assert getattr(Client(), verb)(path).headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("make", [lambda: PatientFactory(email="p@example.org", password=PASSWORD), AdminFactory])
def test_every_role_has_the_page(db, client_for, make):
    assert client_for(make()).get(PAGE).status_code == 200


def test_the_api_lists_pages_with_the_current_one_marked(therapist, other_therapist, api_for, client_for):
    client_for(other_therapist)
    client_for(therapist)
    device = api_for(therapist)
    found = device.get(API, {"limit": 1}).json()
    rest = device.get(found["next"]).json()
    both = found["results"] + rest["results"]
    assert sorted(one["kind"] for one in both) == ["browser", "device"]
    assert [one["is_current"] for one in both if one["kind"] == "device"] == [True]
    assert set(both[0]) == {
        "id",
        "kind",
        "device",
        "device_name",
        "ip",
        "created_at",
        "last_used_at",
        "expires_at",
        "is_current",
    }
    assert rest["next"] is None


def test_a_device_has_the_name_that_was_told_at_sign_in(therapist, client_for):
    told = {"email": therapist.email, "password": PASSWORD, "device_name": " Tablet  in the office "}
    signed_in = APIClient().post("/api/v1/auth/login", told, format="json", HTTP_USER_AGENT="Practice/2.1")
    device = APIClient(HTTP_AUTHORIZATION=f"Bearer {signed_in.json()['access_token']}")
    (listed,) = device.get(API).json()["results"]
    assert (listed["device_name"], listed["device"]) == ("Tablet in the office", "Practice/2.1")
    page = client_for(therapist).get(PAGE).content.decode()
    assert "Tablet in the office" in page
    assert "(Practice/2.1)" in page


@pytest.mark.parametrize("name", ["x" * 61, "a\u200bb", ["a"]])
def test_a_device_name_is_a_short_line(therapist, name):
    told = {"email": therapist.email, "password": PASSWORD, "device_name": name}
    refused = APIClient().post("/api/v1/auth/login", told, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["device_name"])


def test_the_api_list_costs_the_same_for_many(therapist, api_for, django_assert_max_num_queries):
    device = api_for(therapist)
    for _ in range(15):
        api_for(therapist)
    device.get(API)
    with django_assert_max_num_queries(6):
        assert len(device.get(API).json()["results"]) == 16


def test_the_api_signs_out_one_and_all(therapist, api_for):
    here, there = api_for(therapist), api_for(therapist)
    current = next(one for one in there.get(API).json()["results"] if one["is_current"])
    assert here.delete(f"{API}/{current['id']}").status_code == 204
    assert there.get(API).status_code == 401
    assert here.post(EVERYWHERE, {"password": "wrong"}, format="json").status_code == 401
    assert here.post(EVERYWHERE, {}, format="json").status_code == 400
    assert here.post(EVERYWHERE, {"password": PASSWORD}, format="json").status_code == 204
    assert here.get(API).status_code == 401


def test_the_api_of_devices_needs_a_token(db):
    assert APIClient().get(API).status_code == 401
    assert APIClient().post(EVERYWHERE, {"password": "x"}, format="json").status_code == 401
    assert APIClient().delete(f"{API}/{uuid4()}").status_code == 401


def test_what_ended_long_ago_is_forgotten(therapist, api_for):
    now = timezone.now()
    for _ in range(4):
        api_for(therapist)
    revoked, expired, ended, live = AuthSession.objects.order_by("id")
    AuthSession.objects.filter(pk=revoked.pk).update(revoked_at=now - timedelta(days=91))
    AuthSession.objects.filter(pk=expired.pk).update(expires_at=now - timedelta(days=91))
    AuthSession.objects.filter(pk=ended.pk).update(ends_at=now - timedelta(days=89))
    old = IdempotencyRecord.objects.create(user=therapist, key="old", route="x", fingerprint="")
    IdempotencyRecord.objects.create(user=therapist, key="new", route="x", fingerprint="")
    IdempotencyRecord.objects.filter(pk=old.pk).update(created_at=now - timedelta(hours=49))
    authentication_tasks.delete_old_access()
    assert set(AuthSession.objects.all()) == {ended, live}
    assert IdempotencyRecord.objects.get().key == "new"
    assert retention.delete_ended_sessions() == retention.delete_old_answers() == 0
    assert User.objects.filter(pk=therapist.pk).exists()


def test_what_expired_cookies_and_sent_emails_leave_is_deleted_in_batches(db, monkeypatch):
    monkeypatch.setattr(batches, "DELETED_AT_ONCE", 2)
    now = timezone.now()
    for number in range(5):
        Session.objects.create(session_key=f"old{number}", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="live", expire_date=now + timedelta(hours=1))
    for days, status in ((91, "sent"), (89, "sent"), (None, "failed")):
        sent_at = days and now - timedelta(days=days)
        OutgoingMail.objects.create(kind=f"{status} {days}", status=status, sent_at=sent_at)
    authentication_tasks.delete_old_access()
    assert Session.objects.get().session_key == "live"
    assert set(OutgoingMail.objects.values_list("kind", flat=True)) == {"sent 89", "failed None"}


@pytest.mark.parametrize(("persona", "address"), [("client_for", "/sign-out"), ("api_for", "/api/v1/auth/logout")])
def test_a_sign_out_is_on_record_with_its_session(request, therapist, persona, address):
    request.getfixturevalue(persona)(therapist).post(address)
    session, row = AuthSession.objects.get(), AuditEvent.objects.get(action="user.signed_out")
    assert (session.revoked_reason, row.actor_id, row.target_id) == ("signed_out", therapist.pk, session.pk)
