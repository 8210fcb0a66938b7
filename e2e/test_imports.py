"""Taking in a full record in a browser: uploaded, checked by the worker, and in every look."""

import pytest
from playwright.sync_api import expect

from e2e.steps import THERAPIST
from e2e.visits import Visit, every_look, pay
from therapybridge.tests.deployment import until

WISH = {"basis": "practice", "recipient": "The chart", "purpose": "A copy.", "kind": "full_record", "format": "json"}


@pytest.fixture(scope="module")
def record(site, patients):
    """The full record of a patient who is here, as a file."""
    client = site.client(THERAPIST)
    made = client.post("/exports", json={"patient": patients["Elena"], **WISH}).json()["id"]
    until(lambda: client.get(f"/exports/{made}").json()["status"] == "completed", 60, "the export")
    return client.get(f"/exports/{made}/download").content


@pytest.fixture(scope="module")
def places(site, record):
    """A record that is here already, and a file that is none."""
    client = site.client(THERAPIST)

    def upload(data):
        answer = client.post("/imports", files={"file": ("record.json", data, "application/json")})
        assert answer.status_code == 202, answer.text
        job = answer.json()["id"]
        until(lambda: client.get(f"/imports/{job}").json()["status"] in ("ready", "failed"), 60, "the check")
        return job

    return {"known": upload(record), "wrong": upload(b"{}")}


def test_a_file_is_uploaded_and_its_state_is_told(page, record):
    page.goto("/imports/new")
    file = {"name": "record.json", "mimeType": "application/json", "buffer": record}
    page.get_by_label("Full record (JSON)").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="Some of it is here already")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name="Record of Elena")).to_be_visible()
    expect(page.get_by_role("button", name="Take in this record")).to_have_count(0)
    page.get_by_role("button", name="Discard the file").click()
    expect(page.get_by_text("You discarded this file.").first).to_be_visible()


VISITS = [
    Visit("imports", THERAPIST, "/imports"),
    Visit("import-new", THERAPIST, "/imports/new"),
    Visit("import-conflicts", THERAPIST, "/imports/{known}"),
    Visit("import-failed", THERAPIST, "/imports/{wrong}"),
]


@every_look(VISITS)
def test_pages_of_imports_have_no_defects(visit, look, watch, places):
    pay(visit, look, watch, places)
