"""Signing links: made, shown as a code, mailed, answered, and told to whoever asked."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.consent.tests.test_consent_pages import BOTH, consent_page
from accounts.models import ConsentEntry, ConsentRequest, OutgoingMail
from accounts.tests.factories import CareFactory
from audit.models import AuditEvent
from therapybridge.core.pages.polling import STOP_POLLING
from therapybridge.core.pages.qr import qr_data_uri

PUBLIC_URL = settings.PUBLIC_URL


def asked(browser, patient, **data):
    return browser.post(f"{consent_page(patient)}/request", data or BOTH)


def link_on(page):
    """The signing link that a page shows."""
    return re.search(r'id="link">([^<]+/sign/[^<]+)<', page.content.decode()).group(1)


def sign(path, client=None):
    """Agree to the recording alone."""
    client = client or Client()
    digest = re.search(r'name="digest" value="(\w+)"', client.get(path).content.decode()).group(1)
    choices = {"choice_recording": "granted", "choice_ai_processing": "declined"}
    signed = client.post(path, {**choices, "signer_role": "patient", "signer_name": "Canary", "digest": digest})
    assert signed.status_code == 302


def test_asking_makes_a_link_mails_it_and_shows_it_once(therapist, patient, client_for):
    patient.profile.email = "canary@example.org"
    patient.profile.save()
    browser = client_for(therapist)
    link = link_on(asked(browser, patient, **BOTH, by_mail="on"))
    email = OutgoingMail.objects.get()
    assert (email.to, link in email.text) == ("canary@example.org", True)
    for word in ("Canary", "onsent", "ecording", "herap", "patient"):
        assert word not in email.subject + email.text.replace(link, "").replace("TherapyBridge", "")
    row = ConsentRequest.objects.get()
    assert row.types == ["recording", "ai_processing"]
    assert link.rpartition("/")[2] not in str(ConsentRequest.objects.values())
    assert timedelta(days=6) < row.expires_at - timezone.now() <= timedelta(days=7)
    assert link not in browser.get(consent_page(patient)).content.decode()
    assert AuditEvent.objects.filter(patient_id=patient.pk, action="consent_request.sent").count() == 1


def test_without_an_address_the_link_is_only_shown(therapist, patient, client_for):
    answer = asked(client_for(therapist), patient, **BOTH, by_mail="on")
    assert b"nothing was sent" in answer.content
    assert not OutgoingMail.objects.exists()


def test_a_link_for_the_phone_in_the_room_is_not_mailed(therapist, patient, client_for):
    patient.profile.email = "canary@example.org"
    patient.profile.save()
    answer = asked(client_for(therapist), patient)
    assert qr_data_uri(link_on(answer)) in answer.content.decode()
    assert not OutgoingMail.objects.exists()


def test_the_page_that_waits_tells_the_answer_and_ends(therapist, patient, client_for):
    browser, path = client_for(therapist), link_on(asked(client_for(therapist), patient)).removeprefix(PUBLIC_URL)
    row = ConsentRequest.objects.get()
    waiting = f"{consent_page(patient)}/request/{row.pk}"
    before = browser.get(waiting)
    assert (before.status_code, b"Not answered yet" in before.content) == (200, True)
    assert not AuditEvent.objects.filter(action="consent.listed").exists()
    sign(path)
    answer = browser.get(waiting)
    assert answer.status_code == STOP_POLLING
    assert b"The form was answered on" in answer.content
    assert re.findall(r"pill--\w+", answer.content.decode()) == ["pill--ok", "pill--danger"]
    assert AuditEvent.objects.get(action="consent.listed").patient_id == patient.pk


def test_whoever_asked_is_told_by_mail_without_a_word_about_whom(therapist, patient, client_for):
    sign(link_on(asked(client_for(therapist), patient)).removeprefix(PUBLIC_URL))
    mail = OutgoingMail.objects.get(kind="consent_request.answered")
    assert mail.to == therapist.email
    address = PUBLIC_URL + consent_page(patient)
    assert address in mail.text
    said = mail.subject + mail.text.replace(address, "")
    assert not [word for word in (patient.first_name, patient.last_name, "onsent", "ecording") if word in said]


@pytest.mark.parametrize(("is_signed_in", "says"), [(True, True), (False, False)])
def test_a_signature_on_the_therapists_own_device_says_so(therapist, patient, client_for, is_signed_in, says):
    browser = client_for(therapist)
    path = link_on(asked(browser, patient)).removeprefix(PUBLIC_URL)
    sign(path, browser if is_signed_in else Client())
    assert {entry.device_user for entry in ConsentEntry.objects.filter(patient=patient, method="electronic")} == {
        therapist if says else None
    }
    shown = browser.get(consent_page(patient)).content.decode()
    assert (f"on a device where {therapist.full_name} was signed in" in shown) == says


def test_asking_again_ends_the_earlier_link(therapist, patient, client_for):
    browser = client_for(therapist)
    other = CareFactory(therapist=therapist).patient
    asked(browser, other), asked(browser, patient), asked(browser, patient)
    earlier, later = ConsentRequest.objects.filter(patient=patient).order_by("id")
    assert (earlier.state, later.state) == ("revoked", "open")
    row = AuditEvent.objects.get(action="consent_request.revoked")
    assert (row.actor, row.target_id, row.patient_id) == (therapist, earlier.pk, patient.pk)
    assert ConsentRequest.objects.open().filter(patient=other).count() == 1


def test_asking_about_nothing_comes_back(therapist, patient, client_for):
    answer = asked(client_for(therapist), patient, types="sleep")
    assert answer.status_code == 422
    assert not ConsentRequest.objects.exists()


@pytest.mark.usefixtures("still_clock")
def test_asking_is_limited(therapist, patient, client_for, settings):
    settings.LIMITS = {**settings.LIMITS, "invitation": "1/h"}
    browser = client_for(therapist)
    assert [asked(browser, patient).status_code for _ in range(2)] == [200, 429]


def test_an_open_link_is_listed_and_can_be_revoked(therapist, patient, client_for):
    browser = client_for(therapist)
    asked(browser, patient)
    row = ConsentRequest.objects.get()
    address = f"{consent_page(patient)}/request/{row.pk}/revoke"
    assert address in browser.get(consent_page(patient)).content.decode()
    assert browser.get(address).status_code == 405
    assert browser.post(address).status_code == 302
    assert address not in browser.get(consent_page(patient)).content.decode()
    assert browser.post(address).status_code == 409
    assert AuditEvent.objects.filter(action="consent_request.revoked", outcome="ok").count() == 1


def test_a_link_of_another_patient_is_not_found(therapist, patient, client_for, foreign_therapist):
    browser, own = client_for(therapist), CareFactory(therapist=therapist).patient
    asked(browser, patient)
    row = ConsentRequest.objects.get()
    assert browser.post(f"{consent_page(own)}/request/{row.pk}/revoke").status_code == 404
    stranger = client_for(foreign_therapist)
    assert stranger.post(f"{consent_page(patient)}/request/{row.pk}/revoke").status_code == 404
    assert asked(stranger, patient).status_code == 404
    assert AuditEvent.objects.filter(outcome="denied").count() == 3
    assert ConsentRequest.objects.open().count() == 1
