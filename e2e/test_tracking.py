"""Numbers that are followed for a goal, in a browser: set up, entered, checked in by the patient, and in every look."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from e2e.steps import PATIENT, THERAPIST
from e2e.visits import Visit, every_look, pay

DAYS = 12
LONG = "How many minutes did you lie awake before you fell asleep last night, roughly, and how did that feel?"


@pytest.fixture(scope="module")
def places(site):
    """A goal of the patient who has an account, with what is asked and what is not, and values of some days."""
    client = site.client(THERAPIST)
    patient = site.client(PATIENT).get("/me").json()["id"]
    [plan] = client.get(f"/plans?status=active&patient={patient}").json()["results"]
    today = datetime.now(UTC).date() - timedelta(days=1)  # in every zone a day that was

    def send(path, body):
        answer = client.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()["id"]

    goal = send(f"/plans/{plan['id']}/goals", {"term": "short_term", "wording": "Fall asleep within half an hour"})
    other = send(f"/plans/{plan['id']}/goals", {"term": "short_term", "wording": "Go out every week"})
    asked = {"question": LONG, "kind": "duration", "better": "lower", "unit": "minutes", "sends_reminders": True}
    tracker = send(f"/goals/{goal}/trackers", asked)
    scale = {"question": "How rested are you?", "kind": "scale", "lowest": 0, "highest": 10}
    send(f"/goals/{goal}/trackers", scale)
    for day in range(DAYS):
        entry = {"value": 90 - 5 * day, "day": (today - timedelta(days=DAYS - day)).isoformat(), "note": "Told me."}
        send(f"/trackers/{tracker}/entries", entry)
    site.client(PATIENT).post("/check-ins", json={"sent_key": "made-by-e2e", "mood": 6, "note": "A walk in the rain."})
    return {"patient": patient, "goal": goal, "other": other, "tracker": tracker}


def press(page, target):
    """Use something by keyboard."""
    target.focus()
    page.keyboard.press("Enter")


def test_a_therapist_sets_one_up_by_keyboard_and_sees_its_chart(page, places):
    page.goto(f"/goals/{places['other']}/trackers")
    expect(page.get_by_label("Scale from")).to_be_visible()
    expect(page.get_by_label("Questionnaire", exact=True)).to_be_hidden()
    expect(page.get_by_label("After how many days")).to_be_hidden()
    page.get_by_label("Question", exact=True).fill("Did you go out?")
    page.get_by_label("A number on a scale").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Done or not")).to_be_checked()
    expect(page.get_by_label("Scale from")).to_be_hidden()
    expect(page.get_by_label("Unit")).to_be_hidden()
    page.get_by_label("How often").focus()
    page.keyboard.type("Every few")
    expect(page.get_by_label("After how many days")).to_be_visible()
    page.get_by_label("After how many days").fill("3")
    press(page, page.get_by_role("button", name="Track it"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Did you go out?")
    for at, value in enumerate(("Yes", "No", "Yes")):
        day = (datetime.now(UTC).date() - timedelta(days=5 - at)).isoformat()
        page.get_by_label(value, exact=True).focus()
        page.keyboard.press("Space")
        page.get_by_label("Day", exact=True).fill(day)
        press(page, page.get_by_role("button", name="Enter"))
        expect(page.get_by_text("The value was entered.")).to_be_visible()
    expect(page.get_by_role("img", name="Did you go out?")).to_be_visible()
    expect(page.get_by_text("Yes on 2 of 3 days.")).to_be_visible()
    press(page, page.get_by_role("button", name=re.compile("Withdraw")).first)
    expect(page.get_by_text("The value was withdrawn.")).to_be_visible()


@pytest.fixture
def phone(open_context, cookies_of):
    """The patient's telephone."""
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    return open_context(storage_state=cookies_of(PATIENT), **options).new_page()


def test_a_patient_checks_in_on_a_telephone_once_however_often_it_is_sent(phone, page, places):
    phone.goto("/portal/check-ins")
    phone.get_by_role("button", name="Check in").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Check-in")
    wide = phone.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 390
    rested = phone.get_by_role("group", name="How rested are you?")
    rested.get_by_role("radio", name="7", exact=True).tap()
    phone.get_by_label("Anything you would like your therapist to read?").fill("Slept through, for once.")
    phone.get_by_role("button", name="Send to my therapist").dblclick()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    phone.go_back()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("no longer works")

    page.goto(f"/patients/{places['patient']}/check-ins")
    expect(page.get_by_text("Slept through, for once.")).to_have_count(1)
    expect(page.get_by_text("How rested are you?").first).to_be_visible()


def test_a_patient_checks_in_by_keyboard(open_context, cookies_of, page, places):
    portal = open_context(storage_state=cookies_of(PATIENT)).new_page()
    portal.goto("/portal/check-ins")
    press(portal, portal.get_by_role("button", name="Check in"))
    expect(portal.get_by_role("heading", level=1)).to_have_text("Check-in")
    portal.get_by_label(re.compile("lie awake")).focus()
    portal.keyboard.type("25")
    portal.keyboard.press("Tab")
    portal.keyboard.press("Space")
    portal.get_by_label("Anything you would like your therapist to read?").focus()
    portal.keyboard.type("By keyboard.")
    portal.keyboard.press("Tab")
    portal.keyboard.press("Enter")
    expect(portal.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto(f"/trackers/{places['tracker']}")
    expect(page.get_by_text("From a check-in").first).to_be_visible()


def test_quiet_hours_are_set_in_the_account(open_context, cookies_of, places):
    portal = open_context(storage_state=cookies_of(PATIENT)).new_page()
    portal.goto("/portal/check-ins")
    portal.get_by_role("link", name="Change reminders").click()
    portal.get_by_label("No e-mails from").fill("16:00")
    portal.get_by_label("Until").fill("09:00")
    press(portal, portal.get_by_role("button", name="Save"))
    expect(portal.get_by_text("Saved.")).to_be_visible()
    expect(portal.get_by_label("No e-mails from")).to_have_value("16:00")


def open_all(page):
    page.locator("details:not([open]) > summary").evaluate_all("(all) => all.forEach((one) => one.click())")


def send_nothing(page):
    page.get_by_role("button", name="Check in").click()
    page.get_by_role("button", name="Send to my therapist").click()
    expect(page.get_by_text("Answer at least one question.").first).to_be_visible()


def refuse(page):
    open_all(page)
    page.get_by_role("button", name="Track it").click()


def leave_no_hour(page):
    page.get_by_label("No e-mails from").fill("08:30")
    page.get_by_label("Until").fill("08:15")
    page.get_by_role("button", name="Save").click()


VISITS = [
    Visit("trackers", THERAPIST, "/goals/{goal}/trackers"),
    Visit("trackers-new", THERAPIST, "/goals/{other}/trackers"),
    Visit("trackers-refused", THERAPIST, "/goals/{goal}/trackers", refuse, status=422),
    Visit("tracker", THERAPIST, "/trackers/{tracker}"),
    Visit("tracker-open", THERAPIST, "/trackers/{tracker}", open_all),
    Visit("check-ins", THERAPIST, "/patients/{patient}/check-ins"),
    Visit("portal-check-ins", PATIENT, "/portal/check-ins"),
    Visit("portal-check-in-refused", PATIENT, "/portal/check-ins", send_nothing, status=422),
    Visit("portal-check-in-sent", PATIENT, "/check-in-sent"),
    Visit("portal-reminders", PATIENT, "/account/reminders"),
    Visit("portal-reminders-refused", PATIENT, "/account/reminders", leave_no_hour, status=422),
]


@every_look(VISITS)
def test_pages_of_tracking_are_accessible_and_quiet(visit, look, watch, places):
    pay(visit, look, watch, places)
