"""Private notes over the API: of their author alone, and never lost to another device."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import TherapistPatient, User
from accounts.tests.factories import (
    AdminFactory,
    BreakGlassFactory,
    CareFactory,
    PatientFactory,
    access_for,
    give_consents,
)
from audit.models import AuditEvent
from sessions_app.models import PrivateNote
from sessions_app.notes.services import private
from sessions_app.notes.services.private import MAX_PRIVATE
from sessions_app.notes.tests.notes import drafted_session

pytestmark = pytest.mark.django_db
SECRET = "Countertransference zebrawood"


@pytest.fixture
def listing(patient: User) -> str:
    return f"/api/v1/patients/{patient.pk}/private-notes"


@pytest.fixture
def note(therapist: User, patient: User) -> PrivateNote:
    return private.create_private_note(access_for(therapist, patient), SECRET)


def path_of(note: PrivateNote) -> str:
    return f"/api/v1/private-notes/{note.pk}"


def save(device: APIClient, note: PrivateNote, text: str, revision: int) -> Any:
    return device.patch(path_of(note), {"text": text}, format="json", headers={"If-Match": f'"{revision}"'})


def test_it_is_written_listed_read_changed_and_deleted(device, listing, session, patient):
    written = device.post(listing, {"text": SECRET, "session": session.pk}, format="json")
    assert (written.status_code, written.headers["ETag"]) == (201, '"1"')
    made = written.json()
    assert (made["text"], made["session_id"], made["patient_id"]) == (SECRET, str(session.pk), str(patient.pk))
    listed = device.get(listing).json()
    assert (listed["results"], listed["total_count"]) == ([made], 1)
    note = PrivateNote.objects.get()
    saved = save(device, note, "Changed", 1)
    assert (saved.json()["text"], saved.headers["ETag"]) == ("Changed", '"2"')
    assert device.get(path_of(note)).json() == saved.json()
    assert device.delete(path_of(note)).status_code == 204
    assert device.get(path_of(note)).status_code == 404
    assert device.get(listing).json()["results"] == []


def test_a_change_names_the_revision_that_it_builds_on(device, note):
    assert device.patch(path_of(note), {"text": "x"}, format="json").json()["code"] == "precondition_required"
    save(device, note, "From the first device", 1)
    refused = save(device, note, "From the second device", 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "edit_conflict")
    assert refused.json()["conflict"] == {"text": "From the first device", "revision": 2}
    assert PrivateNote.objects.get().text == "From the first device"
    assert save(device, note, "From the first device", 1).headers["ETag"] == '"2"'


def test_to_everybody_else_it_does_not_exist(api_for, note, listing, therapist, other_therapist, patient):
    CareFactory(therapist=other_therapist, patient=patient)
    emergency = User.objects.create_user(
        email="night@example.org", role="therapist", clinic=therapist.clinic, password="x" * 12, is_verified=True
    )
    BreakGlassFactory(patient=patient, therapist=emergency)
    for person in (other_therapist, emergency, patient, AdminFactory(clinic=therapist.clinic)):
        other = api_for(person)
        assert other.get(path_of(note)).status_code == 404
        assert save(other, note, "x", 1).status_code == 404
        assert other.delete(path_of(note)).status_code == 404
        assert SECRET not in other.get(listing).text
    assert api_for(other_therapist).get(listing).json()["results"] == []
    assert api_for(emergency).get(listing).status_code == 403


def test_after_the_relation_not_even_its_author_finds_it(device, note, listing):
    TherapistPatient.objects.update(is_active=False)
    assert device.get(path_of(note)).status_code == 404
    assert device.get(listing).status_code == 404


def test_a_list_is_of_one_patient_and_in_pages(device, note, listing, therapist, patient):
    other = PatientFactory(clinic=therapist.clinic)
    CareFactory(therapist=therapist, patient=other)
    private.create_private_note(access_for(therapist, other), "Of another patient")
    private.create_private_note(access_for(therapist, patient), "Second")
    first = device.get(listing, {"limit": 1}).json()
    assert ([row["text"] for row in first["results"]], first["total_count"]) == (["Second"], 2)
    second = device.get(listing, {"limit": 1, "cursor": first["next_cursor"]}).json()
    assert ([row["text"] for row in second["results"]], second["next"]) == ([SECRET], None)


def test_more_rows_cost_no_more_queries(device, note, listing, session, therapist, patient):
    device.get(listing)  # the rate limit's first row
    with CaptureQueriesContext(connection) as few:
        device.get(listing)
    for number in range(5):
        private.create_private_note(access_for(therapist, patient), f"More {number}", session)
    with CaptureQueriesContext(connection) as more:
        device.get(listing)
    assert len(more) == len(few)


def test_what_is_refused_leaves_no_row(device, listing, therapist):
    other = PatientFactory(clinic=therapist.clinic)
    CareFactory(therapist=therapist, patient=other)
    give_consents(other)
    session = drafted_session(therapist, other)
    for body in ({"text": "x", "session": session.pk}, {"text": "x" * (MAX_PRIVATE + 1)}, {"text": "  "}, {}):
        assert device.post(listing, body, format="json").status_code == 400
    assert not PrivateNote.objects.exists()


def test_a_repeat_with_the_same_key_adds_nothing(device, listing, note):
    answers = [device.post(listing, {"text": "Once"}, format="json", headers={"Idempotency-Key": "1"}) for _ in "ab"]
    assert answers[0].json() == answers[1].json()
    assert PrivateNote.objects.count() == 2


def test_the_trail_holds_what_was_done_and_no_word(device, listing, note, patient):
    device.post(listing, {"text": SECRET}, format="json")
    device.get(listing)
    device.get(path_of(note))
    save(device, note, f"{SECRET} changed", 1)
    save(device, note, f"{SECRET} in vain", 1)
    device.delete(path_of(note))
    rows = AuditEvent.objects.filter(action__startswith="private_note.", patient_id=patient.pk)
    done = {"created", "listed", "read", "saved", "deleted"}
    assert {f"private_note.{one}" for one in done} == set(rows.values_list("action", flat=True))
    assert "zebrawood" not in str(list(AuditEvent.objects.values()))
