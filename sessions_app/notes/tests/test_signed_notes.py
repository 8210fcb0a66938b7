"""A signed note: who can sign what, and that nothing can change it afterwards."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from accounts.models import User
from accounts.tests.factories import CareFactory, TherapistFactory
from sessions_app.models import NoteAddendum, NoteLocked, NoteSignature, NoteVersion, SessionNote, TherapySession
from sessions_app.notes.services import decisions, removal, signing, writing
from sessions_app.notes.services.signing import OpenStatements, is_intact
from sessions_app.notes.tests.notes import access_of, begin, sign
from sessions_app.processing.services import control
from sessions_app.services import speakers
from therapybridge.core.errors import Conflict, Forbidden, InvalidInput
from therapybridge.core.fields import Sealed

pytestmark = pytest.mark.django_db


def fresh(note: SessionNote) -> SessionNote:
    found: SessionNote = SessionNote.objects.select_related("session", "template_version").get(pk=note.pk)
    return found


def colleague_of(session: TherapySession, relationship_type: str) -> User:
    colleague = TherapistFactory(clinic=session.clinic)
    CareFactory(therapist=colleague, patient=session.patient, relationship_type=relationship_type)
    return colleague


def test_a_signature_names_the_signer_and_the_hash_of_the_content(signed):
    signature = signed.signatures.get()
    assert (signature.role, signature.signer, signature.content_hash) == ("author", signed.author, signed.content_hash)
    assert is_intact(fresh(signed))
    assert [version.cause for version in signed.versions.all()][:2] == ["signed", "completed"]


def test_a_note_without_a_required_field_is_not_signed(session):
    note = begin(session)
    access = access_of(session)
    emptied = writing.save_note(note, {"subjective": ""}, 1, access=access).note
    with pytest.raises(InvalidInput) as caught:
        signing.sign_note(emptied, emptied.revision, access=access)
    assert set(caught.value.errors or {}) == {"subjective"}


def test_what_changed_since_it_was_read_is_not_signed(session):
    note, access = begin(session), access_of(session)
    writing.save_note(note, {"subjective": "Changed."}, 1, access=access)
    with pytest.raises(Conflict, match="changed since"):
        signing.sign_note(note, 1, access=access)


def test_statements_to_check_come_first(session):
    extraction = session.extractions.get()
    evidence = {"segments": [1], "quote": ""}
    doubtful = {"id": "topic_summary", "state": "check", "reason": "content", "text": "He moved.", "evidence": evidence}
    extraction.notes["topic_summary"] = doubtful
    extraction.save()
    note = begin(session)
    with pytest.raises(OpenStatements) as caught:
        sign(note)
    assert caught.value.errors == {"topic_summary": ["He moved."]}
    decisions.decide_statement(session, "topic_summary", "deleted", 1, access=access_of(session))
    assert sign(fresh(note)).status == "signed"


def test_only_the_author_signs_and_only_a_supervisor_cosigns(session):
    note = begin(session)
    supervisor, consultant = colleague_of(session, "supervisor"), colleague_of(session, "consulting")
    with pytest.raises(Forbidden):
        signing.sign_note(note, 1, access=access_of(session, supervisor))
    signed = sign(note)
    with pytest.raises(Forbidden):
        signing.cosign_note(signed, access=access_of(session, consultant))
    signing.cosign_note(signed, access=access_of(session, supervisor))
    assert [one.role for one in signed.signatures.all()] == ["author", "supervisor"]
    with pytest.raises(Conflict):
        signing.cosign_note(signed, access=access_of(session, supervisor))


SERVICES: list[Callable[[SessionNote, Any], object]] = [
    lambda note, access: writing.save_note(note, {"plan": "x"}, note.revision, access=access),
    lambda note, access: writing.regenerate(note, None, access=access),
    lambda note, access: writing.change_note_template(note, note.template_version.template, access=access),
    lambda note, access: signing.complete_note(note, note.revision, access=access),
    lambda note, access: signing.sign_note(note, note.revision, access=access),
    lambda note, access: removal.delete_note(note, "Because", access=access),
    lambda note, access: control.redraft_notes(note.session, access=access),
    lambda note, access: speakers.swap_speakers(note.session, access=access),
    lambda note, access: decisions.decide_statement(note.session, "topic_summary", "kept", 1, access=access),
    lambda note, access: begin(note.session),
]


@pytest.mark.parametrize("act", SERVICES)
def test_no_service_changes_it(signed, act):
    before = fresh(signed).content_hash
    with pytest.raises(Conflict):
        act(fresh(signed), access_of(signed.session))
    assert is_intact(fresh(signed))
    assert fresh(signed).content_hash == before


def resealed(note: SessionNote, content: dict[str, Any]) -> Sealed:
    field: Any = SessionNote._meta.get_field("content")
    sealed: Sealed = field.seal(content, note.pk)
    return sealed


CLIENTS: list[Callable[[SessionNote], object]] = [
    lambda note: SessionNote.objects.filter(pk=note.pk).update(content=resealed(note, {"fields": {}, "leftovers": []})),
    lambda note: SessionNote.objects.filter(pk=note.pk).update(content_hash="0" * 64),
    lambda note: SessionNote.objects.filter(pk=note.pk).update(status="draft", signed_at=None, content_hash=""),
    lambda note: SessionNote.objects.filter(pk=note.pk).update(revision=99),
    lambda note: NoteSignature.objects.filter(note=note).update(content_hash="0" * 64),
    lambda note: NoteVersion.objects.filter(note=note).update(number=100),
    lambda note: NoteAddendum.objects.filter(note=note).update(kind="late_entry"),
    lambda note: SessionNote.objects.filter(pk=note.pk).update(author=note.patient),
    lambda note: NoteSignature.objects.filter(note=note).update(signer=note.patient),
    lambda note: NoteAddendum.objects.filter(note=note).update(author=note.patient),
    lambda note: type(note.template_version).objects.filter(pk=note.template_version_id).update(definition={}),
]


@pytest.mark.parametrize("write", CLIENTS)
def test_no_client_of_the_database_changes_it(signed, write):
    signing.add_addendum(signed, "addendum", "Forgotten", "She also called.", access=access_of(signed.session))
    with pytest.raises(IntegrityError), transaction.atomic():
        write(signed)
    assert is_intact(fresh(signed))


@transaction.atomic
def delete_by_query(note: SessionNote, parts: Sequence[Any]) -> None:
    for model in parts:
        model.objects.filter(note=note).delete()
    if len(parts) > 1:
        SessionNote.objects.filter(pk=note.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


PARTS = [NoteVersion, NoteSignature, NoteAddendum]


@pytest.mark.parametrize("parts", [PARTS, *([part] for part in PARTS)])
def test_postgresql_lets_neither_it_nor_a_part_of_it_be_deleted(signed, parts):
    signing.add_addendum(signed, "addendum", "Forgotten", "She also called.", access=access_of(signed.session))
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError):
            delete_by_query(signed, parts)


def test_nobody_who_wrote_one_is_removed(signed):
    with pytest.raises(ProtectedError):
        signed.author.delete()


def test_its_row_is_neither_saved_nor_deleted(signed):
    note = fresh(signed)
    with pytest.raises(NoteLocked):
        note.save()
    with pytest.raises(NoteLocked):
        note.delete()


def test_an_addendum_stands_beside_what_was_signed(signed):
    access = access_of(signed.session)
    added = signing.add_addendum(signed, "late_entry", "Forgotten", "She also called.", access=access)
    note = fresh(signed)
    assert (note.status, note.content_hash) == ("amended", signed.content_hash)
    assert added.author_name == access.user.full_name
    assert is_intact(note)
    with pytest.raises(NoteLocked):
        added.save()


@pytest.mark.parametrize("column", ["reason", "text"])
def test_an_addendum_that_was_rewritten_with_another_key_is_noticed(browser, signed, settings, column):
    access = access_of(signed.session)
    added = signing.add_addendum(signed, "addendum", "Forgotten", "She also called.", access=access)
    settings.FIELD_ENCRYPTION_KEYS = [f"new:{b64encode(bytes(range(32))).decode()}", *settings.FIELD_ENCRYPTION_KEYS]
    field: Any = NoteAddendum._meta.get_field(column)
    NoteAddendum.objects.filter(pk=added.pk).update(**{column: field.seal("She never called.", added.pk)})
    assert not is_intact(fresh(signed))
    assert "is not what was signed" in browser.get(f"/notes/{signed.pk}").text


def test_an_addendum_needs_a_reason_and_a_signed_note(session):
    note, access = begin(session), access_of(session)
    with pytest.raises(InvalidInput):
        signing.add_addendum(note, "addendum", " ", "text", access=access)
    with pytest.raises(Conflict):
        signing.add_addendum(note, "addendum", "reason", "text", access=access)
