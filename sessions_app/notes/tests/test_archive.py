"""A signed note that is filed away: out of the lists, read and corrected as before, and word for word the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import CareFactory, TherapistFactory, access_for
from audit.models import AuditEvent
from sessions_app.models import ArchiveStep, NoteLocked, SessionNote
from sessions_app.notes.services import amendments, archive, release, signing, writing
from sessions_app.notes.services.signing import is_intact
from sessions_app.notes.tests.notes import access_of, begin, sign
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, Forbidden, InvalidInput
from therapybridge.core.fields import Sealed

pytestmark = pytest.mark.django_db
WHY = "The treatment is over."


def fresh(note: SessionNote) -> SessionNote:
    found: SessionNote = SessionNote.objects.select_related("session", "template_version").get(pk=note.pk)
    return found


def file_away(note: SessionNote, *, by: User | None = None) -> SessionNote:
    return archive.archive_note(note, note.revision, WHY, access=access_of(note.session, by))


def take_out(note: SessionNote) -> SessionNote:
    return archive.unarchive_note(note, note.revision, "Needed again.", access=access_of(note.session))


def add(note: SessionNote) -> Any:
    return signing.add_addendum(note, "addendum", "Forgotten", "She also called.", access=access_of(note.session))


@pytest.fixture
def archived(signed: SessionNote) -> SessionNote:
    return file_away(signed)


def test_it_says_who_filed_it_away_when_and_why_and_stays_what_was_signed(signed):
    note = file_away(signed)
    step = note.archive_steps.get()
    assert (step.move, step.reason, step.moved_by, step.moved_at) == ("archived", WHY, note.author, note.archived_at)
    assert (fresh(note).status, fresh(note).content_hash) == ("archived", signed.content_hash)
    assert is_intact(fresh(note))
    rows = AuditEvent.objects.filter(action="note.archived")
    assert [row.changed for row in rows] == [["status", "archived_at"]]
    assert WHY not in str(list(rows.values()))


@pytest.mark.parametrize("had_addendum", [False, True])
def test_it_comes_back_as_what_it_was(signed, had_addendum):
    if had_addendum:
        add(signed)
    before = fresh(signed)
    note = take_out(file_away(before))
    assert (note.status, fresh(note).archived_at) == (before.status, None)
    assert [step.move for step in note.archive_steps.all()] == ["unarchived", "archived"]
    assert is_intact(fresh(note))


def test_only_a_signed_note_is_filed_away_once_with_a_reason_at_the_revision_that_was_read(session):
    note = begin(session)
    with pytest.raises(Conflict, match="Only a signed"):
        file_away(note)
    signed, access = sign(note), access_of(session)
    for reason in (" ", "x" * 501):
        with pytest.raises(InvalidInput):
            archive.archive_note(signed, signed.revision, reason, access=access)
    with pytest.raises(Conflict, match="changed since"):
        archive.archive_note(signed, signed.revision - 1, WHY, access=access)
    with pytest.raises(Conflict, match="not archived"):
        take_out(signed)
    file_away(signed)
    with pytest.raises(Conflict, match="archived already"):
        file_away(signed)


def test_any_therapist_who_treats_the_patient_decides_and_nobody_else(signed):
    colleague = TherapistFactory(clinic=signed.clinic)
    reading = replace(access_of(signed.session), reader=Actor(user=colleague), may_write=False)
    with pytest.raises(Forbidden):
        archive.archive_note(signed, signed.revision, WHY, access=reading)
    CareFactory(therapist=colleague, patient=signed.patient)
    assert file_away(signed, by=colleague).status == "archived"


ACTS: list[Callable[[SessionNote, Any], object]] = [
    lambda note, access: writing.save_note(note, {"plan": "x"}, note.revision, access=access),
    lambda note, access: writing.regenerate(note, None, access=access),
    lambda note, access: signing.sign_note(note, note.revision, access=access),
    lambda note, access: signing.cosign_note(note, access=access),
    lambda note, access: signing.add_addendum(note, "addendum", "Forgotten", "She called.", access=access),
    lambda note, access: signing.add_addendum(note, "amendment", "Forgotten", "She called.", access=access),
    lambda note, access: begin(note.session),
]


@pytest.mark.parametrize("act", ACTS)
def test_nobody_writes_in_it_adds_to_it_or_cosigns_it(archived, act):
    supervisor = TherapistFactory(clinic=archived.clinic)
    CareFactory(therapist=supervisor, patient=archived.patient, relationship_type="supervisor")
    for by in (archived.author, supervisor):
        with pytest.raises(Conflict):
            act(fresh(archived), access_of(archived.session, by))
    assert (archived.addenda.count(), archived.signatures.count()) == (0, 1)
    assert is_intact(fresh(archived))
    with pytest.raises(NoteLocked):
        fresh(archived).save()


def test_its_patient_reads_it_and_has_it_corrected(portal, phone, browser, archived):
    page = portal.get(f"/portal/notes/{archived.pk}").text
    assert "Sleeps badly." in page
    assert "filed this note away" in page
    assert WHY not in page
    url = f"/api/v1/patients/{archived.patient_id}/notes"
    assert [row["archived_at"] is not None for row in phone.get(url).json()["results"]] == [True]
    assert portal.post(f"/account/notes/{archived.pk}/corrections", {"text": "I slept."}).status_code == 302
    asked = archived.amendment_requests.get()
    assert f"/notes/{archived.pk}#correction-{asked.pk}" in browser.get("/today").text
    assert browser.post(f"/corrections/{asked.pk}/accept", {"text": "She slept."}).status_code == 302
    note = fresh(archived)
    assert (note.status, note.archived_at) == ("archived", archived.archived_at)
    assert "She slept." in portal.get(f"/portal/notes/{archived.pk}").text
    assert is_intact(note)
    assert take_out(note).status == "amended"


def test_a_correction_of_it_can_be_denied_and_disputed(archived):
    own = access_for(archived.patient, archived.patient)
    asked = amendments.ask_amendment(archived, text="I slept.", access=own)
    given = {"ground": "accurate", "answer": "You said so."}
    amendments.deny_amendment(asked, access=access_of(archived.session), **given)
    assert amendments.dispute_denial(asked, statement="I did not.", access=own).statement == "I did not."


def test_withholding_it_goes_on(archived):
    day = timezone.localdate() + timedelta(days=9)
    access = access_of(archived.session)
    release.withhold_note(archived, exception="safety", reason="Because.", review_date=day, access=access)
    assert release.release_note(archived, access=access).released_at is not None


def test_the_form_that_shows_the_note_is_one_read_also_after_a_refusal(browser, signed):
    page, reads = f"/notes/{signed.pk}/archive", AuditEvent.objects.filter(action="note.read", outcome="ok")
    assert browser.get(page).status_code == 200
    assert reads.count() == 1
    assert browser.post(page, {"base": signed.revision, "reason": ""}).status_code == 422
    assert reads.count() == 2
    assert browser.post(page, {"base": signed.revision, "reason": WHY}).status_code == 302
    assert reads.count() == 2


def test_the_pages_confirm_and_say_it(browser, signed):
    page = f"/notes/{signed.pk}"
    assert f'href="{page}/archive"' in browser.get(page).text
    assert browser.get(f"{page}/unarchive").status_code == 302
    sent = {"base": signed.revision, "reason": ""}
    assert browser.post(f"{page}/archive", sent).status_code == 422
    assert browser.post(f"{page}/archive", sent | {"reason": WHY}).status_code == 302
    shown = browser.get(page).text
    assert WHY in shown
    for gone in ("Add an addendum", "Archive this note"):
        assert gone not in shown
    assert browser.get(f"{page}/archive").status_code == 302
    assert "Archived on" in browser.get(f"{page}/print").text
    assert browser.post(f"{page}/unarchive", sent | {"reason": "Needed."}).status_code == 302
    assert "Add an addendum" in browser.get(page).text


def test_lists_leave_it_out_until_they_are_asked(browser, device, archived):
    link = f'href="/notes/{archived.pk}"'
    assert link not in browser.get("/notes").text
    assert link in browser.get("/notes?status=archived").text

    def listed(query: str) -> bool:
        return str(archived.pk) in device.get(f"/api/v1/notes?{query}").content.decode()

    for query in ("", "unsigned=false", f"patient={archived.patient_id}", "archived=false", "status=signed"):
        assert not listed(query), query
    for query in ("archived=true", "status=archived,signed", f"session={archived.session_id}"):
        assert listed(query), query


def test_devices_file_it_away_once_however_often_they_ask(device, signed):
    url, headers = f"/api/v1/notes/{signed.pk}", {"If-Match": f'"{signed.revision}"', "Idempotency-Key": "one"}
    assert device.post(f"{url}/archive", {"reason": WHY}, format="json").status_code == 428
    for _ in range(2):
        done = device.post(f"{url}/archive", {"reason": WHY}, format="json", headers=headers)
        assert (done.status_code, done.json()["status"], done.headers["ETag"]) == (
            200,
            "archived",
            headers["If-Match"],
        )
    assert ArchiveStep.objects.count() == 1
    again = device.post(f"{url}/archive", {"reason": WHY}, format="json", headers=headers | {"Idempotency-Key": "two"})
    assert (again.status_code, again.json()["code"]) == (409, "already_archived")
    back = device.post(f"{url}/unarchive", {"reason": "Needed."}, format="json", headers=headers)
    assert (back.json()["status"], len(back.json()["archive_steps"])) == ("signed", 2)


def sealed(step: ArchiveStep, text: str) -> Sealed:
    field: Any = ArchiveStep._meta.get_field("reason")
    found: Sealed = field.seal(text, step.pk)
    return found


def delete_at_once(step: ArchiveStep) -> None:
    ArchiveStep.objects.filter(pk=step.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


NOTE_WRITES: list[dict[str, Any]] = [
    {"status": "signed"},
    {"status": "signed", "archived_at": None},
    {"status": "completed", "archived_at": None},
    {"status": "draft", "archived_at": None, "signed_at": None, "content_hash": ""},
    {"archived_at": Now()},
    {"archived_at": None},
    {"content_hash": "0" * 64},
    {"revision": 99},
]


@pytest.mark.parametrize("columns", NOTE_WRITES)
def test_no_client_of_the_database_moves_or_redates_it(signed, columns):
    add(signed)
    note = file_away(fresh(signed))
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionNote.objects.filter(pk=note.pk).update(**columns)
    assert (fresh(note).status, fresh(note).archived_at) == ("archived", note.archived_at)
    assert is_intact(fresh(note))


def test_no_client_of_the_database_calls_it_amended_without_an_addendum(archived):
    for columns in ({"status": "amended", "archived_at": None}, {"status": "archived", "archived_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SessionNote.objects.filter(pk=archived.pk).update(**columns)
    note = take_out(archived)
    for columns in ({"status": "amended"}, {"archived_at": Now()}, {"status": "archived"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SessionNote.objects.filter(pk=note.pk).update(**columns)


def test_no_client_of_the_database_rewrites_why(archived):
    step = archived.archive_steps.get()
    other = {"reason": sealed(step, "Lost."), "move": "unarchived", "moved_at": Now(), "moved_by": archived.patient}
    for name, value in other.items():
        with pytest.raises(IntegrityError), transaction.atomic():
            ArchiveStep.objects.filter(pk=step.pk).update(**{name: value})
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError), transaction.atomic():
            delete_at_once(step)
    assert ArchiveStep.objects.get().reason == WHY
