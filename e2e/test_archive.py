"""Signed notes that are filed away: without a mouse, read and corrected by their patient, and in every look."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import PATIENT, THERAPIST
from e2e.test_corrections import accept, ask, sign_one
from e2e.test_keyboard import tab_to
from e2e.visits import Visit, every_look, pay

LONG = "The treatment is over, and the last report went to the family doctor. " * 6


def file_away(page, note, why):
    page.goto(f"/notes/{note}/archive")
    page.get_by_label("Why").fill(why)
    page.get_by_role("button", name="Archive note").click()
    expect(page.get_by_text("The note is archived.")).to_be_visible()


def test_a_note_is_filed_away_and_taken_out_without_a_mouse(page, site, patients):
    note = sign_one(page, site, patients, "2026-01-20")
    for link, button, done in (
        ("Archive this note", "Archive note", "The note is archived."),
        ("Take it out of the archive", "Take it out", "The note is out of the archive."),
    ):
        tab_to(page, page.get_by_role("link", name=link))
        page.keyboard.press("Enter")
        tab_to(page, page.get_by_label("Why"))
        page.keyboard.type("The treatment is over.")
        tab_to(page, page.get_by_role("button", name=button))
        page.keyboard.press("Enter")
        expect(page.get_by_text(done)).to_be_visible()
    page.goto("/notes")
    expect(page.locator(f'a[href="/notes/{note}"]')).to_be_visible()


def test_its_patient_has_it_corrected_while_it_is_filed_away(page, site, patients, open_context, cookies_of):
    note = sign_one(page, site, patients, "2026-01-21")
    file_away(page, note, "The treatment is over.")
    own = open_context(storage_state=cookies_of(PATIENT)).new_page()
    ask(own, note)
    accept(page, note)
    own.reload()
    expect(own.get_by_text("Her sister lives with her.")).to_be_visible()
    expect(page.get_by_text("Her sister lives with her.").first).to_be_visible()
    expect(page.get_by_text("Add an addendum")).to_have_count(0)


@pytest.fixture(scope="module")
def places(browser, site, patients, cookies_of):
    """A signed note, and one that is filed away for a long reason."""
    context = browser.new_context(base_url=site.base, storage_state=cookies_of(THERAPIST))
    page = context.new_page()
    signed, archived = (sign_one(page, site, patients, day) for day in ("2026-01-22", "2026-01-23"))
    file_away(page, archived, LONG)
    context.close()
    return {"signed": signed, "archived": archived}


def archive_without_reason(page):
    page.locator("form[method=post]").evaluate_all("forms => forms.forEach((form) => { form.noValidate = true; })")
    page.get_by_role("button", name="Archive note").click()
    expect(page.get_by_role("alert")).to_be_focused()


def show_addenda(page):
    expect(page.get_by_text(re.compile("^Archived"))).not_to_have_count(0)


VISITS = [
    Visit("note-archive", THERAPIST, "/notes/{signed}/archive"),
    Visit("note-archive-refused", THERAPIST, "/notes/{signed}/archive", archive_without_reason, status=422),
    Visit("note-archived", THERAPIST, "/notes/{archived}", show_addenda),
    Visit("note-unarchive", THERAPIST, "/notes/{archived}/unarchive"),
    Visit("notes-archived", THERAPIST, "/notes?status=archived"),
    Visit("note-archived-print", THERAPIST, "/notes/{archived}/print"),
    Visit("portal-note-archived", PATIENT, "/portal/notes/{archived}"),
]


@every_look(VISITS)
def test_every_page_of_an_archived_note_is_accessible_and_quiet(visit, look, watch, places):
    pay(visit, look, watch, places)
