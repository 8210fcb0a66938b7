"""What a patient reads of somebody who opens a session and plays its recording."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import PATIENT, THERAPIST, upload, wait_for_audio

HEARD = re.compile("Listened to the recording of your session of ")


@pytest.fixture
def page(open_context, cookies_of):
    return open_context(storage_state=cookies_of(THERAPIST)).new_page()


@pytest.fixture
def patients_page(open_context, cookies_of):
    return open_context(storage_state=cookies_of(PATIENT)).new_page()


def test_opening_a_session_is_not_listening_and_playing_it_twice_is_one_line(
    page, patients_page, site, patients, speak
):
    recorded = upload(site, patients["Elena"], speak(5), "2026-09-15T10:00:00Z")
    page.goto(f"/sessions/{recorded}")
    expect(page.locator("[data-clock]")).to_contain_text("0:00 / 0:")
    patients_page.goto("/portal/access")
    heard = patients_page.get_by_role("listitem").get_by_text(HEARD)
    expect(patients_page.get_by_text("Opened your session of").first).to_be_visible()
    expect(heard).to_have_count(0)

    for _ in range(2):
        page.locator("[data-player]").get_by_role("button", name="Play").click()
        wait_for_audio(page, "!audio.paused && audio.currentTime > 0")
        page.locator("[data-player]").get_by_role("button", name="Pause").click()
        page.reload()
    patients_page.reload()
    expect(heard).to_have_count(1)
    expect(heard).not_to_contain_text("times")
