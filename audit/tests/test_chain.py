"""The chain: everything written is chained once, in order, whoever writes and chains at the same time."""

import threading
from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from audit import log, tasks
from audit.models import GENESIS, NO_CLINIC, AuditChain, AuditEvent, AuditLink
from audit.services import chain, signing
from audit.services.verification import verify
from audit.tests.trails import write
from therapybridge.core.actor import SYSTEM


def positions(clinic: UUID) -> list[int]:
    return list(AuditLink.objects.filter(clinic_id=clinic).order_by("position").values_list("position", flat=True))


@pytest.mark.django_db
def test_each_clinic_has_a_chain_and_acts_without_one_have_their_own():
    first, second = uuid4(), uuid4()
    write(first, 3)
    write(second, 2)
    write(None, 1)
    assert chain.build_chain() == 6
    assert (positions(first), positions(second), positions(NO_CLINIC)) == ([1, 2, 3], [1, 2], [1])
    lengths = dict(AuditChain.objects.values_list("pk", "length"))
    assert lengths == {first: 3, second: 2, NO_CLINIC: 1}


@pytest.mark.django_db
def test_a_second_pass_adds_what_is_new_and_nothing_twice():
    clinic = uuid4()
    write(clinic, 2)
    assert (tasks.build_chain(), tasks.build_chain()) == (2, 0)
    write(clinic, 1)
    assert tasks.build_chain() == 1
    assert positions(clinic) == [1, 2, 3]


@pytest.mark.django_db
def test_a_backlog_of_several_batches_is_chained_in_one_go(monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 3)
    clinic = uuid4()
    write(clinic, 10)
    assert chain.build_chain() == 10
    assert verify(clinic).findings == []


@pytest.mark.django_db
def test_what_was_committed_late_is_still_found():
    clinic = uuid4()
    late = AuditEvent(clinic_id=clinic, action="late")
    write(clinic, 2)
    chain.build_chain()
    late.save()
    assert chain.build_chain() == 1
    assert verify(clinic).findings == []


@pytest.mark.django_db
def test_what_came_after_hours_is_found_by_the_pass_over_everything_and_named():
    clinic = uuid4()
    write(clinic, 2)
    chain.build_chain()
    old = UUID(int=(chain.uuid7().int >> 80) - 3_600_000 << 80)
    AuditEvent.objects.bulk_create([AuditEvent(pk=old, clinic_id=clinic, action="late")])
    assert chain.build_chain() == 0
    assert chain.build_chain(everything=True) == 1


@pytest.mark.django_db
def test_an_id_from_the_future_does_not_stop_the_chain_builder():
    clinic = uuid4()
    AuditEvent.objects.create(pk=UUID(int=2**127 - 1), clinic_id=clinic, action="x")
    chain.build_chain()
    write(clinic, 1)
    assert chain.build_chain() == 1


@pytest.mark.django_db
def test_a_quiet_pass_asks_twice_and_writes_nothing(django_assert_num_queries):
    write(uuid4(), 2)
    chain.build_chain()
    with django_assert_num_queries(2):
        chain.build_chain()


@pytest.mark.django_db
def test_who_watches_asks_once_when_nothing_came(django_assert_num_queries):
    watch, clinic = chain.Watch(), uuid4()
    write(clinic, 2)
    assert watch.build_chain() == 2
    with django_assert_num_queries(1):
        assert watch.build_chain() == 0
    write(clinic, 1)
    late = AuditEvent(pk=chain.first_id_at(timezone.now() - chain.LATE), clinic_id=clinic, action="late")
    late.save()
    assert watch.build_chain() == 2
    assert verify(clinic).findings == []


@pytest.mark.django_db
def test_who_has_not_looked_for_long_finds_what_an_outage_left(monkeypatch):
    clinic, now = uuid4(), [1000.0]
    monkeypatch.setattr(chain, "monotonic", lambda: now[0])
    watch = chain.Watch()
    watch.build_chain()
    hours_ago = chain.first_id_at(timezone.now() - timedelta(hours=2))
    AuditEvent.objects.bulk_create([AuditEvent(pk=hours_ago, clinic_id=clinic, action="waited")])
    now[0] += chain.LOOKED_WITHIN.total_seconds()
    assert watch.build_chain() == 1


@pytest.mark.django_db
def test_a_batch_costs_the_same_whatever_its_length(django_assert_max_num_queries):
    for _ in range(3):
        write(uuid4(), 20)
    with django_assert_max_num_queries(14):
        assert chain.build_chain() == 60


@pytest.mark.django_db
@pytest.mark.parametrize("address", [None, "203.0.113.9", "2001:DB8:0:0::1", "::ffff:192.0.2.1"])
def test_a_row_reads_back_as_the_bytes_that_were_written(address, therapist):
    text = "ü😀\u2028\"\\'% \t"
    event = AuditEvent(
        clinic_id=uuid4(),
        actor=therapist,
        action=text,
        target_type=text,
        target_id=uuid4(),
        patient_id=uuid4(),
        ids=[str(uuid4()), text],
        grant_id=uuid4(),
        reason=text,
        request_id=text,
        ip=address,
        user_agent=text,
        changed=[text, "b", "a"],
    )
    event.save()
    again = AuditEvent.objects.get(pk=event.pk)
    assert signing.canonical(event) == signing.canonical(again)
    assert signing.row_mac(event) == signing.row_mac(again) != ""


def test_every_column_is_covered():
    """A new column needs a new version: links that exist were made over the columns of theirs."""
    assert set(signing.COLUMNS[signing.VERSION]) == {field.attname for field in AuditEvent._meta.concrete_fields}


def test_codes_differ_by_purpose_and_survive_a_new_primary_key(settings):
    event = AuditEvent(action="x", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    before = signing.row_mac(event)
    assert before != signing._mac("chain", signing.canonical(event))
    settings.FIELD_ENCRYPTION_KEYS = ["fresh:" + "A" * 43 + "=", *settings.FIELD_ENCRYPTION_KEYS]
    assert signing.row_mac(event) == before
    settings.FIELD_ENCRYPTION_KEYS = ["fresh:" + "A" * 43 + "="]
    assert signing.row_mac(event) != before


def test_the_chain_builder_is_on_the_schedule():
    entries = [entry for entry in current_app.conf.beat_schedule.values() if entry["task"] == "audit.tasks.build_chain"]
    assert sorted(entry["schedule"] for entry in entries) == [5, 3600]
    assert current_app.tasks["audit.tasks.build_chain"]


@pytest.mark.django_db(transaction=True)
def test_writers_and_two_chain_builders_at_once_leave_a_whole_chain():
    clinics = [uuid4(), uuid4(), None]
    failures: list[Exception] = []

    def in_thread(work) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 (told by the assertion below)
            failures.append(error)
        finally:
            connection.close()

    def writing() -> None:
        for n in range(20):
            log.record("session.read", by=SYSTEM, clinic_id=clinics[n % 3])

    def building() -> None:
        for _ in range(12):
            chain.build_chain()

    threads = [threading.Thread(target=in_thread, args=(work,)) for work in (*[writing] * 4, building, building)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chain.build_chain()
    assert failures == []
    assert AuditLink.objects.count() == 80
    for clinic in clinics:
        report = verify(clinic or NO_CLINIC)
        assert (report.findings, report.pending) == ([], 0)


@pytest.mark.django_db
def test_the_head_of_an_empty_chain_is_the_start():
    assert verify(uuid4()).head == GENESIS


@pytest.mark.django_db
def test_a_whole_trail_verifies_and_young_events_are_only_mentioned():
    clinic = uuid4()
    write(clinic, 3)
    chain.build_chain()
    write(clinic, 2)
    out = StringIO()
    call_command("audit_verify", stdout=out)
    assert out.getvalue() == f"{clinic}: 3 chained, 2 not chained yet, whole\n"
