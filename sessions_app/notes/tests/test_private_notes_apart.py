"""A private note stands nowhere else: no search, count, log line, prompt, page or API knows what is in it."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import AdminFactory, BreakGlassFactory, CareFactory, access_for
from sessions_app.conftest import work_off
from sessions_app.models import PrivateNote, TherapySession
from sessions_app.notes.services import private
from sessions_app.notes.tests.notes import begin
from sessions_app.processing.services import control

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SECRET = "zebrawood"
API = (
    "/api/v1/me",
    "/api/v1/patients",
    f"/api/v1/patients?search={SECRET}",
    "/api/v1/patients/{patient}",
    "/api/v1/patients/{patient}/timeline",
    f"/api/v1/patients/{{patient}}/timeline?search={SECRET}",
    "/api/v1/patients/{patient}/access-log",
    "/api/v1/sessions",
    "/api/v1/sessions/{session}",
    "/api/v1/sessions/{session}/notes",
    "/api/v1/sessions/{session}/transcript",
    "/api/v1/notes",
    "/api/v1/notes/{note}",
    "/api/v1/notes/{note}/versions",
    "/api/v1/notes/{note}/diff",
)
PAGES = (
    "/today",
    "/patients",
    f"/patients?q={SECRET}",
    "/patients/{patient}",
    f"/patients/{{patient}}?q={SECRET}",
    "/patients/{patient}/access",
    "/sessions",
    "/sessions/{session}",
    "/sessions/{session}/print",
    "/notes",
    "/notes/deleted",
    "/notes/{note}",
    "/notes/{note}/print",
    "/portal",
    "/portal/timeline",
    "/portal/access",
    "/admin/",
)


@pytest.fixture
def places(session: TherapySession, patient: User) -> dict[str, Any]:
    return {"session": session.pk, "patient": patient.pk, "note": begin(session).pk}


@pytest.fixture
def write(therapist: User, patient: User, session: TherapySession) -> Any:
    """Writes three private notes, one of them deleted; returns their ids."""

    def written() -> list[str]:
        access = access_for(therapist, patient)
        notes = [private.create_private_note(access, f"{SECRET} {number}", session) for number in range(3)]
        private.delete_private_note(notes[2], access=access)
        return [str(note.pk) for note in notes]

    return written


@pytest.fixture
def people(therapist: User, other_therapist: User, foreign_therapist: User, patient: User) -> dict[str, User]:
    """The author, a colleague who treats the same patient, one with emergency access, the patient, an administrator."""
    CareFactory(therapist=other_therapist, patient=patient)
    emergency = User.objects.create_user(
        email="night@example.org", role="therapist", clinic=therapist.clinic, password="x" * 12, is_verified=True
    )
    BreakGlassFactory(patient=patient, therapist=emergency)
    admin = AdminFactory(clinic=therapist.clinic)
    return {
        "author": therapist,
        "colleague": other_therapist,
        "emergency": emergency,
        "patient": patient,
        "admin": admin,
    }


def results(answer: Any) -> Any:
    """Counts and rows of a list."""
    body = answer.json()
    return {name: body.get(name) for name in ("results", "events", "total_count", "has_more")} if body else body


def test_no_page_and_no_answer_of_the_api_holds_a_word_or_an_id(client_for, api_for, people, places, write):
    ids = write()
    for name, person in people.items():
        for client, paths in ((api_for(person), API), (client_for(person), PAGES)):
            for path in paths:
                # What was searched for may be shown again: in the box, in links.
                text = client.get(path.format(**places)).text.replace(f'value="{SECRET}"', "").replace(f"={SECRET}", "")
                assert SECRET not in text.replace(f"“{SECRET}”", ""), (name, path)
                assert not [one for one in ids if one in text], (name, path)


def test_no_count_changes(api_for, people, places, write):
    apis = {name: api_for(person) for name, person in people.items()}
    lists = [path.format(**places) for path in API if path.endswith((f"={SECRET}", "sessions", "notes", "timeline"))]
    before = {(name, path): results(api.get(path)) for name, api in apis.items() for path in lists}
    write()
    assert {(name, path): results(api.get(path)) for name, api in apis.items() for path in lists} == before


def test_no_log_line_holds_a_word(browser: Client, patient: User, write, caplog, capfd):
    write()
    note = PrivateNote.objects.filter(deleted_at=None).first()
    listing = f"/patients/{patient.pk}/private-notes"
    browser.get(listing)
    browser.post(listing, {"text": f"{SECRET} again", "session": "nothing"})
    browser.post(f"/private-notes/{note.pk}", {"text": f"{SECRET} changed", "revision": 1})
    browser.post(f"/private-notes/{note.pk}", {"text": f"{SECRET} in an older tab", "revision": 1})
    out, err = capfd.readouterr()
    logged = f"{caplog.text}{out}{err}"
    assert f"/private-notes/{note.pk}" in logged  # the requests are logged
    assert SECRET not in logged


def test_no_prompt_holds_a_word(use_models, session, therapist, patient, write):
    write()
    stub = use_models()
    control.redraft_notes(session, access=access_for(therapist, patient))
    work_off(session)
    prompts = stub.prompts()
    assert any("I lie awake because of work" in prompt for prompt in prompts)
    assert not any(SECRET in prompt for prompt in prompts)
