"""A failed upload shows the reason and keeps the form's input."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import THERAPIST

SLOW_LINE = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 100_000}
CHOOSE = "Drop an audio or video file here, or choose one"


@pytest.fixture
def page(open_context, cookies_of, patients):
    page = open_context(storage_state=cookies_of(THERAPIST)).new_page()
    page.goto(f"/sessions/new?patient={patients['Elena']}")
    return page


def expect_refusal(page, sentence, file):
    """Expect the message in the focused summary, with file, date and buttons unchanged."""
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(sentence)
    assert page.get_by_label(CHOOSE).evaluate("(input) => input.files[0].name") == file
    expect(page.get_by_label("Date and time")).to_have_value("2026-02-03T09:30")
    expect(page.get_by_role("button", name="Upload recording")).to_be_enabled()
    expect(page.locator("[data-upload-panel]")).to_be_hidden()


def test_a_text_that_is_called_mp3_is_refused_with_a_sentence(page, tmp_path):
    renamed = tmp_path / "session.mp3"
    renamed.write_text("Therapist: How was your week?\n" * 200)
    page.get_by_label("Date and time").fill("2026-02-03T09:30")
    page.get_by_label(CHOOSE).set_input_files(renamed)
    page.get_by_role("button", name="Upload recording").click()
    expect_refusal(page, "This file is named .mp3 but its content is not a recording.", "session.mp3")


def test_a_server_that_goes_away_during_the_upload_is_named(page, site, speak):
    recording = speak(6)
    page.get_by_label("Date and time").fill("2026-02-03T09:30")
    page.get_by_label(CHOOSE).set_input_files(recording)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_LINE)
    page.get_by_role("button", name="Upload recording").click()
    expect(page.locator("[data-upload-bytes]")).to_have_text(re.compile(r"\d.* of [\d.]+ MB"))
    site.kill("web")
    try:
        sentence = "The connection was lost. Your file is still chosen: please try again."
        expect_refusal(page, sentence, recording.name)
    finally:
        site.start_web()
