"""Deleted drafts: listed for their author, restored by one click, erased after thirty days."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import TherapistPatient, User
from accounts.tests.factories import BreakGlassFactory, CareFactory, PatientFactory, access_for, give_consents
from audit.models import AuditEvent
from sessions_app.models import NoteVersion, PrivateNote, SessionNote, TherapySession
from sessions_app.notes.services import private, removal
from sessions_app.notes.tasks import purge_deleted_notes
from sessions_app.notes.tests.notes import access_of, begin, drafted_session

pytestmark = pytest.mark.django_db
REASON = "Begun on the wrong session"


@pytest.fixture
def deleted(session: TherapySession) -> SessionNote:
    note = begin(session)
    removal.delete_note(note, REASON, access=access_of(session))
    return note


def age(note: SessionNote | PrivateNote, **passed: int) -> None:
    type(note).objects.filter(pk=note.pk).update(deleted_at=timezone.now() - timedelta(**passed))


def test_the_page_says_why_and_how_long(browser, deleted):
    age(deleted, days=17, hours=23)
    page = browser.get("/notes/deleted").text
    assert REASON in page
    assert "13 days left" in page
    assert 'href="/notes/deleted"' in browser.get("/notes").text


def test_one_click_brings_it_back(browser, deleted):
    answer = browser.post(f"/notes/{deleted.pk}/restore", follow=True)
    assert answer.redirect_chain[-1][0] == f"/notes/{deleted.pk}"
    assert "The note is back." in answer.text
    assert REASON not in browser.get("/notes/deleted").text


def test_beside_another_note_of_its_session_it_stays_deleted(browser, deleted, session):
    successor = begin(session, "dap")
    page = browser.get("/notes/deleted").text
    assert REASON in page
    assert f"/notes/{deleted.pk}/restore" not in page
    answer = browser.post(f"/notes/{deleted.pk}/restore", follow=True)
    assert answer.redirect_chain[-1][0] == f"/notes/{successor.pk}"
    assert "has got another note" in answer.text


def test_after_thirty_days_it_is_not_offered(browser, deleted):
    age(deleted, days=30, minutes=1)
    assert REASON not in browser.get("/notes/deleted").text
    assert "can no longer be restored" in browser.post(f"/notes/{deleted.pk}/restore", follow=True).text


def test_it_is_listed_for_nobody_but_its_author_while_they_treat_the_patient(
    client_for, browser, deleted, patient, therapist, other_therapist
):
    CareFactory(therapist=other_therapist, patient=patient)
    assert REASON not in client_for(other_therapist).get("/notes/deleted").text
    TherapistPatient.objects.filter(therapist=therapist).update(is_active=False)
    BreakGlassFactory(patient=patient, therapist=therapist)
    assert REASON not in browser.get("/notes/deleted").text


def test_the_page_needs_no_more_queries_for_more_notes(browser, deleted, therapist):
    browser.get("/notes/deleted")
    with CaptureQueriesContext(connection) as few:
        browser.get("/notes/deleted")
    for _ in range(3):
        relation = CareFactory(therapist=therapist, patient=PatientFactory(clinic=therapist.clinic))
        give_consents(relation.patient)
        another = drafted_session(therapist, relation.patient)
        removal.delete_note(begin(another), REASON, access=access_of(another))
    with CaptureQueriesContext(connection) as many:
        page = browser.get("/notes/deleted").text
    assert page.count(REASON) == 4
    assert len(many) == len(few)


def test_the_schedule_erases_what_nobody_can_restore(deleted, session, therapist, patient):
    access = access_for(therapist, patient)
    old, recent, kept = (private.create_private_note(access, text) for text in ("old", "recent", "kept"))
    for note in (old, recent):
        private.delete_private_note(note, access=access)
    age(deleted, days=30, minutes=1)
    age(old, days=30, minutes=1)
    age(recent, days=29)
    note = begin(session, "dap")
    assert purge_deleted_notes() == 2
    assert list(SessionNote.objects.all()) == [note]
    assert not NoteVersion.objects.filter(note=deleted.pk).exists()
    assert set(PrivateNote.objects.all()) == {recent, kept}
    purged = AuditEvent.objects.filter(action__in=("note.purged", "private_note.purged"), patient_id=patient.pk)
    assert set(purged.values_list("target_id", flat=True)) == {deleted.pk, old.pk}


def test_what_can_be_restored_is_not_erased(deleted):
    age(deleted, days=29, hours=23)
    assert purge_deleted_notes() == 0
    assert SessionNote.objects.filter(pk=deleted.pk).exists()


def test_no_account_takes_private_notes_along(therapist: User, patient: User) -> None:
    note = private.create_private_note(access_for(therapist, patient), "Mine alone")
    for person in (therapist, patient):
        with pytest.raises(ProtectedError):
            person.delete()
    assert PrivateNote.objects.get() == note
