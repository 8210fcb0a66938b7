"""Exports in a browser: chosen, looked at, made by the worker, downloaded, and in every look."""

import json
from hashlib import sha256

import pytest
from playwright.sync_api import expect

from e2e.steps import PATIENT, THERAPIST
from e2e.visits import Visit, every_look, pay
from therapybridge.tests.deployment import until

RECIPIENT = "Praxis für Psychotherapie, " + "Straßenname" * 6
WISH = {"basis": "practice", "recipient": RECIPIENT, "purpose": "The yearly copy for the chart."}


@pytest.fixture(scope="module")
def places(site, patients):
    """An export that is ready, one that was cancelled, and a session with a note."""
    client = site.client(THERAPIST)

    def ask(**changes):
        answer = client.post("/exports", json={"patient": patients["Elena"], "format": "json", **WISH, **changes})
        assert answer.status_code == 202, answer.text
        return answer.json()["id"]

    ready, cancelled = ask(kind="full_record"), ask(kind="timeline", format="csv")
    client.post(f"/exports/{cancelled}/cancel")
    until(lambda: client.get(f"/exports/{ready}").json()["status"] == "completed", 60, "the export")
    return {"ready": ready, "cancelled": cancelled, "Elena": patients["Elena"]}


def test_a_record_is_exported_by_keyboard_made_by_the_worker_and_downloaded(page, patients):
    page.goto(f"/patients/{patients['Elena']}")
    page.get_by_role("link", name="Export…", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Full record: everything")).to_be_checked()
    page.get_by_role("radio", name="JSON, for another TherapyBridge").focus()
    page.keyboard.press("Space")
    page.get_by_label("For whom").fill("The chart of the practice")
    page.get_by_label("Why").fill("A copy at the end of the year")
    page.get_by_label("Legal basis").select_option("practice")
    page.get_by_role("button", name="Show what will be in it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What the export will hold")).to_be_visible()
    expect(page.get_by_text("The chart of the practice", exact=True)).to_be_visible()
    page.get_by_role("button", name="Change something").click()
    expect(page.get_by_label("For whom")).to_have_value("The chart of the practice")
    expect(page.locator("[data-error-summary]")).to_have_count(0)
    page.get_by_role("button", name="Show what will be in it").click()
    page.get_by_role("button", name="Make the export").click()
    expect(page.get_by_role("heading", name="Ready")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("The chart of the practice", exact=True)).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").click()
    download = downloading.value
    assert download.suggested_filename.startswith("full-record-")
    content = download.path().read_bytes()
    assert json.loads(content)["patient"]["first_name"] == "Elena"
    page.reload()
    page.get_by_text("Checksum of the file").click()
    expect(page.get_by_text(sha256(content).hexdigest())).to_be_visible()
    page.get_by_role("link", name="who received the record").click()
    expect(page.get_by_text("The chart of the practice").first).to_be_visible()


def test_the_list_shows_progress_and_deletes(page, places):
    page.goto("/exports")
    row = page.locator(".list__item", has=page.locator(f'a[href="/exports/{places["cancelled"]}"]'))
    expect(row.get_by_text("Cancelled", exact=True)).to_be_visible()
    row.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("heading", name="Ready")).to_be_visible(timeout=60_000)
    page.get_by_text("Delete this export").click()
    page.get_by_role("button", name="Delete the export and its file").click()
    expect(page.get_by_text("were deleted")).to_be_visible()
    expect(page.locator(f'a[href="/exports/{places["cancelled"]}"]')).to_have_count(0)


def test_without_consent_the_form_says_what_is_missing(page, patients):
    page.goto(f"/patients/{patients['Samuel']}/exports/new?kind=timeline")
    page.get_by_role("radio", name="PDF, to print or send").check()
    page.get_by_label("For whom").fill("Somebody")
    page.get_by_label("Why").fill("They asked")
    page.get_by_label("Legal basis").select_option("payment")
    page.get_by_role("button", name="Show what will be in it").click()
    expect(page.get_by_text("The patient's consent is missing: Data sharing.").first).to_be_visible()
    expect(page.get_by_label("For whom")).to_have_value("Somebody")


def fill(page):
    page.get_by_role("radio", name="PDF, to print or send").check()
    page.get_by_label("For whom").fill(RECIPIENT)
    page.get_by_label("Why").fill("For the file of the court, as ordered.")
    page.get_by_label("Legal basis").select_option("court")


def look_ahead(page):
    fill(page)
    page.get_by_role("button", name="Show what will be in it").click()
    expect(page.get_by_role("heading", name="What the export will hold")).to_be_visible()


def send_nothing(page):
    page.get_by_role("button", name="Show what will be in it").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()


NEW = "/patients/{Elena}/exports/new?kind=session_notes"
VISITS = [
    Visit("exports", THERAPIST, "/exports"),
    Visit("export", THERAPIST, "/exports/{ready}"),
    Visit("export-new", THERAPIST, NEW),
    Visit("export-errors", THERAPIST, NEW, send_nothing, status=422),
    Visit("export-preview", THERAPIST, "/patients/{Elena}/exports/new?kind=full_record", look_ahead),
    Visit("export-none", THERAPIST, "/exports?status=expired"),
    Visit("export-copies", PATIENT, "/portal/copies"),
]


@every_look(VISITS)
def test_pages_of_exports_have_no_defects(visit, look, watch, places):
    pay(visit, look, watch, places)


def test_a_patient_makes_and_downloads_a_copy_once_the_practice_takes_the_request_up(
    page, site, patients, open_context, cookies_of
):
    portal = open_context(storage_state=cookies_of(PATIENT)).new_page()
    portal.goto("/account/requests")
    portal.get_by_label("Get a copy").check()
    portal.get_by_role("button", name="Send the request").click()
    portal.get_by_role("link", name="Copies of your record").first.click()
    expect(portal.get_by_role("button", name="Make the copy")).to_have_count(0)
    page.goto(f"/patients/{patients['Elena']}/access")
    page.get_by_role("button", name="Start work").first.click()
    portal.reload()
    portal.get_by_label("JSON, as data").check()
    portal.get_by_role("button", name="Make the copy").click()
    expect(portal.get_by_text("Ready", exact=True)).to_be_visible(timeout=60_000)
    with portal.expect_download() as downloading:
        portal.get_by_role("button", name="Download").click()
    told = json.loads(downloading.value.path().read_bytes())
    assert told["about"]["is_for_patient"]
    assert not [event for event in told["events"] if event["is_private"]]
    portal.goto("/account/requests")
    expect(portal.get_by_text("The copy of your record is ready").first).to_be_visible()
