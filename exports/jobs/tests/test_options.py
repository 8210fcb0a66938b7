"""What is said before an export is made."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from accounts.models import AccessRequest

pytestmark = pytest.mark.django_db
WARNING = "names neither the practice nor anybody of its staff"


@pytest.mark.parametrize(
    ("basis", "recipient", "warns"),
    [
        ("practice", "Riverside Psychiatry", True),
        ("practice", "{clinic}, front desk", False),
        ("practice", "For {therapist}", False),
        ("law", "County court", False),
    ],
)
def test_a_recipient_outside_is_asked_about_on_the_ground_of_own_use(
    client_for, therapist, patient, basis, recipient, warns
):
    named = recipient.format(clinic=patient.clinic.name.upper(), therapist=therapist.full_name)
    options = {"kind": "timeline", "format": "pdf", "basis": basis, "recipient": named, "purpose": "A copy"}
    page = client_for(therapist).post(f"/patients/{patient.pk}/exports/new", options)
    assert page.status_code == 200
    assert (WARNING in unescape(page.content.decode())) == warns


def preview(browser, patient, **options):
    """The words of the page before an export."""
    asked = {"kind": "timeline", "format": "pdf", "basis": "practice", "recipient": "The chart", "purpose": "A copy"}
    page = browser.post(f"/patients/{patient.pk}/exports/new", asked | options)
    return " ".join(unescape(page.content.decode()).split())


def test_a_preview_of_nothing_speaks_of_a_period_only_if_there_is_one(client_for, therapist, patient):
    browser = client_for(therapist)
    assert "there is nothing of this kind." in preview(browser, patient)
    assert "there is nothing of this kind in the period." in preview(browser, patient, start="2026-01-01")


def test_a_preview_of_a_summary_names_the_profile_that_it_holds(client_for, therapist, patient):
    assert "what their profile says" in preview(client_for(therapist), patient, kind="treatment_summary")


def test_a_preview_for_the_patient_says_what_such_a_copy_leaves_out(client_for, therapist, patient):
    AccessRequest.objects.create(
        patient=patient, kind="download", status="in_progress", due_at=timezone.now() + timedelta(days=30)
    )
    page = preview(client_for(therapist), patient, kind="treatment_summary", basis="patient")
    assert "no transcripts, drafts, unsigned notes, health details or risk reviews" in page
    assert "Nothing is withheld." not in page
    assert "what their profile says" not in page
