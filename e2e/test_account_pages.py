"""Checks of the pages for accounts, consent, emergency access, patients' rights and administration."""

import json
import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from e2e.browser import Watch
from e2e.steps import ADMIN, PATIENT, THERAPIST, open_menu
from e2e.visits import Onlookers, Visit, every_look, pay
from therapybridge.tests.deployment import deployment

SEED = "import os; from e2e.states import seed; seed(os.environ['DEMO_PASSWORD'])"
COLLEAGUE, ALONE, FRESH, CLOSED, PLAIN, SECURED, CODES, STEPS, KEYS, PASSKEY = (
    f"{name}@demo.example"
    for name in ("therapist2", "alone", "fresh", "closed", "plain", "secured", "codes", "steps", "keys", "passkey")
)
PASSWORD = "correct horse battery"
# Recovery codes that are left, by person; each opens a sign-in once.
LEFT = {}
# Django's own pages: its side bar repeats landmarks, its calendars have no names.
DJANGO = ("region", "landmark-unique")


@pytest.fixture(scope="module")
def furnished(tmp_path_factory):
    """The demonstration clinic with people in every state; step-up is never asked for."""
    with deployment(tmp_path_factory.mktemp("furnished"), STEP_UP_SECONDS="100000") as running:
        running.env["PUBLIC_URL"] = address_of(running)
        running.manage("collectstatic", "--noinput", "--verbosity", "0")
        running.manage("demo")
        made = json.loads(running.manage("shell", "-c", SEED).splitlines()[-1])
        running.places = made["places"]
        LEFT.update(made["codes"])
        running.start_web()
        yield running
        assert "Traceback" not in running.log("web")


def address_of(site):
    """Passkeys need a host name, not an IP address."""
    return f"http://localhost:{site.web_port}"


@pytest.fixture
def window(browser, furnished):
    """Open browser contexts; closed after the test."""
    contexts = []

    def opened(**options):
        contexts.append(browser.new_context(base_url=address_of(furnished), **options))
        return contexts[-1]

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def cookies_here(browser, furnished):
    """The cookies of a person, signed in once, with a passkey if they have one."""
    known = {None: None}

    def signed_in(email):
        if email not in known:
            context = browser.new_context(base_url=address_of(furnished))
            page = context.new_page()
            enter(page, email)
            expect(page).not_to_have_url(re.compile("/sign-in"))
            if email == KEYS:
                for name in ("", "The blue security key on the ring with the keys of the practice"):
                    with device(page):  # one holds a single passkey of a person
                        add_passkey(page, name)
            known[email] = context.storage_state()
            context.close()
        return known[email]

    return signed_in


@pytest.fixture(scope="module")
def onlookers_here(browser, furnished, cookies_here):
    """Contexts in which pages are only looked at."""
    kept = Onlookers(browser, address_of(furnished), cookies_here)
    yield kept
    kept.close()


@contextmanager
def device(page):
    """Attach a virtual authenticator with passkeys and user verification."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield
    devtools.send("WebAuthn.disable")


def add_passkey(page, name):
    page.goto("/account/second-factor/passkeys/new")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(re.compile("second-factor(/codes/?)?$"))


def give_password(page, email):
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def give_code(page, email):
    page.get_by_label("Code").fill(LEFT[email].pop())
    page.get_by_role("button", name="Continue").click()


def enter(page, email):
    """Sign in, including the second factor."""
    give_password(page, email)
    if email in LEFT:
        give_code(page, email)
        page.get_by_role("button", name="Ask me every time").click()


def press(*names, **fields):
    """A step: fill in the named fields, then press a button."""

    def perform(page):
        for label, value in fields.items():
            page.get_by_label(re.compile(rf"^\s*{label.replace('_', ' ')}")).fill(value)
        for name in names:
            page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_load_state()

    return perform


def refused(*names, **fields):
    """A step: press a button, and expect errors."""

    def perform(page):
        press(*names, **fields)(page)
        expect(page.locator("[data-error-summary]")).to_be_focused()

    return perform


def second_step(email):
    def perform(page):
        give_password(page, email)
        page.wait_for_url(re.compile("/sign-in/second-factor"))

    return perform


def wrong_code(page):
    give_password(page, STEPS)
    refused("Continue", Code="000000")(page)


def trust(page):
    give_password(page, STEPS)
    give_code(page, STEPS)


def open_draft(page):
    page.get_by_role("link", name=re.compile("Session #")).first.click()
    expect(page.get_by_role("button", name=re.compile("Redraft|Swap|share"))).to_have_count(0)


def make_codes(page):
    press("Create new codes")(page)
    expect(page.locator(".codes li").first).to_be_visible()


def print_codes(page):
    make_codes(page)
    page.emulate_media(media="print")


def grow_tired(page):
    """Be idle for an hour, less a minute and a half."""
    page.clock.install()
    page.reload()
    page.clock.fast_forward("58:30")
    expect(page.get_by_role("dialog", name="Are you still there?")).to_be_visible()


def open_all(page):
    for summary in page.locator("main summary").all():
        summary.click()


def open_row(page):
    page.locator("#result_list a").first.click()
    expect(page.get_by_role("heading", name="View audit event")).to_be_visible()


def sign_nothing(page):
    refused("Sign")(page)


def follow(role, name):
    def perform(page):
        page.get_by_role(role, name=name).first.click()
        page.wait_for_load_state()

    return perform


SECOND = "/account/second-factor"
TRAIL = "/admin/audit/auditevent"
VISITS = [
    Visit("sign-up", None, "/sign-up"),
    Visit("sign-up-refused", None, "/sign-up", refused("Create the account"), status=422),
    Visit("verify", None, "{verify}"),
    Visit("verify-new", None, "{verify_new}"),
    Visit("link-gone", None, "/invitation/1used-up", status=404),
    Visit("invitation", None, "{invited_colleague}"),
    Visit("invitation-refused", None, "{invited_colleague}", refused("Accept the invitation"), status=422),
    Visit("invitation-patient", None, "{invited_patient}"),
    Visit("forgot", None, "/password/forgot"),
    Visit("forgot-sent", None, "/password/forgot", press("Send the link", **{"E-mail": "nobody@nowhere.example"})),
    Visit("reset", None, "{reset}"),
    Visit("reset-refused", None, "{reset}", refused("Set the password", New_password="short"), status=422),
    Visit("step-code", None, "/sign-in", second_step(STEPS)),
    Visit("step-code-wrong", None, "/sign-in", wrong_code, status=422),
    Visit("step-passkey", None, "/sign-in", second_step(KEYS)),
    Visit("trust", None, "/sign-in", trust),
    Visit("account", THERAPIST, "/account"),
    Visit("account-patient", PATIENT, "/account"),
    Visit("account-long", ALONE, "/account", open_menu),
    Visit("account-admin", ADMIN, "/account", open_menu),
    Visit("account-refused", PLAIN, "/account", refused("Save", First_name=""), status=422),
    Visit("account-email", THERAPIST, "/account/email"),
    Visit("account-email-refused", THERAPIST, "/account/email", refused("Send the link"), status=422),
    Visit("password", THERAPIST, "/account/password"),
    Visit(
        "password-refused",
        THERAPIST,
        "/account/password",
        refused("Change the password", Current_password="x", New_password="y"),
        status=422,
    ),
    Visit("factor-none", PLAIN, SECOND),
    Visit("factor-none-patient", PATIENT, SECOND),
    Visit("factor-app", SECURED, SECOND),
    Visit("factor-passkeys", KEYS, SECOND),
    Visit("app-set-up", PLAIN, f"{SECOND}/app"),
    Visit("app-set-up-refused", PLAIN, f"{SECOND}/app", refused("Turn it on", Code="12"), status=422),
    Visit("app-remove", SECURED, f"{SECOND}/app/remove"),
    Visit("codes", SECURED, f"{SECOND}/codes"),
    Visit("codes-new", SECURED, f"{SECOND}/codes/new"),
    Visit("codes-shown", CODES, f"{SECOND}/codes/new", make_codes),
    Visit("codes-printed", CODES, f"{SECOND}/codes/new", print_codes),
    Visit("passkeys-none", PLAIN, f"{SECOND}/passkeys"),
    Visit("passkeys", KEYS, f"{SECOND}/passkeys"),
    Visit("passkey-add", PLAIN, f"{SECOND}/passkeys/new"),
    Visit("passkey-rename", KEYS, f"{SECOND}/passkeys", follow("link", re.compile("Rename The"))),
    Visit("passkey-remove", KEYS, f"{SECOND}/passkeys", follow("link", re.compile("Remove The"))),
    Visit("confirm-password", PLAIN, "/account/confirm"),
    Visit("confirm-refused", PLAIN, "/account/confirm", refused("Confirm", Password="x"), status=422),
    Visit("confirm-code", SECURED, "/account/confirm/second-factor"),
    Visit("confirm-passkey", KEYS, "/account/confirm/passkey"),
    Visit("devices", SECURED, "/account/devices"),
    Visit("devices-refused", SECURED, "/account/devices", refused("Sign out everywhere"), status=422),
    Visit("timeout", THERAPIST, "/patients", grow_tired),
    Visit("timeout-patient", PATIENT, "/portal", grow_tired),
    Visit("invitations", THERAPIST, "/invitations"),
    Visit("invitations-none", ALONE, "/invitations"),
    Visit("invitations-admin", ADMIN, "/invitations"),
    Visit("invitations-refused", THERAPIST, "/invitations", refused("Send the invitation"), status=422),
    Visit("invite-patient", THERAPIST, "/patients/{Maria Fernanda}/invite"),
    Visit("consent", THERAPIST, "/patients/{Elena}/consent", open_all),
    Visit("consent-none", THERAPIST, "/patients/{Priya}/consent"),
    Visit("consent-refused", THERAPIST, "/patients/{Elena}/consent", refused("Record the decision"), status=422),
    Visit("consent-link", THERAPIST, "/patients/{Samuel}/consent", press("Show a QR code")),
    Visit("sign", None, "{sign}"),
    Visit("sign-refused", None, "{sign}", sign_nothing, status=422),
    Visit("signed", None, "/signed"),
    Visit("sign-gone", None, "/sign/1used-up", status=404),
    Visit("portal-consents", PATIENT, "/portal/consents", open_all),
    Visit("portal-consents-none", FRESH, "/portal/consents"),
    Visit("portal-access", PATIENT, "/portal/access"),
    Visit("portal-access-closed", CLOSED, "/portal/access"),
    Visit("portal-disclosures", PATIENT, "/portal/disclosures"),
    Visit("portal-disclosures-none", FRESH, "/portal/disclosures"),
    Visit("requests", PATIENT, "/account/requests"),
    Visit("requests-none", FRESH, "/account/requests"),
    Visit("requests-refused", FRESH, "/account/requests", refused("Send the request"), status=422),
    Visit("access", THERAPIST, "/patients/{Elena}/access"),
    Visit("access-none", THERAPIST, "/patients/{Priya}/access"),
    Visit("disclosures", THERAPIST, "/patients/{Elena}/disclosures"),
    Visit("disclosures-none", THERAPIST, "/patients/{Samuel}/disclosures"),
    Visit("disclosures-refused", THERAPIST, "/patients/{Elena}/disclosures", refused("Record"), status=422),
    Visit("emergency", COLLEAGUE, "/emergency"),
    Visit("emergency-none", ALONE, "/emergency"),
    Visit("emergency-refused", ALONE, "/emergency", refused("Open the record"), status=422),
    Visit("emergency-patient", COLLEAGUE, "/patients/{Elena}"),
    Visit("emergency-session", COLLEAGUE, "/patients/{Elena}", open_draft),
    Visit("emergency-consent", COLLEAGUE, "/patients/{Elena}/consent"),
    Visit("emergency-today", COLLEAGUE, "/today"),
    Visit("reviews", THERAPIST, "/emergency/reviews"),
    Visit("reviews-none", ALONE, "/emergency/reviews"),
    Visit("reviews-admin", ADMIN, "/emergency/reviews"),
    Visit("review", THERAPIST, "/emergency/{overdue}/review"),
    Visit("review-live", ADMIN, "/emergency/{live}/review"),
    Visit("review-done", THERAPIST, "/emergency/{judged}/review"),
    Visit("review-refused", THERAPIST, "/emergency/{overdue}/review", refused("Record the verdict"), status=422),
    Visit("admin-start", ADMIN, "/admin/", foreign=DJANGO),
    Visit("admin-users", ADMIN, "/admin/accounts/user/", foreign=DJANGO),
    Visit("admin-user", ADMIN, "/admin/accounts/user/", follow("link", re.compile("^Therapist ")), foreign=DJANGO),
    Visit("admin-clinics", ADMIN, "/admin/accounts/clinic/", foreign=DJANGO),
    Visit("admin-requests", ADMIN, "/admin/accounts/accessrequest/", foreign=DJANGO),
    Visit("admin-trail", ADMIN, f"{TRAIL}/", foreign=DJANGO),
    Visit("admin-trail-none", ADMIN, f"{TRAIL}/?action=nothing.at_all", foreign=DJANGO),
    Visit("admin-trail-row", ADMIN, f"{TRAIL}/", open_row, foreign=DJANGO),
    Visit("admin-statistics", ADMIN, f"{TRAIL}/statistics", foreign=DJANGO),
]


@every_look(VISITS)
def test_every_page_of_the_account_is_accessible_and_quiet(visit, look, window, onlookers_here, furnished):
    if visit.perform is not None and visit.name == "step-passkey":
        onlookers_here.cookies_of(KEYS)  # who has passkeys by now
    page = onlookers_here.page(visit, look, window)
    pay(visit, look, Watch(page, address_of(furnished)), furnished.places)
    page.close()


def test_a_passkey_is_added_and_completes_the_next_sign_in(window, furnished):
    context = window()
    watch = Watch(context.new_page(), address_of(furnished))
    page = watch.page
    enter(page, PASSKEY)
    page.wait_for_url(re.compile("/today"))
    with device(page):
        add_passkey(page, "My telephone")
        expect(page.locator(".codes li")).to_have_count(10)
        page.goto(f"{SECOND}/passkeys/new")
        page.get_by_role("button", name="Add the passkey").click()
        expect(page.get_by_role("alert")).to_have_text(re.compile("already have a passkey"))
        context.clear_cookies()
        give_password(page, PASSKEY)
        expect(page).to_have_url(re.compile("/sign-in/second-factor"))
        page.get_by_role("button", name="Use a passkey").click()
        page.get_by_role("button", name="Ask me every time").click()
        page.wait_for_url(re.compile("/today"))
        page.goto(f"{SECOND}/passkeys")
        expect(page.get_by_text("My telephone")).to_be_visible()
        expect(page.get_by_text("last used")).to_be_visible()
        page.goto("/account/confirm/passkey")
        page.get_by_role("button", name="Use a passkey").click()
        expect(page).not_to_have_url(re.compile("/account/confirm"))
    assert not watch.defects, watch.defects


def test_who_is_still_there_stays_signed_in(window, cookies_here, furnished):
    page = window(storage_state=cookies_here(ALONE)).new_page()
    page.goto("/account")
    grow_tired(page)
    warning = page.get_by_role("dialog", name="Are you still there?")
    stay = warning.get_by_role("button", name="Stay signed in")
    expect(stay).to_be_focused()
    page.keyboard.press("Escape")
    expect(warning).to_be_visible()
    with page.expect_response(re.compile("/account/stay")) as answer:
        stay.click()
    assert int(answer.value.headers["session-seconds"]) > 3000
    expect(warning).to_be_hidden()
    page.clock.fast_forward("58:30")
    expect(warning).to_be_visible()


def test_a_session_that_ends_leads_the_page_to_the_sign_in_and_back(window, furnished):
    page = window().new_page()
    enter(page, ALONE)
    page.goto("/patients?show=waiting")
    page.context.clear_cookies()
    page.get_by_role("searchbox", name="Search by name").fill("Anna")
    page.wait_for_url(re.compile(r"/sign-in\?next=/patients"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
