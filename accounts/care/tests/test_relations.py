"""Consent and care relations."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.care.services import patients, relations
from accounts.consent.services import decisions
from accounts.models import ConsentEntry, TherapistPatient, User
from accounts.tests.factories import CareFactory, ConsentFactory, PatientFactory, TherapistFactory, access_for
from audit.models import AuditEvent
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, ConsentRequired, Forbidden


def test_both_consents_let_a_recording_pass(patient):
    decisions.require_recording_consent(patient)


@pytest.mark.parametrize("missing", ["recording", "ai_processing"])
@pytest.mark.parametrize("status", ["declined", "revoked", "expired"])
def test_a_later_refusal_of_either_stops_it_and_is_named(patient, missing, status):
    ConsentFactory(patient=patient, consent_type=missing, status=status)
    with pytest.raises(ConsentRequired) as refusal:
        decisions.require_recording_consent(patient)
    assert refusal.value.errors == {"consent": [missing]}
    assert (refusal.value.status, refusal.value.code) == (403, "consent_required")


def test_a_later_grant_restores_it(patient):
    ConsentFactory(patient=patient, status="revoked")
    ConsentFactory(patient=patient, status="granted")
    decisions.require_recording_consent(patient)


def test_an_expired_grant_does_not_count(patient):
    ConsentFactory(patient=patient, expires_at=timezone.now() - timedelta(seconds=1))
    assert decisions.missing_recording_consents(patient) == ["recording"]


def test_an_unexpired_grant_counts(patient):
    ConsentFactory(patient=patient, expires_at=timezone.now() + timedelta(hours=1))
    assert decisions.missing_recording_consents(patient) == []


def test_consent_of_another_patient_does_not_count(patient):
    assert decisions.missing_recording_consents(PatientFactory()) == ["recording", "ai_processing"]


def test_the_consent_log_cannot_be_rewritten(patient):
    entry = ConsentEntry.objects.filter(patient=patient).first()
    entry.status = "revoked"
    for rewrite in (
        entry.save,
        lambda: ConsentEntry.objects.update(status="revoked"),
        ConsentEntry.objects.all().delete,
    ):
        with pytest.raises(TypeError):
            rewrite()


def test_ending_a_relation_ends_access_at_once(therapist, patient):
    relation, access = TherapistPatient.objects.get(patient=patient), access_for(therapist, patient)
    relations.end_relation(relation, access=access)
    assert not User.objects.patients_visible_to(therapist).exists()
    assert TherapistPatient.objects.get().ended_at is not None
    row = AuditEvent.objects.get(action="care.ended")
    assert (row.patient_id, row.target_id) == (patient.pk, relation.pk)
    with pytest.raises(Conflict):
        relations.end_relation(relation, access=access)


def test_only_a_therapist_takes_on_patients(patient):
    with pytest.raises(Forbidden):
        patients.create_patient(by=Actor(user=patient), first_name="Ada")


@pytest.mark.parametrize("reader", ["therapist", "patient"])
def test_a_deactivated_reader_sees_nothing(therapist, patient, reader):
    person = {"therapist": therapist, "patient": patient}[reader]
    person.is_active = False
    assert not User.objects.patients_visible_to(person).exists()


@pytest.mark.parametrize(
    "broken",
    [
        lambda: TherapistFactory(clinic=None),
        lambda: (
            TherapistFactory(email="TWICE@example.org")
            and User.objects.bulk_create(
                [User(email="Twice@example.org", clinic=TherapistFactory().clinic, first_name="x")]
            )
        ),
        lambda: CareFactory(is_active=True, ended_at=timezone.now()),
        lambda: ConsentFactory(consent_type="sleep"),
        lambda: ConsentFactory(status="maybe"),
        lambda: TherapistFactory(role="owner"),
    ],
)
def test_the_database_refuses_what_the_models_rule_out(db, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken()
