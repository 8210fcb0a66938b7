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
# What a model might have added, which the lines do not say.
ADD_UNPROVED = """
from sessions_app.models import Extraction
extraction = Extraction.objects.get(session="{session}")
cited = {{"segments": [1], "quote": "I argued with my mother about the flat"}}
extraction.notes["follow_up_topics"] = [
    {{"topic": text, "evidence": cited, "id": f"follow_up_topics-{{at}}", "state": "check", "reason": "content"}}
    for at, text in enumerate(("Moving out in spring.", "The quarrel with the brother."))
]
extraction.to_check = 2
extraction.save()
"""
# Decisions about the first two of these, and a model that did not answer about the third.
DECIDE = """
from sessions_app.models import Extraction, StatementReview
extraction = Extraction.objects.get(session="{session}")
by = extraction.session.therapist
for at, decision in enumerate(("kept", "deleted")):
    StatementReview.objects.create(
        extraction=extraction, statement=f"follow_up_topics-{{at}}", decision=decision, decided_by=by
    )
unanswered = {{"topic": "Rent.", "id": "follow_up_topics-2", "state": "check", "reason": "second_pass_failed"}}
extraction.notes["follow_up_topics"].append(extraction.notes["follow_up_topics"][0] | unanswered)
extraction.to_check, extraction.second_pass_failures = 3, 4
extraction.save()
"""
EMPTY_SUMMARY = """
from sessions_app.models import PatientSummary
summary = PatientSummary.objects.get(session="{session}")
summary.text = ""
summary.save()
"""
SAID = """Therapist: How was your week?
Samuel: I slept badly and worried about work every night.
Therapist: For homework, please keep a sleep diary every morning this week.
Samuel: Yes, I will do that.
"""
# How many texts of notes are kept on the computer.
COPIES = "() => Object.keys(localStorage).filter((name) => name.startsWith('note-copy:')).length"
THERAPIST, PATIENT, ADMIN = (f"{name}@demo.example" for name in ("therapist", "patient", "admin"))


def sign_in(page, email, password):
    """Sign in through the form."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).not_to_have_url(re.compile("/sign-in"))


def open_menu(page):
    """Open the menu of the account."""
    page.locator("summary", has_text="Your account").click()


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


def mailed_link(site, address, beginning):
    """The path of a link in an e-mail, which the worker prints: the row is emptied as soon as it was sent."""
    line = re.compile(rf"E-mail to {re.escape(address)}: .*(?P<path>{beginning}\S+)")
    return until(lambda: line.search(site.log("control")), 30, f"an e-mail to {address}")["path"]


def add_statement(site, session):
    """Add a statement to a draft, as a model would: from what a small model heard, the built-in draft may make none."""
    site.manage("shell", "-v0", "-c", ADD_STATEMENT.format(session=session))


def add_unproved(site, session):
    """Add two statements to a draft that a therapist has to check."""
    site.manage("shell", "-v0", "-c", ADD_UNPROVED.format(session=session))


def decide(site, session):
    """Keep the first of these statements, delete the second, and add one at which no model has looked."""
    site.manage("shell", "-v0", "-c", DECIDE.format(session=session))


def empty_summary(site, session):
    """Take the drafted text for the patient away, as where the words of a session do not make one."""
    site.manage("shell", "-v0", "-c", EMPTY_SUMMARY.format(session=session))


def start_time(line):
    """Start of a transcript line, in seconds."""
    return float(line.get_attribute("data-start"))


def wait_for_audio(page, condition, seconds=30):
    """Wait until a JavaScript condition on `audio` is true."""
    state = f"() => {{ const audio = document.querySelector('audio'); return {condition}; }}"
    page.wait_for_function(state, timeout=seconds * 1000)


def add_session(site, patient, date):
    """A processed session from a transcript."""
    client = site.client(THERAPIST)
    session = client.post("/sessions", json={"patient": patient, "session_date": f"{date}T15:00:00Z"}).json()["id"]
    client.post(f"/sessions/{session}/transcript", files={"file": ("talk.txt", SAID.encode())})
    reaches(site, session, "done")
    return session


def begin(page, session):
    """Begin the SOAP note of a session, whatever template the therapist used last; returns its path."""
    page.goto(f"/sessions/{session}/note")
    page.get_by_label("Template").select_option("SOAP")
    page.get_by_role("button", name="Write note").click()
    page.wait_for_url(re.compile(r"/notes/[0-9a-f-]{36}$"))
    return page.url


def write_away(page, text):
    """Write in the open note while the connection is away."""
    page.context.set_offline(True)
    page.get_by_label("Clinical impression").fill(text)
    expect(page.locator("[data-note-state]")).to_have_text("Not saved yet: kept on this computer")
