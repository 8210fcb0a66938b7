"""No statement to check reaches a note, the paper or the API without an act of the therapist: 200 random drafts."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from sessions_app.conftest import WHEN
from sessions_app.models import NoteTemplate, SessionNote, TherapySession
from sessions_app.notes.services import decisions, signing, writing
from sessions_app.notes.services.signing import OpenStatements
from sessions_app.notes.services.writing import proposed
from sessions_app.notes.tests.notes import access_of, begin
from sessions_app.notes.tests.random_drafts import RandomDraft
from sessions_app.pipeline.note_templates.definition import Definition
from sessions_app.pipeline.note_templates.system import KEYS

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]
BATCHES, A_BATCH = 20, 10


@pytest.fixture
def drafts(therapist, patient, request):
    """Ten random drafts, each of a session of its own."""
    found = []
    for seed in range(request.param * A_BATCH, (request.param + 1) * A_BATCH):
        session = TherapySession.objects.create(
            patient=patient,
            therapist=therapist,
            clinic=patient.clinic,
            session_date=WHEN + timedelta(days=seed),
            status="processed",
        )
        draft = RandomDraft(seed)
        draft.of(session)
        found.append((seed, session, draft))
    return found


def required_values(definition: Definition) -> dict[str, Any]:
    """What a therapist has to write before they can sign."""
    by_type: dict[str, Any] = {"number": 1, "scale": 1, "date": "2026-03-02", "checkbox": True}
    fields = (field for field in definition.all_fields if field.required)
    return {
        field.id: by_type.get(field.type, field.options[0] if field.type == "select" else "Written.")
        for field in fields
    }


def words_in(text: str, words: Iterable[list[str]]) -> set[str]:
    return {word for each in words for word in each if word in text}


def shown(note: SessionNote, browser: Any, api: Any) -> str:
    """Everything that the note gives away: its row, the API's answer, the paper."""
    row = SessionNote.objects.get(pk=note.pk)
    return f"{row.content} {api.get(f'/api/v1/notes/{note.pk}').json()} {browser.get(f'/notes/{note.pk}/print').text}"


@pytest.mark.parametrize("drafts", range(BATCHES), indirect=True)
def test_no_field_of_any_template_is_filled_with_a_statement_to_check(drafts):
    definitions = [NoteTemplate.objects.get(key=key).versions.latest("number").parsed for key in KEYS]
    for seed, session, draft in drafts:
        banned = draft.open | draft.words["deleted"]
        for definition in definitions:
            filled = proposed(session, definition)
            used = {piece.statement for field in filled.values() for piece in field.pieces}
            assert not used & set(banned), seed
            assert not words_in(str(filled), banned.values()), seed


@pytest.mark.parametrize("drafts", range(BATCHES), indirect=True)
def test_from_draft_to_signature_only_what_was_kept_gets_through(drafts, browser, api_for, therapist):
    api = api_for(therapist)
    for seed, session, draft in drafts:
        access = access_of(session)
        note = begin(session, KEYS[seed % len(KEYS)])
        assert not words_in(shown(note, browser, api), draft.open.values()), seed
        saved = writing.save_note(note, required_values(note.template_version.parsed), 1, access=access).note
        if draft.open:
            with pytest.raises(OpenStatements) as refused:
                signing.sign_note(saved, saved.revision, access=access)
            assert set(refused.value.errors or {}) == set(draft.open), seed
        kept, deleted = set(list(draft.open)[::2]), set(list(draft.open)[1::2])
        for key in draft.open:
            decisions.decide_statement(session, key, "kept" if key in kept else "deleted", 1, access=access)
        assert not words_in(shown(saved, browser, api), draft.open.values()), seed
        filled = writing.regenerate(saved, None, access=access)
        signing.sign_note(filled, filled.revision, access=access)
        gone = [draft.open[key] for key in deleted] + list(draft.words["deleted"].values())
        assert not words_in(shown(filled, browser, api), gone), seed


def test_the_trace_sees_what_it_is_for(monkeypatch, drafts_of_one, browser, api_for, therapist):
    """With a statement to check that counts as usable, its words are found."""
    session, draft = drafts_of_one
    monkeypatch.setattr(writing, "usable", lambda notes: notes)
    found = shown(begin(session), browser, api_for(therapist))
    assert words_in(found, draft.open.values())


@pytest.fixture
def drafts_of_one(therapist, patient):
    session = TherapySession.objects.create(
        patient=patient, therapist=therapist, clinic=patient.clinic, session_date=WHEN, status="processed"
    )
    draft = RandomDraft(1)
    draft.of(session)
    return session, draft
