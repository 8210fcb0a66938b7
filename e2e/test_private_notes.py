"""The pages of private notes: with none, with many words, refused, changed in two tabs; and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import THERAPIST, add_session
from e2e.visits import Visit, every_look, pay

LONG = "She reminds me of my sister; I notice that I reassure too early. " * 40 + "https://library.example/" + "a" * 200


@pytest.fixture(scope="module")
def places(browser, site, patients, cookies_of):
    """A patient with notes, one of them deleted, and one without."""
    context = browser.new_context(base_url=site.base, storage_state=cookies_of(THERAPIST))
    page = context.new_page()
    listing = f"/patients/{patients['Samuel']}/private-notes"
    session = add_session(site, patients["Samuel"], "2026-04-01")
    for text in (LONG, "To be deleted.", "Short."):
        page.goto(f"{listing}?session={session}")
        page.get_by_label("New private note").fill(text)
        page.get_by_role("button", name="Save private note").click()
        expect(page.get_by_text("The private note has been saved.")).to_be_visible()
    page.get_by_role("listitem").filter(has_text="To be deleted").get_by_role("link").click()
    page.get_by_role("button", name="Delete private note").click()
    page.get_by_role("listitem").filter(has_text="She reminds me").get_by_role("link").click()
    one = page.url.rpartition("/")[2]
    context.close()
    return patients | {"one": one}


def send_spaces(page):
    page.get_by_label("New private note").fill("   ")
    page.get_by_role("button", name="Save private note").click()
    expect(page.get_by_role("alert")).to_be_focused()


def save_in_two_tabs(page):
    other = page.context.new_page()
    other.goto(page.url)
    text = page.get_by_label("Your note").input_value()
    other.get_by_label("Your note").fill(f"Other tab. {text}")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_text("The private note has been saved.")).to_be_visible()
    other.close()
    page.get_by_label("Your note").fill(f"This tab. {text}")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved in another tab meanwhile")).to_be_visible()


VISITS = [
    Visit("private-notes", THERAPIST, "/patients/{Samuel}/private-notes"),
    Visit("private-notes-none", THERAPIST, "/patients/{Elena}/private-notes"),
    Visit("private-notes-refused", THERAPIST, "/patients/{Samuel}/private-notes", send_spaces, status=422),
    Visit("private-note", THERAPIST, "/private-notes/{one}"),
    Visit("private-note-conflict", THERAPIST, "/private-notes/{one}", save_in_two_tabs, status=409),
]


@every_look(VISITS)
def test_every_page_of_private_notes_is_accessible_and_quiet(visit, look, watch, places):
    pay(visit, look, watch, places)


def test_a_note_is_written_and_restored_by_keyboard_alone(open_context, cookies_of, places):
    page = open_context(storage_state=cookies_of(THERAPIST)).new_page()
    page.goto(f"/patients/{places['Maria Fernanda']}/private-notes")
    page.get_by_label("New private note").focus()
    page.keyboard.type("By keyboard.")
    page.keyboard.press("Tab")  # the session
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="By keyboard.")).to_be_visible()
    page.get_by_role("listitem").filter(has_text="By keyboard.").get_by_role("link").press("Enter")
    page.wait_for_url(re.compile("/private-notes/"))
    page.get_by_role("button", name="Delete private note").press("Enter")
    page.get_by_role("button", name="Restore").press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="By keyboard.")).to_be_visible()
