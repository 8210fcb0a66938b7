"""Signing in by invitation, with a second factor and with a new password, and opening a record in an emergency."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from e2e.steps import THERAPIST, sign_in
from therapybridge.tests.deployment import deployment, until

PASSWORD = "seven quiet herons"


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """An installation that asks therapists and administrators for a second factor, and writes e-mails to a folder."""
    root = tmp_path_factory.mktemp("strict")
    with deployment(root, MFA_REQUIRED="1", EMAIL_URL=f"filemail:///{root}/emails") as running:
        running.env["PUBLIC_URL"] = running.base
        running.manage("collectstatic", "--noinput", "--verbosity", "0")
        running.manage("demo")
        running.start_web()
        running.start_workers()
        yield running
        assert "Traceback" not in running.log("web")


@pytest.fixture
def person(browser, strict):
    """Open a page in a new browser profile."""
    contexts = []

    def new_page():
        contexts.append(browser.new_context(base_url=strict.base, viewport={"width": 1440, "height": 900}))
        return contexts[-1].new_page()

    yield new_page
    for context in contexts:
        context.close()


def link_in_email(site, address, place):
    """The newest link to a page under `place` that was e-mailed to an address."""

    def newest():
        emails = sorted((site.root / "emails").glob("*.log"), key=lambda file: file.stat().st_mtime)
        texts = [text for file in emails if f"To: {address}" in (text := file.read_text())]
        found = [re.search(rf"{re.escape(site.base)}/{place}\S*", text.replace("=\n", "")) for text in texts]
        return next((link.group() for link in reversed(found) if link), None)

    return until(newest, 30, f"an e-mail to {address}")


def submit(page, button, **fields):
    for label, value in fields.items():
        page.get_by_label(re.compile(rf"^\s*{label.replace('_', ' ')}\b")).fill(value)
    page.get_by_role("button", name=button).click()


def set_up_app(page):
    """Complete the enrolment page that is open; returns a recovery code."""
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("code.key").inner_text()
    submit(page, "Turn it on", Code=format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    return page.locator(".codes code").first.inner_text()


def enrol(page, address, password):
    """Sign in for the first time: nothing opens before the second factor is set up."""
    page.goto("/sign-in")
    submit(page, "Sign in", **{"E-mail": address, "Password": password})
    expect(page).to_have_url(re.compile("/account/second-factor"))
    page.goto("/patients")
    expect(page).to_have_url(re.compile("/account/second-factor"))
    return set_up_app(page)


def sign_in_again(page, address, password, code):
    page.context.clear_cookies()
    page.goto("/sign-in")
    submit(page, "Sign in", **{"E-mail": address, "Password": password})
    page.goto("/today")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto("/sign-in/second-factor")
    submit(page, "Continue", Code=code)
    page.get_by_role("button", name="Ask me every time").click()
    page.goto("/today")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Today"))


def test_an_invited_colleague_signs_in_and_their_emergency_access_is_reviewed(strict, person):
    password = strict.env["DEMO_PASSWORD"]
    host = person()
    enrol(host, THERAPIST, password)
    host.goto("/invitations")
    submit(host, "Send the invitation", **{"E-mail": "ruth@colleague.example"})
    expect(host.get_by_text("ruth@colleague.example").first).to_be_visible()

    guest = person()
    link = link_in_email(strict, "ruth@colleague.example", "invitation")
    guest.goto(link)
    submit(guest, "Accept the invitation", First_name="Ruth", Last_name="Adler", Password=PASSWORD)
    again = person().goto(link)
    assert again.status in {404, 410}
    code = enrol(guest, "ruth@colleague.example", PASSWORD)
    sign_in_again(guest, "ruth@colleague.example", PASSWORD, code)

    guest.goto("/emergency")
    guest.get_by_label("Medical emergency").check()
    submit(
        guest,
        "Open the record",
        First_name="Elena",
        Last_name="Marchetti",
        Date_of_birth="1989-04-17",
        What_happened="Brought to the emergency room; the ward asks what she takes.",
    )
    expect(guest.get_by_role("heading", level=1)).to_have_text(re.compile("Elena"))
    record = guest.url
    guest.get_by_role("button", name="End now").click()
    assert guest.goto(record).status == 404

    host.goto(link_in_email(strict, THERAPIST, "emergency"))
    host.get_by_role("link", name=re.compile("Elena")).click()
    host.get_by_label("Yes, it was justified").check()
    host.get_by_role("button", name="Record the verdict").click()
    host.goto("/emergency/reviews")
    expect(host.get_by_role("heading", name="Nothing to review")).to_be_visible()


def test_a_forgotten_password_is_reset(strict, person):
    page = person()
    page.goto("/sign-in")
    page.get_by_role("link", name=re.compile("Forgot")).click()
    submit(page, "Send the link", **{"E-mail": "patient@demo.example"})
    page.goto(link_in_email(strict, "patient@demo.example", "password"))
    submit(page, "Set the password", **{"New password": PASSWORD})
    sign_in(page, "patient@demo.example", PASSWORD)
    expect(page).to_have_url(re.compile("/portal"))
