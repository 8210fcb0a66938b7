"""Taking in a full record in a browser: uploaded, checked by the worker, and in every look."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2e.steps import THERAPIST
from e2e.visits import Visit, every_look, pay
from therapybridge.tests.deployment import until

WISH = {"basis": "practice", "recipient": "The chart", "purpose": "A copy.", "kind": "full_record", "format": "json"}

# The full record of a patient whom nobody here knows: with signatures, an unsigned note, and private notes left out.
ELSEWHERE = Path(__file__).parents[1] / "exports/imports/tests/record-v1.json"
LONG_NAME = "Gemeinschaftspraxis für Psychotraumatologie und Verhaltenstherapie am Donaudampfschifffahrtsmuseum"


@pytest.fixture(scope="module")
def record(site, patients):
    """The full record of a patient who is here, as a file."""
    client = site.client(THERAPIST)
    made = client.post("/exports", json={"patient": patients["Elena"], **WISH}).json()["id"]
    until(lambda: client.get(f"/exports/{made}").json()["status"] == "completed", 60, "the export")
    return client.get(f"/exports/{made}/download").content


@pytest.fixture(scope="module")
def places(site, patients, record):
    """A record that is here already, a file that is none, and a record from elsewhere that was taken in."""
    client = site.client(THERAPIST)
    files = {"known": record, "wrong": b"{}", "taken": from_elsewhere()}
    jobs = {name: upload(client, data) for name, data in files.items()}
    return patients | jobs | take_in(client, jobs["taken"])


def upload(client, data):
    """The id of an import whose file was checked."""
    answer = client.post("/imports", files={"file": ("record.json", data, "application/json")})
    assert answer.status_code == 202, answer.text
    job = answer.json()["id"]
    until(lambda: client.get(f"/imports/{job}").json()["status"] in ("ready", "failed"), 60, "the check")
    return job


def take_in(client, job):
    """Confirm the import: the patient, a signed and an unsigned note."""
    answer = client.post(f"/imports/{job}/confirm")
    assert answer.status_code == 202, answer.text
    until(lambda: client.get(f"/imports/{job}").json()["status"] in ("completed", "failed"), 60, "the import")
    notes = json.loads(ELSEWHERE.read_bytes())["notes"]
    [unsigned] = [note["id"] for note in notes if not note["signatures"]]
    [signed] = [note["id"] for note in notes if note["signatures"]]
    return {"imported": client.get(f"/imports/{job}").json()["patient_id"], "signed": signed, "unsigned": unsigned}


def from_elsewhere():
    """A file of a practice with a long name, to which the record had come from another one."""
    data = json.loads(ELSEWHERE.read_bytes())
    data["practice"]["name"] = LONG_NAME
    reason = "They leave only with an authorisation of their own."
    data["origins"] = [
        {
            "id": "0197a22b-0000-7000-8000-000000000001",
            "practice": "0197a22b-0000-7000-8000-000000000002",
            "practice_name": "Hillside Practice",
            "exported_at": "2020-03-02T09:05:00Z",
            "exported_by": "Dr. Lena Brandt",
            "imported_at": "2020-03-03T14:30:00Z",
            "imported_by": "Dr. Mara Vogel",
            "sha256": "5" * 64,
            "left_out": [{"what": "Private events", "count": 3, "exception": "private_events", "reason": reason}],
        }
    ]
    return json.dumps(data).encode()


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
    Visit("origin-patient", THERAPIST, "/patients/{imported}/origin"),
    Visit("origin-patient-none", THERAPIST, "/patients/{Elena}/origin"),
    Visit("origin-note", THERAPIST, "/notes/{signed}/origin"),
    Visit("origin-note-unsigned", THERAPIST, "/notes/{unsigned}/origin"),
    # With the same on a card.
    Visit("patient-imported", THERAPIST, "/patients/{imported}"),
    Visit("note-imported", THERAPIST, "/notes/{signed}"),
]


@every_look(VISITS)
def test_pages_of_imports_have_no_defects(visit, look, watch, places):
    pay(visit, look, watch, places)
