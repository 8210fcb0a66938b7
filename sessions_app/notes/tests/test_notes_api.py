"""Notes over the API: begun, saved, completed, signed, added to, deleted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import BreakGlassFactory, CareFactory, PatientFactory, TherapistFactory, give_consents
from audit.models import AuditEvent
from sessions_app.models import NoteTemplate, SessionNote, TherapySession
from sessions_app.notes.tests.notes import begin, drafted_session, sign

pytestmark = pytest.mark.django_db
Api = Callable[[User], APIClient]
URL = "/api/v1/notes"


@pytest.fixture
def note(session: TherapySession) -> SessionNote:
    return begin(session)


def body_for(session: TherapySession, key: str = "soap") -> dict[str, str]:
    return {"session": str(session.pk), "template": str(NoteTemplate.objects.get(key=key).pk)}


def save(device: APIClient, note: SessionNote, fields: dict[str, Any], tag: str | None = '"1"') -> Any:
    headers = {} if tag is None else {"If-Match": tag}
    return device.patch(f"{URL}/{note.pk}", {"fields": fields}, format="json", headers=headers)


def act(device: APIClient, note: SessionNote, name: str, body: Any = None, tag: str = '"1"') -> Any:
    return device.post(f"{URL}/{note.pk}/{name}", body, format="json", headers={"If-Match": tag})


def field(shown: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in shown["fields"] if one["id"] == name)


def colleague(session: TherapySession, kind: str = "consulting") -> User:
    found = TherapistFactory(clinic=session.clinic)
    CareFactory(therapist=found, patient=session.patient, relationship_type=kind)
    return found


def test_a_note_is_begun_from_the_draft_with_evidence(device, session):
    answer = device.post(URL, body_for(session), format="json")
    shown = answer.json()
    assert (answer.status_code, answer.headers["ETag"], shown["status"]) == (201, '"1"', "draft")
    plan = field(shown, "plan")
    assert (plan["section"], plan["origin"], plan["value"]) == ("Plan", "draft", plan["drafted"])
    assert plan["evidence"][0]["segments"]
    assert "assessment" in shown["missing"]
    assert field(shown, "assessment")["origin"] == "empty"
    assert shown["is_intact"] is None
    read = device.get(f"{URL}/{shown['id']}")
    assert (read.json(), read.headers["ETag"]) == (shown, '"1"')


def test_a_session_has_one_note_and_a_repeat_returns_it(device, session):
    first, again = (
        device.post(URL, body_for(session), format="json", headers={"Idempotency-Key": "1"}) for _ in range(2)
    )
    assert first.json() == again.json()
    assert again.headers["ETag"] == '"1"'
    assert device.post(URL, body_for(session), format="json").json()["code"] == "has_note"


def test_saving_needs_the_revision_that_was_read(device, note):
    assert save(device, note, {"assessment": "x"}, None).status_code == 428
    assert save(device, note, {"assessment": "x"}, None).json()["code"] == "precondition_required"
    assert save(device, note, {"assessment": "x"}, "*").json()["code"] == "invalid_revision"
    assert save(device, note, {"assessment": "x"}, '"99"').json()["code"] == "no_such_revision"
    saved = save(device, note, {"assessment": "Better."}, 'W/"1"')
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"2"')
    assert field(saved.json(), "assessment")["origin"] == "written"


def test_a_conflict_tells_both_texts(device, note):
    save(device, note, {"assessment": "first", "objective": "Pale."})
    refused = save(device, note, {"assessment": "second"})
    problem = refused.json()
    assert (refused.status_code, problem["code"], list(problem["errors"])) == (409, "edit_conflict", ["assessment"])
    conflict = problem["conflict"]
    assert (conflict["fields"], conflict["revision"]) == ({"assessment": "first"}, 2)
    kept = device.get(f"{URL}/{note.pk}/versions/{conflict['version']['number']}").json()
    assert (kept["id"], kept["cause"]) == (conflict["version"]["id"], "conflict")
    assert field(kept, "assessment")["value"] == "second"
    assert field(device.get(f"{URL}/{note.pk}").json(), "assessment")["value"] == "first"


def test_wrong_values_are_named_by_field(device, note):
    wrong = save(device, note, {"assessment": 3, "nothing": "x"})
    assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"assessment", "nothing"})
    assert list(save(device, note, {}).json()["errors"]) == ["fields"]


def test_filling_again_and_another_template_keep_what_stood_there(device, note):
    save(device, note, {"plan": "Mine.", "objective": "Pale."})
    filled = act(device, note, "regenerate", {"fields": ["plan"]}).json()
    assert field(filled, "plan")["origin"] == "draft"
    dap = {"template": str(NoteTemplate.objects.get(key="dap").pk)}
    moved = act(device, note, "template", dap).json()
    assert (moved["template"]["name"], moved["leftovers"][0]["value"]) == ("DAP", "Pale.")
    versions = device.get(f"{URL}/{note.pk}/versions").json()["results"]
    assert [one["cause"] for one in versions][:2] == ["template", "regenerated"]
    assert device.get(f"{URL}/{note.pk}/versions/999").json()["code"] == "no_version"


def test_the_diff_tells_what_was_changed_of_the_draft(device, note):
    drafted = field(device.get(f"{URL}/{note.pk}").json(), "plan")["value"]
    save(device, note, {"plan": f"{drafted} Every day.", "assessment": "Better."})
    shown = device.get(f"{URL}/{note.pk}/diff").json()
    plan = field(shown, "plan")
    assert (shown["revision"], plan["origin"]) == (2, "edited")
    assert "".join(run["text"] for run in plan["runs"] if run["kind"] != "insert") == drafted
    assert plan["runs"][-1]["kind"] == "insert"
    assert field(shown, "assessment")["runs"] == [{"kind": "insert", "text": "Better."}]
    assert field(shown, "interventions")["runs"] == [] or field(shown, "interventions")["origin"] == "draft"


def test_a_note_is_completed_and_signed_as_it_was_read(device, note, therapist):
    assert act(device, note, "finalize", tag='"9"').json()["code"] == "note_changed"
    save(device, note, {"subjective": ""})
    assert list(act(device, note, "finalize", tag='"2"').json()["errors"]) == ["subjective"]
    save(device, note, {"subjective": "Sleeps badly."}, '"2"')
    assert act(device, note, "finalize", tag='"3"').json()["status"] == "completed"
    assert device.post(f"{URL}/{note.pk}/sign").json()["code"] == "precondition_required"
    signed = act(device, note, "sign", tag='"3"').json()
    assert (signed["status"], signed["is_intact"]) == ("signed", True)
    assert [(one["role"], one["signer_id"]) for one in signed["signatures"]] == [("author", str(therapist.pk))]
    assert save(device, note, {"plan": "x"}, '"3"').json()["code"] == "note_signed"


@pytest.mark.parametrize("name", ["sign", "cosign", "addenda"])
def test_a_signature_needs_a_recent_proof_of_identity(name, device, note):
    sign(note)
    addendum = {"kind": "addendum", "reason": "Late", "text": "She called."}
    with time_machine.travel(timezone.now() + timedelta(minutes=15)):
        refused = act(device, note, name, addendum if name == "addenda" else None)
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")


def test_a_supervisor_signs_too_and_others_add(device, api_for, note, session):
    sign(note)
    supervisor, consultant = colleague(session, "supervisor"), colleague(session)
    refused = act(api_for(consultant), note, "cosign")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_supervisor")
    assert AuditEvent.objects.filter(action="note.cosigned", outcome="denied", actor=consultant).count() == 1
    signed = act(api_for(supervisor), note, "cosign").json()
    assert [one["role"] for one in signed["signatures"]] == ["author", "supervisor"]
    addendum = {"kind": "late_entry", "reason": "Forgotten", "text": "She also called."}
    assert act(api_for(consultant), note, "addenda", addendum).status_code == 201
    shown = device.get(f"{URL}/{note.pk}").json()
    assert (shown["status"], shown["is_intact"]) == ("amended", True)
    assert [one["text"] for one in shown["addenda"]] == ["She also called."]
    assert device.get(f"{URL}/{note.pk}/addenda").json()["total_count"] == 1


def test_only_the_author_writes_and_others_are_on_record(api_for, note, session):
    other = colleague(session)
    refused = save(api_for(other), note, {"plan": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_author")
    assert AuditEvent.objects.get(action="note.saved", actor=other).outcome == "denied"
    assert api_for(other).get(f"{URL}/{note.pk}").status_code == 200


def test_patients_and_strangers_read_nothing_and_an_emergency_only_reads(api_for, note, patient, other_therapist):
    assert api_for(patient).get(URL).status_code == 403
    assert api_for(patient).get(f"{URL}/{note.pk}").status_code == 403
    assert api_for(other_therapist).get(f"{URL}/{note.pk}").status_code == 404
    BreakGlassFactory(patient=patient, therapist=other_therapist)
    holder = api_for(other_therapist)
    assert holder.get(f"{URL}/{note.pk}").status_code == 200
    assert save(holder, note, {"plan": "x"}).json()["code"] == "read_only_access"


def test_a_deleted_draft_is_restored(device, note):
    assert list(device.delete(f"{URL}/{note.pk}", format="json").json()["errors"]) == ["reason"]
    deleted = device.delete(f"{URL}/{note.pk}", {"reason": "Wrong session"}, format="json")
    assert deleted.status_code == 204
    assert device.get(f"{URL}/{note.pk}").status_code == 404
    assert device.post(f"{URL}/{note.pk}/restore").status_code == 200
    assert device.get(f"{URL}/{note.pk}").status_code == 200
    assert device.post(f"{URL}/{note.pk}/restore").status_code == 404


def ids(device: APIClient, query: str) -> list[str]:
    return [row["id"] for row in device.get(f"{URL}?{query}").json()["results"]]


def test_the_list_is_filtered_and_unsigned_notes_tell_their_age(device, api_for, note, session, patient):
    row = device.get(f"{URL}?unsigned=true").json()["results"][0]
    assert row["age_days"] == (timezone.now() - session.session_date).days
    assert (row["template_name"], row["status"]) == ("SOAP", "draft")
    assert ids(device, f"patient={patient.pk}&session={session.pk}&status=draft,completed") == [str(note.pk)]
    assert ids(api_for(colleague(session)), "unsigned=true") == []
    sign(note)
    assert ids(device, "unsigned=true") == []
    assert ids(device, "unsigned=false") == [str(note.pk)]
    assert device.get(URL).json()["results"][0]["age_days"] is None
    assert AuditEvent.objects.filter(action="note.listed", patient_id=patient.pk).count() == 1


def many_notes(therapist: User, number: int) -> None:
    for _ in range(number):
        person = PatientFactory(clinic=therapist.clinic)
        CareFactory(therapist=therapist, patient=person)
        give_consents(person)
        begin(drafted_session(therapist, person))


def test_a_list_costs_the_same_queries_with_more_rows(device, therapist, note):
    device.get(URL)  # the rate limit's first row
    with CaptureQueriesContext(connection) as few:
        device.get(URL)
    many_notes(therapist, 3)
    with CaptureQueriesContext(connection) as more:
        assert len(device.get(URL).json()["results"]) == 4
    assert len(more) == len(few)


@pytest.mark.parametrize("part", ["", "/versions", "/addenda"])
def test_a_note_costs_the_same_queries_with_more_parts(part, device, note):
    signed = sign(note)
    address = f"{URL}/{signed.pk}{part}"
    device.get(address)  # the rate limit's first row
    with CaptureQueriesContext(connection) as few:
        device.get(address)
    for number in range(3):
        addendum = {"kind": "addendum", "reason": "Forgotten", "text": f"Line {number}"}
        assert act(device, note, "addenda", addendum).status_code == 201
    with CaptureQueriesContext(connection) as more:
        device.get(address)
    assert len(more) == len(few)
