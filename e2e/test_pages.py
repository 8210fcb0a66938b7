"""Every page, light and dark, desktop and phone: accessible, without errors or foreign requests, and not too wide."""

import re

import pytest
from playwright.sync_api import expect

from e2e.browser import Watch
from e2e.steps import ADMIN, PATIENT, THERAPIST, add_unproved, decide, empty_summary, open_menu, reaches, upload
from e2e.visits import Visit, every_look, pay

# A refused inline script, a request to somebody else, an exception, a wide box, a picture without words.
SPOIL = """() => {
  const script = document.createElement("script");
  script.textContent = "1";
  const picture = document.createElement("img");
  picture.src = "http://elsewhere.example/a.png";
  picture.style.minWidth = "900px";
  document.querySelector("main").append(script, picture);
  setTimeout(() => { throw new Error("spoilt"); });
}"""


STRANGERS = "\n\n".join(
    [
        "WEBVTT",
        *(
            f"00:0{at}.000 --> 00:0{at}.900\n<v {name}>{name} speaks of the rain."
            for at, name in enumerate(("Ada Muster", "Lin Gast"))
        ),
    ]
)


TALK = """Therapist: How was your week?
Patient: I argued with my mother about the flat and afterwards I could not sleep at all.
Therapist: For next week, write down one worry each evening before you go to bed.
Patient: All right, I will write one down every evening.
"""


EVENING = """Therapist: How have the evenings been since we last met?
Patient: Sometimes I think about killing myself, and then it passes.
Therapist: Thank you for telling me. Let us talk about that first today.
"""


@pytest.fixture(scope="module")
def places(site, patients, recorded, speak):
    """Ids for the URLs below; the worker is killed while it transcribes the last session."""
    decided, review = with_decisions(site, patients), with_review(site, patients)
    emptied = without_patient_text(site, patients)
    running = upload(site, patients["Samuel"], speak(14), "2026-01-22T15:00:00Z")
    reaches(site, running, "transcribe")
    site.kill("work")
    rows = site.client(THERAPIST).get(f"/sessions?patient={patients['Samuel']}&limit=100").json()["results"]
    failed = next(row["id"] for row in rows if row["status"] == "failed")
    of_elena = site.client(THERAPIST).get(f"/sessions?patient={patients['Elena']}&limit=100").json()["results"]
    summaries = with_sharing(site, of_elena)
    notes = [site.client(THERAPIST).get(f"/sessions/{row['id']}/notes").json() for row in of_elena]
    yield patients | {
        "recorded": recorded,
        "failed": failed,
        "decided": decided,
        "review": review,
        "running": running,
        "risk": next(note["session_id"] for note in notes if has_grave_risk(note)),
        "shared": next(note["session_id"] for note in notes if note["patient_summary"]["approved_at"]),
        "asking": asking(site, patients),
        "emptied": emptied,
        **summaries,
    }
    site.start_workers()


def with_sharing(site, of_elena):
    """Sessions of Elena's whose summaries are declined and withdrawn."""
    client = site.client(THERAPIST)
    declined = next(row["id"] for row in of_elena if row["summary_status"] == "draft")
    withdrawn = [row["id"] for row in of_elena if row["summary_status"] == "shared"][2]
    assert client.post(f"/sessions/{declined}/decline-summary", json={}).status_code == 200
    assert client.post(f"/sessions/{withdrawn}/withdraw-summary", json={}).status_code == 200
    return {"declined": declined, "withdrawn": withdrawn}


def asking(site, patients):
    """A session that waits for a person to say who is speaking."""
    return transcribed(site, patients, "2026-01-23T15:00:00Z", ("Meeting.vtt", STRANGERS))


def with_decisions(site, patients):
    """A session with a sentence that was kept and one that was deleted."""
    session = transcribed(site, patients, "2026-01-21T15:00:00Z", ("talk.txt", TALK))
    reaches(site, session, "done")
    add_unproved(site, session)
    decide(site, session)
    return session


def without_patient_text(site, patients):
    """A session whose draft has homework, but no text for the patient."""
    session = transcribed(site, patients, "2026-01-19T15:00:00Z", ("talk.txt", TALK))
    reaches(site, session, "done")
    empty_summary(site, session)
    return session


def with_review(site, patients):
    """A risk review that waits for a disposition."""
    session = transcribed(site, patients, "2026-01-20T15:00:00Z", ("evening.txt", EVENING))
    reaches(site, session, "done")
    [review] = site.client(THERAPIST).get(f"/risk-reviews?session={session}").json()["results"]
    return review["id"]


def transcribed(site, patients, when, file):
    """A session of Samuel's with a transcript."""
    client, (name, text) = site.client(THERAPIST), file
    session = client.post("/sessions", json={"patient": patients["Samuel"], "session_date": when}).json()["id"]
    client.post(f"/sessions/{session}/transcript", files={"file": (name, text.encode())})
    return session


def has_grave_risk(note):
    """Whether phrases of the highest severity were found in a session."""
    return any(flag["severity"] == "high" for flag in note["notes"]["risk_flags"])


def choose_file(page):
    page.get_by_label("Drop an audio").set_input_files({"name": "Monday.mp3", "mimeType": "audio/mpeg", "buffer": b"x"})


def paste(page):
    page.get_by_label("Paste it here").fill("Therapist: How was your week?\nElena: Better than the last one.\n" * 20)


def send_nothing(page):
    page.get_by_role("button", name="Upload recording").click()
    expect(page.get_by_role("alert")).to_be_focused()


def sign_in_wrongly(page):
    page.get_by_label("E-mail").fill(THERAPIST)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_focused()


def send_empty_patient(page):
    page.get_by_role("button", name="Add patient").click()
    expect(page.get_by_role("alert")).to_be_focused()


def open_help(page):
    page.get_by_role("button", name="Help and keyboard").click()


def open_statement(page):
    page.locator("#draft .statement").first.click()
    expect(page.locator(".is-evidence").first).to_be_visible()


def search_in_vain(page):
    page.get_by_role("searchbox", name="Search by name").fill("nobody of this name")
    expect(page.get_by_role("heading", name="No patient matches")).to_be_visible()


def show_earlier(page):
    page.get_by_role("link", name="Show earlier").click()
    expect(page.locator("[data-event]:focus")).to_be_attached()


def change_shared(page):
    page.locator("summary", has_text="Change what").click()


def share_only_the_agreed(page):
    page.get_by_role("link", name="Share only what was agreed").click()
    expect(page.get_by_label("What Samuel will read")).to_have_value(re.compile("listed under “What we agreed”"))


def open_withdrawal(page):
    page.locator("summary", has_text="Withdraw it").click()


def open_oldest(page):
    page.get_by_role("link", name="Session #").last.click()
    expect(page.get_by_role("link", name="All your summaries")).to_be_visible()


def open_withdrawn(page):
    withdrawn = page.get_by_role("listitem").filter(has_text="Withdrawn on")
    withdrawn.first.get_by_role("link").click()
    expect(page.get_by_role("heading", name="This summary was withdrawn")).to_be_visible()


def await_swagger(page):
    expect(page.locator(".opblock").first).to_be_visible()


VISITS = [
    Visit("sign-in", None, "/sign-in"),
    Visit("sign-in-wrong", None, "/sign-in", sign_in_wrongly, status=422),
    Visit("today", THERAPIST, "/today"),
    Visit("today-menu", THERAPIST, "/today", open_menu),
    Visit("today-help", THERAPIST, "/today", open_help),
    Visit("patients", THERAPIST, "/patients"),
    Visit("patients-none", THERAPIST, "/patients", search_in_vain),
    Visit("patient", THERAPIST, "/patients/{Elena}"),
    Visit("patient-earlier", THERAPIST, "/patients/{Elena}", show_earlier),
    Visit("patient-long-name", THERAPIST, "/patients/{Maria Fernanda}"),
    Visit("patient-details", THERAPIST, "/patients/{Elena}/details"),
    Visit("patient-edit", THERAPIST, "/patients/{Elena}/edit"),
    Visit("patient-new", THERAPIST, "/patients/new"),
    Visit("patient-new-refused", THERAPIST, "/patients/new", send_empty_patient, status=422),
    Visit("consent", THERAPIST, "/patients/{Elena}/consent"),
    Visit("sessions", THERAPIST, "/sessions"),
    Visit("sessions-failed", THERAPIST, "/sessions?status=failed"),
    Visit("new-session", THERAPIST, "/sessions/new"),
    Visit("new-session-ways", THERAPIST, "/sessions/new?patient={Elena}"),
    Visit("new-session-recording", THERAPIST, "/sessions/new?patient={Elena}", choose_file),
    Visit("new-session-transcript", THERAPIST, "/sessions/new?patient={Elena}", paste),
    Visit("new-session-refused", THERAPIST, "/sessions/new?patient={Elena}", send_nothing),
    Visit("new-session-no-consent", THERAPIST, "/sessions/new?patient={Priya}"),
    Visit("session-recorded", THERAPIST, "/sessions/{recorded}"),
    Visit("session-evidence", THERAPIST, "/sessions/{recorded}", open_statement),
    Visit("session-help", THERAPIST, "/sessions/{recorded}", open_help),
    Visit("session-risk", THERAPIST, "/sessions/{risk}"),
    Visit("risk-reviews", THERAPIST, "/risk-reviews"),
    Visit("risk-review", THERAPIST, "/risk-reviews/{review}"),
    Visit("session-shared", THERAPIST, "/sessions/{shared}?show=patient", change_shared),
    Visit("session-withdraw", THERAPIST, "/sessions/{shared}?show=patient", open_withdrawal),
    Visit("session-withdrawn", THERAPIST, "/sessions/{withdrawn}?show=patient"),
    Visit("session-declined", THERAPIST, "/sessions/{declined}?show=patient"),
    Visit("session-decided", THERAPIST, "/sessions/{decided}"),
    Visit("print-decided", THERAPIST, "/sessions/{decided}/print"),
    Visit("session-empty-text", THERAPIST, "/sessions/{emptied}?show=patient"),
    Visit("session-begun-text", THERAPIST, "/sessions/{emptied}?show=patient", share_only_the_agreed),
    Visit("session-speakers", THERAPIST, "/sessions/{asking}"),
    Visit("about-drafts", THERAPIST, "/help/drafts"),
    Visit("session-failed", THERAPIST, "/sessions/{failed}"),
    Visit("session-running", THERAPIST, "/sessions/{running}"),
    Visit("print", THERAPIST, "/sessions/{recorded}/print"),
    Visit("print-risk", THERAPIST, "/sessions/{risk}/print"),
    Visit("not-found", THERAPIST, "/sessions/nowhere", status=404),
    Visit("portal", PATIENT, "/portal"),
    Visit("portal-menu", PATIENT, "/portal", open_menu),
    Visit("portal-timeline", PATIENT, "/portal/timeline"),
    Visit("portal-summaries", PATIENT, "/portal/summaries"),
    Visit("portal-summary", PATIENT, "/portal/summaries", open_oldest),
    Visit("portal-summary-withdrawn", PATIENT, "/portal/summaries", open_withdrawn),
    Visit("portal-not-found", PATIENT, "/no-such-page", status=404),
    Visit("portal-not-for-patients", PATIENT, "/today", status=403),
    Visit("engine", ADMIN, "/engine"),
    Visit("admin", ADMIN, "/admin/"),
    Visit("admin-people", ADMIN, "/admin/accounts/user/"),
    # The markup is Swagger UI's; its colours are corrected in our style sheet.
    Visit("api-docs", None, "/api/v1/docs", await_swagger, foreign=("nested-interactive", "heading-order", "region")),
]


@every_look(VISITS)
def test_every_page_is_accessible_and_quiet(visit, look, watch, places):
    pay(visit, look, watch, places)


def test_the_watch_sees_what_it_is_for(open_context, site):
    """Every kind of defect is detected."""
    watch = Watch(open_context(viewport={"width": 390, "height": 900}).new_page(), site.base)
    watch.page.goto("/sign-in")
    assert watch.all_defects() == []
    watch.page.evaluate(SPOIL)
    expect(watch.page.locator("img")).to_be_attached()
    found = "\n".join(watch.all_defects())
    for kind in ("CSP: script-src-elem inline", "elsewhere: http", "script: spoilt", "overflow: ", "axe image-alt"):
        assert kind in found
