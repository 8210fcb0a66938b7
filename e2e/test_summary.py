"""What a therapist types into the patient's summary is not lost."""

import pytest
from playwright.sync_api import expect

from e2e.steps import THERAPIST

OWN_WORDS = "We spoke about the week, and breathing slowly helps."


@pytest.fixture
def page(open_context, cookies_of, recorded):
    page = open_context(storage_state=cookies_of(THERAPIST)).new_page()
    page.goto(f"/sessions/{recorded}")
    return page


def test_the_end_of_a_redraft_takes_no_text_away(page, site):
    site.kill("work")
    try:
        page.get_by_role("button", name="Redraft").click()
        expect(page.get_by_role("region", name="Progress")).to_be_visible()
        page.get_by_role("link", name="Text for Samuel").click()
        text = page.get_by_label("What Samuel will read")
        text.fill(OWN_WORDS)
    finally:
        site.start_workers()
    expect(page.get_by_text("New results are ready.")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("New results are ready.")).to_be_in_viewport()
    expect(text).to_have_value(OWN_WORDS)

    page.get_by_role("button", name="Approve and share").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("The summary has changed since you read it.")
    expect(text).to_have_value(OWN_WORDS)


def test_the_box_counts_line_breaks_as_the_server_does(page):
    page.get_by_role("link", name="Text for Samuel").click()
    text = page.get_by_label("What Samuel will read")
    lines = "\n".join(["x" * 49] * 100)
    text.fill("")
    text.evaluate("(box) => box.focus()")
    page.keyboard.insert_text(lines + "yz")
    expect(text).to_have_value(lines + "y")
