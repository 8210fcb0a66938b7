"""Retention: six years at least, whole beginnings of chains, and a chain that still verifies."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from audit import triggers
from audit.models import NO_CLINIC, AuditChain, AuditEvent, AuditLink, AuditTombstone
from audit.services import chain
from audit.services.verification import verify
from audit.tests import tampering
from audit.tests.trails import write, write_aged

YEAR = 365.25


def retain(*options: str, years: int = 6) -> str:
    out = StringIO()
    call_command("audit_retention", f"--older-than-years={years}", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def clinic(db):
    """Three old events, then two young ones; a colleague clinic and the system have young ones only."""
    clinic = uuid4()
    write_aged(clinic, 3, days=7 * YEAR)
    write(clinic, 2)
    write(uuid4(), 1)
    write(None, 1)
    chain.build_chain()
    return clinic


def test_the_old_part_is_removed_and_the_rest_still_verifies(clinic):
    before = verify(clinic)
    assert before.findings == []
    assert retain() == f"{clinic}: positions 1..3 removed\n"
    assert list(AuditLink.objects.filter(clinic_id=clinic).values_list("position", flat=True)) == [4, 5]
    assert AuditEvent.objects.filter(clinic_id=clinic, action="patient.viewed").count() == 2
    after = verify(clinic)
    assert (after.findings, after.removed, after.length, after.head) == ([], 3, 5, before.head)


def test_the_verifier_says_what_was_removed_and_when(clinic):
    retain()
    out = StringIO()
    call_command("audit_verify", "--clinic", str(clinic), stdout=out)
    day = AuditTombstone.objects.get().removed_at.date()
    assert out.getvalue().splitlines()[0] == f"{clinic}: positions 1..3 removed by retention on {day}"


def test_a_removal_is_in_the_trail_itself(clinic):
    retain()
    event = AuditEvent.objects.get(action="audit.retention")
    assert (event.clinic_id, event.actor_id, event.reason) == (clinic, None, "positions 1 to 3")


def test_a_rehearsal_removes_nothing(clinic):
    assert retain("--dry-run") == f"{clinic}: positions 1..3 would be removed\n"
    assert AuditLink.objects.filter(clinic_id=clinic).count() == 5
    assert not AuditTombstone.objects.exists()


@pytest.mark.parametrize("years", [5, 0, -1])
def test_less_than_six_years_is_refused(clinic, years):
    with pytest.raises(CommandError, match="6 years"):
        retain(years=years)
    assert AuditLink.objects.filter(clinic_id=clinic).count() == 5


def test_events_of_six_years_less_a_day_stay(db):
    write_aged(uuid4(), 2, days=6 * YEAR - 2)
    chain.build_chain()
    assert retain() == ""


def test_retention_goes_on_where_it_stopped(clinic):
    retain()
    chain.build_chain()
    assert retain() == ""
    assert verify(clinic).findings == []


def test_a_chain_can_be_removed_whole_and_grow_again(db):
    clinic = uuid4()
    write_aged(clinic, 4, days=8 * YEAR)
    chain.build_chain()
    retain()
    assert not AuditLink.objects.filter(clinic_id=clinic).exists()
    chain.build_chain()
    report = verify(clinic)
    assert (report.findings, report.length, report.removed) == ([], 5, 4)


def test_two_removals_leave_two_tombstones_without_a_gap(db):
    clinic = uuid4()
    write_aged(clinic, 2, days=9 * YEAR)
    write_aged(clinic, 2, days=7 * YEAR)
    chain.build_chain()
    retain(years=8)
    retain(years=6)
    stones = AuditTombstone.objects.order_by("first").values_list("first", "last")
    assert list(stones) == [(1, 2), (3, 4)]
    assert verify(clinic).findings == []


def test_a_young_event_in_front_keeps_what_is_behind_it(db):
    clinic = uuid4()
    write(clinic, 1)
    chain.build_chain()
    write_aged(clinic, 1, days=9 * YEAR)
    chain.build_chain(everything=True)
    assert retain() == ""


def test_a_damaged_chain_is_evidence_and_stays(clinic):
    with connection.cursor() as cursor:
        triggers.remove(cursor.execute, connection.vendor)
        tampering.run("UPDATE audit_auditevent SET reason = 'y' WHERE clinic_id = %s", tampering.key(clinic))
        triggers.install(cursor.execute, connection.vendor)
    with pytest.raises(CommandError, match="do not verify"):
        retain()
    assert AuditLink.objects.filter(clinic_id=clinic).count() == 5


@pytest.mark.parametrize("column", ["last", "chain_mac", "removed_at", "signature"])
def test_a_forged_tombstone_is_found(clinic, column):
    retain()
    with connection.cursor() as cursor:
        triggers.remove(cursor.execute, connection.vendor)
        changed = "last + 1" if column == "last" else "'2001-01-01 00:00:00'" if column == "removed_at" else "'x'"
        cursor.execute(f"UPDATE audit_audittombstone SET {column} = {changed}")
    assert "tombstone_forged" in {finding.kind for finding in verify(clinic).findings}


def test_an_older_checkpoint_still_holds_after_retention(clinic, tmp_path):
    path = tmp_path / "checkpoint.json"
    call_command("audit_checkpoint", "--out", path)
    retain()
    call_command("audit_verify", "--checkpoint", path, stdout=StringIO())


def test_the_door_is_closed_again_afterwards(clinic):
    retain()
    with pytest.raises(IntegrityError), transaction.atomic():
        tampering.run("DELETE FROM audit_auditevent")
    assert AuditChain.objects.get(pk=NO_CLINIC).base == 0
