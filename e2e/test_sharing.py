"""A summary is shared, read in full by the patient, withdrawn or declined; two tabs lose nothing of each other."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import PATIENT, add_session

LONG = "We spoke about the week, about sleeping badly and about the diary that you keep. " * 6


@pytest.fixture
def patients_page(open_context, cookies_of):
    return open_context(storage_state=cookies_of(PATIENT)).new_page()


def share(page, session, text):
    page.goto(f"/sessions/{session}?show=patient")
    page.get_by_label("What Elena will read").fill(text)
    page.get_by_role("button", name="Approve and share").click()
    expect(page.locator("#patient-summary").get_by_text("Shared", exact=True)).to_be_visible()


def title_of(page):
    return page.get_by_role("heading", level=1).inner_text()


def of_session(page, title):
    """The entry of a session in the patient's list."""
    return page.get_by_role("listitem").filter(has_text=re.compile(rf"{title}\b"))


def link_on_timeline(page, title):
    """The link to an entry, however many are above it."""
    link, earlier = page.get_by_role("link", name=title, exact=True), page.get_by_role("link", name="Show earlier")
    expect(link.or_(earlier).first).to_be_visible()
    while not link.count():
        earlier.click()
        expect(link.or_(earlier).first).to_be_visible()
    return link


def test_the_patient_reads_each_summary_in_full_until_it_is_withdrawn(page, patients_page, site, patients):
    older, newer = (add_session(site, patients["Elena"], date) for date in ("2026-11-26", "2026-11-27"))
    share(page, older, LONG)
    title = title_of(page)
    share(page, newer, "You kept the diary.")

    patients_page.goto("/portal/timeline")
    link_on_timeline(patients_page, title).click()
    expect(patients_page.locator(".shared-summary")).to_have_text(LONG.strip())
    patients_page.get_by_role("navigation", name="Main").get_by_role("link", name="Home").click()
    patients_page.get_by_role("link", name="All your summaries").click()
    expect(of_session(patients_page, title)).to_contain_text("…")
    of_session(patients_page, title).get_by_role("link").click()
    expect(patients_page.locator(".shared-summary")).to_have_text(LONG.strip())

    page.goto(f"/sessions/{older}?show=patient")
    page.locator("summary", has_text="Withdraw it").click()
    page.get_by_role("button", name="Withdraw the summary").click()
    expect(page.locator("#patient-summary")).to_contain_text("Elena sees that it was withdrawn, and no text.")
    patients_page.reload()
    expect(patients_page.get_by_role("heading", name="This summary was withdrawn")).to_be_visible()
    expect(patients_page.locator("main")).not_to_contain_text("diary")
    patients_page.get_by_role("link", name="All your summaries").click()
    expect(of_session(patients_page, title)).to_contain_text(re.compile(r"Withdrawn on \w+ \d+, \d{4}"))


def test_a_declined_summary_waits_no_longer(page, site, patients):
    session = add_session(site, patients["Elena"], "2026-11-28")
    # Today and the chip show no more than those that have waited longest; of all, the latest are on top.
    page.goto("/sessions")
    listed = page.get_by_role("row").filter(has=page.locator(f'a[href="/sessions/{session}"]'))
    listed.get_by_role("link", name="To review").click()
    page.get_by_label("What Elena will read").fill("For later.")
    page.get_by_role("button", name=re.compile("share this one")).click()
    expect(page.locator("#patient-summary")).to_contain_text("Elena sees nothing of it.")
    expect(page.locator("#patient-summary")).to_contain_text("For later.")
    page.goto("/sessions")
    expect(listed).to_contain_text("Not shared")


def test_the_older_of_two_tabs_is_told_and_loses_nothing(page, site, patients):
    session = add_session(site, patients["Elena"], "2026-09-22")
    page.goto(f"/sessions/{session}?show=patient")
    text = page.get_by_label("What Elena will read")
    text.fill("Written in the older tab.")
    share(page.context.new_page(), session, "Written in the newer tab.")

    page.get_by_role("button", name="Approve and share").click()
    expect(page.get_by_role("alert")).to_be_focused()
    share_card = page.locator("#patient-summary")
    expect(share_card).to_contain_text(re.compile(r"shared this text on \w+ \d+, \d{4}, \d+:\d\d [AP]M"))
    expect(share_card).to_contain_text("Written in the newer tab.")
    expect(text).to_have_value("Written in the older tab.")
    page.get_by_role("button", name="Share this version").click()
    expect(share_card.locator(".share__text")).to_have_text("Written in the older tab.")
