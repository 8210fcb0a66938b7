"""The patient's consent to one version of a plan, in the consent log."""

import pytest

from accounts.consent.services.decisions import record_consent
from accounts.models import ConsentEntry
from accounts.tests.factories import access_for
from therapybridge.core.errors import Conflict
from treatment.plans.services.consents import agreement_of, record_plan_consent
from treatment.plans.services.lifecycle import complete_plan
from treatment.plans.services.reviews import review_plan
from treatment.plans.services.writing import change_plan
from treatment.plans.tests.factories import make_active_plan, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(therapist, patient):
    return make_active_plan(patient, therapist)


@pytest.fixture
def access(therapist, patient):
    return access_for(therapist, patient)


def state(plan):
    return agreement_of(plan).state


def test_a_spoken_consent_is_in_the_log_with_its_witness(plan, access, therapist):
    assert state(plan) == "not_asked"
    entry = record_plan_consent(plan, version=1, access=access).entry
    assert (entry.consent_type, entry.status, entry.method) == ("treatment_plan", "granted", "verbal")
    assert (entry.witness_name, entry.recorded_by) == (therapist.full_name, therapist)
    assert plan.title not in entry.text
    assert state(plan) == "given"


def test_a_later_version_asks_again(plan, access):
    record_plan_consent(plan, version=1, access=access)
    change_plan(plan, revision=plan.revision, access=access, title="Rest")
    assert (state(plan), agreement_of(plan).version) == ("outdated", 1)
    with pytest.raises(Conflict) as refused:
        record_plan_consent(plan, version=1, access=access)
    assert refused.value.code == "edit_conflict"
    record_plan_consent(plan, version=2, access=access)
    assert state(plan) == "given"


def test_a_review_of_an_unchanged_plan_asks_for_nothing(plan, access):
    record_plan_consent(plan, version=1, access=access)
    review_plan(plan, outcome="continued", revision=plan.revision, access=access)
    assert state(plan) == "given"


def test_a_withdrawal_in_the_log_shows_on_the_plan(plan, access):
    record_plan_consent(plan, version=1, access=access)
    record_consent(access, ["treatment_plan"], "revoked", "verbal")
    assert state(plan) == "withdrawn"
    record_plan_consent(plan, version=1, access=access)
    assert state(plan) == "given"


def test_a_refusal_of_one_plan_leaves_the_other(plan, access, therapist, patient):
    patient.clinic.several_active_plans = True
    patient.clinic.save()
    other = make_active_plan(patient, therapist)
    record_plan_consent(plan, version=1, access=access)
    record_plan_consent(other, version=1, status="declined", access=access)
    assert (state(plan), state(other)) == ("given", "declined")


def test_drafts_and_ended_plans_ask_for_nothing(plan, access, therapist, patient):
    complete_plan(plan, revision=plan.revision, access=access)
    for one, version in ((plan, 1), (make_plan(patient, therapist), 0)):
        with pytest.raises(Conflict):
            record_plan_consent(one, version=version, access=access)


def test_it_is_recorded_on_the_plan_alone(api_for, client_for, therapist, patient):
    path = f"/api/v1/patients/{patient.pk}/consents"
    body = {"types": ["treatment_plan"], "status": "granted", "method": "verbal"}
    assert set(api_for(therapist).post(path, body, format="json").json()["errors"]) == {"types"}
    form = {"types": ["treatment_plan"], "status": "granted", "method": "verbal"}
    assert "on the page of that plan" in client_for(therapist).post(f"/patients/{patient.pk}/consent", form).text
    asked = client_for(therapist).post(f"/patients/{patient.pk}/consent/request", {"types": ["treatment_plan"]})
    assert asked.status_code == 422
    assert not ConsentEntry.objects.filter(consent_type="treatment_plan").exists()


def test_the_api_records_a_decision_once(api_for, therapist, plan):
    path, headers = f"/api/v1/plans/{plan.pk}/consents", {"Idempotency-Key": "one"}
    first, second = (api_for(therapist).post(path, {"version": 1}, format="json", headers=headers) for _ in range(2))
    assert (first.status_code, first.json()["id"]) == (201, second.json()["id"])
    assert api_for(therapist).get(f"/api/v1/plans/{plan.pk}").json()["agreement"] == "given"
    assert plan.consents.count() == 1
