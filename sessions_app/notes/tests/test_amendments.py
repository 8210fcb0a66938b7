"""Corrections that patients ask for: answered in time, and a disagreement stands with the note wherever it is shown."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.models import User
from accounts.tests.emails import emails
from accounts.tests.factories import access_for
from audit.models import AuditEvent
from sessions_app.models import AmendmentRequest, NoteAddendum, SessionNote
from sessions_app.notes.services import amendments, release
from sessions_app.notes.services.signing import is_intact
from sessions_app.notes.tests.notes import access_of
from therapybridge.core.errors import Conflict, Forbidden

pytestmark = pytest.mark.django_db
WISH, ANSWER, OBJECTION = "I do not live alone.", "You told me so on 3 March.", "I said that my sister had moved in."


def own(note: SessionNote) -> RecordAccess:
    return access_for(note.patient, note.patient)


def ask(note: SessionNote, text: str = WISH) -> AmendmentRequest:
    return amendments.ask_amendment(note, text=text, access=own(note))


def deny(asked: AmendmentRequest, **given: Any) -> AmendmentRequest:
    access = access_of(asked.note.session)
    return amendments.deny_amendment(asked, access=access, **{"ground": "accurate", "answer": ANSWER} | given)


def test_a_patient_asks_from_the_note_and_the_therapist_has_sixty_days(portal, browser, signed):
    empty = portal.post(f"/account/notes/{signed.pk}/corrections", {"text": " "})
    assert (empty.status_code, AmendmentRequest.objects.count()) == (422, 0)
    assert portal.post(f"/account/notes/{signed.pk}/corrections", {"text": WISH}).status_code == 302
    asked = AmendmentRequest.objects.get()
    assert asked.due_date == signed.clinic.today + timedelta(days=60)
    assert WISH in portal.get(f"/portal/notes/{signed.pk}").text
    assert WISH in browser.get(f"/notes/{signed.pk}").text
    assert f"/notes/{signed.pk}#correction-{asked.pk}" in browser.get("/today").text
    assert len(emails("amendment_asked")) == 1
    assert WISH not in str(list(AuditEvent.objects.values()))


def test_an_accepted_correction_is_an_addendum_and_the_note_stays_what_it_is(portal, browser, signed):
    asked = ask(signed)
    assert browser.post(f"/corrections/{asked.pk}/accept", {"text": "She lives with her sister."}).status_code == 302
    asked.refresh_from_db()
    addendum = NoteAddendum.objects.get()
    assert (asked.status, asked.addendum, addendum.kind) == ("accepted", addendum, "amendment")
    note = SessionNote.objects.select_related("template_version").get(pk=signed.pk)
    assert is_intact(note)
    assert note.content_hash == signed.content_hash
    page = portal.get(f"/portal/notes/{signed.pk}").text
    assert "She lives with her sister." in page
    assert "Accepted" in page
    assert f"#correction-{asked.pk}" not in browser.get("/today").text


def test_a_correction_needs_a_recent_proof_of_identity(browser, signed, settings):
    asked = ask(signed)
    settings.STEP_UP_SECONDS = -1
    assert "/account/confirm" in browser.post(f"/corrections/{asked.pk}/accept", {"text": "x"}).headers["Location"]
    assert NoteAddendum.objects.count() == 0


def test_a_denial_names_its_ground_and_a_statement_stands_with_the_note(portal, browser, api_for, signed):
    asked = ask(signed)
    assert browser.post(f"/corrections/{asked.pk}/deny", {"ground": "accurate"}).status_code == 422
    browser.post(f"/corrections/{asked.pk}/deny", {"ground": "accurate", "answer": ANSWER})
    page = portal.get(f"/portal/notes/{signed.pk}").text
    for told in ("right and complete as it stands", ANSWER, "If you disagree"):
        assert told in page
    portal.post(f"/account/corrections/{asked.pk}/statement", {"statement": OBJECTION})
    for client, path in (
        (browser, f"/notes/{signed.pk}"),
        (browser, f"/notes/{signed.pk}/print"),
        (portal, f"/portal/notes/{signed.pk}"),
        (api_for(signed.author), f"/api/v1/notes/{signed.pk}"),
        (api_for(signed.patient), f"/api/v1/patients/{signed.patient_id}/notes/{signed.pk}"),
    ):
        assert OBJECTION in client.get(path).content.decode()
    with pytest.raises(Conflict):
        amendments.dispute_denial(asked, statement="Again.", access=own(signed))


def test_a_patient_is_told_of_an_answer_and_not_what_it_says(signed):
    User.objects.filter(pk=signed.patient_id).update(email="someone@example.org")
    deny(ask(signed))
    [email] = emails("amendment_answered")
    assert email.to == "someone@example.org"
    assert ANSWER not in (email.text or "")


def test_the_answer_is_put_off_once_and_in_time(signed):
    asked, access = ask(signed), access_of(signed.session)
    amendments.extend_amendment(asked, reason="Holidays.", access=access)
    assert asked.due_date == signed.clinic.today + timedelta(days=90)
    with pytest.raises(Conflict):
        amendments.extend_amendment(asked, reason="Again.", access=access)
    late = ask(signed)
    with time_machine.travel(timezone.now() + timedelta(days=62), tick=False), pytest.raises(Conflict):
        amendments.extend_amendment(late, reason="Late.", access=access)


def test_an_answer_stands(signed):
    asked, access = deny(ask(signed)), access_of(signed.session)
    for act in (
        lambda: deny(asked),
        lambda: amendments.accept_amendment(asked, text="x", access=access),
        lambda: amendments.extend_amendment(asked, reason="x", access=access),
    ):
        with pytest.raises(Conflict):
            act()
    assert NoteAddendum.objects.count() == 0


def test_what_is_withheld_cannot_be_asked_about(portal, signed):
    day = timezone.localdate() + timedelta(days=9)
    access = access_of(signed.session)
    release.withhold_note(signed, exception="safety", reason="Because.", review_date=day, access=access)
    assert portal.post(f"/account/notes/{signed.pk}/corrections", {"text": WISH}).status_code == 422
    assert AmendmentRequest.objects.count() == 0


def test_therapists_neither_ask_nor_disagree_for_the_patient(signed):
    access = access_of(signed.session)
    with pytest.raises(Forbidden):
        amendments.ask_amendment(signed, text=WISH, access=access)
    with pytest.raises(Forbidden):
        amendments.dispute_denial(deny(ask(signed)), statement=OBJECTION, access=access)


def test_devices_ask_answer_and_disagree(api_for, signed):
    phone, device = api_for(signed.patient), api_for(signed.author)
    url = f"/api/v1/patients/{signed.patient_id}/notes/{signed.pk}/amendments"
    asked = phone.post(url, {"text": WISH}, format="json")
    assert asked.status_code == 201
    row = f"/api/v1/amendments/{asked.json()['id']}"
    assert [one["id"] for one in device.get("/api/v1/amendments?status=open").json()["results"]] == [asked.json()["id"]]
    assert (
        device.post(f"{row}/extend", {"reason": "Holidays."}, format="json").json()["extension_reason"] == "Holidays."
    )
    denied = device.post(f"{row}/deny", {"ground": "accurate", "answer": ANSWER}, format="json").json()
    assert (denied["status"], denied["ground"]) == ("denied", "accurate")
    disputed = phone.post(f"{row}/dispute", {"statement": OBJECTION}, format="json").json()
    assert disputed["statement"] == OBJECTION
    assert phone.post(f"{row}/dispute", {"statement": "x"}, format="json").json()["code"] == "not_disputable"
    again = phone.post(url, {"text": WISH}, format="json").json()
    accepted = device.post(f"/api/v1/amendments/{again['id']}/accept", {"text": "Corrected."}, format="json").json()
    assert accepted["addendum_id"] == str(NoteAddendum.objects.get().pk)
    assert phone.get(url).json()["total_count"] == 2


def test_the_database_refuses_half_an_answer(signed):
    asked = ask(signed)
    for columns in ({"status": "denied"}, {"status": "accepted", "answered_at": timezone.now()}, {"status": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AmendmentRequest.objects.filter(pk=asked.pk).update(**columns)


def sealed(asked: AmendmentRequest, name: str, text: str) -> Any:
    field: Any = AmendmentRequest._meta.get_field(name)
    return field.seal(text, asked.pk)


CHANGES: list[Callable[[AmendmentRequest], dict[str, Any]]] = [
    lambda asked: {"text": sealed(asked, "text", "Nothing.")},
    lambda asked: {"answer": sealed(asked, "answer", "Never said.")},
    lambda asked: {"answer": None},
    lambda asked: {"statement": sealed(asked, "statement", "I agree.")},
    lambda asked: {"statement": None},
    lambda asked: {"extension_reason": sealed(asked, "extension_reason", "Holidays.")},
    lambda asked: {"ground": "not_ours"},
    lambda asked: {"due_date": asked.due_date + timedelta(days=300)},
    lambda asked: {"answered_at": timezone.now()},
    lambda asked: {"answered_by": asked.patient},
    lambda asked: {"statement_at": None},
    lambda asked: {"status": "open", "answered_at": None, "ground": "", "statement_at": None},
]


@pytest.mark.parametrize("change", CHANGES)
def test_no_client_of_the_database_changes_an_answer(signed, change):
    asked = deny(ask(signed))
    amendments.dispute_denial(asked, statement=OBJECTION, access=own(signed))
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AmendmentRequest.objects.filter(pk=asked.pk).update(**change(asked))
    asked.refresh_from_db()
    assert (asked.status, asked.answer, asked.statement, asked.text) == ("denied", ANSWER, OBJECTION, WISH)


def test_what_was_asked_for_is_not_rewritten_before_the_answer_either(signed):
    asked = ask(signed)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AmendmentRequest.objects.filter(pk=asked.pk).update(text=sealed(asked, "text", "Nothing."))


@transaction.atomic
def delete_by_query(asked: AmendmentRequest) -> None:
    AmendmentRequest.objects.filter(pk=asked.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_postgresql_keeps_an_answered_request(signed):
    asked = deny(ask(signed))
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match="never changed"):
            delete_by_query(asked)
    assert AmendmentRequest.objects.filter(pk=asked.pk).exists()


@pytest.mark.parametrize("who", ["therapist", "patient"])
def test_a_note_needs_no_more_queries_for_more_requests(client_for, signed, who, settings):
    settings.LIMITS = {**settings.LIMITS, "email": "1000/d"}
    reader, path = {
        "therapist": (signed.author, f"/notes/{signed.pk}"),
        "patient": (signed.patient, f"/portal/notes/{signed.pk}"),
    }[who]
    client = client_for(reader)
    deny(ask(signed))
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _ in range(3):
        deny(ask(signed))
        ask(signed)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) <= len(few)


@pytest.mark.parametrize(("zone", "is_overdue"), [("Asia/Tokyo", True), ("America/Los_Angeles", False)])
def test_a_request_is_overdue_after_its_day_at_the_clinic(signed, zone, is_overdue):
    signed.clinic.time_zone = zone
    asked = AmendmentRequest(note=signed, due_date=date(2026, 3, 1))
    with time_machine.travel("2026-03-01T20:00Z", tick=False):
        assert asked.is_overdue is is_overdue
