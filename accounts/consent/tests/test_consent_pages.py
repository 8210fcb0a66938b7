"""Consent pages for therapists and patients, and the admin site's consent texts."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.consent.contexts import ENTRIES
from accounts.consent.services.decisions import record_consent
from accounts.models import ConsentEntry, ConsentRequest, ConsentTemplate
from accounts.tests.factories import (
    PASSWORD,
    AdminFactory,
    BreakGlassFactory,
    CareFactory,
    ConsentFactory,
    PatientFactory,
    access_for,
)
from audit.models import AuditEvent

PUBLIC_URL = settings.PUBLIC_URL
OWN = "/portal/consents"
ADD = "/admin/accounts/consenttemplate/add/"
LIST = "/admin/accounts/consenttemplate/"
BOTH = {"types": ["recording", "ai_processing"]}


def consent_page(patient):
    return f"/patients/{patient.pk}/consent"


def queries(browser, address):
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def newcomer(therapist):
    """A patient without any decisions."""
    return CareFactory(therapist=therapist).patient


@pytest.fixture
def reader(patient):
    """The patient, with portal access."""
    patient.email = "canary@example.org"
    patient.set_password(PASSWORD)
    patient.save()
    return patient


def test_the_page_shows_what_is_in_force_and_how_it_came_about(therapist, patient, client_for):
    until = timezone.now() + timedelta(days=40)
    record_consent(
        access_for(therapist, patient),
        ["recording"],
        "granted",
        "written",
        signer_role="guardian",
        signer_name="Gerda Canary",
        witness_name="Wim",
        signed_at=timezone.now() - timedelta(days=400),
        expires_at=until,
    )
    answer = client_for(therapist).get(consent_page(patient))
    states = {one.consent_type: one for one in answer.context["states"]}
    assert len(states) == 13
    assert (states["recording"].is_live, states["billing"].status) == (True, "")
    text = " ".join(answer.content.decode().split())
    assert "on paper by Gerda Canary (parent or guardian), witness Wim" in text
    assert f"recorded by {therapist.full_name}" in text
    assert "version standard 1" in text
    assert text.count("Withdraw: ") == 2, "one button for each live type"
    row = AuditEvent.objects.get(action="consent.listed")
    assert (row.patient_id, len(row.ids)) == (patient.pk, 3)


def test_what_is_over_shows_as_expired_before_the_log_says_so(therapist, patient, client_for):
    ConsentFactory(patient=patient, expires_at=timezone.now() - timedelta(seconds=1))
    answer = client_for(therapist).get(consent_page(patient))
    assert b"Expired" in answer.content
    assert b"Revoke: Recording" not in answer.content


def test_the_form_records_who_decided_when_and_before_whom(therapist, patient, client_for):
    day = timezone.localdate() - timedelta(days=3)
    data = {
        "types": ["billing"],
        "status": "granted",
        "method": "written",
        "signer_role": "representative",
        "signer_name": "Rea",
        "witness_name": "Wim",
        "signed_at": day.isoformat(),
    }
    assert client_for(therapist).post(consent_page(patient), data).status_code == 302
    entry = ConsentEntry.objects.get(consent_type="billing")
    assert (entry.signer_role, entry.signer_name, entry.witness_name) == ("representative", "Rea", "Wim")
    assert timezone.localtime(entry.signed_at, therapist.zone).date() == day
    assert AuditEvent.objects.filter(patient_id=patient.pk).count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"signed_at": (timezone.now() + timedelta(days=3)).date().isoformat()}, "signed_at"),
        ({"signed_at": "0001-01-01"}, "signed_at"),
        ({"signer_role": "guardian"}, "signer_name"),
        ({"method": "electronic"}, "method"),
        ({"status": "revoked"}, "__all__"),
    ],
)
def test_a_decision_that_cannot_be_comes_back_with_the_reason(therapist, patient, client_for, change, field):
    data = {"types": ["billing"], "status": "granted", "method": "verbal", **change}
    answer = client_for(therapist).post(consent_page(patient), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not ConsentEntry.objects.filter(consent_type="billing").exists()


def test_the_button_withdraws_one_consent(therapist, patient, client_for):
    data = {"types": "recording", "status": "revoked", "method": "verbal"}
    assert client_for(therapist).post(consent_page(patient), data).status_code == 302
    entry = ConsentEntry.objects.filter(status="revoked").get()
    assert (entry.consent_type, entry.witness_name) == ("recording", therapist.full_name)


def test_emergency_access_reads_the_page_and_no_more(patient, other_therapist, client_for):
    BreakGlassFactory(patient=patient, therapist=other_therapist)
    browser = client_for(other_therapist)
    page = browser.get(consent_page(patient))
    assert page.status_code == 200
    assert b"Record the decision" not in page.content
    assert b"Revoke" not in page.content
    data = {"types": "recording", "status": "revoked", "method": "verbal"}
    assert browser.post(consent_page(patient), data).status_code == 403
    assert browser.post(f"{consent_page(patient)}/request", BOTH).status_code == 403
    assert not ConsentRequest.objects.exists()


def test_the_history_has_pages_that_cost_the_same(therapist, patient, client_for):
    browser = client_for(therapist)
    browser.get(consent_page(patient))
    few = queries(browser, consent_page(patient))
    for _ in range(ENTRIES.per_page + 2):
        ConsentFactory(patient=patient, recorded_by=therapist, signer_name="Sig")
    browser.post(f"{consent_page(patient)}/request", BOTH)
    assert queries(browser, consent_page(patient)) <= few + 1  # one for the names of those who recorded
    first = browser.get(consent_page(patient)).context["page"]
    rest = browser.get(first.next_url).context["page"]
    assert [len(first), len(rest)] == [ENTRIES.per_page, 4]


def test_one_click_records_the_spoken_consent_and_leads_to_the_recording(therapist, newcomer, client_for):
    browser = client_for(therapist)
    page = browser.get(consent_page(newcomer)).content.decode()
    assert "Not yet" in page
    assert "Your therapist would like to make an audio recording" in page
    answer = browser.post(consent_page(newcomer), {**BOTH, "method": "verbal", "status": "granted"})
    assert answer.url == f"/sessions/new?patient={newcomer.pk}"
    assert not ConsentEntry.objects.filter(patient=newcomer).missing_for_recording()
    assert {entry.witness_name for entry in ConsentEntry.objects.filter(patient=newcomer)} == {therapist.full_name}
    assert "Yes, you may record" in browser.get(consent_page(newcomer)).content.decode()


def test_of_one_consent_that_is_missing_only_that_is_read_and_asked(therapist, newcomer, client_for):
    ConsentFactory(patient=newcomer, consent_type="recording")
    page = client_for(therapist).get(consent_page(newcomer))
    assert page.context["missing"] == ["ai_processing"]
    assert [text.consent_type for text in page.context["to_read"]] == ["ai_processing"]


def test_a_patient_reads_what_was_decided_and_cannot_change_it(reader, therapist, client_for):
    record_consent(access_for(therapist, reader), ["recording"], "revoked", "verbal")
    browser = client_for(reader)
    page = browser.get(OWN)
    text = " ".join(page.content.decode().split())
    assert [(one.consent_type, one.status) for one in page.context["states"]] == [
        ("recording", "revoked"),
        ("ai_processing", "granted"),
    ]
    assert "You withdrew it" in text
    assert "Tell your therapist" in text
    assert "<form" not in text.partition("<main")[2].partition("</main>")[0]
    assert 'aria-current="page"' in text.partition("<span>Consents</span>")[0].rpartition("<a ")[2]
    assert [getattr(browser, verb)(OWN).status_code for verb in ("post", "put", "delete")] == [405] * 3
    row = AuditEvent.objects.get(action="consent.listed")
    assert (row.actor_id, row.patient_id, len(row.ids)) == (reader.pk, reader.pk, 3)


def test_a_patient_who_was_never_asked_is_told_so(clinic, client_for):
    person = PatientFactory(clinic=clinic, password=PASSWORD)
    assert b"You have not been asked yet" in client_for(person).get(OWN).content


def test_the_patients_page_costs_the_same_whatever_its_length(reader, therapist, client_for):
    browser = client_for(reader)
    ConsentFactory(patient=reader, recorded_by=therapist)
    browser.get(OWN)
    few = queries(browser, OWN)
    for _ in range(ENTRIES.per_page + 2):
        ConsentFactory(patient=reader, recorded_by=therapist)
    assert queries(browser, OWN) == few
    assert len(browser.get(browser.get(OWN).context["page"].next_url).context["page"]) == 5


def test_only_patients_have_the_patients_page(therapist, clinic, client_for, client):
    assert client_for(therapist).get(OWN).status_code == 403
    assert client_for(AdminFactory(clinic=clinic)).get(OWN).status_code == 403
    assert client.get(OWN).status_code == 302


WORDS = {"consent_type": "recording", "text": "Our own words.", "valid_days": "365"}


@pytest.fixture
def desk(clinic, client_for):
    """A browser with the clinic's administrator signed in."""
    return client_for(AdminFactory(clinic=clinic), second_factor=True)


def test_staff_write_versions_that_are_counted(desk, clinic, foreign_therapist):
    ConsentTemplate.objects.create(clinic=foreign_therapist.clinic, consent_type="recording", version=7, text="x")
    for text in ("First.", "Second."):
        assert desk.post(ADD, {**WORDS, "text": text}).status_code == 302
    assert desk.post(ADD, {**WORDS, "consent_type": "billing", "valid_days": ""}).status_code == 302
    own = ConsentTemplate.objects.filter(clinic=clinic)
    assert list(own.values_list("consent_type", "version", "valid_days")) == [
        ("billing", 1, None),
        ("recording", 2, 365),
        ("recording", 1, 365),
    ]
    assert own.first().created_by.clinic == clinic
    assert AuditEvent.objects.filter(action="consent_template.created", clinic_id=clinic.pk).count() == 3


def test_versions_are_read_and_never_changed(desk, clinic, foreign_therapist):
    desk.post(ADD, WORDS)
    row = ConsentTemplate.objects.get()
    other = ConsentTemplate.objects.create(
        clinic=foreign_therapist.clinic, consent_type="recording", version=7, text="Theirs."
    )
    page = desk.get(f"{LIST}{row.pk}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert b"Our own words." in page.content
    assert desk.post(f"{LIST}{row.pk}/change/", {**WORDS, "text": "Rewritten."}).status_code == 403
    assert desk.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.get(f"{LIST}{other.pk}/change/").status_code == 404
    assert str(other.pk) not in desk.get(LIST).content.decode()
    assert ConsentTemplate.objects.get(clinic=clinic).text == "Our own words."


@pytest.mark.parametrize("change", [{"text": ""}, {"consent_type": "sleep"}, {"valid_days": "0"}])
def test_words_that_make_no_sense_come_back(desk, change):
    assert desk.post(ADD, {**WORDS, **change}).status_code == 200
    assert not ConsentTemplate.objects.exists()


def test_therapists_and_patients_write_no_words(therapist, reader, client_for):
    for person in (therapist, reader):
        assert client_for(person).post(ADD, WORDS).status_code in {302, 403, 404}
    assert not ConsentTemplate.objects.exists()


def test_a_spoken_consent_is_to_the_text_that_was_read_and_to_no_newer_one(therapist, newcomer, client_for):
    browser = client_for(therapist)
    read = {
        **BOTH,
        "method": "verbal",
        "status": "granted",
        "digest": browser.get(consent_page(newcomer)).context["digest"],
    }
    ConsentTemplate.objects.create(clinic=newcomer.clinic, consent_type="recording", version=1, text="New words.")
    answer = browser.post(consent_page(newcomer), read)
    assert (answer.status_code, b"The text has changed in the meantime" in answer.content) == (422, True)
    assert not ConsentEntry.objects.filter(patient=newcomer).exists()
    assert browser.post(consent_page(newcomer), read | {"digest": answer.context["digest"]}).status_code == 302
    assert ConsentEntry.objects.get(patient=newcomer, consent_type="recording").text == "New words."
