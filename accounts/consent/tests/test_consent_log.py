"""The consent log: valid entries, signals, and immutability."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from celery import current_app
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.consent import tasks as consent_tasks
from accounts.consent.services import default_texts
from accounts.consent.services.decisions import consent_states, record_consent
from accounts.consent.signals import consent_changed
from accounts.models import ConsentEntry, ConsentTemplate
from accounts.tests.factories import BreakGlassFactory, CareFactory, ConsentFactory, access_for
from audit.models import AuditEvent
from therapybridge.core.errors import Conflict, Forbidden, InvalidInput

EVERY = models.QuerySet(ConsentEntry)


@pytest.fixture
def newcomer(therapist):
    """A patient without any decisions."""
    return CareFactory(therapist=therapist).patient


@pytest.fixture
def access(therapist, newcomer):
    return access_for(therapist, newcomer)


@pytest.fixture
def received():
    """Calls of `consent_changed`."""
    told = []

    def listen(sender, patient_id, decisions, **kwargs):
        told.append((patient_id, decisions))

    consent_changed.connect(listen)
    yield told
    consent_changed.disconnect(listen)


def state(patient, kind="recording"):
    return next(one for one in consent_states(patient) if one.consent_type == kind)


def publish(clinic, kind="recording", version=1, **values):
    return ConsentTemplate.objects.create(
        clinic=clinic, consent_type=kind, version=version, text=f"Words {version}", **values
    )


def test_every_type_has_a_plain_text():
    assert set(default_texts.TEXTS) == set(ConsentEntry.Type.values)
    assert all(len(text) > 150 for text in default_texts.TEXTS.values())


def test_the_text_of_the_day_is_copied(access, clinic):
    (standard,) = record_consent(access, ["recording"], "granted", "written")
    publish(clinic), publish(clinic, version=2), publish(clinic, kind="billing", version=7)
    (own,) = record_consent(access, ["recording"], "granted", "written")
    assert (standard.version, standard.text) == (default_texts.VERSION, default_texts.TEXTS["recording"])
    assert (own.version, own.text) == ("2", "Words 2")


def test_a_text_of_another_clinic_is_not_used(access, foreign_therapist):
    publish(foreign_therapist.clinic)
    (entry,) = record_consent(access, ["recording"], "granted", "written")
    assert entry.version == default_texts.VERSION


def test_what_was_said_has_a_witness(access, therapist):
    (own,) = record_consent(access, ["recording"], "granted", "verbal")
    (other,) = record_consent(access, ["recording"], "granted", "verbal", witness_name=" Wil ")
    (paper,) = record_consent(access, ["recording"], "granted", "written")
    assert [one.witness_name for one in (own, other, paper)] == [therapist.full_name, "Wil", None]


@pytest.mark.parametrize("role", ["guardian", "representative"])
def test_whoever_decides_for_the_patient_is_named(access, role):
    with pytest.raises(InvalidInput) as refused:
        record_consent(access, ["recording"], "granted", "written", signer_role=role, signer_name="  ")
    assert list(refused.value.errors) == ["signer_name"]
    (entry,) = record_consent(access, ["recording"], "granted", "written", signer_role=role, signer_name="Pat Doe")
    entry = ConsentEntry.objects.get(pk=entry.pk)
    assert (entry.signer_role, entry.signer_name) == (role, "Pat Doe")


def test_names_are_sealed(access):
    record_consent(access, ["recording"], "granted", "written", signer_name="Sigrid", witness_name="Wilma")
    with connection.cursor() as cursor:
        cursor.execute("SELECT signer_name, witness_name FROM accounts_consententry")
        held = b"".join(bytes(column) for column in cursor.fetchone())
    assert b"Sigrid" not in held
    assert b"Wilma" not in held


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"status": "expired"}, "status"),
        ({"method": "electronic"}, "method"),
        ({"signed_at": timezone.now() + timedelta(days=1)}, "signed_at"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "expires_at"),
        ({"status": "declined", "expires_at": timezone.now() + timedelta(days=1)}, "expires_at"),
        ({"witness_name": "x" * 201}, "witness_name"),
    ],
)
def test_what_cannot_be_true_is_refused(access, values, field):
    given = {"status": "granted", "method": "written"} | values
    with pytest.raises(InvalidInput) as refused:
        record_consent(access, ["recording"], **given)
    assert list(refused.value.errors) == [field]
    assert not ConsentEntry.objects.exists()


def test_only_who_treats_the_patient_records(access, newcomer, other_therapist):
    BreakGlassFactory(patient=newcomer, therapist=other_therapist)
    with pytest.raises(Forbidden):
        record_consent(access_for(other_therapist, newcomer), ["recording"], "granted", "verbal")


def test_only_what_is_live_can_be_withdrawn(access):
    with pytest.raises(Conflict) as refused:
        record_consent(access, ["recording"], "revoked", "verbal")
    assert refused.value.code == "no_live_consent"
    record_consent(access, ["recording"], "declined", "verbal")
    record_consent(access, ["recording"], "granted", "verbal")
    with pytest.raises(Conflict, match="AI processing"):
        record_consent(access, ["recording", "ai_processing"], "revoked", "verbal")
    record_consent(access, ["recording"], "revoked", "verbal")
    with pytest.raises(Conflict):
        record_consent(access, ["recording"], "revoked", "verbal")
    assert ConsentEntry.objects.count() == 3


def test_a_later_refusal_supersedes_also_a_paper_that_turns_up_afterwards(access, newcomer):
    record_consent(access, ["recording"], "granted", "verbal")
    record_consent(access, ["recording"], "declined", "verbal")
    assert not state(newcomer).is_live
    week_ago = timezone.now() - timedelta(days=7)
    with pytest.raises(Conflict) as refused:
        record_consent(access, ["recording"], "granted", "written", signed_at=week_ago)
    assert refused.value.code == "refused_later"
    record_consent(access, ["recording"], "granted", "written")
    assert state(newcomer).is_live


def test_a_consent_holds_as_long_as_the_clinic_says(access, clinic):
    publish(clinic, valid_days=30)
    signed = timezone.now() - timedelta(days=10)
    (entry,) = record_consent(access, ["recording"], "granted", "written", signed_at=signed)
    assert entry.expires_at == signed + timedelta(days=30)
    wished = timezone.now() + timedelta(days=3)
    (sooner,) = record_consent(access, ["recording"], "granted", "written", expires_at=wished)
    assert sooner.expires_at == wished
    (later,) = record_consent(access, ["recording"], "granted", "written", expires_at=wished + timedelta(days=365))
    assert later.expires_at < wished + timedelta(days=30)
    old = timezone.now() - timedelta(days=31)
    with pytest.raises(InvalidInput):
        record_consent(access, ["recording"], "granted", "written", signed_at=old)


def test_a_decision_is_told_after_the_commit(access, newcomer, received, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        record_consent(access, ["recording", "billing"], "declined", "verbal")
        assert received == []
    assert received == [(newcomer.pk, {"recording": "declined", "billing": "declined"})]


def test_a_listener_that_breaks_breaks_nothing(access, received, django_capture_on_commit_callbacks):
    def broken(sender, **kwargs):
        raise RuntimeError

    consent_changed.connect(broken)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            record_consent(access, ["recording"], "granted", "verbal")
    finally:
        consent_changed.disconnect(broken)
    assert len(received) == 1


def test_what_is_over_is_said_once(newcomer, received, django_capture_on_commit_callbacks):
    past = timezone.now() - timedelta(minutes=1)
    over = ConsentFactory(patient=newcomer, expires_at=past, version="7", method="written")
    ConsentFactory(patient=newcomer, consent_type="billing", expires_at=timezone.now() + timedelta(days=1))
    ConsentFactory(patient=newcomer, consent_type="research", expires_at=past)
    ConsentFactory(patient=newcomer, consent_type="research", status="revoked")
    assert not state(newcomer).is_live, "right before the log says so"
    assert state(newcomer).status == "expired"
    with django_capture_on_commit_callbacks(execute=True):
        assert consent_tasks.expire_consents.apply().get() == 1
    assert consent_tasks.expire_consents.apply().get() == 0
    entry = ConsentEntry.objects.get(status="expired")
    assert (entry.consent_type, entry.version, entry.method) == ("recording", "7", "written")
    assert (entry.signed_at, entry.recorded_by, entry.signer_name) == (over.expires_at, None, None)
    assert received == [(newcomer.pk, {"recording": "expired"})]
    assert AuditEvent.objects.get(action="consent.expired").patient_id == newcomer.pk


def test_the_schedule_looks_for_what_is_over():
    assert current_app.conf.beat_schedule["expire-consents"]["task"] == consent_tasks.expire_consents.name


KEPT = import_module("accounts.migrations.0015_days_of_decisions").KEPT
OTHER = {
    "id": "018f0000-0000-7000-8000-000000000000",
    "created_at": timezone.now() - timedelta(days=9),
    "updated_at": timezone.now() - timedelta(days=9),
    "consent_type": "billing",
    "status": "revoked",
    "version": "9",
    "text": "Other words",
    "method": "written",
    "signed_at": timezone.now() - timedelta(days=9),
    "signed_day": date(2026, 1, 1),
    "signer_role": "guardian",
    "ip": "192.0.2.1",
    "expires_at": timezone.now(),
}


def test_every_column_but_the_sealed_names_is_kept():
    columns = {field.column for field in ConsentEntry._meta.local_fields}
    assert columns - set(KEPT) == {"signer_name", "witness_name"}
    assert set(OTHER) | {"patient_id", "recorded_by_id", "device_user_id"} == set(KEPT)


@pytest.mark.parametrize("column", KEPT)
def test_the_database_refuses_to_change_a_decision(newcomer, therapist, column):
    entry = ConsentFactory(patient=newcomer)
    someone = dict.fromkeys(("patient_id", "recorded_by_id", "device_user_id"), therapist.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        EVERY.all().filter(pk=entry.pk).update(**{column: (OTHER | someone)[column]})
    assert ConsentEntry.objects.get().status == "granted"


def test_the_sealed_names_can_be_sealed_again(newcomer):
    entry = ConsentFactory(patient=newcomer, signer_name="Sig", witness_name="Wit")
    for name, value in (("signer_name", "Sig"), ("witness_name", "Wit")):
        field = ConsentEntry._meta.get_field(name)
        assert EVERY.all().filter(pk=entry.pk).update(**{name: field.seal(value, entry.pk)}) == 1
    entry = ConsentEntry.objects.get()
    assert (entry.signer_name, entry.witness_name) == ("Sig", "Wit")
