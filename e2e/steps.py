"""Steps shared by tests."""

import re

from playwright.sync_api import expect

from therapybridge.tests.deployment import until

ADD_STATEMENT = """
from sessions_app.models import Extraction
extraction = Extraction.objects.get(session="{session}")
topic = {{"topic": "The week", "evidence": {{"segments": [0, 1], "quote": ""}}}}
extraction.notes["key_topics"].insert(0, topic | {{"id": "key_topics-90", "state": "supported", "reason": ""}})
extraction.supported += 1
extraction.save()
"""
THERAPIST, PATIENT, ADMIN = (f"{name}@demo.example" for name in ("therapist", "patient", "admin"))


def sign_in(page, email, password):
    """Sign in through the form."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("/sign-in"))


def upload(site, patient, recording, date):
    """Upload a recording through the API, like a device; returns the session's id."""
    with recording.open("rb") as sound:
        form = {"patient": patient, "session_date": date}
        answer = site.client(THERAPIST).post("/sessions/upload", data=form, files={"file": (recording.name, sound)})
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def reaches(site, session, stage, seconds=300):
    """Wait until a session is in a processing stage, or done."""
    client = site.client(THERAPIST)
    until(
        lambda: client.get(f"/sessions/{session}").json()["progress"]["stage"] == stage, seconds, f"{session} {stage}"
    )


def add_statement(site, session):
    """Add a statement to a draft, as a model would: from what a small model heard, the built-in draft may make none."""
    site.manage("shell", "-v0", "-c", ADD_STATEMENT.format(session=session))


def start_time(line):
    """Start of a transcript line, in seconds."""
    return float(line.get_attribute("data-start"))


def wait_for_audio(page, condition, seconds=30):
    """Wait until a JavaScript condition on `audio` is true."""
    state = f"() => {{ const audio = document.querySelector('audio'); return {condition}; }}"
    page.wait_for_function(state, timeout=seconds * 1000)
