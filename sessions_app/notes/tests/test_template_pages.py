"""The pages on which templates of notes are listed, built, shared and put away."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import TherapistFactory
from audit.models import AuditEvent
from sessions_app.models import NoteTemplate
from sessions_app.notes.choices import FIELD_TYPE_LABELS, SOURCE_LABELS
from sessions_app.notes.forms import NoteForm
from sessions_app.notes.services import templates
from sessions_app.notes.tests.notes import begin, drafted_session
from sessions_app.pipeline.note_templates.definition import FIELD_TYPES, SOURCES, parse_definition
from sessions_app.pipeline.note_templates.values import parse_values
from therapybridge.core.actor import Actor

pytestmark = pytest.mark.django_db
LIST = "/templates"
MOOD = {"f1-label": "Mood", "f1-type": "select", "f1-options": "Low\n\n High ", "f1-ai_mapping": ["session_mood"]}
FORM = {"name": "Mine", "outline": ["s1", "f1"], "s1-title": "Affect"} | MOOD
# A value for each type of field, and what such a field needs.
VALUES: dict[str, Any] = {
    "text": "Calm",
    "textarea": "Calm\nand rested",
    "select": "Low",
    "multiselect": ["Low", "High"],
    "checkbox": True,
    "number": 2.5,
    "date": "2026-03-02",
    "scale": 7.0,
}
OPTIONS = {"options": ["Low", "High"]}
NEEDED: dict[str, Any] = {"select": OPTIONS, "multiselect": OPTIONS, "scale": {"minimum": 0, "maximum": 10}}


@pytest.fixture
def template(therapist: User) -> NoteTemplate:
    definition = NoteTemplate.objects.get(key="soap").versions.get().definition
    return templates.create_template("Our own", definition, by=Actor(user=therapist))


def field_of(template: NoteTemplate, number: int = 0) -> dict[str, Any]:
    fields = [field for section in definition_of(template)["sections"] for field in section["fields"]]
    found: dict[str, Any] = fields[number]
    return found


def definition_of(template: NoteTemplate) -> dict[str, Any]:
    found: dict[str, Any] = template.versions.latest("number").definition
    return found


def inputs(answer: Any) -> dict[str, Any]:
    """What a browser would send from the builder that was answered."""
    builder = answer.context["builder"]
    sent: dict[str, Any] = {"outline": builder.outline.tokens}
    for form in builder.all_forms:
        for name in form.fields:
            value = form[name].value()
            if value not in (None, False):
                sent[form.add_prefix(name)] = "on" if value is True else value
    return sent


def test_each_type_of_field_is_offered_and_holds_what_was_typed():
    assert set(VALUES) == set(FIELD_TYPE_LABELS) == set(FIELD_TYPES)
    fields = [{"id": kind, "label": kind, "type": kind} | NEEDED.get(kind, {}) for kind in FIELD_TYPES]
    definition = parse_definition({"sections": [{"id": "all", "title": "All", "fields": fields}]})
    typed = {f"field-{kind}": value for kind, value in VALUES.items()}
    form = NoteForm(typed | {"revision": 1}, definition=definition)
    assert form.is_valid(), form.errors
    assert parse_values(definition, form.values) == form.values == VALUES


def test_each_source_in_a_draft_is_offered():
    assert set(SOURCE_LABELS) == set(SOURCES)


def test_a_template_is_built_and_read_as_an_empty_note(browser):
    answer = browser.post(f"{LIST}/new", FORM)
    made = NoteTemplate.objects.get(name="Mine")
    assert answer.headers["Location"] == f"{LIST}/{made.pk}"
    field = field_of(made)
    assert (field["id"], field["options"], field["ai_mapping"]) == ("mood", ["Low", "High"], ["session_mood"])
    page = browser.get(f"{LIST}/{made.pk}").text
    assert "Filled from the draft: Mood." in page
    assert '<option value="High">' in page
    assert AuditEvent.objects.filter(action="note_template.created", target_id=made.pk).count() == 1


def test_what_was_typed_comes_back_with_an_error_at_its_field(browser):
    broken = FORM | {"name": "", "f1-options": "Only one", "f1-help": "Ask about it"}
    answer = browser.post(f"{LIST}/new", broken)
    assert answer.status_code == 422
    assert "This field is required." in answer.text
    for typed in ("Affect", "Only one", "Ask about it"):
        assert typed in answer.text
    answer = browser.post(f"{LIST}/new", broken | {"name": "Mine"})
    assert answer.status_code == 422
    assert 'href="#id_f1-options">Options of Mood: A choice needs at least two options.' in answer.text
    assert not NoteTemplate.objects.filter(name="Mine").exists()


def test_a_template_without_fields_is_refused(browser):
    answer = browser.post(f"{LIST}/new", FORM | {"outline": ["s1"]})
    assert answer.status_code == 422
    assert "A template needs at least one field." in answer.text


def test_what_a_kind_has_no_use_for_is_left_out(browser):
    text = {"f1-type": "date", "f1-placeholder": "x", "f1-minimum": "1", "f1-maximum": "5"}
    browser.post(f"{LIST}/new", FORM | text)
    field = field_of(NoteTemplate.objects.get(name="Mine"))
    assert (field["options"], field["placeholder"], field["minimum"], field["ai_mapping"]) == ([], "", None, [])


@pytest.mark.parametrize(
    ("step", "tokens", "focus"),
    [
        ("section", ["s1", "f1", "f2", "s2", "f3", "s3", "f4"], 'id="id_s3-title"'),
        ("field:s1", ["s1", "f1", "f2", "f4", "s2", "f3"], 'id="id_f4-label"'),
        ("remove:f1", ["s1", "f2", "s2", "f3"], 'id="add-s1"'),
        ("remove:s1", ["s2", "f3"], 'id="add-section"'),
        ("up:f2", ["s1", "f2", "f1", "s2", "f3"], 'id="down-f2"'),
        ("up:f3", ["s1", "f1", "f2", "f3", "s2"], 'id="up-f3"'),
        ("down:f2", ["s1", "f1", "s2", "f2", "f3"], 'id="down-f2"'),
        ("up:s2", ["s2", "f3", "s1", "f1", "f2"], 'id="down-s2"'),
        ("down:s1", ["s2", "f3", "s1", "f1", "f2"], 'id="up-s1"'),
        ("up:f1", ["s1", "f1", "f2", "s2", "f3"], 'id="down-f1"'),
        ("down:f3", ["s1", "f1", "f2", "s2", "f3"], 'id="up-f3"'),
        ("up:nothing", ["s1", "f1", "f2", "s2", "f3"], ""),
    ],
)
def test_a_step_changes_the_order_and_keeps_what_was_typed(browser, step, tokens, focus):
    typed = {
        "outline": ["s1", "f1", "f2", "s2", "f3"],
        "f2-label": "",
        "f3-label": "Third",
        "f3-minimum": "not a number",
    }
    answer = browser.post(f"{LIST}/new", FORM | typed | {"do": step})
    assert answer.status_code == 200
    assert answer.context["builder"].outline.tokens == tokens
    assert "This field is required." not in answer.text
    assert ('value="not a number"' in answer.text) == ("f3" in tokens)
    assert not focus or focus in next(tag for tag in answer.text.split("<") if "autofocus" in tag)
    assert not NoteTemplate.objects.filter(name="Mine").exists()


def test_a_builder_is_full_at_some_point(browser):
    outline = ["s1", *(f"f{number}" for number in range(1, 101))]
    answer = browser.post(f"{LIST}/new", FORM | {"outline": outline, "do": "field:s1"})
    assert len(answer.context["builder"].outline.tokens) == 101
    assert "There is no room for another field." in answer.text


@pytest.mark.parametrize("outline", [[], ["f1"], ["s1", "s1", "f1", "f1"], ["x", "s99999", "f\0"], ["f1", "s1"] * 500])
def test_a_strange_outline_breaks_nothing(browser, outline):
    for more in ({}, {"do": "field:s1"}, {"do": "up:f1"}):
        assert browser.post(f"{LIST}/new", FORM | {"name": "", "outline": outline} | more).status_code in {200, 422}


def test_opening_and_saving_changes_nothing(browser, template):
    sent = inputs(browser.get(f"{LIST}/{template.pk}/edit"))
    assert browser.post(f"{LIST}/{template.pk}/edit", sent).status_code == 302
    assert [version.number for version in template.versions.all()] == [1]


def test_a_change_is_a_new_version_in_which_fields_keep_their_ids(browser, template, therapist, patient):
    note = begin(drafted_session(therapist, patient))
    sent = inputs(browser.get(f"{LIST}/{template.pk}/edit"))
    browser.post(f"{LIST}/{template.pk}/edit", sent | {"f1-label": "In her own words"})
    assert template.versions.count() == 2
    assert (field_of(template)["id"], field_of(template)["label"]) == ("subjective", "In her own words")
    assert note.template_version.number == 1
    assert "In her own words" not in browser.get(f"{LIST}/{template.pk}?version=1").text
    assert "New notes are written with version 2" in browser.get(f"{LIST}/{template.pk}?version=1").text


def test_a_second_tab_sees_the_first_and_loses_nothing(browser, template):
    address = f"{LIST}/{template.pk}/edit"
    sent = inputs(browser.get(address))
    browser.post(address, sent | {"f1-label": "From the first tab"})
    answer = browser.post(address, sent | {"f1-label": "From the second tab"})
    assert answer.status_code == 409
    assert "Saved in another tab meanwhile" in answer.text
    assert "From the first tab" in answer.text
    assert field_of(template)["label"] == "From the first tab"
    again = inputs(answer)
    assert again["f1-label"] == "From the second tab"
    assert browser.post(address, again).status_code == 302
    assert field_of(template)["label"] == "From the second tab"
    assert template.versions.count() == 3


def test_the_same_text_from_two_tabs_is_no_conflict(browser, template):
    address = f"{LIST}/{template.pk}/edit"
    sent = inputs(browser.get(address)) | {"name": "Renamed"}
    assert [browser.post(address, sent).status_code for _ in range(2)] == [302, 302]


def test_a_copy_is_ones_own_and_opened_to_be_changed(browser, therapist):
    soap = NoteTemplate.objects.get(key="soap")
    assert "stays as it is" in browser.get(f"{LIST}/{soap.pk}").text
    answer = browser.post(f"{LIST}/{soap.pk}/duplicate")
    copy = NoteTemplate.objects.get(owner=therapist)
    assert answer.headers["Location"] == f"{LIST}/{copy.pk}/edit"
    assert browser.get(f"{LIST}/{soap.pk}/edit").status_code == 403


def test_colleagues_use_what_is_shared_until_it_is_withdrawn(browser, template, client_for, clinic):
    colleague = client_for(TherapistFactory(clinic=clinic))
    address = f"{LIST}/{template.pk}"
    assert colleague.get(address).status_code == 404
    browser.post(f"{address}/share")
    page = colleague.get(address).text
    assert "Only the person who made this template can change it." in page
    assert f"{address}/edit" not in page
    browser.post(f"{address}/withdraw")
    assert colleague.get(address).status_code == 404


def test_an_archived_one_is_listed_apart_and_comes_back(browser, template):
    address = f"{LIST}/{template.pk}"
    browser.post(f"{address}/archive")
    assert address not in browser.get(LIST).text
    assert address in browser.get(f"{LIST}?show=archived").text
    browser.post(f"{address}/restore")
    assert address in browser.get(LIST).text


def test_one_that_was_used_is_never_deleted(browser, template, therapist, patient):
    note = begin(drafted_session(therapist, patient))
    type(note).objects.filter(pk=note.pk).update(template_version=template.versions.get())
    refused = browser.post(f"{LIST}/{template.pk}/delete", follow=True)
    assert "it can only be archived" in refused.text
    assert AuditEvent.objects.filter(action="note_template.deleted").count() == 0
    note.versions.all().delete()
    note.delete()
    browser.post(f"{LIST}/{template.pk}/delete")
    assert not NoteTemplate.objects.filter(pk=template.pk).exists()
    assert AuditEvent.objects.filter(action="note_template.deleted").count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("?show=mine", True),
        ("?show=clinic", False),
        ("?show=system", False),
        ("?q=own", True),
        ("?q=zz", False),
    ],
)
def test_the_list_is_narrowed(browser, template, query, found):
    page = browser.get(f"{LIST}{query}")
    assert (f'href="{LIST}/{template.pk}"' in page.text) == found


def test_a_list_costs_the_same_queries_with_more_rows(browser, therapist, template):
    browser.get(LIST)  # the rate limit's first row
    with CaptureQueriesContext(connection) as few:
        browser.get(LIST)
    for number in range(5):
        templates.create_template(f"More {number}", definition_of(template), by=Actor(user=therapist), is_shared=True)
    with CaptureQueriesContext(connection) as more:
        browser.get(LIST)
    assert len(more) == len(few)


def test_notes_lead_to_their_templates(browser, therapist, patient):
    session = drafted_session(therapist, patient)
    for path in ("/notes", f"/sessions/{session.pk}/note"):
        assert f'href="{LIST}"' in browser.get(path).text
