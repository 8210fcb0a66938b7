"""Consent and care relations."""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.care.services import patients, relations
from accounts.consent.services import decisions
from accounts.models import ConsentEntry, TherapistPatient, User
from accounts.tests.factories import AdminFactory, CareFactory, ConsentFactory, PatientFactory, TherapistFactory
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


@pytest.fixture
def relation(patient):
    return TherapistPatient.objects.get(patient=patient)


@pytest.fixture
def admin(clinic):
    return Actor(user=AdminFactory(clinic=clinic))


def test_ending_a_relation_ends_access_at_once(therapist, patient, relation, admin):
    relations.end_relation(relation, by=admin)
    assert not User.objects.patients_visible_to(therapist).exists()
    assert TherapistPatient.objects.get().ended_at is not None
    row = AuditEvent.objects.get(action="care.ended")
    assert (row.actor_id, row.patient_id, row.target_id) == (admin.user.pk, patient.pk, relation.pk)


def test_resuming_a_relation_opens_the_record_again(therapist, patient, relation, admin):
    relations.end_relation(relation, by=admin)
    relations.resume_relation(relation, by=admin)
    assert list(User.objects.patients_visible_to(therapist)) == [patient]
    assert TherapistPatient.objects.get().ended_at is None
    row = AuditEvent.objects.get(action="care.resumed")
    assert (row.patient_id, row.target_id, row.clinic_id) == (patient.pk, relation.pk, patient.clinic_id)
    assert LogEntry.objects.get_for_object(relation).first().changes["is_active"] == ["False", "True"]


@pytest.mark.parametrize("switch", [relations.end_relation, relations.resume_relation])
def test_of_two_at_once_one_counts(relation, admin, switch):
    TherapistPatient.objects.update(is_active=switch is relations.end_relation)
    stale = TherapistPatient.objects.get()
    switch(relation, by=admin)
    with pytest.raises(Conflict):
        switch(stale, by=admin)
    assert AuditEvent.objects.filter(action__startswith="care.").count() == 1


@pytest.mark.parametrize("who", ["therapist", "patient", "foreign admin", "former admin"])
def test_nobody_else_ends_or_resumes_it(therapist, patient, relation, who):
    people = {"therapist": therapist, "patient": patient, "foreign admin": AdminFactory()}
    by = Actor(user=people.get(who) or AdminFactory(clinic=patient.clinic, is_active=False))
    for switch in (relations.end_relation, relations.resume_relation):
        with pytest.raises(Forbidden):
            switch(relation, by=by)
    assert TherapistPatient.objects.get().is_active


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
