"""Goals, the thread to notes, and the progress report of the demonstration in a browser, in every look."""

import pytest
from playwright.sync_api import expect

from e2e.steps import PATIENT, THERAPIST
from e2e.test_plans import open_all
from e2e.visits import Visit, every_look, pay


@pytest.fixture(scope="module")
def places(site, patients):
    """Plans, goals and a note of the demonstration."""
    client = site.client(THERAPIST)

    def found(path):
        return client.get(path).json()["results"]

    def goals_of(name):
        [plan] = found(f"/plans?patient={patients[name]}")[:1]
        return plan["id"], found(f"/plans/{plan['id']}/goals")

    plan, goals = goals_of("Elena")
    _, dropped = goals_of("Samuel")
    note = next(one for one in found(f"/notes?patient={patients['Elena']}") if one["status"] == "signed")
    [technique] = found("/interventions?search=decatastrophising")[:1]
    return {
        "plan": plan,
        "goal": next(goal["id"] for goal in goals if goal["level"] == 2),
        "top": next(goal["id"] for goal in goals if goal["level"] == 1),
        "dropped": next(goal["id"] for goal in dropped if goal["status"] == "discontinued"),
        "note": note["id"],
        "technique": technique["id"],
        "Elena": patients["Elena"],
        "Samuel": patients["Samuel"],
    }


def test_what_a_colleague_said_of_a_notes_goals_is_not_overwritten(page, places, open_context, cookies_of):
    address = f"/notes/{places['note']}/goals"
    page.goto(address)
    other = open_context(storage_state=cookies_of(THERAPIST)).new_page()
    other.goto(address)
    other.get_by_role("checkbox").first.click()
    other.get_by_role("button", name="Save goals").click()
    expect(other.get_by_text("Saved", exact=False).first).to_be_visible()
    page.get_by_role("checkbox").last.click()
    page.get_by_role("button", name="Save goals").click()
    expect(page.get_by_text("changed the goals of this note")).to_be_visible()
    expect(page.get_by_text("Save again to put your choice in its place.")).to_be_visible()


def save_both(page):
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Or why it serves none").fill("A crisis outside the plan.")
    page.get_by_role("button", name="Save goals").click()
    expect(page.get_by_text("Please check the form")).to_be_visible()


VISITS = [
    Visit("goal-plan", THERAPIST, "/plans/{plan}", open_all),
    Visit("goal", THERAPIST, "/goals/{goal}"),
    Visit("goal-open", THERAPIST, "/goals/{goal}", open_all),
    Visit("goal-top", THERAPIST, "/goals/{top}"),
    Visit("goal-dropped", THERAPIST, "/goals/{dropped}"),
    Visit("goal-new", THERAPIST, "/plans/{plan}/goals/new"),
    Visit("goal-edit", THERAPIST, "/goals/{goal}/edit"),
    Visit("goal-replace", THERAPIST, "/goals/{goal}/replace"),
    Visit("interventions", THERAPIST, "/interventions?search=exposure"),
    Visit("intervention", THERAPIST, "/interventions/{technique}"),
    Visit("note-goals", THERAPIST, "/notes/{note}/goals"),
    Visit("note-goals-refused", THERAPIST, "/notes/{note}/goals", save_both),
    Visit("gaps", THERAPIST, "/treatment-gaps", open_all),
    Visit("report", THERAPIST, "/patients/{Elena}/progress"),
    Visit("report-refused", THERAPIST, "/patients/{Samuel}/progress?start=2026-03-02&end=2026-03-01", status=422),
    Visit("portal-goals", PATIENT, "/portal/plans"),
]


@every_look(VISITS)
def test_pages_of_goals_are_accessible_and_quiet(visit, look, watch, places):
    pay(visit, look, watch, places)
