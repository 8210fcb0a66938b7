"""A patient's record: what is edited is what others find in an emergency; what was agreed is ticked off and told."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import PATIENT, THERAPIST
from e2e.visits import Visit, every_look, pay

COLLEAGUE = "therapist2@demo.example"
MOTHER = "Aisha Novak-Bellweather, mother, +353 20 917 0143"
CHANGE = re.compile("^Change ?:")
LONG = "It made the nights worse, and she asked to leave it for now. " * 12


def change_first(page):
    page.get_by_role("link", name=CHANGE).first.click()
    expect(page.get_by_role("heading", name="Change it")).to_be_visible()


def drop_without_reason(page):
    change_first(page)
    page.get_by_label("Dropped", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_focused()


VISITS = [
    Visit("items", THERAPIST, "/patients/{Elena}/action-items"),
    Visit("items-open", THERAPIST, "/patients/{Elena}/action-items?status=open"),
    Visit("items-none", THERAPIST, "/patients/{Priya}/action-items"),
    Visit("item", THERAPIST, "/patients/{Elena}/action-items?status=open", change_first),
    Visit("item-refused", THERAPIST, "/patients/{Elena}/action-items?status=open", drop_without_reason, status=422),
    Visit("portal-agreed", PATIENT, "/portal/agreed"),
]


@every_look(VISITS)
def test_every_page_of_action_items_is_accessible_and_quiet(visit, look, watch, patients):
    pay(visit, look, watch, patients)


@pytest.fixture
def colleague(open_context, cookies_of):
    return open_context(storage_state=cookies_of(COLLEAGUE)).new_page()


def test_a_new_contact_is_what_a_colleague_finds_in_an_emergency(page, colleague, patients):
    priya = patients["Priya"]  # whom no test hands over to the colleague
    page.goto(f"/patients/{priya}/edit")
    page.get_by_label("Emergency contact").fill(MOTHER)
    page.get_by_label("Phone").fill("+353 20 917 0144")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The details were saved.")).to_be_visible()

    assert colleague.goto(f"/patients/{priya}").status == 404
    colleague.goto("/emergency")
    colleague.get_by_label("Or the patient's ID").fill(priya)
    colleague.get_by_label("Medical emergency").check()
    colleague.get_by_label("What happened").fill("Found unwell at the practice; the ward asks whom to call.")
    colleague.get_by_role("button", name="Open the record").click()
    about = colleague.get_by_role("region", name=re.compile("^About Priya"))
    expect(about.get_by_text(MOTHER)).to_be_visible()
    expect(about.get_by_text("+353 20 917 0144")).to_be_visible()
    colleague.goto(f"/patients/{priya}/details")
    expect(colleague.get_by_text("emergency contact, phone")).to_be_visible()


def test_a_step_is_dropped_with_a_reason_by_keyboard_and_opened_again(page, patients):
    page.goto(f"/patients/{patients['Elena']}")
    change = page.get_by_role("link", name=CHANGE).first
    item = page.get_by_role("listitem").filter(has=page.locator(f"a[href='{change.get_attribute('href')}']"))
    change.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Dropped", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_label("Why it is dropped").fill(LONG)
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The action item was changed.")).to_be_visible()
    expect(item.get_by_text("Why it was dropped: It made the nights worse")).to_be_visible()
    item.get_by_role("link", name=CHANGE).click()
    page.get_by_label("To do", exact=True).check()
    page.get_by_label("Why it is dropped").fill("")
    page.get_by_role("button", name="Save").click()
    expect(item.get_by_role("button", name="Done")).to_be_visible()
