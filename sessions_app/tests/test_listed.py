"""The API's list of sessions, whose SQL is built once, is what queryset and filters find, row for row."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.tests.factories import CareFactory
from sessions_app.conftest import WHEN
from sessions_app.contexts.listed import read_sessions
from sessions_app.filters import SessionFilter
from sessions_app.models import PatientSummary, Recording, TherapySession
from sessions_app.serializers import session_rows
from therapybridge.core.errors import InvalidInput

pytestmark = pytest.mark.django_db
STATUSES = ("pending", "processed", "failed")
SESSIONS = st.lists(
    st.fixed_dictionaries(
        {
            "status": st.sampled_from(STATUSES),
            "hour": st.integers(0, 5),
            "is_deleted": st.booleans(),
            "is_of_another": st.booleans(),
            "changed": st.integers(0, 5),
            "summary_changed": st.none() | st.integers(0, 5),
        }
    ),
    min_size=4,
    max_size=12,
)
MOMENTS = st.sampled_from((WHEN.date().isoformat(), *((WHEN + timedelta(hours=at)).isoformat() for at in range(5))))
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "patient": st.sampled_from(("patient", "another")),
        "status": st.sampled_from(("pending", "processed,failed", "failed,pending,failed")),
        "start_date": MOMENTS | st.just(""),
        "end_date": MOMENTS,
        "updated_since": st.integers(0, 5).map(lambda at: (WHEN + timedelta(hours=at)).isoformat()),
    },
)


def asked(query: dict[str, Any]) -> QueryDict:
    return QueryDict(urlencode(query))


def expected(reader: User, query: dict[str, Any]) -> list[dict[str, Any]]:
    filters = SessionFilter(asked(query), TherapySession.objects.visible_to(reader))
    return list(session_rows(filters.qs.in_order()))


def pages(reader: User, query: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    found, cursor = [], ""
    while True:
        page = read_sessions(reader, asked(query | ({"cursor": cursor} if cursor else {})), limit)
        found += page.rows
        cursor = page.next_cursor or ""
        if not cursor:
            return found


def fill(patient: User, another: User, therapist: User, drawn: list[dict[str, Any]]) -> None:
    TherapySession.objects.all().delete()
    for one in drawn:
        person = another if one["is_of_another"] else patient
        session = TherapySession.objects.create(
            clinic=person.clinic,
            patient=person,
            therapist=therapist,
            session_date=WHEN + timedelta(hours=one["hour"]),
            status=one["status"],
            deleted_at=WHEN if one["is_deleted"] else None,
        )
        TherapySession.objects.filter(pk=session.pk).update(updated_at=WHEN + timedelta(hours=one["changed"]))
        if one["summary_changed"] is not None:
            PatientSummary.objects.create(session=session, text="You slept badly.")
            changed = WHEN + timedelta(hours=one["summary_changed"])
            PatientSummary.objects.filter(session=session).update(updated_at=changed)


@given(drawn=SESSIONS, query=QUERIES, limit=st.integers(1, 4))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_are_what_queryset_and_filters_find(
    patient: User, therapist: User, readers: list[User], drawn: Any, query: dict[str, Any], limit: int
) -> None:
    another = CareFactory(therapist=therapist).patient
    fill(patient, another, therapist, drawn)
    people = {"patient": patient.pk, "another": another.pk}
    query = {name: people.get(value, value) for name, value in query.items()}
    for reader in readers:
        found = pages(reader, query, limit)
        assert found == expected(reader, query)
        if since := query.pop("updated_since", None):
            shown = [row for row in expected(reader, query) if row["changed_at"] >= datetime.fromisoformat(since)]
            assert found == shown
            query["updated_since"] = since


def test_each_reader_finds_what_they_may_see(patient: User, therapist: User, readers: list[User]) -> None:
    another = CareFactory(therapist=therapist).patient
    one = {"status": "pending", "hour": 0, "is_deleted": False, "changed": 0, "summary_changed": None}
    fill(patient, another, therapist, [one | {"is_of_another": False}, one | {"is_of_another": True}])
    assert [len(pages(reader, {}, 5)) for reader in readers] == [2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]


def test_all_columns_are_read(therapist: User, processed: TherapySession) -> None:
    warnings = ["The end could not be read."]
    Recording.objects.create(
        session=processed, path="x", sha256="0", size=1, mime="audio/flac", channels=1, duration=9, warnings=warnings
    )
    (row,) = pages(therapist, {}, 5)
    assert [row] == expected(therapist, {})
    assert (row["id"], row["job__stage"], row["recording__warnings"]) == (processed.pk, "done", warnings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("patient", "x"),
        ("status", "lost"),
        ("start_date", "soon"),
        ("end_date", "2026-02-30"),
        ("updated_since", "2026-03-02T10:00:00"),
    ],
)
def test_a_wrong_filter_is_named(therapist: User, name: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_sessions(therapist, asked({name: value}), 5)
    assert set(refused.value.errors) == {name}
