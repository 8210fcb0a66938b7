"""Corrections of signed notes: the patient asks, the therapist answers, the patient reads the answer."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import PATIENT, THERAPIST, add_session, begin
from e2e.visits import Visit, every_look, pay

WISH = "I did not say that I live alone. My sister has lived with me since March."
LONG = f"{WISH} " * 12 + "https://registry.example/" + "a" * 160
PEOPLE = (THERAPIST, PATIENT)


@pytest.fixture
def therapist(open_context, cookies_of):
    return open_context(storage_state=cookies_of(THERAPIST)).new_page()


@pytest.fixture
def patient(open_context, cookies_of):
    return open_context(storage_state=cookies_of(PATIENT)).new_page()


def sign_one(page, site, patients, date):
    """The id of a signed note on the patient of the portal, open on the therapist's page."""
    note = begin(page, add_session(site, patients["Elena"], date)).rpartition("/")[2]
    page.get_by_label("Clinical impression").fill("Lives alone.")
    page.get_by_role("button", name="Sign note").click()
    page.get_by_role("button", name=re.compile("Sign as")).click()
    expect(page.get_by_text("Signed by Hannah Lindqvist")).to_be_visible()
    return note


def ask(page, note, text=WISH):
    page.goto(f"/portal/notes/{note}")
    page.locator("summary", has_text="Ask for a correction").click()
    page.get_by_label("What should be corrected, and how?").fill(text)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_text("You will get an answer within 60 days.").first).to_be_visible()


def accept(page, note):
    page.goto(f"/notes/{note}")
    page.locator("summary", has_text="Accept, and add an addendum").click()
    page.get_by_label("Text of the addendum").fill("Her sister lives with her.")
    page.get_by_role("button", name="Sign the correction").click()
    expect(page.get_by_text("The patient has been notified.")).to_be_visible()


def deny(page, note):
    page.goto(f"/notes/{note}")
    page.locator("summary", has_text=re.compile("^Deny$")).click()
    page.locator("article").get_by_label("Ground").select_option("accurate")
    page.get_by_label("Answer to the patient").fill("You told me so on 3 March.")
    page.get_by_role("button", name="Deny it").click()
    expect(page.get_by_text("The patient has been notified")).to_be_visible()


def test_a_correction_is_asked_for_accepted_and_read(therapist, patient, site, patients):
    note = sign_one(therapist, site, patients, "2026-05-01")
    ask(patient, note)
    expect(patient.get_by_text(re.compile("^Open, due"))).to_be_visible()
    therapist.goto(f"/notes/{note}")  # not by Today, whose twenty places other flows may have taken
    expect(therapist.get_by_text(WISH)).to_be_visible()
    accept(therapist, note)
    expect(therapist.get_by_text("Lives alone.")).to_be_visible()
    patient.reload()
    expect(patient.get_by_text("Your therapist added a correction to the note.")).to_be_visible()
    expect(patient.get_by_role("heading", name="Corrected later")).to_be_visible()
    expect(patient.get_by_text("Her sister lives with her.")).to_be_visible()
    expect(patient.get_by_text("Lives alone.")).to_be_visible()


def test_a_declined_correction_keeps_the_patients_disagreement_with_the_note(therapist, patient, site, patients):
    note = sign_one(therapist, site, patients, "2026-05-02")
    ask(patient, note)
    therapist.goto(f"/notes/{note}")
    therapist.locator("summary", has_text="Put off the answer by 30 days").click()
    therapist.get_by_label("Why it takes longer").fill("I look into the letters first.")
    therapist.get_by_role("button", name="Put it off").click()
    patient.reload()
    expect(patient.get_by_text("I look into the letters first.")).to_be_visible()
    deny(therapist, note)
    patient.reload()
    expect(patient.get_by_text("In our view the note is right and complete as it stands.")).to_be_visible()
    expect(patient.get_by_text("You told me so on 3 March.")).to_be_visible()
    patient.get_by_label("Your statement").fill("I said that my sister had moved in.")
    patient.get_by_role("button", name="Add the statement").click()
    expect(patient.get_by_text("Your statement stands with the note from now on.")).to_be_visible()
    therapist.reload()
    expect(therapist.get_by_text("I said that my sister had moved in.").first).to_be_visible()


def test_asking_and_answering_need_no_mouse(therapist, patient, site, patients):
    note = sign_one(therapist, site, patients, "2026-05-03")
    patient.goto(f"/portal/notes/{note}")
    patient.locator("summary", has_text="Ask for a correction").focus()
    patient.keyboard.press("Enter")
    patient.keyboard.press("Tab")
    patient.keyboard.type(WISH)
    patient.keyboard.press("Tab")
    patient.keyboard.press("Enter")
    expect(patient.get_by_role("heading", name="Corrections you asked for")).to_be_visible()
    therapist.reload()
    therapist.locator("summary", has_text=re.compile("^Deny$")).focus()
    therapist.keyboard.press("Enter")
    therapist.keyboard.press("Tab")
    therapist.keyboard.press("ArrowDown")
    therapist.keyboard.press("Tab")
    therapist.keyboard.type("You told me so.")
    therapist.keyboard.press("Tab")
    therapist.keyboard.press("Enter")
    expect(therapist.get_by_text("The patient has been notified")).to_be_visible()


@pytest.fixture(scope="module")
def places(browser, site, patients, cookies_of):
    """Notes with a request that is open, accepted and denied, each with many words."""
    pages = [browser.new_context(base_url=site.base, storage_state=cookies_of(who)).new_page() for who in PEOPLE]
    found = {}
    for day, (name, answer) in enumerate({"open": None, "accepted": accept, "denied": deny}.items(), start=4):
        found[name] = sign_one(pages[0], site, patients, f"2026-05-{day:02}")
        ask(pages[1], found[name], LONG)
        if answer:
            answer(pages[0], found[name])
    for page in pages:
        page.context.close()
    return found


def open_form(page):
    page.locator("summary", has_text="Ask for a correction").click()


def open_answers(page):
    for summary in page.locator("article summary").all():
        summary.click()


def send_nothing(page):
    open_form(page)
    page.get_by_label("What should be corrected, and how?").fill("   ")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("alert")).to_be_focused()


def deny_without_a_word(page):
    page.locator("summary", has_text=re.compile("^Deny$")).click()
    page.get_by_label("Answer to the patient").fill("   ")
    page.get_by_role("button", name="Deny it").click()
    expect(page.get_by_role("alert")).to_be_focused()


VISITS = [
    Visit("correction-ask", PATIENT, "/portal/notes/{open}", open_form),
    Visit("correction-ask-refused", PATIENT, "/portal/notes/{open}", send_nothing, status=422),
    Visit("correction-accepted", PATIENT, "/portal/notes/{accepted}"),
    Visit("correction-denied", PATIENT, "/portal/notes/{denied}"),
    Visit("correction-answer", THERAPIST, "/notes/{open}", open_answers),
    Visit("correction-answer-refused", THERAPIST, "/notes/{open}", deny_without_a_word, status=422),
    Visit("correction-answered", THERAPIST, "/notes/{denied}"),
]


@every_look(VISITS)
def test_every_page_of_a_correction_is_accessible_and_quiet(visit, look, watch, places):
    pay(visit, look, watch, places)
