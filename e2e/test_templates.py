"""Templates of notes in a browser: built by keyboard, used for a note, and in every look."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import THERAPIST
from e2e.test_notes import add_session
from e2e.visits import Visit, every_look, pay

LONG = "Verhaltensanalyse der aufrechterhaltenden Bedingungen und Zwischenschritte der Behandlung"
SCALE = {"id": "mood", "label": "Mood", "type": "scale", "minimum": 0, "maximum": 10, "ai_mapping": ["session_mood"]}
CHOICE = {"id": "risk", "label": LONG, "type": "multiselect", "options": ["None", LONG], "required": True, "help": LONG}


def press(page, name):
    """Press a button of the builder by keyboard, and wait for the answer."""
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")


def build(page):
    """Build a template of two sections with the keyboard alone, as far as saving it."""
    page.goto("/templates/new")
    page.get_by_label("Name", exact=True).fill("Body and sleep")
    page.get_by_label("Heading").fill("Sleep")
    page.get_by_label("Label", exact=True).fill("Agreed for the nights")
    page.locator("summary", has_text="Filled from the draft").click()
    page.get_by_label("Homework and agreed steps").check()
    press(page, "Add a section")
    expect(page.locator("#id_s2-title")).to_be_focused()
    page.keyboard.type("Body")
    page.locator("#id_f2-label").fill("Tension")
    page.locator("#id_f2-type").select_option("select")
    page.locator("#id_f2-options").fill("Low\nHigh")


def test_a_template_is_built_and_used_for_a_note(page, site, patients):
    build(page)
    press(page, "Up section 2")
    expect(page.get_by_role("button", name="Down section 1")).to_be_focused()
    preview = page.locator(".builder__preview")
    expect(preview.locator("h3").first).to_have_text("Body")
    page.get_by_role("button", name="Save template").first.click()
    expect(page.get_by_role("heading", level=1, name="Body and sleep")).to_be_visible()
    page.goto(f"/sessions/{add_session(site, patients['Samuel'], '2026-02-10')}/note")
    page.get_by_label("Template").select_option(label="Body and sleep")
    page.get_by_role("button", name="Write note").click()
    expect(page.get_by_label("Agreed for the nights")).to_have_value(re.compile("sleep diary"))
    expect(page.get_by_label("Tension")).to_be_visible()


def test_what_a_kind_has_no_use_for_is_hidden(page):
    page.goto("/templates/new")
    expect(page.get_by_label("Options")).to_be_hidden()
    page.get_by_label("Kind").select_option("scale")
    expect(page.get_by_label("Lowest value")).to_be_visible()
    page.locator("summary", has_text="Filled from the draft").click()
    expect(page.get_by_label("Mood", exact=True)).to_be_visible()
    expect(page.get_by_label("Triggers")).to_be_hidden()


def test_the_builder_works_without_scripts(open_context, cookies_of):
    page = open_context(storage_state=cookies_of(THERAPIST), java_script_enabled=False).new_page()
    page.goto("/templates/new")
    page.get_by_label("Name", exact=True).fill("Without scripts")
    page.get_by_label("Heading").fill("First")
    page.get_by_label("Label", exact=True).fill("Words")
    page.get_by_role("button", name="Add a field to section 1").click()
    page.locator("#id_f2-label").fill("More words")
    page.get_by_role("button", name="Remove field 1 of section 1").click()
    page.get_by_role("button", name="Save template").first.click()
    expect(page.get_by_role("heading", level=1, name="Without scripts")).to_be_visible()
    expect(page.get_by_label("More words")).to_be_visible()
    expect(page.get_by_label("Words", exact=True)).to_have_count(0)


@pytest.fixture(scope="module")
def places(site):
    """A template with long words of every kind, another version of it, and an archived one."""
    client = site.client(THERAPIST)
    definition = {"sections": [{"id": "all", "title": LONG, "fields": [SCALE, CHOICE]}]}
    body = {"name": LONG[:80], "description": LONG, "definition": definition}
    own = client.post("/templates", json=body).json()["id"]
    more = {"sections": [*definition["sections"], {"id": "end", "title": "End", "fields": [SCALE | {"id": "end"}]}]}
    client.patch(f"/templates/{own}", json={"definition": more}, headers={"If-Match": '"1"'}).raise_for_status()
    soap = next(row["id"] for row in client.get("/templates?limit=100").json()["results"] if row["key"] == "soap")
    old = client.post(f"/templates/{soap}/duplicate", json={"name": "An older form"}).json()["id"]
    client.post(f"/templates/{old}/archive")
    return {"own": own, "soap": soap, "old": old}


def save_nothing(page):
    page.get_by_role("button", name="Save template").first.click()
    expect(page.get_by_role("alert")).to_be_focused()


def save_in_two_tabs(page):
    other = page.context.new_page()
    for tab, words in ((other, "First"), (page, "Second")):
        tab.goto(page.url)
        tab.get_by_label("Description").fill(f"{words} {page.viewport_size['width']} {id(page)}")
    other.get_by_role("button", name="Save template").first.click()
    other.wait_for_url(re.compile(r"/templates/[0-9a-f-]{36}$"))
    other.close()
    page.get_by_role("button", name="Save template").first.click()
    expect(page.get_by_role("heading", name="Saved in another tab meanwhile")).to_be_visible()


def open_all(page):
    for summary in page.locator(".builder__more:not([open]) summary").all():
        summary.click()


VISITS = [
    Visit("templates", THERAPIST, "/templates"),
    Visit("templates-none", THERAPIST, "/templates?q=zzzz"),
    Visit("templates-archived", THERAPIST, "/templates?show=archived"),
    Visit("template-built-in", THERAPIST, "/templates/{soap}"),
    Visit("template-own", THERAPIST, "/templates/{own}"),
    Visit("template-version", THERAPIST, "/templates/{own}?version=1"),
    Visit("template-archived", THERAPIST, "/templates/{old}"),
    Visit("template-new", THERAPIST, "/templates/new"),
    Visit("template-new-refused", THERAPIST, "/templates/new", save_nothing, status=422),
    Visit("template-building", THERAPIST, "/templates/new", build),
    Visit("template-edit", THERAPIST, "/templates/{own}/edit", open_all),
    Visit("template-conflict", THERAPIST, "/templates/{own}/edit", save_in_two_tabs, status=409),
]


@every_look(VISITS)
def test_every_page_of_a_template_is_accessible_and_quiet(visit, look, watch, places):
    pay(visit, look, watch, places)
