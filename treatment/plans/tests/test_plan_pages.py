"""Pages of treatment plans: drafted with codes, started, agreed to, reviewed, ended; read by their patients."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import AdminFactory, CareFactory, PatientFactory, access_for
from treatment.goals.tests.factories import make_goal
from treatment.models import PlanMilestone, TreatmentPlan
from treatment.plans.services.consents import agreement_of
from treatment.plans.services.writing import change_plan
from treatment.plans.tests.factories import make_active_plan, make_milestone, make_plan

pytestmark = pytest.mark.django_db
CONTENT = {"title": "Sleep and worry", "session_frequency": "weekly", "review_every_days": "90"}


@pytest.fixture
def browser(client_for, therapist):
    return client_for(therapist)


@pytest.fixture
def plan(therapist, patient):
    return make_active_plan(patient, therapist)


def post(browser, plan, verb, **fields):
    answer = browser.post(f"/plans/{plan.pk}/{verb}", {"revision": plan.revision} | fields)
    plan.refresh_from_db()
    return answer


def test_codes_are_found_added_and_put_first_without_scripts_and_nothing_is_written(browser, patient):
    path = f"/patients/{patient.pk}/plans/new"
    found = browser.post(path, CONTENT | {"do": "find", "wanted": "generalized anx", "codes": ["F32.1"]})
    assert found.status_code == 200
    assert 'value="add:F41.1"' in found.text
    assert 'value="Sleep and worry"' in found.text
    added = browser.post(path, CONTENT | {"do": "add:F41.1", "codes": ["F32.1"], "wanted": "generalized anx"})
    assert [one["code"] for one in added.context["picked"]] == ["F32.1", "F41.1"]
    assert added.context["picker"].wanted == ""
    first = browser.post(path, CONTENT | {"do": "first:F41.1", "codes": ["F32.1", "F41.1"]})
    assert [one["code"] for one in first.context["picked"]] == ["F41.1", "F32.1"]
    removed = browser.post(path, CONTENT | {"do": "remove:F41.1", "codes": ["F41.1", "F32.1"]})
    assert [one["code"] for one in removed.context["picked"]] == ["F32.1"]
    assert not TreatmentPlan.objects.exists()


def test_the_enter_key_searches_while_something_is_wanted_and_saves_otherwise(browser, patient):
    path = f"/patients/{patient.pk}/plans/new"
    assert browser.post(path, CONTENT | {"do": "enter", "wanted": "F41"}).context["picker"].found
    saved = browser.post(path, CONTENT | {"do": "enter", "wanted": "", "codes": ["F41.1", "G47.00"]})
    plan = TreatmentPlan.objects.get()
    assert (saved.status_code, saved.headers["Location"]) == (302, f"/plans/{plan.pk}")
    assert (plan.title, plan.codes, plan.start_date) == ("Sleep and worry", ["F41.1", "G47.00"], patient.clinic.today)


def test_a_code_that_is_not_listed_can_be_added_if_it_looks_like_one(browser, patient):
    path = f"/patients/{patient.pk}/plans/new"
    assert 'value="add:G47.00"' in browser.post(path, CONTENT | {"do": "find", "wanted": "g4700"}).text
    nothing = browser.post(path, CONTENT | {"do": "find", "wanted": "sadness"}).text
    assert "add:" not in nothing
    assert "No code found" in nothing
    refused = browser.post(path, CONTENT | {"do": "save", "codes": ["F99.9"]})
    assert refused.status_code == 422
    assert "F99.9 is not in ICD-10-CM" in refused.text


def test_a_plan_is_started_held_and_ended_by_buttons(browser, therapist, patient):
    plan = make_plan(patient, therapist)
    post(browser, plan, "activate")
    assert (plan.status, plan.version) == ("active", 1)
    assert post(browser, plan, "hold", reason=" ").status_code == 422
    post(browser, plan, "hold", reason="A journey.")
    assert "A journey." in browser.get(f"/plans/{plan.pk}").text
    post(browser, plan, "activate")
    post(browser, plan, "complete")
    page = browser.get(f"/plans/{plan.pk}").text
    assert (plan.status, "Edit" in page) == ("completed", False)


def test_a_second_active_plan_is_refused_in_words(browser, plan, therapist, patient):
    second = make_plan(patient, therapist)
    post(browser, second, "activate")
    assert second.status == "draft"
    assert "another active plan" in browser.get(f"/plans/{second.pk}").text


def test_two_tabs_see_each_others_words(browser, plan, therapist, patient):
    path, form = f"/plans/{plan.pk}/edit", CONTENT | {"revision": plan.revision, "do": "save", "title": "Mine"}
    change_plan(plan, revision=plan.revision, access=access_for(therapist, patient), title="Theirs")
    refused = browser.post(path, form)
    assert refused.status_code == 422
    assert f"{therapist.full_name} changed this plan on" in refused.text
    for title in ("Mine", "Theirs"):
        assert title in refused.text
    again = browser.post(path, form | {"revision": refused.context["form"].data["revision"]})
    plan.refresh_from_db()
    assert (again.status_code, plan.title, plan.version) == (302, "Mine", 3)


def test_consent_is_one_click_and_a_withdrawal_shows(browser, plan, patient):
    page = browser.get(f"/plans/{plan.pk}")
    assert "Ask now, and read this aloud" in page.text
    given = {"version": 1, "digest": page.context["digest"], "status": "granted", "method": "written"}
    browser.post(f"/plans/{plan.pk}/consent", given)
    page = browser.get(f"/plans/{plan.pk}").text
    agreed = agreement_of(plan)
    assert (agreed.is_given, agreed.entry.method) == (True, "written")
    assert "Ask now" not in page
    withdrawal = {"types": "treatment_plan", "status": "revoked", "method": "verbal"}
    assert browser.post(f"/patients/{patient.pk}/consent", withdrawal).status_code == 302
    assert "Agreement withdrawn" in browser.get(f"/plans/{plan.pk}").text


def test_a_text_that_changed_since_it_was_read_aloud_is_not_agreed_to(browser, plan):
    given = {"version": 1, "digest": "0" * 64, "status": "granted", "method": "verbal"}
    browser.post(f"/plans/{plan.pk}/consent", given)
    assert not plan.consents.exists()


def test_a_review_is_recorded_on_the_page(browser, plan):
    assert post(browser, plan, "review", notes="x").status_code == 422
    post(browser, plan, "review", outcome="continued", notes="Sleeps better.")
    assert "Sleeps better." in browser.get(f"/plans/{plan.pk}").text
    post(browser, plan, "review", outcome="continued")
    assert plan.reviews.count() == 1


def test_an_earlier_version_is_read_as_it_was(browser, plan, therapist, patient):
    change_plan(plan, revision=plan.revision, access=access_for(therapist, patient), title="Rest")
    page = browser.get(f"/plans/{plan.pk}/versions/1").text
    assert "Sleep and worry" in page
    assert "Rest" not in page
    assert browser.get(f"/plans/{plan.pk}/versions/9").status_code == 404


def test_milestones_are_added_moved_and_achieved_by_buttons(browser, plan):
    for name in ("First", "Second"):
        browser.post(f"/plans/{plan.pk}/milestones", {"description": name})
    second = PlanMilestone.objects.get(position=2)
    browser.post(f"/milestones/{second.pk}/move", {"steps": "-1"})
    browser.post(f"/milestones/{second.pk}/step", {"revision": 1, "status": "achieved"})
    second.refresh_from_db()
    assert (second.position, second.status) == (1, "achieved")
    assert browser.post(f"/plans/{plan.pk}/milestones", {"description": ""}).status_code == 422
    stale = {"description": "Other", "status": "achieved", "revision": 1}
    refused = browser.post(f"/milestones/{second.pk}", stale)
    assert (refused.status_code, refused.context["form"].data["revision"]) == (422, 2)


def test_what_is_due_is_on_today_of_those_who_treat_the_patient(client_for, plan, therapist, other_therapist):
    def shown(person):
        return f'href="{plan.get_absolute_url()}#review"' in client_for(person).get("/today").text

    assert not shown(therapist)
    for days, words in ((7, "Plan to review"), (-1, "Plan review overdue")):
        plan.next_review_date = plan.clinic.today + timedelta(days=days)
        plan.save()
        assert shown(therapist)
        assert words in client_for(therapist).get("/today").text
    assert not shown(other_therapist)


def test_chips_narrow_the_list_to_what_is_due(browser, plan, therapist, patient):
    draft = make_plan(patient, therapist)
    plan.next_review_date = plan.clinic.today - timedelta(days=1)
    plan.save()
    for show, found in (("", {plan, draft}), ("due", {plan}), ("overdue", {plan}), ("draft", {draft})):
        assert set(browser.get("/plans", {"show": show}).context["page"]) == found


def test_the_tabs_of_a_patient_are_links(browser, patient):
    pages = ["/patients/{}", "/sessions?patient={}", "/notes?patient={}", "/patients/{}/plans", "/patients/{}/measures"]
    addresses = [path.format(patient.pk) for path in pages]
    for address in addresses:
        page = browser.get(address).text
        assert [f'href="{one}"' in page for one in addresses] == [True] * 5
        assert page.count('class="tabs__tab"') == 5


def test_a_list_of_one_patient_shows_nobody_else_and_keeps_to_them(browser, therapist, patient):
    stranger = PatientFactory(clinic=therapist.clinic, last_name="Stranger")
    other = PatientFactory(clinic=therapist.clinic, last_name="Other")
    CareFactory(therapist=therapist, patient=other)
    chips = browser.get("/sessions", {"patient": patient.pk}).context["filters"]
    assert all(f"patient={patient.pk}" in chip.url for chip in chips)
    for whose in (stranger.pk, "x", ""):
        assert browser.get("/notes", {"patient": whose}).context["patient"] is None


def test_patients_read_plain_words_and_nothing_for_therapists(client_for, therapist, patient):
    plan = make_active_plan(patient, therapist, problems="Cannot sleep", title="Sleep")
    make_milestone(plan, therapist, description="A calm evening", notes="Slow down")
    page = client_for(patient).get("/portal/plans").text
    for shown in ("What we are working on", "Sleep", "A calm evening"):
        assert shown in page
    for hidden in ("F41.1", "Worries", "Cannot sleep", "Slow down"):
        assert hidden not in page


def test_goals_are_on_the_page_of_the_plan_and_in_the_portal(browser, client_for, therapist, patient, plan):
    make_goal(plan, wording="Reduce ruminative cognition", plain_wording="Worry less")
    assert "Reduce ruminative cognition" in browser.get(f"/plans/{plan.pk}").text
    page = client_for(patient).get("/portal/plans").text
    assert ("Worry less" in page, "ruminative" in page) == (True, False)


def test_patients_are_not_told_of_a_review_that_is_overdue(client_for, plan, patient):
    assert "We look at it together again" in client_for(patient).get("/portal/plans").text
    plan.next_review_date = plan.clinic.today - timedelta(days=1)
    plan.save()
    assert "We look at it together again" not in client_for(patient).get("/portal/plans").text


def test_patients_read_no_drafts(client_for, therapist, patient):
    make_plan(patient, therapist, title="Only a thought")
    page = client_for(patient).get("/portal/plans").text
    assert "Only a thought" not in page
    assert "Nothing is written here yet" in page


def test_administrators_find_no_plan(client_for, plan, clinic):
    admin = client_for(AdminFactory(clinic=clinic), second_factor=True)
    assert admin.get(f"/plans/{plan.pk}").status_code == 403
    assert not TreatmentPlan.objects.visible_to(User.objects.get(role="admin")).exists()


@pytest.mark.parametrize("path", ["/plans", "/patients/{}/plans", "/portal/plans"])
def test_many_plans_need_no_more_queries_than_one(client_for, therapist, patient, path):
    client = client_for(patient if path.startswith("/portal") else therapist)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path.format(patient.pk)).status_code == 200
        return len(asked)

    make_active_plan(patient, therapist)
    queries()
    one = queries()
    for _ in range(6):
        plan = make_plan(patient, therapist)
        TreatmentPlan.objects.filter(pk=plan.pk).update(version=1)
        make_milestone(plan, therapist)
    assert queries() == one
