"""What events of treatment say: clinical words to therapists, plain ones to the patient, nothing of what is private."""

import pytest

from accounts.tests.factories import CareFactory, access_for
from therapybridge.tests.plans import queries_of
from timeline.models import TimelineEvent
from timeline.services.treatment_events import reconcile_treatment
from treatment.goals.services.changes import create_goal
from treatment.goals.services.endings import achieve_goal, discontinue_goal
from treatment.measures.tests.factories import taken
from treatment.plans.services.lifecycle import complete_plan
from treatment.plans.services.milestones import change_milestone
from treatment.plans.services.reviews import review_plan
from treatment.plans.tests.factories import make_active_plan, make_milestone, make_plan

pytestmark = pytest.mark.django_db
DIAGNOSIS, NOTES = "canary of the diagnosis", "canary of the review"


def add_goal(plan, therapist, wording="Reduce avoidance", plain="Take the bus alone"):
    access = access_for(therapist, plan.patient)
    return create_goal(plan, access=access, term="long_term", wording=wording, plain_wording=plain)


def treat(therapist, patient):
    """All that can happen, on the timeline."""
    access = access_for(therapist, patient)
    plan = make_active_plan(patient, therapist, diagnosis=DIAGNOSIS)
    goal = add_goal(plan, therapist)
    achieve_goal(goal, revision=goal.revision, access=access)
    step = make_milestone(plan, therapist, description="First ride", notes="canary of the step")
    change_milestone(step, revision=step.revision, status="achieved", access=access)
    review_plan(plan, outcome="continued", notes=NOTES, revision=plan.revision, access=access)
    plan.refresh_from_db()
    complete_plan(plan, revision=plan.revision, access=access)
    result = taken(therapist, patient, "phq-9", 2)
    reconcile_treatment()
    return {"plan": plan, "goal": goal, "measure": result}


@pytest.fixture
def treated(therapist, patient):
    return treat(therapist, patient)


def listed(api, patient, **query):
    answer = api.get(f"/api/v1/patients/{patient.pk}/timeline", {"limit": 50} | query).json()
    assert answer["total_count"] == len(answer["events"])
    return answer["events"]


def told(api, patient, **query):
    return {(event["title"], event["description"]) for event in listed(api, patient, **query)}


@pytest.mark.usefixtures("treated")
def test_therapists_read_short_clinical_words(api_for, therapist, patient):
    assert told(api_for(therapist), patient) == {
        ("Treatment plan started", "Sleep and worry"),
        ("Goal set", "Reduce avoidance"),
        ("Goal achieved", "Reduce avoidance"),
        ("Milestone achieved", "First ride"),
        ("Treatment plan reviewed", "Continue as it is"),
        ("Treatment plan ended", "Sleep and worry · Completed"),
        ("PHQ-9 filled in", "18 of 27 · moderately severe"),
    }


@pytest.mark.usefixtures("treated")
def test_patients_read_plain_words(api_for, patient):
    assert told(api_for(patient), patient) == {
        ("You and your therapist started a plan", "Sleep and worry"),
        ("New goal: Take the bus alone", ""),
        ("Goal reached: Take the bus alone", ""),
        ("Step reached: First ride", ""),
        ("You and your therapist looked at your plan again", ""),
        ("This plan has ended", "Sleep and worry"),
        ("Mood questionnaire filled in", ""),
    }


@pytest.mark.usefixtures("treated")
@pytest.mark.parametrize("path", ["/portal", "/portal/timeline", "/api/v1/patients/{pk}/timeline"])
def test_private_words_reach_no_page_of_the_patient(client_for, api_for, patient, path):
    reader = api_for(patient) if path.startswith("/api") else client_for(patient)
    page = reader.get(path.format(pk=patient.pk)).content.decode()
    for private in ("canary", "avoidance", "severe", "Continue as it is", "PHQ"):
        assert private not in page


def test_a_draft_says_nothing_to_the_patient(api_for, client_for, therapist, patient):
    add_goal(make_plan(patient, therapist, title="canary"), therapist, plain="canary")
    reconcile_treatment()
    assert listed(api_for(patient), patient) == listed(api_for(therapist), patient) == []
    assert "canary" not in client_for(patient).get("/portal/timeline").content.decode()


def test_the_words_of_a_goal_that_was_given_up_are_not_shown_to_the_patient(api_for, therapist, patient):
    goal = add_goal(make_active_plan(patient, therapist), therapist)
    discontinue_goal(goal, revision=goal.revision, reason="Not hers.", access=access_for(therapist, patient))
    reconcile_treatment()
    assert ("New goal", "") in told(api_for(patient), patient)
    assert listed(api_for(patient), patient, search="bus") == []
    assert ("Goal set", "Reduce avoidance") in told(api_for(therapist), patient)


def test_events_lead_to_what_they_are_about(client_for, therapist, patient, treated):
    page = client_for(therapist).get(f"/patients/{patient.pk}").content.decode()
    plan, goal, measure = (treated[name] for name in ("plan", "goal", "measure"))
    for title, path in (
        ("Treatment plan started", f"/plans/{plan.pk}"),
        ("Treatment plan reviewed", f"/plans/{plan.pk}"),
        ("Milestone achieved", f"/plans/{plan.pk}"),
        ("Goal set", f"/goals/{goal.pk}"),
        ("PHQ-9 filled in", f"/measures/{measure.pk}"),
    ):
        assert f'<a href="{path}">{title}</a>' in page
    own = client_for(patient).get("/portal/timeline").content.decode()
    for title in ("You and your therapist started a plan", "New goal: Take the bus alone", "Step reached: First ride"):
        assert f'<a href="/portal/plans">{title}</a>' in own
    assert '<a href="/portal/questionnaires">Mood questionnaire filled in</a>' in own


def test_patients_get_references_only_to_plans_and_results(api_for, patient, treated):
    plan, measure = ("plan", str(treated["plan"].pk)), ("measure", str(treated["measure"].pk))
    events = listed(api_for(patient), patient)
    assert {(event["related_entity_type"], event["related_entity_id"]) for event in events} == {plan, measure}
    assert all(event["metadata"] == {} for event in events)
    for path in (f"plans/{plan[1]}", f"measures/{measure[1]}"):
        assert api_for(patient).get(f"/api/v1/{path}").status_code == 200


@pytest.mark.usefixtures("treated")
def test_a_single_event_shows_what_the_list_shows(api_for, therapist, patient):
    for reader in (therapist, patient):
        for event in listed(api_for(reader), patient):
            assert api_for(reader).get(f"/api/v1/patients/{patient.pk}/timeline/{event['id']}").json() == event


@pytest.mark.usefixtures("treated")
@pytest.mark.parametrize(
    ("term", "therapists", "patients"),
    [("AVOIDANCE", 2, 0), ("the bus", 0, 2), ("first ride", 1, 1), ("started a plan", 0, 1), ("Mood quest", 0, 1)],
)
def test_a_search_finds_the_words_that_the_reader_sees(api_for, therapist, patient, term, therapists, patients):
    for reader, found in ((therapist, therapists), (patient, patients)):
        assert len(listed(api_for(reader), patient, search=term)) == found


@pytest.mark.usefixtures("treated")
def test_a_search_reads_the_texts_of_no_other_patient(api_for, therapist):
    other = CareFactory(therapist=therapist).patient
    assert listed(api_for(therapist), other, search="avoidance") == []


def test_a_long_text_is_cut_at_a_word_and_found_beyond(api_for, therapist, patient):
    add_goal(make_active_plan(patient, therapist), therapist, plain="Ride the bus every day " * 12 + "quietly")
    reconcile_treatment()
    (title,) = (title for title, _ in told(api_for(patient), patient, search="quietly"))
    assert title.startswith("New goal: Ride")
    assert title.endswith("…")
    assert len(title) <= 200


@pytest.mark.parametrize("role", ["therapist", "patient"])
@pytest.mark.parametrize("query", [{}, {"search": "i"}])
def test_twenty_events_cost_as_many_queries_as_seven(api_for, therapist, patient, role, query, treated):
    api = api_for({"therapist": therapist, "patient": patient}[role])

    def cost():
        return len(queries_of(lambda: listed(api, patient, **query)))

    few = cost()
    treat(therapist, patient)
    treat(therapist, patient)
    assert TimelineEvent.objects.count() == 21
    assert len(listed(api, patient, **query)) > 7
    assert cost() == few
