"""What patients read of signed notes: all of it, and of a withheld one nothing but the ground."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Clinic, User
from accounts.tests.factories import PASSWORD, CareFactory, TherapistFactory
from audit.models import AuditEvent
from sessions_app.contexts.today import today_context
from sessions_app.models import NoteWithholding, PrivateNote, SessionNote, TherapySession
from sessions_app.notes.choices import HEADINGS_PLAINLY
from sessions_app.notes.services import release, signing
from sessions_app.notes.services.release import Grounds
from sessions_app.notes.services.summaries import approve_summary
from sessions_app.notes.tests.notes import access_of, begin, drafted_session, sign
from sessions_app.pipeline.note_templates.system import system_templates
from therapybridge.core.errors import Conflict, InvalidInput

pytestmark = pytest.mark.django_db
SECRET, WHY, LATER = "Sleeps badly.", "He may hurt himself over it.", "She called about her brother."


def soon() -> date:
    return timezone.localdate() + timedelta(days=30)


def grounds(**given: Any) -> dict[str, Any]:
    return {"exception": "safety", "reason": WHY, "review_date": soon()} | given


def withhold(note: SessionNote, **given: Any) -> NoteWithholding:
    return release.withhold_note(note, access=access_of(note.session), **grounds(**given))


@pytest.fixture
def signed(session: TherapySession) -> SessionNote:
    note = sign(begin(session))
    signing.add_addendum(note, "addendum", "Forgotten", LATER, access=access_of(session))
    return note


def everything(portal: Client, phone: APIClient, note: SessionNote) -> str:
    """All that the patient can open."""
    base = f"/api/v1/patients/{note.patient_id}"
    pages = ["/portal", "/portal/timeline", "/portal/notes", f"/portal/notes/{note.pk}", "/portal/access"]
    told = [portal.get(path).text for path in pages]
    lists = [f"{base}/notes", f"{base}/notes/{note.pk}", f"{base}/timeline", f"{base}/timeline?search=note"]
    return "\n".join([*told, *(phone.get(path).content.decode() for path in [*lists, f"{base}/access-log"])])


def test_a_patient_reads_a_signed_note_with_its_addenda_and_signer(portal, phone, signed):
    page = portal.get(f"/portal/notes/{signed.pk}").text
    api = phone.get(f"/api/v1/patients/{signed.patient_id}/notes/{signed.pk}").json()
    for shown in (SECRET, LATER, f"Signed by {signed.author.full_name}"):
        assert shown in page
    assert api["note"]["withheld"] is None
    assert api["sections"][0]["fields"][0]["text"] == SECRET
    assert [one["text"] for one in api["addenda"]] == [LATER]
    assert [one["signer_name"] for one in api["signatures"]] == [signed.author.full_name]
    assert f'href="/portal/notes/{signed.pk}"' in portal.get("/portal/notes").text


def test_an_addition_says_plainly_why_it_stands_there_and_not_in_the_words_for_colleagues(portal, session, signed):
    for kind in ("late_entry", "amendment"):
        signing.add_addendum(signed, kind, f"Per 164.526, {kind}", "Her brother called.", access=access_of(session))
    page = portal.get(f"/portal/notes/{signed.pk}").text
    assert page.count("You asked for this correction.") == 1
    assert page.count("It belongs to this session and was written down later.") == 1
    assert "164.526" not in page
    assert "Forgotten" not in page


def test_the_headings_of_every_template_speak_to_the_patient(portal, phone, signed, therapist, patient):
    headings = [
        heading
        for template in system_templates()
        for section in template.definition.sections
        for heading in (section.title, *(field.label for field in section.fields))
    ]
    plain = [HEADINGS_PLAINLY.get(heading, heading) for heading in headings]
    told = re.compile(r"\b(patient|SUD|VoC|you observed|cognition|intervention|judgement|subjective|objective)", re.I)
    assert not [heading for heading in plain if told.search(heading)]
    assert set(HEADINGS_PLAINLY) <= set(headings)
    page = portal.get(f"/portal/notes/{signed.pk}").text
    api = phone.get(f"/api/v1/patients/{patient.pk}/notes/{signed.pk}").json()
    assert "What you told your therapist" in page
    assert "What the patient reports" not in page
    assert "SOAP" not in page + portal.get("/portal/notes").text
    assert api["sections"][0]["fields"][0]["label"] == "What you told your therapist"


def test_nothing_is_read_before_the_signature(portal, phone, session):
    note = begin(session)
    assert portal.get(f"/portal/notes/{note.pk}").status_code == 404
    assert phone.get(f"/api/v1/patients/{note.patient_id}/notes").json()["results"] == []


def test_private_notes_are_in_no_list(portal, phone, signed, therapist, patient):
    note = PrivateNote.objects.create(author=therapist, patient=patient, text="Reminds me of my father.")
    assert portal.get(f"/portal/notes/{note.pk}").status_code == 404
    assert "my father" not in everything(portal, phone, signed)


def test_nothing_of_a_withheld_note_reaches_the_patient(
    portal, phone, signed, caplog, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        withhold(signed)
    told = everything(portal, phone, signed)
    for text in (SECRET, LATER, WHY, "Forgotten", "Note signed"):
        assert text not in told + caplog.text
    assert "could endanger somebody" in portal.get(f"/portal/notes/{signed.pk}").text
    api = phone.get(f"/api/v1/patients/{signed.patient_id}/notes/{signed.pk}").json()
    assert api["note"]["withheld"]["exception"] == "safety"
    assert (api["sections"], api["signatures"], api["addenda"]) == ([], [], [])
    assert "Ask to look again" in told


def test_the_therapists_view_of_what_the_patient_reads_withholds_too(api_for, therapist, signed):
    withhold(signed)
    api = api_for(therapist).get(f"/api/v1/patients/{signed.patient_id}/notes/{signed.pk}").json()
    assert SECRET not in str(api)


def test_a_note_can_be_withheld_as_it_is_signed(portal, browser, session):
    note = begin(session)
    browser.post(f"/notes/{note.pk}/save", {"revision": 1, "field-subjective": SECRET})
    given = {"revision": SessionNote.objects.get(pk=note.pk).revision, **grounds()}
    incomplete = browser.post(f"/notes/{note.pk}/sign", given | {"exception": ""})
    assert incomplete.status_code == 422
    assert SessionNote.objects.get(pk=note.pk).status == "draft"
    assert browser.post(f"/notes/{note.pk}/sign", given).status_code == 302
    assert SessionNote.objects.get(pk=note.pk).status == "signed"
    assert SECRET not in portal.get(f"/portal/notes/{note.pk}").text


def test_devices_withhold_as_they_sign(api_for, therapist, session):
    note = begin(session)
    device = api_for(therapist)
    url, tag = f"/api/v1/notes/{note.pk}", {"If-Match": '"2"'}
    device.patch(url, {"fields": {"subjective": SECRET}}, format="json", headers={"If-Match": '"1"'})
    body = {"withhold": grounds(review_date=str(soon()))}
    wrong = {"withhold": grounds(review_date="2020-01-01")}
    assert device.post(f"{url}/sign", wrong, format="json", headers=tag).status_code == 400
    answer = device.post(f"{url}/sign", body, format="json", headers=tag)
    assert (answer.status_code, answer.json()["withholding"]["reason"]) == (200, WHY)


def test_a_release_shows_the_note_again_and_keeps_the_decision(portal, browser, signed):
    withhold(signed)
    assert WHY in browser.get(f"/notes/{signed.pk}").text
    assert browser.post(f"/notes/{signed.pk}/release").status_code == 302
    assert SECRET in portal.get(f"/portal/notes/{signed.pk}").text
    row = NoteWithholding.objects.get()
    assert (row.reason, row.released_by) == (WHY, signed.author)
    withhold(signed, exception="confidence")
    assert "in confidence" in portal.get(f"/portal/notes/{signed.pk}").text


def test_each_decision_is_audited_without_its_reason(api_for, therapist, signed):
    device, url = api_for(therapist), f"/api/v1/notes/{signed.pk}/withholding"
    assert device.post(url, grounds(review_date=str(soon())), format="json").status_code == 201
    assert device.post(url, grounds(review_date=str(soon())), format="json").json()["code"] == "already_withheld"
    later = {"review_date": str(soon() + timedelta(days=9))}
    assert device.patch(url, later, format="json").json()["review_date"] == later["review_date"]
    assert device.delete(url).status_code == 204
    assert device.delete(url).json()["code"] == "not_withheld"
    rows = AuditEvent.objects.filter(
        target_id=signed.pk, action__in=("note.withheld", "note.review_moved", "note.released")
    )
    assert [row.action for row in rows.order_by("id")] == ["note.withheld", "note.review_moved", "note.released"]
    assert WHY not in str(list(rows.values()))


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_a_review_is_after_today_and_within_a_year(signed, days):
    with pytest.raises(InvalidInput):
        withhold(signed, review_date=signed.clinic.today + timedelta(days=days))


def test_an_unsigned_note_needs_no_withholding(session):
    with pytest.raises(Conflict):
        withhold(begin(session))
    with pytest.raises(InvalidInput):
        Grounds("because", " ", soon()).require_valid(timezone.localdate())


def test_whoever_treats_the_patient_sees_a_review_that_is_due(client_for, browser, signed):
    colleague = TherapistFactory(clinic=signed.clinic)
    CareFactory(therapist=colleague, patient=signed.patient)
    withhold(signed)
    link = f"/notes/{signed.pk}#withheld"
    assert link not in browser.get("/today").text
    assert f'href="/notes/{signed.pk}"' in browser.get("/notes?status=withheld").text
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        for client in (client_for(signed.author), client_for(colleague)):
            assert link in client.get("/today").text
        moved = client_for(signed.author).post(f"/notes/{signed.pk}/review", {"review_date": str(soon())})
        assert moved.status_code == 302
        assert link not in client_for(colleague).get("/today").text


def test_the_lists_need_no_more_queries_for_more_notes(portal, phone, signed, therapist, patient):
    url = f"/api/v1/patients/{patient.pk}/notes"
    for get, path in ((portal.get, "/portal/notes"), (phone.get, url)):
        get(path)
        with CaptureQueriesContext(connection) as few:
            get(path)
        for _ in range(3):
            withhold(sign(begin(drafted_session(therapist, patient))))
        with CaptureQueriesContext(connection) as many:
            assert str(get(path).content).count(str(signed.pk)) >= 1
        assert len(many) <= len(few)


REFUSED = [
    ("save", {"revision": 1, "field-subjective": "x"}, "note.saved"),
    ("prepare", {"revision": 1, "field-subjective": "x"}, "note.signed"),
    ("regenerate", {"revision": 1, "field-subjective": "x"}, "note.regenerated"),
    ("sign", {"revision": 1}, "note.signed"),
    ("delete", {"reason": "Mine"}, "note.deleted"),
    ("cosign", {}, "note.cosigned"),
]


@pytest.mark.parametrize(("path", "body", "action"), REFUSED)
def test_a_page_that_refuses_a_colleague_is_on_record(client_for, session, path, body, action):
    note = sign(begin(session)) if path == "cosign" else begin(session)
    colleague = TherapistFactory(clinic=session.clinic)
    CareFactory(therapist=colleague, patient=session.patient, relationship_type="consulting")
    assert client_for(colleague).post(f"/notes/{note.pk}/{path}", body).status_code == 403
    row = AuditEvent.objects.get(actor=colleague, outcome="denied")
    assert (row.action, row.reason) == (action, "not_supervisor" if path == "cosign" else "not_author")


def test_a_script_that_is_refused_is_on_record(client_for, session):
    note, colleague = begin(session), TherapistFactory(clinic=session.clinic)
    CareFactory(therapist=colleague, patient=session.patient)
    given = {"revision": 1, "field-subjective": "x"}
    assert (
        client_for(colleague).post(f"/notes/{note.pk}/save", given, HTTP_ACCEPT="application/json").status_code == 403
    )
    assert AuditEvent.objects.get(actor=colleague, outcome="denied").reason == "not_author"


def test_a_therapist_is_told_that_a_patient_without_a_sign_in_reads_nothing_yet(browser, signed, session, patient):
    approve_summary(session, "You slept badly.", access=access_of(session))
    pages = [f"/notes/{signed.pk}", session.get_absolute_url()]
    invite = f'href="/patients/{patient.pk}/invite"'
    for page in pages:
        assert invite in browser.get(page).content.decode()
    patient.set_password(PASSWORD)
    patient.save()
    for page in pages:
        assert "has no sign-in" not in browser.get(page).content.decode()


@pytest.mark.parametrize(("zone", "is_due"), [("Asia/Tokyo", True), ("America/Los_Angeles", False)])
def test_a_review_is_due_on_its_day_at_the_clinic(signed, zone, is_due):
    Clinic.objects.update(time_zone=zone)
    reader = User.objects.get(pk=signed.author_id)
    with time_machine.travel("2026-03-01T12:00Z", tick=False):
        withhold(signed, review_date=date(2026, 3, 2))
    with time_machine.travel("2026-03-01T20:00Z", tick=False):
        assert ("withheld" in [item["kind"] for item in today_context(reader)["waiting"]]) is is_due
        withholding = NoteWithholding.objects.select_related("note__clinic").get()
        assert withholding.is_due is is_due
