"""The clinical note in a browser: from a processed session to a signature, and in every look."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from e2e.steps import COPIES, PATIENT, THERAPIST, add_session, begin, write_away
from e2e.visits import Visit, every_look, pay

SAVED = re.compile(r"Saved \d+:\d\d [AP]M")


def test_four_clicks_lead_from_a_draft_to_a_signature(page, site, patients):
    page.goto(f"/sessions/{add_session(site, patients['Samuel'], '2026-02-02')}")
    page.get_by_role("link", name="Write note").click()
    page.get_by_role("button", name="Write note").click()
    expect(page.get_by_label("Next steps")).to_have_value(re.compile("sleep diary"))
    page.get_by_role("button", name="Sign note").click()
    page.get_by_role("button", name="Sign as Hannah Lindqvist").click()
    expect(page.get_by_text("Signed by Hannah Lindqvist")).to_be_visible()
    expect(page.get_by_label("Next steps")).to_have_count(0)


def test_what_is_written_is_saved_by_itself_and_two_tabs_lose_nothing(page, site, patients):
    path = begin(page, add_session(site, patients["Samuel"], "2026-02-03"))
    other = page.context.new_page()
    other.goto(path)
    page.get_by_label("Clinical impression").fill("Written first.")
    expect(page.locator("[data-note-state]")).to_have_text(SAVED)
    other.get_by_label("What you observed").fill("Pale.")
    expect(other.locator("[data-note-state]")).to_have_text(SAVED)
    expect(other.get_by_label("Clinical impression")).to_have_value("Written first.")
    page.get_by_label("Clinical impression").fill("Written third.")
    expect(page.locator("[data-note-state]")).to_have_text(SAVED)
    expect(page.get_by_label("What you observed")).to_have_value("Pale.")
    other.get_by_label("Clinical impression").fill("Written second.")
    expect(other.locator("[data-note-state]")).to_contain_text("Changed in another tab")
    other.get_by_label("What you observed").fill("Pale, and tired.")
    other.wait_for_function(COPIES)
    versions = site.client(THERAPIST).get(f"/notes/{path.rpartition('/')[2]}/versions")
    assert [one["cause"] for one in versions.json()["results"]].count("conflict") == 1
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_text("Changed in another tab to “Written third.”").first).to_be_visible()
    expect(other.get_by_label("Clinical impression")).to_have_value("Written second.")


def test_evidence_of_a_sentence_marks_its_lines(page, site, patients):
    begin(page, add_session(site, patients["Samuel"], "2026-02-05"))
    page.locator("summary", has_text="with evidence").last.click()
    page.locator(".note__evidence .statement").last.click()
    expect(page.locator(".is-evidence").first).to_be_visible()


def withhold(page):
    page.get_by_label("Ground").select_option("safety")
    page.get_by_label("Why", exact=True).fill("He may hurt himself over it.")
    page.get_by_label("Look at it again on").fill(str(datetime.now(UTC).date() + timedelta(days=30)))


def sign(page, text):
    page.get_by_label("Clinical impression").fill(text)
    page.get_by_role("button", name="Sign note").click()


def test_a_patient_reads_what_is_signed_and_nothing_of_what_is_withheld(page, site, patients, open_context, cookies_of):
    own = open_context(storage_state=cookies_of(PATIENT)).new_page()
    path = begin(page, add_session(site, patients["Elena"], "2026-02-09")).rpartition("/")[2]
    sign(page, "Less afraid.")
    page.get_by_role("button", name=re.compile("Sign as")).click()
    own.goto("/portal")
    own.get_by_role("link", name="Notes", exact=True).first.click()
    own.locator(f'a[href="/portal/notes/{path}"]').click()
    expect(own.get_by_text("Less afraid.")).to_be_visible()
    page.locator("summary", has_text="Withhold this note").click()
    withhold(page)
    page.get_by_role("button", name="Withhold it").click()
    expect(page.get_by_text("He may hurt himself over it.")).to_be_visible()
    own.reload()
    expect(own.get_by_role("heading", name="You cannot read this note now")).to_be_visible()
    expect(own.get_by_text("Less afraid.")).to_have_count(0)
    page.get_by_role("button", name="Release it").click()
    own.reload()
    expect(own.get_by_text("Less afraid.")).to_be_visible()


@pytest.fixture(scope="module")
def places(browser, site, patients, cookies_of):
    """A note that is written, and one that is signed and amended."""
    context = browser.new_context(base_url=site.base, storage_state=cookies_of(THERAPIST))
    page = context.new_page()
    draft = begin(page, add_session(site, patients["Samuel"], "2026-02-06"))
    signed = begin(page, add_session(site, patients["Samuel"], "2026-02-07"))
    page.get_by_role("button", name="Sign note").click()
    page.get_by_role("button", name=re.compile("Sign as")).click()
    page.locator("summary", has_text="Add an addendum").click()
    page.get_by_label("Why it is added now").fill("Forgotten")
    page.get_by_label("Text").fill("She also called.")
    page.get_by_role("button", name="Sign addendum").click()
    expect(page.get_by_text("She also called.")).to_be_visible()
    released = begin(page, add_session(site, patients["Elena"], "2026-02-10"))
    sign(page, "Less afraid.")
    page.get_by_role("button", name=re.compile("Sign as")).click()
    withheld = begin(page, add_session(site, patients["Elena"], "2026-02-11"))
    sign(page, "More afraid.")
    page.locator("summary", has_text="Withhold it").click()
    withhold(page)
    page.get_by_role("button", name=re.compile("Sign as")).click()
    expect(page.get_by_text("He may hurt himself over it.")).to_be_visible()
    begin(page, add_session(site, patients["Samuel"], "2026-02-09"))
    page.get_by_role("link", name="Delete this note").click()
    page.get_by_label("Why it is deleted").fill("Begun on the wrong session " * 12)
    page.get_by_role("button", name="Delete note").click()
    new = add_session(site, patients["Samuel"], "2026-02-08")
    context.close()
    paths = {"draft": draft, "signed": signed, "released": released, "withheld": withheld}
    return {name: path.rpartition("/")[2] for name, path in paths.items()} | {"new": new}


def open_addendum(page):
    page.locator("summary", has_text="Add an addendum").click()


def name_a_patient(page):
    page.get_by_label("Your wording").fill("Write about Samuel as the client.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_focused()


def open_withholding(page):
    page.locator("summary", has_text=re.compile("^Withhold")).click()


VISITS = [
    Visit("notes", THERAPIST, "/notes"),
    Visit("account-drafts", THERAPIST, "/account/drafts"),
    Visit("account-drafts-refused", THERAPIST, "/account/drafts", name_a_patient, status=422),
    Visit("note-new", THERAPIST, "/sessions/{new}/note"),
    Visit("note-draft", THERAPIST, "/notes/{draft}"),
    Visit("note-sign", THERAPIST, "/notes/{draft}/sign", open_withholding),
    Visit("note-delete", THERAPIST, "/notes/{draft}/delete"),
    Visit("note-signed", THERAPIST, "/notes/{signed}", open_addendum),
    Visit("note-released", THERAPIST, "/notes/{released}", open_withholding),
    Visit("note-withheld", THERAPIST, "/notes/{withheld}"),
    Visit("notes-withheld", THERAPIST, "/notes?status=withheld"),
    Visit("portal-notes", PATIENT, "/portal/notes"),
    Visit("portal-note", PATIENT, "/portal/notes/{released}"),
    Visit("portal-note-withheld", PATIENT, "/portal/notes/{withheld}"),
    Visit("note-print", THERAPIST, "/notes/{signed}/print"),
    Visit("notes-deleted", THERAPIST, "/notes/deleted"),
]


@every_look(VISITS)
def test_every_page_of_a_note_is_accessible_and_quiet(visit, look, watch, places):
    pay(visit, look, watch, places)


@every_look([Visit("note-unsaved", THERAPIST, "/notes/{draft}")])
def test_the_offer_of_unsaved_text_is_accessible_and_quiet(visit, look, watch, places):
    watch.page.goto(visit.path.format(**places))
    watch.page.route("**/save", lambda route: route.abort())
    write_away(watch.page, "Seems rested; spoke slowly. " * 12)
    # From now on saving waits for ever: only a lost connection is reported on the console.
    watch.page.route("**/save", lambda route: None)
    watch.page.context.set_offline(False)
    watch.defects.clear()
    pay(visit, look, watch, places)
    expect(watch.page.get_by_role("button", name="Discard it")).to_be_visible()
