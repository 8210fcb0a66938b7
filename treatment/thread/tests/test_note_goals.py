"""Which goals a note serves, beside the note and through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import AuditEvent
from sessions_app.models import SessionNote
from sessions_app.notes.services.signing import is_intact
from sessions_app.notes.tests.notes import begin, drafted_session, sign
from treatment.goals.models import Goal
from treatment.goals.tests.factories import make_goal, make_plan
from treatment.plans.models import TreatmentPlan
from treatment.thread.models import GoalLink, NoteWithoutGoal
from treatment.thread.services.links import version_of

pytestmark = pytest.mark.django_db
Api = Callable[[User], APIClient]
Browser = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def note(therapist: User, patient: User) -> SessionNote:
    """Begun, not signed."""
    return begin(drafted_session(therapist, patient))


def put(api: APIClient, note: SessionNote, etag: str = "", **body: Any) -> Any:
    headers = {"If-Match": etag or f'"{version_of(note)}"'}
    return api.put(f"/api/v1/notes/{note.pk}/goals", body, format="json", headers=headers)


def post(browser: Client, note: SessionNote, version: str = "", headers: Any = None, **form: Any) -> Any:
    form["version"] = version or version_of(note)
    return browser.post(f"/notes/{note.pk}/goals", form, headers=headers)


def test_a_note_names_its_goals_or_says_why_none(api_for: Api, therapist: User, note: SessionNote, goal: Goal) -> None:
    api = api_for(therapist)
    assert put(api, note, goals=[str(goal.pk)]).json() == {"goals": [str(goal.pk)], "reason": None}
    assert put(api, note, reason="A crisis.").json() == {"goals": [], "reason": "A crisis."}
    assert put(api, note).json() == {"goals": [], "reason": None}
    assert not GoalLink.objects.exists()
    assert not NoteWithoutGoal.objects.exists()
    refused = put(api, note, goals=[str(goal.pk)], reason="Both.")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["reason"])


def test_a_change_names_the_version_that_was_read(api_for: Api, therapist: User, note: SessionNote, goal: Goal) -> None:
    api = api_for(therapist)
    read = api.get(f"/api/v1/notes/{note.pk}/goals")["ETag"]
    bare = api.put(f"/api/v1/notes/{note.pk}/goals", {"goals": []}, format="json")
    assert (bare.status_code, bare.json()["code"]) == (428, "precondition_required")
    first = put(api, note, read, goals=[str(goal.pk)])
    late = put(api, note, read, reason="A crisis.")
    assert (late.status_code, late.json()["code"]) == (409, "edit_conflict")
    assert late.json()["change"]["by"] == therapist.full_name
    assert GoalLink.objects.get().goal_id == goal.pk
    # Whoever asks for what stands there already has missed nothing.
    assert put(api, note, read, goals=[str(goal.pk)]).status_code == 200
    assert put(api, note, first["ETag"], reason="A crisis.").status_code == 200


def test_a_late_form_shows_what_stands_there_and_can_be_saved_again(
    client_for: Browser, api_for: Api, therapist: User, note: SessionNote, goal: Goal
) -> None:
    read = version_of(note)
    put(api_for(therapist), note, goals=[str(goal.pk)])
    browser = client_for(therapist)
    late = post(browser, note, read, HTMX, reason="A crisis.").content.decode()
    assert f"{therapist.full_name} changed the goals of this note" in late
    assert f"Now: it serves “{goal.wording}”." in late
    assert "A crisis." in late
    assert not NoteWithoutGoal.objects.exists()
    assert f'name="version" value="{version_of(note)}"' in late
    assert post(browser, note, reason="A crisis.").status_code == 302
    assert NoteWithoutGoal.objects.get().reason == "A crisis."


def test_a_signed_note_stays_as_it_was_signed(api_for: Api, therapist: User, note: SessionNote, goal: Goal) -> None:
    signed = sign(note)
    before = (signed.content_hash, signed.content, signed.revision, signed.updated_at)
    assert put(api_for(therapist), signed, goals=[str(goal.pk)]).status_code == 200
    after = SessionNote.objects.get(pk=signed.pk)
    assert (after.content_hash, after.content, after.revision, after.updated_at) == before
    assert is_intact(after)
    row = AuditEvent.objects.get(action="note.goals.set")
    assert (row.target_id, row.changed, row.ids) == (note.pk, ["goals"], [str(goal.pk)])


def test_a_goal_that_ended_stays_linked_and_is_linked_no_more(
    api_for: Api, therapist: User, patient: User, note: SessionNote, goal: Goal
) -> None:
    api = api_for(therapist)
    put(api, note, goals=[str(goal.pk)])
    Goal.objects.filter(pk=goal.pk).update(status="achieved", progress=100, closed_date=patient.clinic.today)
    other = make_goal(make_plan(patient, therapist, status="draft", next_review_date=None))
    assert put(api, note, goals=[str(goal.pk)]).status_code == 200
    assert put(api, note, goals=[str(goal.pk), str(other.pk)]).status_code == 400
    put(api, note)
    assert put(api, note, goals=[str(goal.pk)]).status_code == 400


def test_the_note_page_has_a_place_for_its_goals(
    client_for: Browser, therapist: User, note: SessionNote, goal: Goal
) -> None:
    browser, address = client_for(therapist), f"/notes/{note.pk}/goals"
    assert f'hx-get="{address}"' in browser.get(f"/notes/{note.pk}").content.decode()
    card = browser.get(address, headers=HTMX).content.decode()
    assert goal.wording in card
    assert "<html" not in card
    assert "<html" in browser.get(address).content.decode()


def test_goals_are_saved_beside_the_note_with_and_without_scripts(
    client_for: Browser, therapist: User, note: SessionNote, goal: Goal
) -> None:
    browser = client_for(therapist)
    answer = post(browser, note, headers=HTMX, goals=[str(goal.pk)])
    assert "Saved." in answer.content.decode()
    # Other forms of the page have a field of that name too.
    assert 'id="goals_reason"' in answer.content.decode()
    assert GoalLink.objects.get().goal_id == goal.pk
    assert post(browser, note, reason="A crisis.")["Location"] == f"/notes/{note.pk}"
    refused = post(browser, note, goals=[str(goal.pk)], reason="Both.")
    assert (refused.status_code, "A reason is needed only" in refused.content.decode()) == (422, True)
    shown = post(browser, note, headers=HTMX, goals=[str(goal.pk)], reason="Both.")
    assert (shown.status_code, "A reason is needed only" in shown.content.decode()) == (200, True)


def test_without_a_plan_there_is_nothing_to_link(client_for: Browser, therapist: User, note: SessionNote) -> None:
    assert "no active plan" in client_for(therapist).get(f"/notes/{note.pk}/goals").content.decode()


def test_the_plan_shows_notes_with_the_words_they_rest_on(
    client_for: Browser, api_for: Api, therapist: User, note: SessionNote, plan: TreatmentPlan, goal: Goal
) -> None:
    put(api_for(therapist), note, goals=[str(goal.pk)])
    page = client_for(therapist).get(f"/plans/{plan.pk}").content.decode()
    assert f'href="/notes/{note.pk}"' in page
    assert "1 note, 0 interventions" in page
    assert f"{note.session.get_absolute_url()}#segment-" in page
