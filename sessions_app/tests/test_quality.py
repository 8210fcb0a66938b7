"""What therapists are told about a machine's transcript: before the upload, on the session, and on paper."""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython
from django.db.models import Model

from accounts.models import User
from sessions_app.models import Extraction, TherapySession, Transcript
from sessions_app.pipeline.quality import DRAFT_QUALITIES
from therapybridge.tests.our_apps import OUR_APPS

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


@contextmanager
def without_rule(model: type[Model], name: str) -> Iterator[None]:
    """A table as it was before one of its constraints: to undo all later migrations would take half a minute."""
    rules = model._meta.constraints
    (rule,) = (one for one in rules if one.name == name)
    model._meta.constraints = [one for one in rules if one is not rule]
    try:
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, rule)
        yield
    finally:
        model._meta.constraints = rules
        with connection.schema_editor() as editor:
            editor.add_constraint(model, rule)


@pytest.mark.django_db(transaction=True)
def test_transcripts_of_the_former_model_become_unreliable(processed: TherapySession) -> None:
    migration = MigrationLoader(connection).get_migration("sessions_app", "0007_name_word_error")
    (rename,) = (one for one in migration.operations if isinstance(one, RunPython))
    Transcript.objects.filter(session=processed).update(quality="unreliable")
    with without_rule(Transcript, "transcript_quality"):
        rename.reverse_code(apps, None)
        assert Transcript.objects.get().quality == "demonstration"
        rename.code(apps, None)
        assert Transcript.objects.get().quality == "unreliable"
    with pytest.raises(IntegrityError):
        Transcript.objects.update(quality="demonstration")


def test_every_migration_can_be_undone() -> None:
    ours = {(one.app_label, one.name): one for one in MigrationLoader(None).disk_migrations.values()}
    final = [at for at, one in ours.items() if at[0] in OUR_APPS and not all(op.reversible for op in one.operations)]
    assert final == []
