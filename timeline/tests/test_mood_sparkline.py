"""The picture of a number with a history: its data, its words, and what may be in it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.html import escape

from accounts.models import Clinic, User
from sessions_app.models import Extraction, StatementReview
from therapybridge.core.pages.sparkline import draw_sparkline
from timeline.tests.factories import draft_notes, make_session

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)


def session_with(patient: User, therapist: User, day: int, score: float | None, state: str) -> Extraction:
    draft = draft_notes(make_session(patient, therapist, day=day), topic="sleep", task="walk")
    draft.notes["session_mood"] |= {"score": score, "state": state, "reason": ""}
    draft.save()
    return draft


def shown(browser: Any, patient: User) -> list[float]:
    sparkline = browser.get(f"/patients/{patient.pk}").context["mood"]
    return [point.value for point in sparkline.points] if sparkline else []


def test_only_what_is_proved_or_kept_is_in_the_picture(client_for: Any, therapist: User, patient: User) -> None:
    browser = client_for(therapist)
    session_with(patient, therapist, 1, 3.0, "supported")
    assert shown(browser, patient) == []  # one number is no history
    to_check = session_with(patient, therapist, 2, 9.0, "check")
    session_with(patient, therapist, 3, None, "supported")
    session_with(patient, therapist, 4, 6.0, "supported")
    assert shown(browser, patient) == [3.0, 6.0]
    review = StatementReview.objects.create(extraction=to_check, statement="session_mood", decision="kept")
    assert shown(browser, patient) == [3.0, 9.0, 6.0]
    StatementReview.objects.filter(pk=review.pk).update(decision="deleted")
    assert shown(browser, patient) == [3.0, 6.0]
    page = browser.get(f"/patients/{patient.pk}").content.decode()
    assert '<span class="strong">6 of 10</span>' in page
    assert escape("Mood in the patient's own numbers: 2 numbers from 0 to 10, the table has them") in page


def test_nothing_is_drawn_where_the_clinic_infers_no_mood_or_the_draft_is_poor(
    client_for: Any, therapist: User, patient: User
) -> None:
    browser = client_for(therapist)
    for day in (1, 2):
        session_with(patient, therapist, day, 4.0, "supported")
    assert shown(browser, patient) == [4.0, 4.0]
    Extraction.objects.filter(session__number=1).update(quality="unreliable")
    assert shown(browser, patient) == []
    Extraction.objects.update(quality="standard")
    Clinic.objects.filter(pk=patient.clinic_id).update(emotion_inference=False)
    assert shown(browser, patient) == []


def test_the_picture_keeps_distances_in_time_and_the_ends_of_the_scale() -> None:
    days = ((0, 0.0), (10, 10.0), (5, 12.0))
    sparkline = draw_sparkline("mood", "Mood", [(BEGIN + timedelta(days=day), value) for day, value in days], 10)
    assert sparkline is not None
    assert sparkline.line == "6.0,50.0 120.0,6.0 234.0,6.0"
    assert draw_sparkline("mood", "Mood", [(BEGIN, 1.0)], 10) is None
