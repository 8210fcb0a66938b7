"""The list of phrases to review on the session's page and in the API."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import TherapySession
from sessions_app.services.transcripts import create_with_transcript

pytestmark = pytest.mark.django_db
ENGLISH = ["Therapist: How was your week with the family?", "Patient: We had dinner at my sister's on Sunday."]
GERMAN = ["Therapist: Wie ist es Ihnen diese Woche ergangen?", "Patient: Ich will nicht mehr leben, es reicht mir."]


@pytest.fixture
def session_of(therapist: User, patient: User) -> Callable[..., TherapySession]:
    def _drafted(*lines: str) -> TherapySession:
        data = "\n".join(lines).encode()
        return work_off(create_with_transcript(access_for(therapist, patient), WHEN, data, "talk.txt"))

    return _drafted


@pytest.fixture
def panel(client_for: Callable[[User], Client], therapist: User) -> Callable[[TherapySession], str]:
    def _panel(session: TherapySession) -> str:
        page = client_for(therapist).get(session.get_absolute_url()).content.decode()
        return re.split(r'<section class="card risk"', page)[1].partition("</section>")[0]

    return _panel


def _opened(panel: str) -> list[str]:
    """The quotes that need no click."""
    return _quotes(re.sub(r"<details>.*?</details>", "", panel, flags=re.DOTALL))


def _quotes(panel: str) -> list[str]:
    return re.findall(r'class="statement"[^>]*>([^<]*)<', panel)


def test_a_language_without_a_list_is_named(session_of: Any, panel: Any) -> None:
    shown = panel(session_of(*GERMAN))
    assert "not looked for: German" in shown
    assert "No phrase was listed" not in shown


def test_a_good_part_in_another_language_is_named_beside_what_was_found(session_of: Any, panel: Any) -> None:
    shown = panel(session_of(*ENGLISH, *GERMAN, "Therapist: And in English?", "Patient: I want to die."))
    assert "not looked for: German" in shown
    assert _quotes(shown) == ["I want to die."]


def test_english_is_looked_for(session_of: Any, panel: Any) -> None:
    shown = panel(session_of(*ENGLISH))
    assert "not looked for" not in shown
    assert "No phrase was listed. This is not a risk assessment." in shown


def test_the_worst_stands_first_and_the_patient_before_the_therapist(session_of: Any, panel: Any) -> None:
    shown = panel(
        session_of(
            "Therapist: Suicide runs in the family.",
            "Patient: I feel like a burden.",
            "Therapist: That is a heavy thing to carry around.",
            "Patient: I want to kill myself.",
        )
    )
    assert _opened(shown) == ["I want to kill myself.", "Suicide runs in the family.", "I feel like a burden."]


def test_at_most_a_dozen_phrases_are_open(session_of: Any, panel: Any) -> None:
    said = [f"Patient: I want to die, I thought on day {day}." for day in range(15)]
    shown = panel(session_of("Therapist: How was your week?", *said))
    assert (len(_opened(shown)), len(_quotes(shown))) == (12, 15)


def test_the_answer_to_a_question_about_risk_is_listed_as_one(session_of: Any, panel: Any) -> None:
    shown = panel(session_of("Therapist: Have you thought about suicide?", "Patient: Not lately, no."))
    assert "Not lately, no." in _opened(shown)
    assert "Answer to a question about risk" in shown


def test_the_api_names_the_languages_too(
    api_for: Callable[[User], APIClient], therapist: User, session_of: Any
) -> None:
    session = session_of(*GERMAN)
    api = api_for(therapist)
    assert api.get(f"/api/v1/sessions/{session.pk}/notes").json()["notes"]["risk_not_looked_for"] == ["de"]
    assert api.get(f"/api/v1/sessions/{session.pk}/transcript").json()["language"] == "de"
