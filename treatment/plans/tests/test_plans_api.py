"""Treatment plans through the API: drafted, started, changed, held, ended; read by their patients in fewer fields."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from treatment.models import PlanVersion, TreatmentPlan
from treatment.plans.tests.factories import make_active_plan, make_milestone, make_plan
from treatment.signals import plan_ended, plan_started

pytestmark = pytest.mark.django_db
PLANS = "/api/v1/plans"


@pytest.fixture
def api(api_for, therapist):
    return api_for(therapist)


@pytest.fixture
def heard():
    """The signals that were sent, with their plans."""
    found: list[Any] = []

    def hear(sender, signal, plan, **kwargs):
        found.append((signal, plan.pk))

    for one in (plan_started, plan_ended):
        one.connect(hear)
    yield found
    for one in (plan_started, plan_ended):
        one.disconnect(hear)


def act(api, plan, verb, revision=None, **body):
    headers = {"If-Match": f'"{revision or plan.revision}"'}
    answer = api.post(f"{PLANS}/{plan.pk}/{verb}", body or None, format="json", headers=headers)
    plan.refresh_from_db()
    return answer


def test_a_plan_is_drafted_with_codes_in_their_form(api, patient):
    body = {"patient_id": str(patient.pk), "title": " Sleep ", "codes": ["f32.1", "G4700", "F32"]}
    answer = api.post(PLANS, body, format="json")
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    told = answer.json()
    assert (told["title"], told["status"], told["version"], told["agreement"]) == ("Sleep", "draft", 0, "not_asked")
    assert [(one["code"], one["is_billable"]) for one in told["codes"]] == [
        ("F32.1", True),
        ("G47.00", None),
        ("F32", False),
    ]
    assert told["codes"][0]["description"] == "Major depressive disorder, single episode, moderate"


@pytest.mark.parametrize("code", ["depression", "F99.99", "Z65.77", "32.1", "F", "F32.1234567"])
def test_a_code_that_does_not_exist_is_refused(api, patient, code):
    answer = api.post(PLANS, {"patient_id": str(patient.pk), "title": "x", "codes": [code]}, format="json")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"codes"})
    assert not TreatmentPlan.objects.exists()


def test_a_plan_cannot_end_before_it_starts(api, patient):
    body = {"patient_id": str(patient.pk), "title": "x", "start_date": "2026-03-02", "target_end_date": "2026-03-01"}
    assert set(api.post(PLANS, body, format="json").json()["errors"]) == {"target_end_date"}


def test_a_repeat_with_its_key_makes_one_plan(api, patient):
    body, headers = {"patient_id": str(patient.pk), "title": "Sleep"}, {"Idempotency-Key": "one"}
    first, second = (api.post(PLANS, body, format="json", headers=headers) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert TreatmentPlan.objects.count() == 1


def test_a_started_plan_keeps_its_first_version_and_is_due_for_review(
    api, therapist, patient, heard, django_capture_on_commit_callbacks
):
    plan = make_plan(patient, therapist, review_every_days=30)
    make_milestone(plan, therapist, description="Sleep through")
    with django_capture_on_commit_callbacks(execute=True):
        told = act(api, plan, "activate").json()
    assert (told["status"], told["version"], told["review_state"]) == ("active", 1, "on_time")
    assert (plan.next_review_date - patient.clinic.today).days == 30
    version = plan.versions.get()
    assert (version.cause, version.content["codes"]) == ("started", ["F41.1"])
    assert [one["description"] for one in version.content["milestones"]] == ["Sleep through"]
    assert heard == [(plan_started, plan.pk)]


def test_a_second_active_plan_is_refused_unless_the_clinic_allows_several(api, therapist, patient):
    first, second = make_active_plan(patient, therapist), make_plan(patient, therapist)
    refused = act(api, second, "activate")
    assert (refused.status_code, refused.json()["code"]) == (409, "another_plan_active")
    assert refused.json()["plan"] == str(first.pk)
    patient.clinic.several_active_plans = True
    patient.clinic.save()
    assert act(api, second, "activate").status_code == 200
    assert TreatmentPlan.objects.active().filter(patient=patient).count() == 2


def test_a_change_names_who_changed_it_before(api, therapist, patient):
    plan = make_plan(patient, therapist)
    headers = {"If-Match": '"1"'}
    changed = api.patch(f"{PLANS}/{plan.pk}", {"title": "Rest"}, format="json", headers=headers)
    assert (changed.status_code, changed.headers["ETag"], changed.json()["title"]) == (200, '"2"', "Rest")
    refused = api.patch(f"{PLANS}/{plan.pk}", {"title": "Peace"}, format="json", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "edit_conflict")
    change = refused.json()["change"]
    assert (change["by"], change["status"], change["revision"]) == (therapist.full_name, "draft", 2)
    assert api.patch(f"{PLANS}/{plan.pk}", {"title": "Peace"}, format="json").status_code == 428


def test_a_changed_draft_keeps_no_version_and_a_changed_active_plan_does(api, therapist, patient):
    plan = make_plan(patient, therapist)
    headers = {"If-Match": '"1"'}
    api.patch(f"{PLANS}/{plan.pk}", {"title": "Rest"}, format="json", headers=headers)
    assert not PlanVersion.objects.exists()
    plan.refresh_from_db()
    act(api, plan, "activate")
    for title in ("Peace", "Peace"):
        headers = {"If-Match": f'"{plan.revision}"'}
        told = api.patch(f"{PLANS}/{plan.pk}", {"title": title}, format="json", headers=headers).json()
        plan.refresh_from_db()
    assert told["version"] == 2
    listed = api.get(f"{PLANS}/{plan.pk}/versions").json()["results"]
    assert [(one["number"], one["cause"]) for one in listed] == [(2, "changed"), (1, "started")]
    earlier = api.get(f"{PLANS}/{plan.pk}/versions/1").json()
    assert earlier["content"]["title"] == "Rest"
    assert api.get(f"{PLANS}/{plan.pk}/versions/3").status_code == 404


def test_a_plan_is_held_with_a_reason_and_taken_up_again(api, therapist, patient):
    plan = make_active_plan(patient, therapist)
    due = plan.next_review_date
    assert act(api, plan, "hold").status_code == 400
    told = act(api, plan, "hold", reason="A long journey.").json()
    assert (told["status"], told["reason"], told["next_review_date"]) == ("on_hold", "A long journey.", None)
    told = act(api, plan, "activate").json()
    assert (told["status"], told["reason"], plan.next_review_date) == ("active", None, due)
    assert plan.versions.count() == 1


@pytest.mark.parametrize(("verb", "body"), [("complete", {}), ("discontinue", {"reason": "Moved away."})])
def test_an_ended_plan_stays_as_it_is(api, therapist, patient, verb, body, heard, django_capture_on_commit_callbacks):
    plan = make_active_plan(patient, therapist)
    with django_capture_on_commit_callbacks(execute=True):
        told = act(api, plan, verb, **body).json()
    assert (told["ended_date"], told["reason"]) == (patient.clinic.today.isoformat(), body.get("reason"))
    assert heard == [(plan_ended, plan.pk)]
    headers = {"If-Match": f'"{plan.revision}"'}
    refused = api.patch(f"{PLANS}/{plan.pk}", {"title": "x"}, format="json", headers=headers)
    assert refused.json()["code"] == "plan_ended"
    assert act(api, plan, "activate").json()["code"] == "invalid_transition"
    assert api.post(f"{PLANS}/{plan.pk}/milestones", {"description": "x"}, format="json").status_code == 409


def test_an_older_tab_does_not_end_what_was_changed(api, therapist, patient):
    plan = make_active_plan(patient, therapist)
    assert act(api, plan, "complete", revision=1).json()["code"] == "edit_conflict"
    assert plan.status == "active"


def test_patients_read_what_was_started_in_fewer_fields(api_for, therapist, patient):
    draft, plan = make_plan(patient, therapist, title="Only a thought"), None
    plan = make_active_plan(patient, therapist, problems="Cannot sleep")
    make_milestone(plan, therapist, description="Sleep through", notes="Slow down")
    own = api_for(patient)
    assert [one["id"] for one in own.get(PLANS).json()["results"]] == [str(plan.pk)]
    told = own.get(f"{PLANS}/{plan.pk}")
    assert told.json().keys() == {
        *("id", "title", "status", "start_date", "target_end_date", "ended_date", "session_frequency"),
        *("next_review_date", "version", "agreement", "milestones"),
    }
    for hidden in ("F41.1", "Worries", "Cannot sleep", "Slow down"):
        assert hidden not in told.text
    assert own.get(f"{PLANS}/{draft.pk}").status_code == 404
    assert own.get(f"{PLANS}/{plan.pk}/versions").status_code == 403


def test_a_draft_that_was_given_up_is_not_the_patients_to_read(api, api_for, therapist, patient, heard):
    plan = make_plan(patient, therapist)
    assert act(api, plan, "discontinue", reason="Not needed.").status_code == 200
    assert api_for(patient).get(f"{PLANS}/{plan.pk}").status_code == 404
    assert heard == []


def test_plans_are_found_by_patient_status_and_review(api, therapist, patient):
    plan, draft = make_active_plan(patient, therapist), make_plan(patient, therapist)
    TreatmentPlan.objects.filter(pk=plan.pk).update(next_review_date=patient.clinic.today)

    def found(**query):
        return [one["id"] for one in api.get(PLANS, query).json()["results"]]

    assert found(patient=str(patient.pk)) == [str(draft.pk), str(plan.pk)]
    assert found(status="draft") == [str(draft.pk)]
    assert (found(review="due"), found(review="overdue"), found(review="on_time")) == ([str(plan.pk)], [], [])
    assert api.get(PLANS, {"review": "never"}).status_code == 400


def test_a_list_of_many_plans_needs_no_more_queries_than_one(api, therapist, patient):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert api.get(PLANS).status_code == 200
        return len(asked)

    make_plan(patient, therapist)
    queries()
    one = queries()
    for _ in range(8):
        make_plan(patient, therapist)
    assert queries() == one


def test_each_step_leaves_one_audit_row_without_its_words(api, therapist, patient):
    plan = make_plan(patient, therapist)
    before = AuditEvent.objects.count()
    act(api, plan, "activate")
    act(api, plan, "hold", reason="Canary reason.")
    rows = AuditEvent.objects.order_by("id")[before:]
    assert [row.action for row in rows] == ["plan.activated", "plan.held"]
    assert {row.patient_id for row in rows} == {patient.pk}
