"""Whatever somebody changes in the database, the verifier says that and where."""

import json
import random
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit import triggers
from audit.models import NO_CLINIC, AuditEvent, AuditLink
from audit.services import chain, checkpoints, verification
from audit.services.verification import Finding, clinics, name_of, verify
from audit.tests import tampering
from audit.tests.trails import write, write_aged

# One change must not make the rest of a chain look wrong.
FEW = 6
SEED = 20261121


@pytest.fixture
def trail(db, therapist, patient):
    """Three chains, built, without the triggers."""
    AuditEvent.objects.all()
    for clinic in (uuid4(), uuid4(), None):
        write(clinic, 7, actor=therapist, patient_id=patient.pk, target_type="accounts.user", target_id=patient.pk)
        write(clinic, 3, outcome="denied", grant_id=uuid4(), reason="not_found", request_id="r", user_agent="probe")
    chain.build_chain()
    with connection.cursor() as cursor:
        triggers.remove(cursor.execute, connection.vendor)


@pytest.fixture
def unchecked(db):
    """SQLite takes any text while this lasts; the setting belongs to the connection, not to the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON" if connection.vendor == "sqlite" else "SELECT 1")
    yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = OFF" if connection.vendor == "sqlite" else "SELECT 1")


@pytest.fixture
def checkpoint(trail, tmp_path) -> Path:
    path = tmp_path / "checkpoint.json"
    call_command("audit_checkpoint", "--out", path)
    return path


def everything(path: Path | None = None) -> list[Finding]:
    points = checkpoints.load(path) if path else {}
    names = {name_of(clinic): clinic for clinic in clinics()}
    names |= {name: tampering.UUID(name) for name in points if name not in names and name != "system"}
    names |= {"system": NO_CLINIC} if "system" in points else {}
    return [finding for name, clinic in names.items() for finding in verify(clinic, points.get(name)).findings]


def is_located(found: list[Finding], expected: tampering.Expected) -> bool:
    return any(
        finding.clinic in expected.clinics
        and (finding.position in expected.positions or finding.event_id in expected.events)
        for finding in found
    )


@pytest.mark.slow
def test_two_hundred_tamperings_are_found_and_located(checkpoint):
    chance = random.Random(SEED)
    assert everything(checkpoint) == []
    for n in range(200):
        tamper = tampering.ALL[n % len(tampering.ALL)]
        with transaction.atomic():
            expected = tamper(chance)
            found = everything(checkpoint if expected.needs_checkpoint else None)
            assert is_located(found, expected), (n, tamper.__name__, expected, found)
            assert len(found) <= FEW or tamper in tampering.MOVING, (n, tamper.__name__, found)
            transaction.set_rollback(True)
    assert everything(checkpoint) == []


@pytest.mark.parametrize("column", sorted(tampering.NEW_VALUES))
def test_an_edit_of_any_column_is_found(trail, column):
    expected = tampering.edit_event(random.Random(column), column)
    assert is_located(everything(), expected)


def test_every_column_of_an_event_is_tampered_with():
    assert set(tampering.NEW_VALUES) == {field.column for field in AuditEvent._meta.concrete_fields}


@pytest.mark.parametrize(
    ("tamper", "kinds"),
    [
        (tampering.delete_event, {"event_deleted"}),
        (tampering.delete_both, {"link_deleted", "truncated"}),
        (tampering.insert_event, {"slipped_in"}),
        (tampering.truncate, {"truncated"}),
        (tampering.pretend_retention, {"base_forged"}),
    ],
)
def test_findings_are_named(checkpoint, tamper, kinds):
    expected = tamper(random.Random(7))
    found = {finding.kind for finding in everything(checkpoint) if finding.clinic in expected.clinics}
    assert found & kinds


def test_a_cut_off_end_is_found_by_the_checkpoint_only(checkpoint):
    tampering.truncate(random.Random(1))
    assert everything() == []
    assert [finding.kind for finding in everything(checkpoint)] == ["truncated"]


def test_a_chain_that_was_built_again_differs_from_its_checkpoint(checkpoint):
    chance = random.Random(3)
    clinic = next(iter(tampering.truncate(chance).clinics))
    write(None if clinic == NO_CLINIC else clinic, 12)
    chain.build_chain()
    assert [finding.kind for finding in everything(checkpoint)] == ["checkpoint_differs"]


@pytest.mark.parametrize("column", ["created_at", "ids", "changed", "ip"])
@pytest.mark.usefixtures("unchecked")
def test_what_no_longer_reads_is_a_finding_and_no_crash(trail, column):
    link = AuditLink.objects.first()
    if connection.vendor == "postgresql":
        tampering.run("DELETE FROM audit_auditevent WHERE id = %s", link.event_id)
    else:
        sql = f"UPDATE audit_auditevent SET {column} = %s WHERE id = %s"
        tampering.run(sql, "garbage", tampering.key(link.event_id))
    assert link.event_id in {finding.event_id for finding in everything()}
    write(None, 1)
    assert chain.build_chain() == 1


def test_an_event_that_waits_is_told_from_one_that_was_slipped_in(trail):
    clinic = AuditLink.objects.exclude(clinic_id=NO_CLINIC).first().clinic_id
    [old] = write_aged(clinic, 1, days=2)
    fresh = uuid4()
    [waiting] = write_aged(fresh, 1, days=2)
    kinds = {finding.event_id: finding.kind for finding in everything()}
    assert kinds == {old.pk: "slipped_in", waiting.pk: "not_chained"}


def test_a_chained_event_that_is_older_than_those_before_it_was_slipped_in(trail):
    clinic = AuditLink.objects.exclude(clinic_id=NO_CLINIC).first().clinic_id
    [old] = write_aged(clinic, 1, days=2)
    chain.build_chain(everything=True)
    assert [(finding.position, finding.event_id, finding.kind) for finding in everything()] == [
        (11, old.pk, "slipped_in")
    ]


def test_a_long_chain_is_read_in_chunks(trail, monkeypatch, django_assert_num_queries):
    clinic = AuditLink.objects.first().clinic_id
    monkeypatch.setattr(verification, "CHUNK", 4)
    # Chain and tombstones, three chunks of links and events, their end, chain and end again, unchained.
    with django_assert_num_queries(12):
        assert verify(clinic).length == 10


def test_the_command_prints_a_line_for_each_finding_and_exits_with_one(trail):
    link = AuditLink.objects.exclude(clinic_id=NO_CLINIC).first()
    tampering.run("DELETE FROM audit_auditevent WHERE id = %s", tampering.key(link.event_id))
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify", "--clinic", str(link.clinic_id), stdout=out)
    assert ended.value.code == 1
    assert out.getvalue().splitlines()[0] == f"{link.clinic_id} {link.position} {link.event_id} event_deleted"


def test_the_command_speaks_json(trail):
    tampering.run("UPDATE audit_auditevent SET reason = 'y' WHERE clinic_id IS NULL")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("audit_verify", "--json", stdout=out)
    reports = {line["clinic"]: line for line in map(json.loads, out.getvalue().splitlines())}
    assert {finding["kind"] for finding in reports["system"]["findings"]} == {"event_edited"}
    assert sorted(len(report["findings"]) for report in reports.values() if report["length"]) == [0, 0, 10]


def test_a_changed_checkpoint_is_refused(checkpoint):
    content = json.loads(checkpoint.read_text())
    content["chains"][0]["length"] -= 1
    checkpoint.write_text(json.dumps(content))
    with pytest.raises(CommandError, match="modified"):
        call_command("audit_verify", "--checkpoint", checkpoint)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"signature": 1, "chains": 2}'])
def test_a_file_that_is_no_checkpoint_is_refused(db, tmp_path, content):
    path = tmp_path / "file.json"
    path.write_text(content)
    with pytest.raises(CommandError):
        call_command("audit_verify", "--checkpoint", path)


def test_a_checkpoint_goes_to_standard_output_as_well(trail):
    out = StringIO()
    call_command("audit_checkpoint", stdout=out)
    assert [chain["length"] for chain in json.loads(out.getvalue())["chains"]] == [10, 10, 10]
