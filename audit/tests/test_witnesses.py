"""What is removed before it is chained is missed: an event that came later names it."""

import pytest
from django.db import connection, transaction

from audit import log, triggers
from audit.audit_actions import AUDIT_LISTED
from audit.models import NO_CLINIC, AuditEvent
from audit.services import chain
from audit.services.verification import verify
from therapybridge.core import witnesses
from therapybridge.core.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(django_capture_on_commit_callbacks):
    """An event as a request writes it, committed."""

    def committed() -> AuditEvent:
        with django_capture_on_commit_callbacks(execute=True):
            return log.record(AUDIT_LISTED, by=SYSTEM)

    return committed


def take_out(event: AuditEvent) -> None:
    """As who owns the database can."""
    with connection.cursor() as cursor:
        triggers.remove(cursor.execute, connection.vendor)
        key = AuditEvent._meta.pk.get_db_prep_value(event.pk, connection)
        cursor.execute("DELETE FROM audit_auditevent WHERE id = %s", [key])


def found() -> list[tuple]:
    chain.build_chain()
    return [(finding.kind, finding.event_id) for finding in verify(NO_CLINIC).findings]


def test_each_event_names_the_one_before(write):
    first, second, third = write(), write(), write()
    assert [event.preceding for event in (first, second, third)] == [[], [str(first.pk)], [str(second.pk)]]
    assert found() == []


def test_one_that_is_removed_before_it_is_chained_is_missed(write):
    write()
    removed = write()
    write()
    take_out(removed)
    assert found() == [("unchained_deleted", removed.pk)]


def test_two_in_a_row_as_well(write):
    removed = [write(), write()]
    write()
    for event in removed:
        take_out(event)
    assert found() == [("unchained_deleted", removed[1].pk)]


def test_one_that_was_chained_is_one_finding(write):
    removed = write()
    write()
    chain.build_chain()
    take_out(removed)
    assert found() == [("event_deleted", removed.pk)]


def test_what_was_rolled_back_is_not_missed(write):
    write()
    with transaction.atomic():
        log.record(AUDIT_LISTED, by=SYSTEM)
        transaction.set_rollback(True)
    last = write()
    assert len(last.preceding) == 1
    assert found() == []


def test_many_of_one_request_are_named_by_and_by(django_capture_on_commit_callbacks, write):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(witnesses.MOST_NAMED + 5):
            log.record(AUDIT_LISTED, by=SYSTEM)
    assert [len(write().preceding) for _ in range(3)] == [witnesses.MOST_NAMED, 6, 1]
