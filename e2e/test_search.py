"""Searching while one types."""

import re

from playwright.sync_api import expect

from e2e.steps import THERAPIST


def test_a_chip_after_a_search_keeps_the_search(open_context, cookies_of):
    page = open_context(storage_state=cookies_of(THERAPIST)).new_page()
    page.goto("/patients")
    box = page.get_by_role("searchbox", name="Search by name")
    box.press_sequentially("marchetti")
    expect(page.get_by_role("link", name="Samuel")).to_have_count(0)
    expect(box).to_be_focused()
    page.locator(".chip").nth(1).click()
    expect(page).to_have_url(re.compile("q=marchetti"))
    expect(box).to_have_value("marchetti")
