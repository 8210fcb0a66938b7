"""Today asks the same number of questions for many rows as for few, and those it keeps answer like the querysets that
they are made of."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client

from accounts.models import User
from accounts.rights import contexts as rights
from accounts.tests.factories import CareFactory
from sessions_app.conftest import WHEN
from sessions_app.contexts import today
from sessions_app.models import TherapySession
from sessions_app.risk import contexts as risk
from therapybridge.core.compiled import objects_for
from therapybridge.tests.plans import queries_of

pytestmark = pytest.mark.django_db
KEPT = [
    *today.WAIT_AS.values(),
    *(today._latest_of, today._to_sign, today._to_cosign, today._open_amendments, today._running),
    *(risk._waiting, rights._open),
]


def failed_sessions(therapist: User, number: int) -> None:
    person = CareFactory(therapist=therapist).patient
    TherapySession.objects.bulk_create(
        TherapySession(clinic=therapist.clinic, patient=person, therapist=therapist, session_date=WHEN, status="failed")
        for _ in range(number)
    )


def told(row: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


@pytest.mark.parametrize("build", KEPT)
def test_a_kept_question_answers_like_its_queryset(
    therapist: User, foreign_therapist: User, build: Callable[[User], QuerySet[Any]]
) -> None:
    for holder in (therapist, foreign_therapist):
        failed_sessions(holder, 2)
        kept = [CareFactory(therapist=holder).patient for _ in range(2)]
        for at, person in enumerate(kept):
            TherapySession.objects.create(
                clinic=holder.clinic, patient=person, therapist=holder, session_date=WHEN + timedelta(days=at)
            )
    for reader in (therapist, foreign_therapist):
        assert list(map(told, objects_for(reader, build))) == list(map(told, build(reader)))


def test_what_is_selected_along_with_a_row_is_not_asked_for_again(
    therapist: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    failed_sessions(therapist, 2)
    with django_assert_num_queries(1):
        found = objects_for(therapist, today.WAIT_AS["failed"])
        assert [session.patient.role for session in found] == ["patient", "patient"]


def test_many_rows_take_no_more_questions_than_few(therapist: User, client_for: Callable[..., Client]) -> None:
    client = client_for(therapist)
    failed_sessions(therapist, 1)
    few = len(queries_of(lambda: client.get("/today")))
    for _ in range(3):
        failed_sessions(therapist, 10)
    assert len(queries_of(lambda: client.get("/today"))) == few
