"""A therapist's style steers the drafts of their own sessions, and carries no patient's name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PatientFactory, TherapistFactory
from audit.models import AuditEvent
from sessions_app.management.ai_stub.server import Stub
from sessions_app.models import DraftingStyle
from sessions_app.notes.choices import Approach, Density, Quotation
from sessions_app.notes.services.style import change_style, style_of
from sessions_app.notes.tests.notes import drafted_session
from sessions_app.pipeline.drafting.style import DEFAULT, MODALITIES, QUOTES, SUMMARY_WORDS
from therapybridge.core.actor import Actor
from therapybridge.core.errors import InvalidInput

pytestmark = pytest.mark.django_db(transaction=True)
CHOSEN = {"modality": "psychodynamic", "density": "brief", "quotation": "few", "wording": "Write client."}


@pytest.fixture
def own(therapist: User) -> DraftingStyle:
    return change_style(**CHOSEN, by=Actor(therapist))


def test_the_choices_are_those_of_the_pipeline() -> None:
    assert (set(Approach.values), set(Density.values), set(Quotation.values)) == (
        set(MODALITIES),
        set(SUMMARY_WORDS),
        set(QUOTES),
    )


def test_the_prompt_of_a_session_carries_the_style_of_its_therapist_alone(
    own: DraftingStyle, use_models: Callable[..., Stub], therapist: User, patient: User
) -> None:
    colleague = TherapistFactory(clinic=therapist.clinic)
    change_style(**CHOSEN | {"wording": "Zebrawood."}, by=Actor(colleague))
    stub = use_models()
    drafted_session(therapist, patient)
    drafting = stub.instructions()[0]
    assert "psychodynamic therapy" in drafting
    assert '"Write client."' in drafting
    assert "Zebrawood" not in " ".join(stub.instructions())
    assert not any("psychodynamic" in prompt for prompt in stub.prompts())


def test_without_a_choice_the_default_counts(therapist: User) -> None:
    assert style_of(therapist.pk) == style_of(None) == DEFAULT


@pytest.mark.parametrize(
    "wording",
    ["Say Zofia, not the client.", "Never write Kowalczyk.", "Zofia Kowalczyk likes it short.", "It is Zofia's wish."],
)
def test_a_patients_name_goes_into_no_prompt(therapist: User, patient: User, wording: str) -> None:
    patient.first_name, patient.last_name = "Zofia", "Kowalczyk"
    patient.save()
    with pytest.raises(InvalidInput) as refused:
        change_style(**CHOSEN | {"wording": wording}, by=Actor(therapist))
    assert set(refused.value.errors or {}) == {"wording"}
    assert not DraftingStyle.objects.exists()


def test_a_word_that_is_also_a_name_may_open_a_sentence(therapist: User, patient: User) -> None:
    patient.first_name = "Mark"
    patient.save()
    assert change_style(**CHOSEN | {"wording": "Mark gaps with a dash."}, by=Actor(therapist)).wording


def test_names_of_other_peoples_patients_are_not_told(therapist: User, patient: User) -> None:
    patient.first_name = "Zofia"
    patient.save()
    other = TherapistFactory(clinic=therapist.clinic)
    PatientFactory(clinic=therapist.clinic)
    assert change_style(**CHOSEN | {"wording": "As Zofia says."}, by=Actor(other)).wording


def test_the_page_keeps_what_was_chosen_and_says_what_is_wrong(client_for: Any, therapist: User, patient: User) -> None:
    browser: Client = client_for(therapist)
    assert browser.post("/account/drafts", CHOSEN).status_code == 302
    page = browser.get("/account/drafts").content.decode()
    assert 'value="psychodynamic" selected' in page
    assert "Write client." in page
    refused = browser.post("/account/drafts", CHOSEN | {"wording": f"Not {patient.first_name}.", "density": "brief"})
    assert refused.status_code == 422
    assert "is the name of a patient" in refused.content.decode()


def test_the_api_shows_and_replaces_it_with_an_audit_row(api_for: Any, therapist: User) -> None:
    device = api_for(therapist)
    assert device.get("/api/v1/drafting-style").json()["density"] == "standard"
    assert device.put("/api/v1/drafting-style", CHOSEN, format="json").json() == CHOSEN
    assert device.put("/api/v1/drafting-style", CHOSEN | {"density": "huge"}, format="json").status_code == 400
    assert AuditEvent.objects.filter(action="drafting_style.changed").count() == 1
