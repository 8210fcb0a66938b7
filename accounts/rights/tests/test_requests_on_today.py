"""A patient's request has a legal term, so it stands on the Today page of whoever treats them until it is answered."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AccessRequest, TherapistPatient
from accounts.tests.factories import end_care

pytestmark = pytest.mark.django_db


def asked(patient, days=30, status="received"):
    due = timezone.now() + timedelta(days=days)
    return AccessRequest.objects.create(patient=patient, kind="download", status=status, due_at=due)


def today(client_for, person):
    return client_for(person).get("/today").content.decode()


@pytest.mark.parametrize("status", ["received", "in_progress"])
def test_an_open_request_leads_to_its_answer(client_for, therapist, patient, status):
    request = asked(patient, status=status)
    page = today(client_for, therapist)
    assert f"/patients/{patient.pk}/access/{request.pk}" in page
    assert "Request about the record, overdue" not in page


def test_an_overdue_one_says_so(client_for, therapist, patient):
    asked(patient, days=-1)
    assert "Request about the record, overdue" in today(client_for, therapist)


@pytest.mark.parametrize("status", ["fulfilled", "denied", "withdrawn"])
def test_a_closed_one_waits_no_more(client_for, therapist, patient, status):
    asked(patient, status=status)
    assert "Request about the record" not in today(client_for, therapist)


def test_it_is_for_those_who_treat_the_patient(client_for, therapist, other_therapist, patient):
    asked(patient)
    assert "Request about the record" not in today(client_for, other_therapist)
    end_care(TherapistPatient.objects.get(therapist=therapist, patient=patient))
    assert "Request about the record" not in today(client_for, therapist)
