"""Links to forms, whatever they are for: one row of one patient, one purpose, once, for a while."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.authentication.services import devices, passwords
from accounts.care.access import open_own_record
from accounts.models import AuthSession, User
from accounts.tests.factories import PASSWORD, end_care
from therapybridge.core import links
from therapybridge.core.actor import Actor
from treatment.models import CheckIn, FormLink
from treatment.patient_forms.access import open_form
from treatment.patient_forms.services.links import VALID_FOR, create_link, end_links, use_up

pytestmark = pytest.mark.django_db
CHECK_IN, MEASURE = FormLink.Purpose.CHECK_IN, FormLink.Purpose.MEASURE


@pytest.fixture
def access(therapist, patient):
    return open_own_record(Actor(user=patient), "patient.read")


def test_only_the_hash_of_the_secret_is_kept(access):
    secret = create_link(access, CHECK_IN, uuid4())
    link = FormLink.objects.get()
    assert link.token_hash == links.hashed(secret)
    assert secret not in str(vars(link))
    assert link.expires_at - timezone.now() <= VALID_FOR


def test_it_opens_its_form_and_no_more_of_the_record(access, patient):
    target = uuid4()
    secret = create_link(access, CHECK_IN, target)
    link, held = open_form(Actor(), secret, CHECK_IN)
    assert (link.patient, link.target_id, held.may_write, held.reader.user) == (patient, target, False, None)
    for other in (secret[:-1], "", links.new_secret()[0]):
        with pytest.raises(links.LinkGone):
            open_form(Actor(), other, CHECK_IN)
    with pytest.raises(links.LinkGone):
        open_form(Actor(), secret, MEASURE)


def test_it_is_used_once(access):
    secret = create_link(access, CHECK_IN, uuid4())
    first, second = (open_form(Actor(), secret, CHECK_IN)[0] for _ in range(2))
    use_up(first)
    with pytest.raises(links.LinkGone):
        use_up(second)
    assert open_form(Actor(), secret, CHECK_IN)[0].state == "used"


def test_a_new_one_ends_those_to_the_same_row_alone(access):
    target = uuid4()
    create_link(access, CHECK_IN, target)
    others = {create_link(access, CHECK_IN, uuid4()), create_link(access, MEASURE, target)}
    latest = create_link(access, CHECK_IN, target)
    hashes = {links.hashed(secret) for secret in {*others, latest}}
    assert set(FormLink.objects.open().values_list("token_hash", flat=True)) == hashes
    end_links(access, CHECK_IN, [target])
    assert FormLink.objects.open().count() == len(others)


def test_it_expires(access):
    secret = create_link(access, CHECK_IN, uuid4())
    FormLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert open_form(Actor(), secret, CHECK_IN)[0].state == "expired"
    with pytest.raises(links.LinkGone):
        use_up(FormLink.objects.get())


@pytest.fixture
def portal(client_for, patient):
    User.objects.filter(pk=patient.pk).update(password=make_password(PASSWORD), email="portal@example.org")
    patient.refresh_from_db()
    return client_for(patient)


def begun(portal):
    return portal.post("/account/check-in").headers["Location"]


def signed_out(portal, patient, **given):
    portal.post("/sign-out")


def signed_out_everywhere(portal, patient, client_for, **given):
    actor = Actor(user=patient)
    devices.sign_out_everywhere(PASSWORD, by=actor)


def with_another_password(portal, patient, **given):
    session = AuthSession.objects.get(pk=portal.session["sid"])
    passwords.change_password(PASSWORD, "a quite different passphrase 8", by=Actor(user=patient, auth_session=session))


def deactivated(portal, patient, **given):
    User.objects.filter(pk=patient.pk).update(is_active=False)


@pytest.mark.parametrize("event", [signed_out, signed_out_everywhere, with_another_password, deactivated])
def test_it_ends_with_the_session_the_password_and_the_account(event, portal, patient, client_for):
    page, anybody = begun(portal), Client()
    assert anybody.get(page).status_code == 200
    event(portal=portal, patient=patient, client_for=client_for)
    sent = anybody.post(page, {"note": "Fine."})
    assert (anybody.get(page).status_code, sent.status_code) == (404, 404 if event is deactivated else 409)
    assert not CheckIn.objects.exists()


def test_it_outlives_the_sign_out_of_another_device_and_an_idle_portal(portal, patient, client_for):
    page = begun(portal)
    client_for(patient).post("/sign-out")
    AuthSession.objects.update(expires_at=timezone.now())
    assert Client().post(page, {"note": "Fine."}).url == "/check-in-sent"


def test_it_takes_nothing_while_nobody_treats_the_patient(portal, patient):
    page = begun(portal)
    end_care(patient.care_relations.get())
    for answer in (Client().get(page), Client().post(page, {"note": "Fine."})):
        assert (answer.status_code, "no therapist" in answer.text, 'href="tel:988"' in answer.text) == (409, True, True)
    assert not CheckIn.objects.exists()


def test_it_has_one_end(access):
    create_link(access, CHECK_IN, uuid4())
    with pytest.raises(IntegrityError), transaction.atomic():
        FormLink.objects.update(used_at=timezone.now(), revoked_at=timezone.now())
