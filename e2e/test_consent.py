"""Consent to recording: spoken, in one click; or signed on the patient's phone, while the therapist's page waits."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from e2e.steps import SAID, THERAPIST, mailed_link, sign_in

COUNT_CLICKS = "addEventListener('click', (event) => event.isTrusted && sessionStorage.clicks++, true)"
START = "sessionStorage.clicks ??= 0"
NEWCOMER, PASSWORD = "new.therapist@practice.example", "heron quiet Lamplight 83"


@pytest.fixture
def page(open_context, cookies_of):
    return open_context(storage_state=cookies_of(THERAPIST)).new_page()


def add_patient(page, first_name):
    """Add a patient; the page then asks whether they may be recorded."""
    page.goto("/patients/new")
    page.get_by_label("First name").fill(first_name)
    page.get_by_label("Last name").fill("Okonkwo")
    page.get_by_role("button", name="Add patient").click()
    expect(page.get_by_role("heading", name="May I record today?")).to_be_visible()
    expect(page.get_by_text("Not yet")).to_be_visible()


def may_record(page):
    return page.get_by_role("region", name="May I record today?").get_by_text("Yes, you may record")


def link_on(page):
    """The path of the signing link; the address of this installation is not the one that it is published under."""
    return urlsplit(page.locator("#link").inner_text()).path


def sign_up(page, site):
    """Create an account, and follow the link in the e-mail."""
    page.goto("/sign-up")
    page.get_by_label("E-mail").fill(NEWCOMER)
    page.get_by_label("First name").fill("Ngozi")
    page.get_by_label("Last name").fill("Adeyemi")
    page.get_by_label("Name of your practice").fill("Harbour Street Practice")
    page.get_by_label("Time zone").select_option("Europe/Dublin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
    page.goto(mailed_link(site, NEWCOMER, "/verify-email/"))
    page.get_by_role("button", name="Confirm the address").click()


def test_a_new_therapist_reaches_the_first_draft_in_nine_clicks(open_context, site):
    page = open_context().new_page()
    page.add_init_script(f"{START}; {COUNT_CLICKS}")
    sign_up(page, site)
    sign_in(page, NEWCOMER, PASSWORD)
    add_patient(page, "Chidi")
    expect(page.locator("blockquote")).to_contain_text("Your therapist would like to make an audio recording")
    page.get_by_role("button", name="Chidi agrees").click()
    expect(page.get_by_text("You may record.")).to_be_visible()
    page.get_by_label("Date and time").fill(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Paste it here").fill(SAID.replace("Samuel", "Chidi"))
    page.get_by_role("button", name="Use transcript").click()
    page.wait_for_url(re.compile(r"/sessions/[0-9a-f-]{36}$"))
    # And two that open a page here: the link in the e-mail, and "add a patient" on the first page.
    assert int(page.evaluate("sessionStorage.clicks")) + 2 <= 9


def test_the_page_tells_when_it_was_signed_on_another_device(page, open_context):
    page.goto("/today")
    add_patient(page, "Ifeoma")
    page.get_by_role("region", name="May I record today?").get_by_role("button", name="Show a QR code").click()
    expect(page.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    expect(page.get_by_text("Not answered yet")).to_be_visible()

    phone = open_context(viewport={"width": 390, "height": 844}).new_page()
    phone.goto(link_on(page))
    for choice in phone.get_by_label("I agree").all():
        choice.check()
    phone.get_by_label("I am the patient").check()
    phone.get_by_label("Your full name").fill("Ifeoma Okonkwo")
    phone.get_by_role("button", name="Sign").click()
    expect(phone).to_have_url(re.compile("/signed$"))

    expect(page.locator("[data-announce]", has_text="The form was answered on")).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="See the consent").click()
    expect(may_record(page)).to_be_visible()
    expect(page.get_by_text("on a device where")).to_have_count(0)


def test_signed_on_the_therapists_device_it_says_so(page):
    page.goto("/today")
    add_patient(page, "Amara")
    page.get_by_role("region", name="May I record today?").get_by_role("button", name="Show a QR code").click()
    page.goto(link_on(page))
    for choice in page.get_by_label("I agree").all():
        choice.check()
    page.get_by_label("I am the patient").check()
    page.get_by_label("Your full name").fill("Amara Okonkwo")
    page.get_by_role("button", name="Sign").click()
    page.goto("/patients")
    page.get_by_role("link", name="Amara Okonkwo").click()
    page.get_by_role("link", name="Consent", exact=True).click()
    expect(may_record(page)).to_be_visible()
    expect(page.get_by_text("on a device where Hannah Lindqvist was signed in").first).to_be_visible()
