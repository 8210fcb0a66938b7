"""Hostile input on the sign-in page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.tests.factories import AdminFactory
from therapybridge.core.text import PILED

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("target", ["foo", "api-patient", "accounts:consent", "//evil.example", "/\\evil.example"])
def test_any_next_address_leads_to_a_page_of_this_site(client_for, therapist, target):
    answer = client_for(therapist).get("/sign-in", {"next": target})
    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]


def test_the_file_of_a_stranger_is_not_stored(client_for, therapist):
    def send(client: Client):
        return client.post("/sign-in", {"email": "a@example.com", "file": SimpleUploadedFile("x", b"z" * 100_000)})

    assert send(Client()).status_code == 413
    assert send(Client(enforce_csrf_checks=True)).status_code == 403
    assert send(client_for(therapist)).status_code == 413  # nor that of anybody where none is taken


def test_an_address_full_of_accents_is_not_put_in_order():
    pile = "a" + "\u0301" * 6_000 + "\u0316" * 6_000
    answer = Client().post("/sign-in", {"email": f"{pile}@example.com", "password": "x"})
    assert answer.status_code == 422
    assert PILED in answer.content.decode()


@pytest.mark.parametrize("charset", ["hex", "punycode", "idna", "zlib_codec", "utf-16"])
def test_a_form_in_another_alphabet_is_refused(charset):
    body = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na\xff@b.org\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    assert Client().generic("POST", "/sign-in", body, content_type=kind).status_code == 400


def test_a_cookie_that_no_database_can_look_up_is_no_session():
    stranger = Client(headers={"cookie": 'session="\\000\\000\\000\\000\\000\\000\\000\\000"'})
    assert stranger.get("/sign-in").status_code == 200


@pytest.mark.usefixtures("still_clock")
def test_many_accounts_cannot_be_tried_from_one_address(settings):
    settings.LIMITS = settings.LIMITS | {"sign_in_address": "3/m"}
    tried = [Client().post("/sign-in", {"email": f"{n}@example.com", "password": "x"}).status_code for n in range(4)]
    assert tried == [422, 422, 422, 429]


@pytest.mark.usefixtures("still_clock")
def test_a_network_of_addresses_is_one_guesser(settings):
    settings.LIMITS = settings.LIMITS | {"sign_in": "2/m"}
    client, form = Client(), {"email": "someone@example.com", "password": "x"}
    tried = [client.post("/sign-in", form, REMOTE_ADDR=f"2001:db8::{n}").status_code for n in range(1, 4)]
    assert tried == [422, 422, 429]
    assert client.post("/sign-in", form, REMOTE_ADDR="2001:db8:0:1::1").status_code == 422


@pytest.mark.parametrize("lookup", ["created_at__year=0", "created_at__gte=0001-01-01 00:00:00%2B14:00"])
def test_dates_outside_the_calendar_do_not_break_the_trail(client_for, clinic, lookup):
    answer = client_for(AdminFactory(clinic=clinic)).get(f"/admin/audit/auditevent/?{lookup}")
    assert answer.status_code == 400
