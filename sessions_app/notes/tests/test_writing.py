"""Writing a note: saved by field, never lost between tabs, filled again, moved to another template."""

import pytest

from accounts.tests.factories import CareFactory, TherapistFactory
from audit.models import AuditEvent
from sessions_app.models import NoteTemplate, NoteVersion, SessionNote, StatementReview
from sessions_app.notes.services import removal, signing, writing
from sessions_app.notes.services.writing import NoteConflict
from sessions_app.notes.tests.notes import access_of, begin
from sessions_app.pipeline.note_templates.content import Content
from therapybridge.core.errors import Conflict, Forbidden, InvalidInput

pytestmark = pytest.mark.django_db


def content(note: SessionNote) -> Content:
    return Content.from_json(SessionNote.objects.get(pk=note.pk).content)


def test_a_new_note_holds_what_the_draft_supports_with_evidence(session):
    note = begin(session)
    fields = content(note).fields
    assert fields["plan"].pieces
    assert all(field.origin == "draft" and field.evidence for field in fields.values())
    assert note.versions.get().cause == "created"
    assert AuditEvent.objects.filter(action="note.created", patient_id=session.patient_id).count() == 1


def test_a_session_has_one_note(session):
    begin(session)
    with pytest.raises(Conflict, match="already"):
        begin(session, "dap")


def test_saving_keeps_what_was_written_elsewhere_in_the_meantime(session):
    note, access = begin(session), access_of(session)
    base = note.revision
    writing.save_note(note, {"assessment": "first tab"}, base, access=access)
    saved = writing.save_note(note, {"objective": "second tab"}, base, access=access)
    assert saved.note.revision == base + 2
    assert {"assessment": "first tab", "objective": "second tab"}.items() <= content(note).values.items()


def test_a_conflict_keeps_both_texts(session):
    note, access = begin(session), access_of(session)
    base = note.revision
    writing.save_note(note, {"assessment": "first tab"}, base, access=access)
    with pytest.raises(NoteConflict) as caught:
        writing.save_note(note, {"assessment": "second tab"}, base, access=access)
    assert list(caught.value.errors or {}) == ["assessment"]
    assert content(note).values["assessment"] == "first tab"
    kept = NoteVersion.objects.get(note=note, cause="conflict")
    assert Content.from_json(kept.content).values["assessment"] == "second tab"


def test_saving_the_same_again_changes_nothing(session):
    note, access = begin(session), access_of(session)
    saved = writing.save_note(note, {"assessment": "text"}, note.revision, access=access)
    again = writing.save_note(note, {"assessment": "text"}, note.revision, access=access)
    assert saved.has_changed
    assert not again.has_changed
    assert again.note.revision == saved.note.revision


def test_an_unknown_field_is_refused_with_its_name(session):
    note = begin(session)
    with pytest.raises(InvalidInput) as caught:
        writing.save_note(note, {"nothing": "x"}, 1, access=access_of(session))
    assert set(caught.value.errors or {}) == {"nothing"}


def test_only_the_author_writes(session):
    note, colleague = begin(session), TherapistFactory(clinic=session.clinic)
    CareFactory(therapist=colleague, patient=session.patient)
    with pytest.raises(Forbidden):
        writing.save_note(note, {"assessment": "x"}, 1, access=access_of(session, colleague))


def test_filling_again_keeps_an_earlier_version(session):
    note, access = begin(session), access_of(session)
    writing.save_note(note, {"plan": "My own plan."}, 1, access=access)
    filled = writing.regenerate(note, ["plan"], access=access)
    assert content(note).fields["plan"].origin == "draft"
    earlier = NoteVersion.objects.get(note=note, cause="regenerated")
    assert Content.from_json(earlier.content).values["plan"] == "My own plan."
    assert filled.revision == 3


def test_a_statement_to_check_fills_nothing_until_it_is_kept(session):
    extraction = session.extractions.get()
    doubtful = {"state": "check", "reason": "content", "text": "He moved to Leeds.", "id": "topic_summary"}
    extraction.notes["topic_summary"] = doubtful | {"evidence": {"segments": [1], "quote": ""}}
    extraction.save()
    note, access = begin(session), access_of(session)
    assert "Leeds" not in str(content(note).values)
    StatementReview.objects.create(extraction=extraction, statement="topic_summary", decision="kept")
    writing.regenerate(note, None, access=access)
    assert "He moved to Leeds." in content(note).values["subjective"]


def test_another_template_loses_nothing(session):
    note, access = begin(session), access_of(session)
    writing.save_note(note, {"plan": "Mine.", "objective": "Pale."}, 1, access=access)
    changed = writing.change_note_template(note, NoteTemplate.objects.get(key="dap"), access=access)
    assert changed.template_version.template.key == "dap"
    assert content(note).values["plan"] == "Mine."
    assert [entry.value for entry in content(note).leftovers] == ["Pale."]


def test_a_deleted_draft_comes_back_with_its_text(session):
    note, access = begin(session), access_of(session)
    writing.save_note(note, {"plan": "Mine."}, 1, access=access)
    removal.delete_note(note, "Wrong session", access=access)
    assert not SessionNote.objects.visible_to(session.therapist).exists()
    removal.restore_note(note, access=access)
    assert content(note).values["plan"] == "Mine."


def test_a_deleted_draft_does_not_come_back_beside_another(session):
    note, access = begin(session), access_of(session)
    removal.delete_note(note, "Wrong template", access=access)
    begin(session, "dap")
    with pytest.raises(Conflict):
        removal.restore_note(note, access=access)


def test_writing_in_a_completed_note_makes_it_a_draft_again(session):
    note, access = begin(session), access_of(session)
    saved = writing.save_note(note, {"subjective": "Sleeps badly."}, 1, access=access).note
    done = signing.complete_note(saved, saved.revision, access=access)
    assert done.status == "completed"
    again = writing.save_note(done, {"subjective": "Sleeps very badly."}, done.revision, access=access).note
    assert (again.status, again.completed_at) == ("draft", None)
