"""Dates at the ends of the calendar, and what the page of a long plan lists."""

import pytest
from django.utils import timezone

from treatment.goals.forms import GoalForm
from treatment.goals.serializers import ChangeGoalSerializer
from treatment.models import PlanVersion
from treatment.plans.forms import MilestoneForm, PlanForm
from treatment.plans.tests.factories import make_active_plan, make_milestone

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
@pytest.mark.parametrize(
    ("form", "field"),
    [
        (PlanForm, "start_date"),
        (PlanForm, "target_end_date"),
        (MilestoneForm, "target_date"),
        (GoalForm, "target_date"),
        (ChangeGoalSerializer, "target_date"),
    ],
)
def test_a_date_out_of_range_is_an_error(form, field, day):
    checked = form(data={field: day})
    checked.is_valid()
    assert "out of range" in str(checked.errors.get(field))


def test_patients_read_neither_dropped_milestones_nor_an_overdue_review(api_for, therapist, patient):
    plan = make_active_plan(patient, therapist)
    make_milestone(plan, therapist, description="Sleep through")
    dropped = make_milestone(plan, therapist, description="Run a marathon")
    type(dropped).objects.filter(pk=dropped.pk).update(status="discontinued")
    type(plan).objects.filter(pk=plan.pk).update(next_review_date="2020-01-01")
    own = api_for(patient)
    told = own.get(f"/api/v1/plans/{plan.pk}").json()
    assert [one["description"] for one in told["milestones"]] == ["Sleep through"]
    assert told["next_review_date"] is None
    assert own.get("/api/v1/plans").json()["results"][0]["next_review_date"] is None
    today = timezone.localdate(timezone=patient.clinic_zone)
    type(plan).objects.filter(pk=plan.pk).update(next_review_date=today)
    assert own.get(f"/api/v1/plans/{plan.pk}").json()["next_review_date"] == today.isoformat()


def test_the_page_lists_the_latest_twenty_versions(client_for, therapist, patient):
    plan = make_active_plan(patient, therapist)
    first = plan.versions.get().number
    PlanVersion.objects.bulk_create(PlanVersion(plan=plan, number=first + at, content={}) for at in range(1, 31))
    page = client_for(therapist).get(f"/plans/{plan.pk}")
    assert [one.number for one in page.context["versions"]] == list(range(first + 30, first + 10, -1))
