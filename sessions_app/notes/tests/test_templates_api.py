"""Templates of notes over the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import TherapistFactory
from sessions_app.models import NoteTemplate
from sessions_app.notes.services import templates, writing
from sessions_app.notes.tests.notes import access_of, begin, drafted_session
from therapybridge.core.actor import Actor

pytestmark = pytest.mark.django_db
Api = Callable[[User], APIClient]
URL = "/api/v1/templates"
MOOD = {"id": "mood", "label": "Mood", "type": "select", "options": ["Low", "High"]}
DEFINITION = {"sections": [{"id": "all", "title": "All", "fields": [MOOD]}]}


def create(device: APIClient, **changes: Any) -> Any:
    return device.post(URL, {"name": "Mine", "definition": DEFINITION} | changes, format="json")


def names(device: APIClient, query: str = "") -> list[str]:
    return [row["name"] for row in device.get(f"{URL}?limit=100{query}").json()["results"]]


def with_field(**changes: Any) -> dict[str, Any]:
    return {"sections": [{"id": "all", "title": "All", "fields": [MOOD | changes]}]}


def test_a_template_is_created_with_its_first_version(device):
    made = create(device, description="Short.").json()
    assert (made["version"], made["versions"], made["is_own"], made["usage"]) == (1, [1], True, 0)
    shown = device.get(f"{URL}/{made['id']}").json()
    assert shown == made
    assert shown["definition"]["sections"][0]["fields"][0]["options"] == ["Low", "High"]


def test_its_words_have_the_form_that_what_is_written_in_notes_has(device):
    made = create(device, definition=with_field(label="Gefu\u0308hl", options=["Mu\u0308de", "Wach"])).json()
    [field] = made["definition"]["sections"][0]["fields"]
    assert (field["label"], field["options"]) == ("Gef\u00fchl", ["M\u00fcde", "Wach"])


@pytest.mark.parametrize(
    ("definition", "place"),
    [
        (with_field(options=["Low"]), "definition.sections.0.fields.0.options"),
        (with_field(type="essay"), "definition.sections.0.fields.0.type"),
        (with_field(label="nul \0"), "definition.sections.0.fields.0.label"),
        ({"sections": []}, "definition.sections"),
        ("text", "definition.sections"),
        (None, "definition"),
    ],
)
def test_an_error_stands_at_its_place_in_the_definition(device, definition, place):
    answer = create(device, definition=definition)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [place])


def change(device: APIClient, address: str, revision: int, **changes: Any) -> Any:
    return device.patch(address, changes, format="json", headers={"If-Match": f'"{revision}"'})


def test_another_definition_adds_a_version_and_the_same_one_does_not(device):
    made = create(device).json()
    address = f"{URL}/{made['id']}"
    same = change(device, address, 1, name="New", definition=made["definition"]).json()
    assert (same["name"], same["versions"]) == ("New", [1])
    other = change(device, address, 2, definition=with_field(label="Humour")).json()
    assert (other["version"], other["versions"]) == (2, [2, 1])
    assert change(device, address, 3).status_code == 400


@pytest.mark.parametrize(
    "changes", [{"name": "Theirs"}, {"description": "Theirs"}, {"definition": with_field(label="Theirs")}]
)
def test_two_tabs_see_both_texts_before_one_is_replaced(device, changes):
    made = create(device)
    address = f"{URL}/{made.json()['id']}"
    assert made.headers["ETag"] == device.get(address).headers["ETag"] == '"1"'
    assert device.patch(address, {"name": "x"}, format="json").json()["code"] == "precondition_required"
    first = change(device, address, 1, **changes)
    assert first.headers["ETag"] == '"2"'
    refused = change(device, address, 1, name="Ours")
    assert (refused.status_code, refused.json()["code"]) == (409, "edit_conflict")
    stands = {name: first.json()[name] for name in ("name", "description", "definition", "revision")}
    assert refused.json()["conflict"] == stands
    assert change(device, address, 1, **changes).headers["ETag"] == '"2"'
    assert change(device, address, 2, name="Ours").json()["name"] == "Ours"


def test_sharing_is_no_change_of_what_is_written(device):
    address = f"{URL}/{create(device).json()['id']}"
    assert change(device, address, 1, is_shared=True).headers["ETag"] == '"1"'
    assert change(device, address, 1, name="New").status_code == 200


def test_a_change_leaves_what_another_tab_has_changed(device):
    made = create(device).json()
    stale = NoteTemplate.objects.get(pk=made["id"])
    change(device, f"{URL}/{made['id']}", 1, name="New")
    templates.change_template(stale, {"description": "x"}, by=Actor(user=stale.owner))
    assert NoteTemplate.objects.get(pk=made["id"]).name == "New"


def test_templates_of_the_product_are_copied_and_not_changed(device):
    soap = NoteTemplate.objects.get(key="soap")
    refused = device.patch(f"{URL}/{soap.pk}", {"name": "Mine"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "system_template")
    copy = device.post(f"{URL}/{soap.pk}/duplicate")
    assert (copy.status_code, copy.json()["name"], copy.json()["is_system"]) == (201, "Copy of SOAP", False)
    assert copy.json()["definition"] == soap.versions.get().definition


def test_a_shared_template_is_used_by_all_and_changed_by_its_owner(device, api_for, clinic, foreign_therapist):
    shared, own = create(device, is_shared=True, name="Ours").json(), create(device).json()
    colleague = api_for(TherapistFactory(clinic=clinic))
    assert colleague.get(f"{URL}/{shared['id']}").json()["is_own"] is False
    assert colleague.get(f"{URL}/{own['id']}").status_code == 404
    refused = colleague.patch(f"{URL}/{shared['id']}", {"name": "Theirs"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_owner")
    assert api_for(foreign_therapist).get(f"{URL}/{shared['id']}").status_code == 404


def test_the_list_is_by_name_and_filtered(device):
    made = create(device).json()
    assert names(device) == sorted(names(device))
    assert names(device, "&mine=true") == ["Mine"]
    assert "Mine" not in names(device, "&mine=false")
    assert "SOAP" in names(device, "&mine=false")
    assert device.post(f"{URL}/{made['id']}/archive").json()["archived_at"]
    assert names(device, "&archived=true") == ["Mine"]
    assert "Mine" not in names(device, "&archived=false")
    assert list(device.get(f"{URL}?mine=yes").json()["errors"]) == ["mine"]


def test_usage_counts_the_notes_of_the_clinic(device, therapist, patient):
    begin(drafted_session(therapist, patient))
    used = {row["key"]: row["usage"] for row in device.get(f"{URL}?limit=100").json()["results"]}
    assert (used["soap"], used["dap"]) == (1, 0)


def test_a_repeat_with_the_same_key_adds_nothing(device):
    body = {"name": "Once", "definition": DEFINITION}
    answers = [device.post(URL, body, format="json", headers={"Idempotency-Key": "1"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert names(device).count("Once") == 1


def test_a_list_costs_the_same_queries_with_more_rows(device):
    create(device)
    device.get(URL)  # the rate limit's first row
    with CaptureQueriesContext(connection) as few:
        device.get(URL)
    for number in range(5):
        create(device, name=f"More {number}")
    with CaptureQueriesContext(connection) as more:
        device.get(URL)
    assert len(more) == len(few)


def test_a_version_that_rules_of_today_refuse_stays_readable(therapist, patient):
    template = templates.create_template("Mine", DEFINITION, by=Actor(user=therapist))
    of_former_days = with_field(type="multiselect", ai_mapping=["session_mood"])
    template.versions.create(number=2, definition=of_former_days)
    session = drafted_session(therapist, patient)
    note = writing.create_note(session, template, access=access_of(session))
    assert note.template_version.parsed.all_fields[0].ai_mapping == ["session_mood"]
