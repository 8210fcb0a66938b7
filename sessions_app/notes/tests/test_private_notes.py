"""Private notes reach nobody but their author."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import TherapistPatient, User
from accounts.rights.services.access_report import read_access_log
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
from sessions_app.notes.services.private import PrivateNoteConflict
from sessions_app.notes.tests.notes import drafted_session
from therapybridge.core.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db
SECRET = "Countertransference zebrawood"


@pytest.fixture
def note(therapist: User, patient: User) -> PrivateNote:
    return private.create_private_note(access_for(therapist, patient), SECRET)


def test_it_is_written_listed_and_read(browser, patient, therapist):
    session = drafted_session(therapist, patient)
    listing = f"/patients/{patient.pk}/private-notes"
    assert browser.post(listing, {"text": SECRET, "session": session.pk}).status_code == 302
    note = PrivateNote.objects.get()
    assert (note.author, note.session, note.text) == (therapist, session, SECRET)
    for path in (listing, f"/private-notes/{note.pk}"):
        page = browser.get(path).text
        assert SECRET in page
        assert "Only you can open your private notes" in page


def test_patient_and_note_lead_to_it(browser, patient):
    assert f"/patients/{patient.pk}/private-notes" in browser.get(f"/patients/{patient.pk}").text


def test_a_session_of_somebody_else_is_refused(browser, patient, therapist):
    other = PatientFactory(clinic=therapist.clinic)
    give_consents(other)
    CareFactory(therapist=therapist, patient=other)
    session = drafted_session(therapist, other)
    posted = browser.post(f"/patients/{patient.pk}/private-notes", {"text": "x", "session": session.pk})
    assert posted.status_code == 422
    with pytest.raises(InvalidInput):
        private.create_private_note(access_for(therapist, patient), "x", session)


def test_an_older_tab_sees_both_texts_before_it_replaces_one(browser, note):
    path = f"/private-notes/{note.pk}"
    browser.post(path, {"text": "From the first tab", "revision": 1})
    answer = browser.post(path, {"text": "From the second tab", "revision": 1})
    assert answer.status_code == 409
    assert "From the first tab" in answer.text
    assert "From the second tab" in answer.text
    assert PrivateNote.objects.get().text == "From the first tab"
    browser.post(path, {"text": "Both", "revision": 2})
    assert PrivateNote.objects.get().text == "Both"


def test_the_service_keeps_what_stands(note, therapist, patient):
    access = access_for(therapist, patient)
    private.save_private_note(note, "New", 1, access=access)
    with pytest.raises(PrivateNoteConflict) as refused:
        private.save_private_note(note, "Old", 1, access=access)
    assert refused.value.note.text == "New"
    assert private.save_private_note(note, "New", 1, access=access).revision == 2


def test_it_is_deleted_and_restored_for_thirty_days(browser, note, patient):
    listing = f"/patients/{patient.pk}/private-notes"
    browser.post(f"/private-notes/{note.pk}/delete")
    page = browser.get(listing).text
    assert SECRET not in page
    assert f"/private-notes/{note.pk}/restore" in page
    assert browser.get(f"/private-notes/{note.pk}").status_code == 404
    browser.post(f"/private-notes/{note.pk}/restore")
    assert SECRET in browser.get(listing).text
    PrivateNote.objects.update(deleted_at=timezone.now() - timedelta(days=30, minutes=1))
    assert browser.post(f"/private-notes/{note.pk}/restore").status_code == 404
    assert f"/private-notes/{note.pk}/restore" not in browser.get(listing).text


def test_nobody_else_sees_the_row(note, therapist, other_therapist, foreign_therapist, patient):
    CareFactory(therapist=other_therapist, patient=patient)
    BreakGlassFactory(patient=patient, therapist=foreign_therapist)
    others = (other_therapist, foreign_therapist, patient, AdminFactory(clinic=therapist.clinic), AnonymousUser())
    assert [PrivateNote.objects.visible_to(person).count() for person in others] == [0] * len(others)
    assert PrivateNote.objects.visible_to(therapist).get() == note


def test_a_colleague_who_treats_the_same_patient_finds_nothing(client_for, note, other_therapist, patient):
    CareFactory(therapist=other_therapist, patient=patient)
    colleague = client_for(other_therapist)
    path = f"/private-notes/{note.pk}"
    assert colleague.get(path).status_code == 404
    for each in (path, f"{path}/delete", f"{path}/restore"):
        assert colleague.post(each, {"text": "x", "revision": 1}).status_code == 404
    for each in (f"/patients/{patient.pk}/private-notes", f"/patients/{patient.pk}", "/notes", "/sessions"):
        assert SECRET not in colleague.get(each).text
        assert str(note.pk) not in colleague.get(each).text
    with pytest.raises(NotFound):
        private.save_private_note(note, "x", 1, access=access_for(other_therapist, patient))


def test_after_the_relation_the_author_finds_nothing(browser, note, patient):
    TherapistPatient.objects.update(is_active=False)
    assert browser.get(f"/private-notes/{note.pk}").status_code == 404
    assert browser.get(f"/patients/{patient.pk}/private-notes").status_code == 404


def test_an_emergency_opens_none_not_even_to_its_author(browser, note, patient, therapist):
    TherapistPatient.objects.update(is_active=False)
    BreakGlassFactory(patient=patient, therapist=therapist)
    assert browser.get(f"/patients/{patient.pk}").status_code == 200
    assert browser.get(f"/private-notes/{note.pk}").status_code == 404
    assert browser.get(f"/patients/{patient.pk}/private-notes").status_code == 403


def test_the_log_of_the_record_does_not_tell_that_one_exists(browser, note, patient, therapist):
    browser.get(f"/private-notes/{note.pk}")
    browser.post(f"/private-notes/{note.pk}", {"text": "Changed", "revision": 1})
    browser.get(f"/patients/{patient.pk}")
    rows = AuditEvent.objects.filter(action__startswith="private_note.", patient_id=patient.pk)
    assert {"private_note.created", "private_note.read", "private_note.saved"} == set(
        rows.values_list("action", flat=True)
    )
    for reader in (patient, therapist):
        told = [
            action.what
            for day in read_access_log(access_for(reader, patient)).days
            for visit in day.visits
            for action in visit.actions
        ]
        assert told
        assert not any("private" in what for what in told)


def test_the_portal_and_the_trail_hold_no_word_of_it(browser, client_for, note, patient):
    browser.post(f"/private-notes/{note.pk}", {"text": SECRET + " again", "revision": 1})
    portal = client_for(patient)
    for path in ("/portal", "/portal/timeline", "/portal/access"):
        page = portal.get(path, follow=True).text
        assert "zebrawood" not in page
        assert "private note" not in page.lower()
    assert "zebrawood" not in str(list(AuditEvent.objects.values()))
