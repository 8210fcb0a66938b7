"""The person's own account: names, time zone and address; and closing accounts."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import hexlify
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.identity.services import staff
from accounts.models import AuthSession, BreakGlassGrant, ConsentRequest, User
from accounts.tests.emails import emails, last_link
from accounts.tests.factories import PASSWORD, AdminFactory, BreakGlassFactory, TherapistFactory
from audit.models import AuditEvent
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict

ACCOUNT, ADDRESS = "/account", "/account/email"
ROBIN = {"first_name": "Kim", "last_name": "Lee", "time_zone": "Asia/Tokyo"}


@pytest.fixture
def patient_user(patient) -> User:
    patient.email = "canary@example.org"
    patient.set_password(PASSWORD)
    patient.save()
    return patient


def test_names_and_zone_are_changed(therapist, client_for):
    browser = client_for(therapist)
    assert browser.post(ACCOUNT, ROBIN | {"role": "admin", "email": "x@example.org"}).status_code == 302
    after = User.objects.get(pk=therapist.pk)
    assert (after.full_name, after.time_zone) == ("Kim Lee", "Asia/Tokyo")
    assert (after.role, after.email) == (therapist.role, therapist.email)
    assert AuditEvent.objects.get(action="user.updated").changed == sorted(ROBIN)
    assert browser.post(ACCOUNT, ROBIN | {"time_zone": ""}).status_code == 302


@pytest.mark.parametrize(
    "name",
    ["localtime", "Factory", "posixrules", "Etc/Unknown", "Etc/GMT+5", "Mars/Base", "posix/Asia/Tokyo", "EST"],
)
def test_what_is_no_zone_of_a_place_is_refused(therapist, client_for, api_for, name):
    page = client_for(therapist).post(ACCOUNT, ROBIN | {"time_zone": name})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["time_zone"])
    assert api_for(therapist).patch("/api/v1/me", {"time_zone": name}, format="json").status_code == 400


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "Pacific/Pago_Pago"])
def test_zones_of_places_are_welcome(therapist, api_for, name):
    assert api_for(therapist).patch("/api/v1/me", {"time_zone": name}, format="json").status_code == 200


@pytest.mark.parametrize("path", [ACCOUNT, ADDRESS, "/account/password"])
def test_everybody_has_an_account_in_their_own_frame(patient_user, therapist, clinic, client_for, client, path):
    assert client.get(path).headers["Location"].startswith("/sign-in")
    for person, frame in (
        (patient_user, "portal__head"),
        (therapist, "frame__side"),
        (AdminFactory(clinic=clinic), ""),
    ):
        page = client_for(person).get(path)
        text = page.content.decode()
        assert (page.status_code, text.count("<h1")) == (200, 1)
        assert frame in text
        assert f'href="{reverse("mfa_index")}"' in text
    assert 'href="/account"' in client_for(patient_user).get("/portal").content.decode()


def ask(client: Client, email: str = "new@example.org"):
    return client.post(ADDRESS, {"email": email})


def test_a_new_address_counts_once_it_is_confirmed(therapist, client_for):
    old, browser = therapist.email, client_for(therapist)
    assert ask(browser, "New@example.org").status_code == 302
    assert [email.to for email in emails()] == ["new@example.org"]
    link = last_link("account.email_confirm")
    assert Client().get(link).status_code == 200
    assert User.objects.get(pk=therapist.pk).email == old
    assert browser.post(link).headers["Location"] == "/account"
    assert User.objects.get(pk=therapist.pk).email == "new@example.org"
    assert Client().post(link).status_code == 404
    notice = emails()[-1]
    assert (notice.kind, notice.to) == ("account.email_changed", old)
    assert AuditEvent.objects.get(action="user.email_changed").changed == ["email"]
    assert "new@example.org" not in str([vars(row) for row in AuditEvent.objects.all()])


def test_the_link_does_not_show_the_address(therapist, client_for):
    ask(client_for(therapist))
    layers = list(decoded(last_link("account.email_confirm").encode()))
    assert any(therapist.pk.hex.encode() in layer for layer in layers)  # the person can be read, the address cannot
    assert not [layer for layer in layers if b"new@" in layer]


def decoded(text: bytes) -> Iterator[bytes]:
    """The text and everything encoded in it as base64 or hexadecimal, to any depth."""
    yield text
    for word in re.findall(rb"[\w-]{8,}", text):
        with suppress(ValueError):
            yield from decoded(urlsafe_b64decode(word + b"=" * (-len(word) % 4)))
    for word in re.findall(rb"(?:[0-9A-Fa-f]{2}){4,}", text):
        yield from decoded(bytes.fromhex(word.decode()))


@pytest.mark.parametrize("encode", [urlsafe_b64encode, hexlify, lambda text: urlsafe_b64encode(hexlify(text))])
def test_an_address_is_seen_through_its_encoding(encode):
    assert any(b"new@" in layer for layer in decoded(b"/verify/" + encode(b"new@example.org") + b":x"))


def test_a_known_address_gets_another_email_and_the_same_answer(therapist, foreign_therapist, client_for):
    browser = client_for(therapist)
    answers = [ask(browser, email) for email in (foreign_therapist.email.upper(), "free@example.org")]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert [email.kind for email in emails()] == ["account.email_known", "account.email_confirm"]


def test_an_address_that_was_taken_meanwhile_stays_with_its_owner(therapist, client_for):
    ask(client_for(therapist))
    owner = TherapistFactory(email="new@example.org")
    assert Client().post(last_link("account.email_confirm")).status_code == 404
    assert User.objects.get(email="new@example.org") == owner


def test_another_address_asks_who_it_is(therapist, client_for):
    browser = client_for(therapist)
    AuthSession.objects.update(stepped_up_at=timezone.now() - timedelta(hours=1))
    for answer in (browser.get(ADDRESS), ask(browser)):
        assert answer.headers["Location"].startswith("/account/confirm?")
    assert not emails()


def test_emails_about_addresses_have_a_limit(therapist, client_for, still_clock):
    browser = client_for(therapist)
    assert [ask(browser, f"{n}@example.org").status_code for n in range(6)] == [302] * 5 + [429]


def test_closing_an_account_ends_everything_at_once_and_for_good(therapist, patient, clinic, client_for, api_for):
    admin = AdminFactory(clinic=clinic)
    browser, device = client_for(therapist), api_for(therapist)
    ask(browser)
    grant = BreakGlassFactory(therapist=therapist)
    tomorrow = timezone.now() + timedelta(days=1)
    signing = ConsentRequest.objects.create(patient=patient, types=[], requested_by=therapist, expires_at=tomorrow)
    staff.deactivate_user(therapist, by=Actor(user=admin))
    links = [last_link("account.email_confirm")]
    for _ in range(2):
        assert browser.get("/account").status_code == 302
        assert device.get("/api/v1/me").status_code == 401
        assert [Client().post(link).status_code for link in links] == [404]
        assert not BreakGlassGrant.objects.live().filter(pk=grant.pk).exists()
        assert not ConsentRequest.objects.open().filter(pk=signing.pk).exists()
        if not User.objects.get(pk=therapist.pk).is_active:
            staff.reactivate_user(therapist, by=Actor(user=admin))
    assert User.objects.get(pk=therapist.pk).is_active
    assert Client().post("/sign-in", {"email": therapist.email, "password": PASSWORD}).status_code == 302
    actions = AuditEvent.objects.filter(target_id=therapist.pk).values_list("action", flat=True)
    assert {"user.deactivated", "user.reactivated"} <= set(actions)
    ended = AuditEvent.objects.filter(actor=admin, action__in=["consent_request.revoked", "emergency.ended"])
    assert set(ended.values_list("target_id", flat=True)) == {signing.pk, grant.pk}


def test_the_end_of_a_patients_account_is_on_record_with_the_patient(patient, therapist, clinic):
    admin = Actor(user=AdminFactory(clinic=clinic))
    for person in (patient, therapist):
        staff.deactivate_user(person, by=admin)
        staff.reactivate_user(person, by=admin)
    rows = AuditEvent.objects.order_by("id").values_list("action", "target_id", "patient_id")
    assert list(rows) == [
        ("user.deactivated", patient.pk, patient.pk),
        ("user.reactivated", patient.pk, patient.pk),
        ("user.deactivated", therapist.pk, None),
        ("user.reactivated", therapist.pk, None),
    ]


def test_an_account_is_closed_once_and_by_someone_else(therapist, clinic):
    admin = Actor(user=AdminFactory(clinic=clinic))
    with pytest.raises(Conflict):
        staff.deactivate_user(therapist, by=Actor(user=therapist))
    with pytest.raises(Conflict):
        staff.reactivate_user(therapist, by=admin)
    staff.deactivate_user(therapist, by=admin)
    with pytest.raises(Conflict):
        staff.deactivate_user(User.objects.get(pk=therapist.pk), by=admin)
