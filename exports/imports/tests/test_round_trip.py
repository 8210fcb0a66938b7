"""A full record goes out, comes in where nobody knows it, and goes out again: equal."""

from dataclasses import replace

import pytest

from accounts.models import ConsentEntry, OutgoingMail, TherapistPatient, User
from accounts.tests.factories import CareFactory, TherapistFactory
from exports.imports.services.taking import conflicts, rehearse
from exports.imports.tests.elsewhere import again, come_in, comparable, exported_elsewhere, of_scene, undone
from exports.tests.everything import everything_about
from sessions_app.models import NoteTemplate, PrivateNote, RiskReview, SessionNote, TemplateVersion
from sessions_app.notes.services.signing import is_intact
from sessions_app.notes.services.templates import install_system_templates
from therapybridge.core.actor import Actor
from timeline.models import TimelineCount, TimelineEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def importer() -> User:
    return TherapistFactory()


@pytest.mark.parametrize("seed", range(20))
def test_a_record_is_equal_after_it_came_in(importer, seed):
    record = exported_elsewhere(seed)
    patient = come_in(record, importer)
    assert patient.clinic == importer.clinic
    assert comparable(again(importer, patient.pk), importer) == comparable(record)


def test_what_is_compared_is_not_empty():
    record = exported_elsewhere()
    empty = [name for name in record.__dataclass_fields__ if not getattr(record, name)]
    assert empty == []
    assert [name for name in record.treatment.__dataclass_fields__ if not getattr(record.treatment, name)] == []


def test_signatures_stay_verifiable(importer):
    record = exported_elsewhere()
    come_in(record, importer)
    notes = list(SessionNote.objects.all())
    signed = [note for note in notes if note.is_locked]
    assert {note.pk for note in notes} == {one.id for one in record.notes}
    assert len(signed) == 3
    assert all(is_intact(note) for note in signed)
    assert {one.content_hash for one in signed} == {one.content_hash for one in record.notes if one.is_signed}


def test_authors_who_are_not_here_can_never_sign_in(importer):
    record = exported_elsewhere()
    come_in(record, importer)
    added = User.objects.filter(pk__in=[one.id for one in record.staff])
    assert len(added) == len(record.staff) > 1
    for person in added:
        assert (person.email, person.is_active, person.has_usable_password()) == (None, False, False)
        assert person.clinic == importer.clinic
    assert SessionNote.objects.first().author.full_name in {one.name for one in record.staff}


def test_only_the_importer_treats_the_patient(importer):
    patient = come_in(exported_elsewhere(), importer)
    assert [one.therapist for one in TherapistPatient.objects.active().filter(patient=patient)] == [importer]
    assert not patient.has_usable_password()
    assert patient.email is None


def test_derived_events_are_there_once_and_totals_fit(importer):
    record = exported_elsewhere()
    patient = come_in(record, importer)
    events = TimelineEvent.objects.filter(patient=patient)
    assert not events.exclude(deleted_at=None).exists()
    keys = list(events.exclude(related_entity_id=None).values_list("related_entity_id", "event_type", "event_subtype"))
    assert len(keys) == len(set(keys)) == len([one for one in record.events if one.source])
    assert set(events.values_list("pk", flat=True)) == {one.id for one in record.events}
    assert sum(TimelineCount.objects.filter(patient=patient).values_list("count", flat=True)) == len(record.events)


def test_an_event_of_nothing_does_not_come_back(importer):
    record = exported_elsewhere()
    derived = next(one for one in record.events if one.source_type == "plan")
    wrong = replace(derived, subtype="never", kind="milestone")
    told = replace(record, events=[wrong if one == derived else one for one in record.events])
    come_in(told, importer)
    back = TimelineEvent.objects.filter(related_entity_id=derived.source).values_list("event_type", "event_subtype")
    assert ("milestone", "never") not in back
    assert (derived.kind, derived.subtype) in back  # its row says so


def test_consents_are_history_and_none_is_in_force(importer):
    record = exported_elsewhere()
    patient = come_in(record, importer)
    assert any(one.status == "granted" for one in record.consents)
    assert not ConsentEntry.objects.live().filter(patient=patient).exists()
    assert patient.missing_for_recording
    assert set(ConsentEntry.objects.values_list("pk", flat=True)) > {one.id for one in record.consents}


def test_nobody_is_written_to(importer):
    patient = come_in(exported_elsewhere(), importer)
    assert not OutgoingMail.objects.exists()
    assert patient.reminder_preference.wants_reminders is False
    assert not RiskReview.objects.exclude(escalate_at=None).exists()


def test_private_notes_stay_with_their_author(importer):
    record = exported_elsewhere()
    patient = come_in(record, importer)
    assert PrivateNote.objects.filter(patient=patient).count() == len(record.private_notes) > 0
    assert not PrivateNote.objects.visible_to(importer).exists()
    assert again(importer, patient.pk).private_notes == []


def test_an_importer_who_wrote_the_record_elsewhere_is_a_conflict(importer):
    """Nobody knows whether this is who wrote it there; private notes stay with whom nobody can sign in as."""
    with undone():
        record = of_scene(everything_about(relation=CareFactory(therapist=importer)))
    [taken] = conflicts(record, importer.clinic)
    assert (taken.what, taken.ids) == ("Account", [str(importer.pk)])


def test_forms_of_another_installation_are_kept_and_not_offered(importer):
    """There, the forms of the product have other ids."""
    with undone():
        TemplateVersion.objects.all().delete()
        NoteTemplate.objects.all().delete()
        install_system_templates(NoteTemplate, TemplateVersion)
        scene = everything_about()
        record = of_scene(scene)
    patient = come_in(record, importer)
    assert all(is_intact(note) for note in SessionNote.objects.signed().filter(patient=patient))
    added = NoteTemplate.objects.filter(clinic=importer.clinic)
    assert {one.pk for one in added} == {one.template for one in record.templates}
    assert not added.in_use().exists()
    assert NoteTemplate.objects.get(key="soap").clinic is None


def test_two_patients_of_one_therapist_come_in_one_after_the_other(importer):
    with undone():
        first = everything_about()
        second = everything_about(seed=1, relation=CareFactory(therapist=first.therapist))
        records = of_scene(first), of_scene(second)
    for record in records:
        patient = come_in(record, importer)
        assert comparable(again(importer, patient.pk), importer) == comparable(record)


def test_a_record_that_is_here_is_a_conflict_and_nothing_is_overwritten(importer):
    record = exported_elsewhere()
    come_in(record, importer)
    taken = {one.what: one.count for one in conflicts(record, importer.clinic)}
    assert taken["User"] == 1
    assert taken["SessionNote"] == len(record.notes)
    assert taken["TimelineEvent"] == len(record.events)
    assert "NoteTemplate" not in taken


def test_staff_of_another_clinic_is_a_conflict(importer):
    record = exported_elsewhere()
    come_in(record, importer)
    elsewhere = TherapistFactory()
    found = conflicts(record, elsewhere.clinic)
    assert [one.ids for one in found if one.ids] == []  # nobody learns which ids others hold
    taken = {one.what: one.count for one in found}
    assert (taken["User"], taken["Account"]) == (1, len(record.staff))
    assert taken["NoteTemplate"] >= 1


def test_a_rehearsal_leaves_nothing(importer):
    record = exported_elsewhere()
    before = User.objects.count(), NoteTemplate.objects.count()
    rehearse(record, by=Actor(user=importer))
    assert (User.objects.count(), NoteTemplate.objects.count()) == before
    assert not SessionNote.objects.exists()
    assert not TimelineEvent.objects.exists()
