"""Treatment plans in a browser: drafted, started and agreed to by keyboard, read in the portal, and in every look."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import PATIENT, THERAPIST
from e2e.visits import Visit, every_look, pay

LONG = "Zwischenschritte der aufrechterhaltenden Bedingungen " + "wortohneleerzeichen" * 4
CODES = ["F41.1", "F43.1", "G47.00"]
STEPS = ("Keep a worry diary for two weeks", "Sleep six hours on five nights", LONG)


@pytest.fixture(scope="module", autouse=True)
def pauses(site, patients):
    """Puts two plans of the demonstration on hold: a patient has one active plan at a time."""
    client = site.client(THERAPIST)
    for name in ("Samuel", "Elena"):
        [plan] = client.get(f"/plans?status=active&patient={patients[name]}").json()["results"]
        headers = {"If-Match": f'"{plan["revision"]}"'}
        answer = client.post(f"/plans/{plan['id']}/hold", json={"reason": "Another plan first."}, headers=headers)
        assert answer.is_success, answer.text


@pytest.fixture(scope="module")
def places(site, patients, pauses):
    """An active plan whose review is not due, with milestones, an earlier version and a refusal, and a draft."""
    client = site.client(THERAPIST)

    def send(method, path, body, revision=None):
        headers = {"If-Match": f'"{revision}"'} if revision else {}
        answer = client.request(method, path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    said = {"problems": LONG, "diagnosis": "Generalized anxiety with insomnia.", "codes": CODES}
    plan = send("POST", "/plans", {"patient_id": patients["Samuel"], "title": "Worry less", **said})
    path = f"/plans/{plan['id']}"
    send("POST", f"{path}/activate", None, revision=1)
    send("PATCH", path, {"title": "Worry less, and sleep"}, revision=2)
    made = [send("POST", f"{path}/milestones", {"description": step}) for step in STEPS]
    send("PATCH", f"/milestones/{made[0]['id']}", {"status": "achieved"}, revision=1)
    send("POST", f"{path}/consents", {"version": 2, "status": "declined"})
    send("POST", f"{path}/reviews", {"outcome": "continued", "notes": LONG}, revision=3)
    draft = send("POST", "/plans", {"patient_id": patients["Samuel"], "title": LONG})
    places = {"plan": plan["id"], "draft": draft["id"], "milestone": made[1]["id"]}
    return places | {"Samuel": patients["Samuel"], "Elena": patients["Elena"]}


def press(page, name):
    """Use a button by keyboard."""
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_a_plan_is_drafted_started_and_agreed_to_by_keyboard(page, patients, open_context, cookies_of):
    page.goto(f"/patients/{patients['Elena']}/plans/new")
    page.get_by_label("Title").fill("Riding the train again")
    page.get_by_label("Find a code by its beginning or by words").focus()
    page.keyboard.type("agoraphobia panic")
    press(page, "Add F40.01")
    expect(page.get_by_role("button", name="Remove F40.01")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Riding the train again")
    page.get_by_label("Title").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Riding the train again")).to_be_visible()
    press(page, "Start the plan")
    press(page, "Elena agrees")
    expect(page.get_by_role("link", name="Agreed", exact=True)).to_be_visible()
    page.get_by_label("What is reached").fill("One stop alone")
    press(page, "Add the milestone")
    expect(page.locator(".milestone")).to_have_count(1)
    page.locator("summary", has_text="Add a milestone").focus()
    page.keyboard.press("Enter")
    page.get_by_label("What is reached").fill("Two stops alone")
    press(page, "Add the milestone")
    press(page, re.compile("Up.*Two stops alone"))
    expect(page.locator(".milestone").first).to_contain_text("Two stops alone")
    portal = open_context(storage_state=cookies_of(PATIENT)).new_page()
    portal.goto("/portal")
    portal.get_by_role("link", name="Our plan").click()
    expect(portal.get_by_role("heading", name="Riding the train again")).to_be_visible()
    expect(portal.get_by_text("F40.01")).to_have_count(0)


def find_codes(page):
    page.get_by_label("Find a code by its beginning or by words").fill("panic")
    expect(page.get_by_role("button", name="Add F41.0")).to_be_visible()


def send_empty(page):
    page.get_by_role("button", name="Save the draft").click()


def open_all(page):
    page.locator("details:not([open]) > summary").evaluate_all("(all) => all.forEach((one) => one.click())")


def ask_for_a_signature(page):
    page.get_by_role("button", name="Show a QR code").click()
    expect(page.get_by_role("heading", name="Let Samuel Whitfield sign")).to_be_visible()


VISITS = [
    Visit("plans", THERAPIST, "/plans"),
    Visit("plans-of-a-patient", THERAPIST, "/patients/{Samuel}/plans"),
    Visit("sessions-of-a-patient", THERAPIST, "/sessions?patient={Samuel}"),
    Visit("notes-of-a-patient", THERAPIST, "/notes?patient={Samuel}"),
    Visit("plan", THERAPIST, "/plans/{plan}"),
    Visit("plan-open", THERAPIST, "/plans/{plan}", open_all),
    Visit("plan-signed-by-link", THERAPIST, "/plans/{plan}", ask_for_a_signature),
    Visit("plan-draft", THERAPIST, "/plans/{draft}"),
    Visit("plan-edit", THERAPIST, "/plans/{plan}/edit", find_codes),
    Visit("plan-new", THERAPIST, "/patients/{Samuel}/plans/new"),
    Visit("plan-new-refused", THERAPIST, "/patients/{Samuel}/plans/new", send_empty, status=422),
    Visit("plan-version", THERAPIST, "/plans/{plan}/versions/1"),
    Visit("milestone", THERAPIST, "/milestones/{milestone}"),
    Visit("portal-plans", PATIENT, "/portal/plans"),
]


@every_look(VISITS)
def test_pages_of_plans_are_accessible_and_quiet(visit, look, watch, places):
    pay(visit, look, watch, places)
