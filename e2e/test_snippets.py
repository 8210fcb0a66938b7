"""Text snippets in a browser: inserted into a note by keyboard, and in every look."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import THERAPIST
from e2e.test_notes import SAVED, add_session, begin
from e2e.visits import Visit, every_look, pay

LONG = "Zwischenschritte der aufrechterhaltenden Bedingungen"
SNIPPETS = {
    "Breathing": "We practised slow breathing.\nIt is repeated twice a day.",
    "Sleep rules": "We went through the rules for sleep.",
    LONG: f"{LONG} {'wortohneleerzeichen' * 8}",
}


@pytest.fixture(scope="module")
def places(browser, site, patients, cookies_of):
    """A note that is written, and three snippets."""
    client = site.client(THERAPIST)
    made = [client.post("/snippets", json={"name": name, "text": text}).json() for name, text in SNIPPETS.items()]
    context = browser.new_context(base_url=site.base, storage_state=cookies_of(THERAPIST))
    note = begin(context.new_page(), add_session(site, patients["Samuel"], "2026-02-11"))
    context.close()
    return {"note": note.rpartition("/")[2], "snippet": made[2]["id"]}


def open_menu(page):
    page.get_by_label("Clinical impression").focus()
    page.keyboard.press("F2")
    expect(page.get_by_role("button", name="Breathing")).to_be_focused()


def test_a_snippet_goes_where_the_cursor_is_by_keyboard(page, places):
    page.goto(f"/notes/{places['note']}")
    field = page.get_by_label("Clinical impression")
    field.fill("Before. After.")
    field.evaluate("(field) => field.setSelectionRange(8, 8)")
    page.keyboard.press("F2")
    expect(page.get_by_role("button", name="Breathing")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value("Before. We went through the rules for sleep.After.")
    expect(page.locator("[data-note-state]")).to_have_text(SAVED)
    page.reload()
    expect(field).to_have_value(re.compile("rules for sleep"))


def test_a_snippet_is_inserted_by_mouse_and_refused_with_escape(page, places):
    page.goto(f"/notes/{places['note']}")
    field = page.get_by_label("What you observed")
    field.fill("")
    field.focus()
    page.get_by_role("link", name="Insert a snippet").click()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[data-snippets]")).to_be_hidden()
    expect(field).to_have_value("")
    page.get_by_role("link", name="Insert a snippet").click()
    page.get_by_role("button", name="Breathing").click()
    expect(field).to_have_value(SNIPPETS["Breathing"])


def save_text(tab, text):
    tab.get_by_label("Text").fill(text)
    tab.get_by_role("button", name="Save snippet").click()


def test_the_older_of_two_tabs_is_shown_both_texts_and_loses_none(open_context, cookies_of, site):
    made = site.client(THERAPIST).post("/snippets", json={"name": "Two tabs", "text": "As it was."}).json()
    context = open_context(storage_state=cookies_of(THERAPIST))
    newer, older = context.new_page(), context.new_page()
    for tab in (newer, older):
        tab.goto(f"/snippets/{made['id']}")
    save_text(newer, "From the newer tab.")
    newer.wait_for_url("**/snippets")
    save_text(older, "From the older tab.")
    told = older.get_by_role("region", name="Saved in another tab meanwhile")
    expect(told).to_contain_text("From the newer tab.")
    expect(older.get_by_label("Text")).to_have_value("From the older tab.")
    save_text(older, "From both tabs.")
    older.wait_for_url("**/snippets")
    older.goto(f"/snippets/{made['id']}")
    expect(older.get_by_label("Text")).to_have_value("From both tabs.")


def save_nothing(page):
    page.get_by_role("button", name="Save snippet").click()
    expect(page.get_by_role("alert")).to_be_focused()


VISITS = [
    Visit("snippets", THERAPIST, "/snippets"),
    Visit("snippets-refused", THERAPIST, "/snippets", save_nothing, status=422),
    Visit("snippet", THERAPIST, "/snippets/{snippet}"),
    Visit("snippet-menu", THERAPIST, "/notes/{note}", open_menu),
    Visit("snippets-none", "therapist2@demo.example", "/snippets"),
]


@every_look(VISITS)
def test_every_page_of_snippets_is_accessible_and_quiet(visit, look, watch, places):
    pay(visit, look, watch, places)
