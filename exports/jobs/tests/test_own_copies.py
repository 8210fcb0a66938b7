"""A patient's own copy: by a request that the practice took up, within the law's limits, and its time stops."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import AccessRequest, Disclosure, OutgoingMail
from accounts.tests.factories import access_for
from audit.models import AuditEvent
from exports.jobs.access import AccessEnded
from exports.jobs.models import ExportJob
from exports.jobs.services.requests import request_export, request_own_copy
from exports.jobs.tests.conftest import OPTIONS, work_off
from therapybridge.core.errors import InvalidInput
from timeline.tests.factories import make_event

pytestmark = pytest.mark.django_db
DUE = timedelta(days=30)


def asked(patient, kind="download", status="in_progress", **fields):
    return AccessRequest.objects.create(
        patient=patient, kind=kind, status=status, due_at=timezone.now() + DUE, **fields
    )


def test_the_patient_makes_and_downloads_a_copy_and_the_request_is_fulfilled(client_for, patient):
    patient.email = "person@example.org"
    patient.save()
    make_event(patient, title="Told")
    make_event(patient, title="Hidden thought", is_private=True)
    request = asked(patient)
    client = client_for(patient)
    assert "/account/copies" in client.get("/portal/copies").content.decode()
    answer = client.post("/account/copies", {"format": "json"})
    assert (answer.status_code, answer.url) == (302, "/portal/copies")
    job = ExportJob.objects.get()
    request.refresh_from_db()
    assert request.status == "in_progress", "nothing is offered yet"
    assert "data-poll" in client.get("/portal/copies").content.decode()
    assert work_off(job).status == "completed"
    request.refresh_from_db()
    assert (request.status, request.closed_at is not None, request.is_overdue) == ("fulfilled", True, False)
    assert "ready" in request.answer
    assert OutgoingMail.objects.filter(kind="access_request_changed").count() == 1
    answer = client.post(f"/account/copies/{job.pk}/download")
    content = b"".join(answer.streaming_content)
    told = json.loads(content)
    assert told["about"]["is_for_patient"]
    assert "Told" in str(told["events"])
    assert b"Hidden thought" not in content
    row = Disclosure.objects.get()
    assert (row.basis, row.recipient, row.what) == ("patient", patient.full_name, "Full record as JSON")


@pytest.mark.parametrize("status", ["received", "denied", "withdrawn"])
def test_without_a_request_that_was_taken_up_there_is_none(client_for, patient, status):
    asked(patient, status=status)
    client = client_for(patient)
    assert "Make the copy" not in client.get("/portal/copies").content.decode()
    assert client.post("/account/copies", {"format": "json"}).status_code == 403
    assert AuditEvent.objects.get(action="export.requested").reason == "access_ended"
    assert not ExportJob.objects.exists()


@pytest.mark.parametrize("kind", ["correct", "delete", "restrict"])
def test_other_requests_entitle_to_no_copy(patient, kind):
    asked(patient, kind)
    with pytest.raises(AccessEnded):
        request_own_copy(access_for(patient, patient), format="json")


def test_a_request_that_was_fulfilled_entitles_for_thirty_days(patient):
    access = access_for(patient, patient)
    request = asked(patient, status="fulfilled", closed_at=timezone.now() - timedelta(days=29))
    assert work_off(request_own_copy(access, format="json")).status == "completed"
    AccessRequest.objects.filter(pk=request.pk).update(closed_at=timezone.now() - timedelta(days=31))
    with pytest.raises(AccessEnded):
        request_own_copy(access, format="json")


def test_a_request_that_is_denied_meanwhile_stops_the_copy(client_for, patient):
    request = asked(patient)
    job = request_own_copy(access_for(patient, patient), format="json")
    AccessRequest.objects.filter(pk=request.pk).update(status="denied")
    assert work_off(job).error_code == "access_ended"


def test_a_request_that_is_denied_after_it_was_made_closes_the_copy(client_for, patient):
    request = asked(patient)
    job = work_off(request_own_copy(access_for(patient, patient), format="json"))
    AccessRequest.objects.filter(pk=request.pk).update(status="denied")
    assert client_for(patient).post(f"/account/copies/{job.pk}/download").status_code == 403
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("changes", [{"basis": "treatment"}, {"basis": "patient", "extras": ["private_events"]}])
def test_a_patient_gets_what_patients_get(patient, changes):
    asked(patient)
    with pytest.raises(InvalidInput):
        request_export(access_for(patient, patient), **OPTIONS | changes)


def test_the_therapist_does_not_see_the_patients_copy(client_for, therapist, patient):
    asked(patient)
    job = request_own_copy(access_for(patient, patient), format="json")
    assert client_for(therapist).get(f"/exports/{job.pk}").status_code == 404


def test_the_therapist_is_told_what_taking_it_up_means(client_for, therapist, patient):
    asked(patient, status="received")
    shown = client_for(therapist).get(f"/patients/{patient.pk}/access").content.decode()
    assert "can make and download their own copy" in shown


def test_the_patient_deletes_a_copy(client_for, patient):
    asked(patient)
    job = work_off(request_own_copy(access_for(patient, patient), format="json"))
    assert client_for(patient).post(f"/account/copies/{job.pk}/delete").status_code == 302
    assert not ExportJob.objects.exists()


def test_a_part_of_the_record_does_not_answer_the_request(patient):
    request = asked(patient)
    part = OPTIONS | {"kind": "timeline", "basis": "patient", "start": date(1950, 1, 1), "end": date(1950, 1, 2)}
    assert work_off(request_export(access_for(patient, patient), **part)).status == "completed"
    request.refresh_from_db()
    assert request.status == "in_progress"
