"""The database's own refusal, and the one way to delete."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from audit import triggers
from audit.models import AuditEvent, AuditLink, AuditTombstone
from audit.services import chain
from audit.tests.trails import write

TABLES = ["audit_auditevent", "audit_auditlink", "audit_audittombstone"]
COLUMN = {"audit_auditevent": "action", "audit_auditlink": "row_mac", "audit_audittombstone": "signature"}
ON_POSTGRESQL = connection.vendor == "postgresql"


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def refused(sql: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run(sql)


@pytest.fixture
def rows(db):
    """A row in each table."""
    write(uuid4(), 2)
    chain.build_chain()
    stone = AuditTombstone(clinic_id=uuid4(), first=1, last=2, chain_mac="x", signature="x")
    stone.removed_at = AuditEvent.objects.first().created_at
    stone.save()


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_update_and_delete(rows, table):
    refused(f"UPDATE {table} SET {COLUMN[table]} = 'y'")
    refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_empty_or_replace(rows, table):
    """PostgreSQL by TRUNCATE, SQLite by the INSERT that throws away the row with the same key."""
    if ON_POSTGRESQL:
        refused(f"TRUNCATE {table}")
    else:
        refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")


@pytest.mark.parametrize("model", [AuditEvent, AuditLink, AuditTombstone])
def test_the_models_refuse_as_well(rows, model):
    row = model.objects.first()
    for rewrite in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(clinic_id=None)):
        with pytest.raises(TypeError):
            rewrite()


def test_deletion_passes_inside_the_block_only(rows):
    with transaction.atomic(), triggers.deletions_allowed(connection):
        run("DELETE FROM audit_auditlink WHERE position = 2")
        refused("UPDATE audit_auditlink SET position = 9")
    assert AuditLink.objects.count() == 1
    refused("DELETE FROM audit_auditlink")


def test_an_aborted_removal_leaves_the_door_closed(rows):
    def fail() -> None:
        with transaction.atomic(), triggers.deletions_allowed(connection):
            run("DELETE FROM audit_auditlink")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert AuditLink.objects.count() == 2
    refused("DELETE FROM audit_auditlink")


@pytest.mark.django_db(transaction=True)
def test_the_door_opens_in_a_transaction_only():
    with pytest.raises(RuntimeError), triggers.deletions_allowed(connection):
        pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_triggers_stand_in_every_test_with_transactions(turn):
    write(uuid4(), 1)
    refused("DELETE FROM audit_auditevent")
    assert AuditEvent.objects.count() == 1


def test_and_in_a_test_that_comes_after_one(rows):
    refused("DELETE FROM audit_auditevent")


def test_they_can_be_taken_away_and_put_back(rows):
    with connection.cursor() as cursor:
        triggers.remove(cursor.execute, connection.vendor)
        cursor.execute("DELETE FROM audit_auditlink")
        triggers.install(cursor.execute, connection.vendor)
    write(uuid4(), 1)
    refused("DELETE FROM audit_auditevent")
