"""Nothing is taken out of the consent log, and the audit trail notices what was changed in it all the same."""

import json
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone

from accounts.consent import tasks as consent_tasks
from accounts.consent.services.attestation import PREFIX, altered
from accounts.consent.services.decisions import record_consent
from accounts.consent.tests.test_consent_log import access, newcomer  # noqa: F401 (fixtures)
from accounts.models import ConsentEntry
from accounts.tests.factories import ConsentFactory
from audit.models import AuditEvent
from therapybridge.tests import postgres

TABLE = "accounts_consententry"
UPDATE = "consent_refuse_update"


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def without(name: str) -> None:
    """As who owns the database can."""
    run(f"DROP TRIGGER {name} ON {TABLE}" if connection.vendor == "postgresql" else f"DROP TRIGGER {name}")


def found() -> list[tuple]:
    return [(finding.kind, finding.event_id) for finding in altered()]


@pytest.fixture
def entries(access):  # noqa: F811
    """Two decisions at once, with names, and one more."""
    both = record_consent(access, ["recording", "billing"], "granted", "verbal", witness_name="Wit Ness")
    return [*both, *record_consent(access, ["billing"], "revoked", "written")]


@pytest.mark.parametrize("verb", ["DELETE FROM", "TRUNCATE" if postgres.is_used() else "INSERT OR REPLACE"])
def test_the_database_takes_nothing_out(entries, verb):
    rest = f"INTO {TABLE} SELECT * FROM {TABLE} LIMIT 1" if "REPLACE" in verb else TABLE
    connection.check_constraints()  # PostgreSQL empties no table for which a check is still due
    cascade = " CASCADE" if verb == "TRUNCATE" else ""
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(f"{verb} {rest}{cascade}")
    assert ConsentEntry.objects.count() == len(entries)


def test_neither_do_the_models(entries, newcomer):  # noqa: F811
    with pytest.raises(TypeError):
        ConsentEntry.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        entries[0].delete()
    with pytest.raises(ProtectedError):
        newcomer.delete()


def test_the_trail_holds_what_each_decision_says(entries):
    assert [event.reason.startswith(PREFIX) for event in AuditEvent.objects.filter(action__startswith="consent.")] == [
        True,
        True,
    ]
    assert found() == []


def test_whatever_ends_by_itself_is_vouched_for_too(newcomer):  # noqa: F811
    over = ConsentFactory(patient=newcomer, expires_at=timezone.now())
    consent_tasks.expire_consents.apply()
    assert found() == [("consent_unrecorded", over.pk)]


CHANGES = ["text = 'Other words'", "status = 'declined'", "signed_at = created_at", "ip = '192.0.2.7'"]


@pytest.mark.parametrize("change", [*CHANGES, "version = '9'", "recorded_by_id = NULL", "expires_at = created_at"])
def test_a_change_that_went_around_the_database_shows(entries, change):
    without(UPDATE)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET {change} WHERE consent_type = 'recording'")
    event = AuditEvent.objects.get(action="consent.granted")
    assert found() == [("consent_changed", event.pk)]


def test_so_does_another_name_under_the_same_key(entries):
    field = ConsentEntry._meta.get_field("witness_name")
    mine = QuerySet(ConsentEntry).filter(pk=entries[0].pk)
    mine.update(witness_name=field.seal("Wit Ness", entries[0].pk))
    assert found() == []
    mine.update(witness_name=field.seal("Some One", entries[0].pk))
    assert [kind for kind, _ in found()] == ["consent_changed"]


def test_a_decision_that_was_taken_out_or_slipped_in_shows(entries, newcomer):  # noqa: F811
    without("consent_no_delete")
    QuerySet(ConsentEntry).filter(pk=entries[2].pk).delete()
    forged = ConsentFactory(patient=newcomer, consent_type="research")
    assert found() == [
        ("consent_missing", AuditEvent.objects.get(action="consent.revoked").pk),
        ("consent_unrecorded", forged.pk),
    ]


def test_audit_verify_tells_it(entries, clinic):
    call_command("audit_verify", stdout=StringIO())
    without(UPDATE)
    run(f"UPDATE {TABLE} SET version = '9'")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("audit_verify", "--json", "--clinic", str(clinic.pk), stdout=out)
    assert {one["kind"] for one in json.loads(out.getvalue())["findings"]} == {"consent_changed"}


def test_decisions_from_before_are_taken_into_the_trail(newcomer):  # noqa: F811
    ConsentFactory(patient=newcomer, signer_name="Sig Ned")
    assert len(found()) == 1
    migration = import_module("accounts.migrations.0028_attest_consents")
    migration.attest(apps, None)
    assert found() == []
    assert AuditEvent.objects.get(action="consent.attested").patient_id == newcomer.pk
