"""From a recording to the summary that the patient reads."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import PATIENT, THERAPIST, add_statement, sign_in, start_time, wait_for_audio

SOON = 15  # seconds
PROCESSING = 600_000  # milliseconds; the built-in speech model on a busy machine
SLOW_LINE = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 500_000}
OWN_WORDS = "We spoke about the week, and you found out that breathing slowly helps. Please keep your thought record."


def upload_in_browser(page, recording):
    """Start a session for Elena, on a connection slow enough to see the progress."""
    page.get_by_role("link", name="New session").first.click()
    page.get_by_label("Patient", exact=True).select_option("Elena Marchetti")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Drop an audio or video file here, or choose one").set_input_files(recording)
    expect(page.locator("[data-drop-chosen]")).to_contain_text(recording.name)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_LINE)
    page.get_by_role("button", name="Upload recording").click()
    expect(page.locator("[data-upload-bytes]")).to_have_text(re.compile(r"\d+ kB of [\d.]+ MB|[\d.]+ MB of [\d.]+ MB"))
    expect(page.locator("[data-upload-speed]")).to_have_text(re.compile(r"/s, about \d+ s left"))
    page.wait_for_url(re.compile(r"/sessions/[0-9a-f-]{36}$"))


def approve(page, words):
    """Share an edited summary."""
    page.get_by_role("link", name="Review summary").click()
    page.get_by_label("What Elena will read").fill(words)
    page.get_by_role("button", name="Approve and share").click()
    share = page.locator("#patient-summary")
    expect(share.get_by_text("Shared", exact=True)).to_be_visible()
    expect(share).to_contain_text(words)


def change_person(page, email, password):
    """Sign out through the menu, and in as someone else."""
    page.locator("summary", has_text="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, email, password)


@pytest.fixture
def page(open_context):
    return open_context().new_page()


def test_a_recording_becomes_a_note_and_a_summary_that_the_patient_reads(page, site, speak):
    password = site.env["DEMO_PASSWORD"]
    sign_in(page, THERAPIST, password)
    upload_in_browser(page, speak(8))
    session_url = page.url

    progress = page.get_by_role("region", name="Progress")
    expect(progress.locator("[aria-current=step]")).to_be_visible()
    expect(progress.get_by_text("Uploaded")).to_be_visible()
    expect(page.get_by_text("To review", exact=True)).to_be_visible(timeout=PROCESSING)
    title = page.get_by_role("heading", level=1).inner_text()
    assert re.fullmatch(r"Session #\d+", title)

    lines = page.locator("[data-lines] > [data-index]")
    line = lines.nth(lines.count() - 2)
    start = start_time(line)
    assert start > SOON  # so late that playing from the beginning would not get there in time
    line.get_by_role("button", name="Play from").click()
    wait_for_audio(page, f"!audio.paused && audio.currentTime >= {start} && audio.currentTime < {start} + 5", SOON)
    expect(page.locator("[data-player]").get_by_role("button", name="Pause")).to_be_visible()
    expect(line).to_have_attribute("aria-current", "true")

    add_statement(site, session_url.rpartition("/")[2])
    page.reload()
    statement = page.locator("#draft .statement").first
    statement.click()
    marked = statement.get_attribute("data-segments").split(",")
    expect(page.locator("[data-lines] .is-evidence")).to_have_count(len(marked))
    for index in marked:
        expect(page.locator(f"#segment-{index}")).to_have_class(re.compile("is-evidence"))

    approve(page, OWN_WORDS)
    change_person(page, PATIENT, password)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Timeline").click()
    event = page.locator("[data-event]").filter(has=page.get_by_role("heading", name=title, exact=True))
    expect(event).to_have_count(1)
    expect(event).to_contain_text(OWN_WORDS)

    for url in ("/today", "/patients", "/sessions", "/sessions/new", session_url, f"{session_url}/recording"):
        assert page.request.get(url).status == 403, url
