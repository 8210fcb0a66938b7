"""Questionnaires in a browser: given out, filled in by the patient, and what comes of an answer; in every look."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from e2e.steps import PATIENT, THERAPIST
from e2e.visits import Visit, every_look, pay

WEEKS = 8


def take(client, patient, answers, day, key="gad-7"):
    """The id of a result."""
    given = [{"item": item, "value": value} for item, value in enumerate(answers, start=1)]
    body = {"instrument": key, "answers": given, "taken_date": day.isoformat()}
    answer = client.post(f"/patients/{patient}/measures", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


@pytest.fixture(scope="module")
def places(site):
    """Results of the patient who has an account, what waits for them, and an answer to be looked at."""
    client = site.client(THERAPIST)
    patient = site.client(PATIENT).get("/me").json()["id"]
    today = datetime.now(UTC).date()
    for week in range(WEEKS):
        day = today - timedelta(weeks=WEEKS - week)
        take(client, patient, [max(0, 3 - week // 2)] * 7, day)
    result = take(client, patient, [*[1] * 8, 2], today - timedelta(days=1), "phq-9")
    client.post(f"/patients/{patient}/measures", json={"instrument": "bdi-ii", "total": 21})
    for key in ("gad-7", "pcl-5"):
        body = {"instrument": key, "due_date": (today + timedelta(days=2)).isoformat()}
        client.post(f"/patients/{patient}/measure-assignments", json=body)
    schedule = {"instrument": "who-5", "every_days": 14, "first_due_date": (today + timedelta(days=3)).isoformat()}
    client.post(f"/patients/{patient}/measure-schedules", json=schedule)
    reviews = client.get(f"/risk-reviews?patient={patient}&status=open").json()["results"]
    review = next(row["id"] for row in reviews if row["source_id"] == result)
    return {"patient": patient, "result": result, "review": review}


def open_numbers(page):
    page.get_by_text("All numbers").first.click()
    expect(page.get_by_role("table").first).to_be_visible()


def send_too_little(page):
    page.get_by_role("radio", name="Not at all").first.check()
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("Please answer this one too").first).to_be_visible()


def open_form(page):
    page.get_by_role("button", name="Fill in: Anxiety questionnaire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anxiety questionnaire")


VISITS = [
    Visit("measures", THERAPIST, "/patients/{patient}/measures", open_numbers),
    Visit("measure-assign", THERAPIST, "/patients/{patient}/measures/assign"),
    Visit("measure-take", THERAPIST, "/patients/{patient}/measures/take/phq-9", send_too_little, status=422),
    Visit("measure-take-total", THERAPIST, "/patients/{patient}/measures/take/bdi-ii"),
    Visit("measure", THERAPIST, "/measures/{result}"),
    Visit("measure-review", THERAPIST, "/risk-reviews/{review}"),
    Visit("portal-measures", PATIENT, "/portal/questionnaires"),
    Visit("portal-measure-form", PATIENT, "/portal/questionnaires", open_form),
    Visit("portal-measure-sent", PATIENT, "/questionnaire-sent"),
]


@every_look(VISITS)
def test_every_look_of_questionnaires(visit, look, watch, places):
    pay(visit, look, watch, places)


def test_a_patient_fills_in_what_was_assigned_and_the_therapist_hears_of_it(page, open_context, cookies_of, places):
    page.goto(f"/patients/{places['patient']}/measures")
    page.get_by_role("link", name="Assign").click()
    page.get_by_label("PHQ-9").check()
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_text("The questionnaire was assigned.")).to_be_visible()

    portal = open_context(storage_state=cookies_of(PATIENT)).new_page()
    portal.goto("/portal")
    portal.get_by_role("link", name="Your questionnaires").click()
    portal.get_by_role("button", name="Fill in: Mood questionnaire").click()
    for item in range(9):
        portal.get_by_role("radio", name="Several days").nth(item).check()
    portal.get_by_role("button", name="Send to my therapist").click()
    expect(portal.get_by_role("heading", name="Thank you")).to_be_visible()
    portal.get_by_role("link", name="back to your questionnaires").click()
    expect(portal.get_by_text(re.compile(r"^9 of 27 on"))).to_be_visible()

    page.goto("/today")
    expect(page.get_by_text("Answer 9 of the mood questionnaire").first).to_be_visible()
