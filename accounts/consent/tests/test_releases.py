"""Authorisations to release what is otherwise left out: they expire, and psychotherapy notes stand alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.consent.choices import RELEASES
from accounts.consent.services import requests
from accounts.consent.services.decisions import record_consent
from accounts.models import ConsentEntry, ConsentTemplate
from accounts.tests.factories import access_for
from therapybridge.core.errors import InvalidInput

pytestmark = pytest.mark.django_db
NOTES = "psychotherapy_notes"


@pytest.mark.parametrize("kind", RELEASES)
def test_a_release_ends_by_itself_also_where_the_clinic_named_no_end(therapist, patient, kind):
    access = access_for(therapist, patient)
    (usual,) = record_consent(access, [kind], "granted", "written")
    ConsentTemplate.objects.create(clinic=patient.clinic, consent_type=kind, version=1, text="Our words.")
    (own,) = record_consent(access, [kind], "granted", "written")
    assert own.text == "Our words."
    for entry in (usual, own):
        assert entry.expires_at == entry.signed_at + timedelta(days=180)


def test_a_clinic_may_let_a_release_end_sooner(therapist, patient):
    ConsentTemplate.objects.create(clinic=patient.clinic, consent_type=NOTES, version=1, text="Brief.", valid_days=7)
    (entry,) = record_consent(access_for(therapist, patient), [NOTES], "granted", "verbal")
    assert entry.expires_at < timezone.now() + timedelta(days=8)


@pytest.mark.parametrize("status", ["granted", "declined"])
def test_psychotherapy_notes_are_decided_by_themselves(therapist, patient, status):
    before = ConsentEntry.objects.count()
    with pytest.raises(InvalidInput) as caught:
        record_consent(access_for(therapist, patient), [NOTES, "private_events"], status, "written")
    assert "by itself" in str(caught.value.errors)
    assert ConsentEntry.objects.count() == before


def test_no_link_asks_for_psychotherapy_notes_and_something_else(therapist, patient):
    access = access_for(therapist, patient)
    with pytest.raises(InvalidInput):
        requests.request_consent(access, ["data_sharing", NOTES])
    row, _ = requests.request_consent(access, [NOTES])
    assert row.types == [NOTES]


def test_both_are_withdrawn_at_once(therapist, patient):
    access = access_for(therapist, patient)
    for kind in RELEASES:
        record_consent(access, [kind], "granted", "written")
    record_consent(access, [str(one) for one in RELEASES], "revoked", "verbal")
    assert not ConsentEntry.objects.filter(patient=patient, consent_type__in=RELEASES).live().exists()
