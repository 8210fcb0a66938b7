"""A change that is committed late is found by the read after: two real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict

from accounts.models import User
from sessions_app.contexts.listed import read_sessions
from sessions_app.models import TherapySession
from therapybridge.core import changes
from timeline.tests.factories import make_session

BOTH_KINDS = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _asked_anew():
    changes.forget_settled()
    yield
    changes.forget_settled()


def read(reader: User, since: datetime | None = None) -> tuple[list[Any], datetime]:
    """The numbers of the sessions that changed since, and what to ask with next."""
    changes.forget_settled()
    settled = changes.settled_until()
    query = QueryDict(mutable=True)
    query.update({"updated_since": since.isoformat()} if since else {})
    return [row["duration_seconds"] for row in read_sessions(reader, query, 50).rows], settled


def elsewhere(*args: Any) -> tuple[list[Any], datetime]:
    """The same on a connection of its own."""

    def run() -> tuple[list[Any], datetime]:
        try:
            return read(*args)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


@BOTH_KINDS
def test_what_is_committed_after_a_read_is_found_by_the_next(therapist, patient, monkeypatch):
    session = make_session(patient, therapist)
    rows = TherapySession.objects.filter(pk=session.pk)
    if connection.vendor == "postgresql":  # knows what is running, however long it takes
        monkeypatch.setattr(changes, "MARGIN", timedelta(0))
    with transaction.atomic():
        assert rows.exists()
        rows.update(duration_seconds=7)
        seen, following = elsewhere(therapist)
    assert seen == [3000.0]
    assert read(therapist, following)[0] == [7.0]
    assert rows.get().updated_at >= following


@BOTH_KINDS
def test_nothing_is_found_twice_for_ever(therapist, patient, monkeypatch):
    monkeypatch.setattr(changes, "MARGIN", timedelta(0))
    make_session(patient, therapist)
    seen, following = read(therapist)
    assert seen == [3000.0]
    assert read(therapist, following)[0] == []


@pytest.mark.django_db
def test_the_moment_is_asked_for_once_in_some_seconds(monkeypatch):
    before = changes.settled_until()
    assert changes.settled_until() is before
    monkeypatch.setattr(changes, "KEPT_FOR", 0.0)
    assert changes.settled_until() > before
