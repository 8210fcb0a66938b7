"""A transcript whose voices have no roles waits for a person; what a person says can be corrected later."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.consent.services.decisions import record_consent
from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import Extraction, ProcessingJob, TherapySession, Transcript
from sessions_app.services import transcripts

pytestmark = pytest.mark.django_db
Api = Callable[[User], APIClient]
Pages = Callable[[User], Client]
CHAT = b"""WEBVTT

00:01.000 --> 00:03.000
<v Ada Muster>The rain has not stopped since Monday.

00:04.000 --> 00:08.000
<v Lin Gast>My mother rang me four times on Sunday and I could not pick up.

00:09.000 --> 00:11.000
<v Ada Muster>Four calls in one day, on your only day off.
"""


@pytest.fixture
def asking(therapist: User, patient: User) -> TherapySession:
    """A session whose transcript has two strangers' names."""
    return work_off(transcripts.create_with_transcript(access_for(therapist, patient), WHEN, CHAT, "teams.vtt"))


def speakers_of(session: TherapySession) -> list[str]:
    return [line.speaker for line in Transcript.objects.get(session=session).lines]


def test_without_an_answer_nothing_is_drafted(asking: TherapySession, client_for: Pages, therapist: User) -> None:
    assert (asking.status, asking.job.stage, asking.is_running) == ("transcribed", "speakers", False)
    assert not Extraction.objects.exists()
    page = client_for(therapist).get(f"/sessions/{asking.pk}").content.decode()
    assert "Who is speaking?" in page
    assert "My mother rang me four times" in page
    today = client_for(therapist).get("/today").content.decode()
    assert "Say who is speaking" in today


def test_one_click_names_both_and_drafts_the_note(asking: TherapySession, client_for: Pages, therapist: User) -> None:
    answer = client_for(therapist).post(f"/sessions/{asking.pk}/speakers", {"therapist": "0"})
    assert answer.status_code == 302
    assert speakers_of(asking) == ["therapist", "patient", "therapist"]
    assert work_off(asking).status == "processed"
    quotes = Extraction.objects.get().notes["significant_quotes"]
    assert [quote["quote"] for quote in quotes] == ["My mother rang me four times on Sunday and I could not pick up."]


def test_the_answer_can_come_through_the_api(asking: TherapySession, api_for: Api, therapist: User) -> None:
    client = api_for(therapist)
    shown = client.get(f"/api/v1/sessions/{asking.pk}").json()
    assert shown["progress"]["stage"] == "speakers"
    said = [
        {"voice": "Ada Muster", "speaker": "patient", "name": "A."},
        {"voice": "lin gast", "speaker": "other", "name": "Sister"},
    ]
    answer = client.post(f"/api/v1/sessions/{asking.pk}/speakers", {"voices": said}, format="json").json()
    assert [(line["voice"], line["speaker"]) for line in answer["segments"]] == [
        ("A.", "patient"),
        ("Sister", "other"),
        ("A.", "patient"),
    ]
    assert answer["speaker_source"] == "person"
    assert work_off(asking).status == "processed"


@pytest.mark.parametrize(
    "body",
    [{"role-0": "therapist"}, {"therapist": "7"}, {"role-0": "boss", "role-1": "patient"}, {}],
)
def test_half_an_answer_is_none(
    body: dict[str, str], asking: TherapySession, client_for: Pages, therapist: User
) -> None:
    page = client_for(therapist).post(f"/sessions/{asking.pk}/speakers", body, follow=True).content.decode()
    assert "notice--danger" in page or "message" in page
    assert ProcessingJob.objects.get().stage == "speakers"
    assert set(speakers_of(asking)) == {"unknown"}


def test_a_voice_that_is_not_there_is_named(asking: TherapySession, api_for: Api, therapist: User) -> None:
    said = {"voices": [{"voice": "Nobody", "speaker": "patient"}]}
    answer = api_for(therapist).post(f"/api/v1/sessions/{asking.pk}/speakers", said, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["voices"])


def test_without_consent_the_answer_does_not_start_the_work(
    asking: TherapySession, client_for: Pages, therapist: User, patient: User
) -> None:
    record_consent(access_for(therapist, patient), ["ai_processing"], "revoked", "verbal")
    client_for(therapist).post(f"/sessions/{asking.pk}/speakers", {"therapist": "0"})
    assert ProcessingJob.objects.get().stage == "speakers"


def test_two_voices_of_one_name_become_one(asking: TherapySession, client_for: Pages, therapist: User) -> None:
    body = {"role-0": "patient", "name-0": "Lin Gast", "role-1": "patient", "name-1": "Lin Gast"}
    client_for(therapist).post(f"/sessions/{asking.pk}/speakers", body)
    transcript = Transcript.objects.get(session=asking)
    assert [(voice.label, voice.role, len(voice.lines)) for voice in transcript.voices] == [("Lin Gast", "patient", 3)]


def test_a_single_line_is_given_to_another_voice(asking: TherapySession, client_for: Pages, therapist: User) -> None:
    browser = client_for(therapist)
    browser.post(f"/sessions/{asking.pk}/speakers", {"therapist": "0"})
    form = " ".join(browser.get(f"/sessions/{asking.pk}?line=2").content.decode().split())
    assert '<blockquote class="voices__line"> Four calls in one day, on your only day off. </blockquote>' in form
    browser.post(f"/sessions/{asking.pk}/speakers/line", {"line": "2", "speaker": "patient"})
    lines = Transcript.objects.get(session=asking).lines
    assert [(line.speaker, line.label) for line in lines[1:]] == [("patient", "Lin Gast"), ("patient", "Lin Gast")]


def test_a_line_of_somebody_else_has_no_name_where_several_could_be_meant(
    therapist: User, patient: User, api_for: Api
) -> None:
    talk = b"Therapist: Hello.\nClient: Hello.\nMother: Good morning.\nInterpreter: Yes.\nClient: It is late.\n"
    session = transcripts.create_with_transcript(access_for(therapist, patient), WHEN, talk, "talk.txt")
    url = f"/api/v1/sessions/{session.pk}/speakers/lines"
    lines = api_for(therapist).post(url, {"lines": [4], "speaker": "other"}, format="json").json()["segments"]
    assert [(line["speaker"], line["voice"]) for line in lines[2:]] == [
        ("other", "Mother"),
        ("other", "Interpreter"),
        ("other", ""),
    ]


@pytest.mark.parametrize("lines", [[99], [-1], [], ["x"]])
def test_a_line_that_is_not_there_is_refused(
    lines: list[Any], asking: TherapySession, api_for: Api, therapist: User
) -> None:
    url = f"/api/v1/sessions/{asking.pk}/speakers/lines"
    answer = api_for(therapist).post(url, {"lines": lines, "speaker": "patient"}, format="json")
    assert answer.status_code in {400, 422}
    assert set(speakers_of(asking)) == {"unknown"}


def test_lines_without_a_speaker_and_mended_entries_are_told(client_for: Pages, therapist: User, patient: User) -> None:
    file = b"[00:01] (pause)\n[00:03] Therapist: How was it?\n[00:05] Client: Bad, I hardly slept.\n[00:09] (a door)\n"
    session = transcripts.create_with_transcript(access_for(therapist, patient), WHEN, file, "talk.txt")
    assert Transcript.objects.get().notices == ["2 lines could not be given a speaker."]
    page = client_for(therapist).get(f"/sessions/{session.pk}").content.decode()
    assert "2 lines could not be given a speaker." in page


def test_swapping_twice_is_as_before(asking: TherapySession, api_for: Api, therapist: User) -> None:
    client, url = api_for(therapist), f"/api/v1/sessions/{asking.pk}/speakers"
    voices = [{"voice": "Ada Muster", "speaker": "therapist"}, {"voice": "Lin Gast", "speaker": "patient"}]
    client.post(url, {"voices": voices}, format="json")
    client.post(f"{url}/swap")
    assert speakers_of(asking) == ["patient", "therapist", "patient"]
    client.post(f"{url}/swap")
    assert speakers_of(asking) == ["therapist", "patient", "therapist"]
