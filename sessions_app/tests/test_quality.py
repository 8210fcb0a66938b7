"""What therapists are told about a machine's transcript: before the upload, on the session, and on paper."""

import importlib.util
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from sessions_app.models import Extraction, TherapySession, Transcript
from sessions_app.pipeline.quality import DRAFT_QUALITIES

EXPECTED = "one word in ten"


@pytest.fixture
def heard_by_the_small_model(processed: TherapySession) -> TherapySession:
    Transcript.objects.filter(session=processed).update(quality="small_model", engine="moonshine", model="tiny-en")
    return processed


def new_page(client_for: Any, therapist: User, patient: User) -> str:
    return str(client_for(therapist).get(f"/sessions/new?patient={patient.pk}").content.decode())


@pytest.mark.parametrize("path", ["", "/print"])
def test_a_transcript_of_the_small_model_says_so(
    client_for: Any, therapist: User, heard_by_the_small_model: TherapySession, path: str
) -> None:
    page = client_for(therapist).get(f"/sessions/{heard_by_the_small_model.pk}{path}").content.decode()
    assert EXPECTED in page
    assert "Not assessed" in page
    assert "No phrases found" not in page


def test_the_api_names_the_quality(api_for: Any, therapist: User, heard_by_the_small_model: TherapySession) -> None:
    body = api_for(therapist).get(f"/api/v1/sessions/{heard_by_the_small_model.pk}/transcript").json()
    assert body["quality"] == "small_model"
    assert EXPECTED in body["quality_notice"]


def test_before_an_upload_the_page_says_what_to_expect(client_for: Any, therapist: User, patient: User) -> None:
    page = new_page(client_for, therapist, patient)
    assert EXPECTED in page
    assert "It understands only English." in page


def test_a_speech_service_is_named_before_an_upload(
    client_for: Any, therapist: User, patient: User, settings: Any
) -> None:
    settings.TRANSCRIBE_BASE_URL, settings.TRANSCRIBE_MODEL = "http://127.0.0.1:9/v1", "gpt-transcribe"
    page = new_page(client_for, therapist, patient)
    assert "A speech service (gpt-transcribe)" in page
    assert EXPECTED not in page


def test_a_clinic_without_external_services_is_told_of_the_model_on_this_machine(
    client_for: Any, therapist: User, patient: User, settings: Any
) -> None:
    settings.TRANSCRIBE_BASE_URL = "http://127.0.0.1:9/v1"
    type(therapist.clinic).objects.update(external_ai_allowed=False)
    assert EXPECTED in new_page(client_for, therapist, patient)


def test_without_an_engine_the_page_offers_the_ways_out(
    client_for: Any, therapist: User, patient: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    find: Callable[..., Any] = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if "moonshine" in name else find(name))
    page = new_page(client_for, therapist, patient)
    assert "this installation has no speech engine" in page
    assert "Use a transcript" in page
    assert EXPECTED not in page


def test_every_quality_can_be_stored(processed: TherapySession) -> None:
    for quality in DRAFT_QUALITIES:
        Extraction.objects.filter(session=processed).update(quality=quality)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_transcripts_of_the_former_model_become_unreliable(processed: TherapySession) -> None:
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    Transcript.objects.filter(session=processed).update(quality="unreliable")
    before = [
        ("sessions_app", "0006_who_is_speaking") if app == "sessions_app" else (app, name) for app, name in latest
    ]
    try:
        executor.migrate([node for node in before if node[0] == "sessions_app"])
        old = executor.loader.project_state(("sessions_app", "0006_who_is_speaking")).apps
        assert old.get_model("sessions_app", "Transcript").objects.get().quality == "demonstration"
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert Transcript.objects.get().quality == "unreliable"
