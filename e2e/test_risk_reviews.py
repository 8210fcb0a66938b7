"""Risk reviews in a browser: from Today to a disposition by a colleague, by keyboard, and in every look."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import THERAPIST, begin, reaches
from e2e.visits import Visit, every_look, pay

COLLEAGUE = "therapist2@demo.example"
RISKY = """Therapist: How was your week?
Samuel: On Thursday I wanted to kill myself. I have been saving up my pills.
Therapist: Thank you for telling me. Let us talk about that first.
Samuel: I am such a burden to everyone that I do not see the point of going on with any of this.
"""
REASON = "Asked directly: no plan, no intent today. We made a safety plan, and his brother keeps the pills."
TREATS_TOO = """
from accounts.models import TherapistPatient, User
TherapistPatient.objects.get_or_create(
    therapist=User.objects.get(email="therapist2@demo.example"), patient_id="{patient}"
)
"""
OVERDUE = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("UPDATE sessions_app_riskreview SET due_at = opened_at WHERE session_id = %s", ["{session}"])
"""


def add_risky(site, patient, date):
    """A processed session in which lines are listed, of a patient whom a colleague treats too; and its review."""
    client = site.client(THERAPIST)
    session = client.post("/sessions", json={"patient": patient, "session_date": f"{date}T15:00:00Z"}).json()["id"]
    client.post(f"/sessions/{session}/transcript", files={"file": ("talk.txt", RISKY.encode())})
    reaches(site, session, "done")
    site.manage("shell", "-v0", "-c", TREATS_TOO.format(patient=patient))
    [review] = client.get(f"/risk-reviews?session={session}").json()["results"]
    return session, review["id"]


def link_to(page, review):
    return page.locator(f'main a[href="/risk-reviews/{review}"]')


def write_reason(page, text=REASON):
    page.get_by_label("Safety plan made or updated").check()
    page.get_by_label("Reason").fill(text)


def send_too_little(page):
    write_reason(page, "Fine.")
    page.get_by_role("button", name="Close the review").click()
    expect(page.get_by_text("Write between 10 and 4,000 characters.").first).to_be_visible()


def test_it_leads_from_today_to_the_line_and_ends_with_a_colleagues_disposition(
    page, open_context, cookies_of, site, patients
):
    _, review = add_risky(site, patients["Samuel"], "2026-05-04")
    page.goto("/today")
    link_to(page, review).click()
    page.get_by_role("link", name="Read it in the session").first.click()
    expect(page).to_have_url(re.compile("#segment-1$"))
    expect(page.locator("#segment-1")).to_be_in_viewport()
    expect(page.locator("#segment-1")).to_contain_text("I have been saving up my pills.")
    page.go_back()
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_text("It stays due until you close it.")).to_be_visible()
    page.get_by_label("To", exact=True).select_option(label="Marcus Adeyemi")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("Handed over to Marcus Adeyemi")).to_be_visible()
    page.goto("/today")
    expect(link_to(page, review)).to_have_count(0)

    colleague = open_context(storage_state=cookies_of(COLLEAGUE)).new_page()
    colleague.goto("/today")
    link_to(colleague, review).click()
    write_reason(colleague)
    colleague.get_by_role("button", name="Close the review").click()
    expect(colleague.get_by_text("The review is closed.")).to_be_visible()
    expect(colleague.get_by_role("button", name="Close the review")).to_have_count(0)
    colleague.goto("/today")
    expect(link_to(colleague, review)).to_have_count(0)

    page.goto("/risk-reviews?status=closed")
    link_to(page, review).click()
    history = page.get_by_role("region", name="History").get_by_role("listitem")
    expect(history).to_have_count(4)
    expect(history.last).to_contain_text("Closed")
    expect(history.last).to_contain_text("Marcus Adeyemi")
    expect(page.get_by_text(REASON)).to_be_visible()


def test_it_is_closed_by_keyboard_alone(page, site, patients):
    _, review = add_risky(site, patients["Samuel"], "2026-05-05")
    page.goto("/today")
    link_to(page, review).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/risk-reviews/"))
    page.get_by_role("button", name="Acknowledge").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("It stays due until you close it.")).to_be_visible()
    page.get_by_label("Safety plan made or updated").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Referred, or escalated to a crisis service")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type(REASON)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Close the review")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The review is closed.")).to_be_visible()


@pytest.fixture(scope="module")
def places(browser, site, patients, cookies_of):
    """An open review, an overdue one, a closed one, and a note to be signed while its review is open."""
    session, review = add_risky(site, patients["Samuel"], "2026-05-06")
    late, overdue = add_risky(site, patients["Samuel"], "2026-05-07")
    site.manage("shell", "-v0", "-c", OVERDUE.format(session=late.replace("-", "")))
    _, closed = add_risky(site, patients["Samuel"], "2026-05-08")
    body = {
        "disposition": "safety_plan",
        "reason": f"{REASON}\n\nSeen again on Friday. {'https://x.example/' + 'a' * 150}",
    }
    answer = site.client(THERAPIST).post(f"/risk-reviews/{closed}/dispose", json=body, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    context = browser.new_context(base_url=site.base, storage_state=cookies_of(THERAPIST))
    note = begin(context.new_page(), session).rpartition("/")[2]
    context.close()
    return patients | {"session": session, "review": review, "overdue": overdue, "closed": closed, "note": note}


VISITS = [
    Visit("risk-today", THERAPIST, "/today"),
    Visit("risk-list", THERAPIST, "/risk-reviews"),
    Visit("risk-list-overdue", THERAPIST, "/risk-reviews?status=overdue"),
    Visit("risk-open", THERAPIST, "/risk-reviews/{review}"),
    Visit("risk-overdue", THERAPIST, "/risk-reviews/{overdue}"),
    Visit("risk-refused", THERAPIST, "/risk-reviews/{review}", send_too_little, status=422),
    Visit("risk-closed", THERAPIST, "/risk-reviews/{closed}"),
    Visit("risk-session", THERAPIST, "/sessions/{session}"),
    Visit("risk-sign", THERAPIST, "/notes/{note}/sign"),
    Visit("risk-patient", THERAPIST, "/patients/{Samuel}"),
]


@every_look(VISITS)
def test_every_page_about_a_review_is_accessible_and_quiet(visit, look, watch, places):
    pay(visit, look, watch, places)
