"""What a session says about the transcript that was uploaded to it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.conftest import WHEN, work_off
from sessions_app.services import transcripts
from therapybridge.core.errors import Unprocessable

pytestmark = pytest.mark.django_db
EXAMPLE = Path(__file__).parents[2] / "docs" / "example-session.txt"
SAID = b"""WEBVTT

00:01.000 --> 00:03.000
<v Therapist>How did you sleep?

00:04.000 --> 00:08.000
<v Patient>Badly. I will try the breathing exercise.

00:09.000 --> 00:11.000
There was a knock.

00:12.000 --> 00:13.000

"""


def test_lines_without_a_speaker_and_skipped_entries_are_told(
    client_for: Callable[[User], Client], api_for: Callable[[User], APIClient], therapist: User, patient: User
) -> None:
    session = transcripts.create_with_transcript(access_for(therapist, patient), WHEN, SAID, "talk.vtt")
    page = client_for(therapist).get(f"/sessions/{work_off(session).pk}").content.decode()
    assert "1 line could not be given a speaker." in " ".join(page.split())
    assert "1 entry without text was skipped." in page
    answer = api_for(therapist).get(f"/api/v1/sessions/{session.pk}/transcript").json()
    assert answer["warnings"] == [
        "1 entry without text was skipped.",
        "1 line could not be given a speaker.",
    ]


def test_a_file_of_labels_alone_is_refused(therapist: User, patient: User) -> None:
    with pytest.raises(Unprocessable, match="no words"):
        transcripts.create_with_transcript(access_for(therapist, patient), WHEN, b"Therapist:\nPatient:\n", "talk.txt")


def test_the_example_for_newcomers_becomes_a_draft_without_questions(therapist: User, patient: User) -> None:
    given = transcripts.create_with_transcript(access_for(therapist, patient), WHEN, EXAMPLE.read_bytes(), EXAMPLE.name)
    session = work_off(given)
    notes = session.extractions.get().notes
    assert session.status == "processed"
    assert "sleep diary" in notes["action_items"][0]["task"]
    assert notes["patient_summary"]["statements"]
