"""Where an imported record comes from is said wherever it is read, and travels with it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import User
from accounts.tests.factories import CareFactory, give_consents
from exports.builders.fhir import bundle
from exports.builders.outline import outline_of
from exports.choices import ExportKind
from exports.imports.models import RecordImport
from exports.imports.services.reading import read_record
from exports.imports.services.refusals import ImportRefused
from exports.imports.services.taking import require_whole
from exports.imports.tests.elsewhere import again, as_file, come_in, exported_elsewhere
from exports.records.record import Record, Withheld
from exports.tests.collecting import collected
from sessions_app.models import SessionNote
from sessions_app.notes.tests.notes import begin, drafted_session

pytestmark = pytest.mark.django_db

LEFT_OUT = Withheld(what="Private events", count=3, exception="private_events", reason="Not authorised.")


@pytest.fixture
def record() -> Record:
    return replace(exported_elsewhere(sessions_=2), withheld=[LEFT_OUT])


@pytest.fixture
def imported(therapist, record) -> User:
    return come_in(record, therapist)


def test_a_later_export_names_the_practice_and_what_was_left_out_there(therapist, imported, record):
    earlier, this = again(therapist, imported.pk).origins
    assert [earlier] == record.origins
    assert (this.practice, this.practice_name) == (record.practice.id, record.practice.name)
    assert (this.exported_at, this.imported_by) == (record.about.made_at, therapist.full_name)
    assert this.left_out == [LEFT_OUT]
    assert RecordImport.objects.get(pk=this.id).sha256 == this.sha256


def test_a_patient_is_not_told_what_was_left_out_there(imported):
    origins = collected(imported, imported).origins
    assert [one.left_out for one in origins] == [[], []]


def test_others_are_told_only_what_their_export_would_hold_else(therapist, record):
    notes = Withheld(what="Private notes", count=2, exception="psychotherapy_notes", reason="Not authorised.")
    patient = come_in(replace(record, withheld=[LEFT_OUT, notes]), therapist)
    told = {kind: collected(therapist, patient, kind).origins[-1].left_out for kind in ExportKind.values}
    assert told == {
        "full_record": [LEFT_OUT, notes],
        "session_notes": [notes],
        "timeline": [LEFT_OUT],
        "treatment_summary": [LEFT_OUT],
        "progress_report": [],
    }


def test_every_kind_of_export_names_the_origin(therapist, imported, record):
    for kind in ExportKind.values:
        assert collected(therapist, imported, kind).origins[-1].practice_name == record.practice.name


def test_documents_say_where_notes_were_signed(therapist, imported, record):
    exported = again(therapist, imported.pk)
    words = str(outline_of(exported))
    signed = next(one for one in exported.notes if one.is_signed).signatures[0]
    assert f"by {signed.signer_name} at {record.practice.name}, " in words
    assert f" at {record.origins[0].practice_name}, " not in words  # nothing is older than that import
    assert f"Left out of the export of {record.practice.name}" in words


def test_fhir_has_a_provenance_of_the_import_and_the_practice_of_signatures(therapist, imported, record):
    found = [one["resource"] for one in bundle(again(therapist, imported.pk))["entry"]]
    agents = {one["id"]: one["agent"][0] for one in found if one["resourceType"] == "Provenance"}
    this = RecordImport.objects.get(patient=imported)
    assert agents[str(this.pk)]["who"]["display"] == record.practice.name
    signatures = [str(one.id) for note in record.notes for one in note.signatures]
    assert {agents[one]["onBehalfOf"]["display"] for one in signatures} == {record.practice.name}


def test_the_patients_page_leads_to_where_the_record_comes_from(therapist, imported, record, client_for):
    client = client_for(therapist)
    assert f"/patients/{imported.pk}/origin" in client.get(f"/patients/{imported.pk}").content.decode()
    page = client.get(f"/patients/{imported.pk}/origin")
    earlier = record.origins[0].practice_name
    stages = [(one.practice_name, taker) for one, taker in page.context["stages"]]
    assert stages == [(record.practice.name, ""), (earlier, record.practice.name)]
    assert LEFT_OUT.reason in page.content.decode()


def test_an_imported_note_says_who_signed_it_elsewhere(therapist, imported, record, client_for):
    note = SessionNote.objects.signed().filter(patient=imported).first()
    client = client_for(therapist)
    assert f"/notes/{note.pk}/origin" in client.get(f"/notes/{note.pk}").content.decode()
    page = client.get(f"/notes/{note.pk}/origin", headers={"HX-Request": "true"})
    assert b"Signed elsewhere" in page.content
    assert [one.signer_name for one in page.context["signatures"]] == [one.signer_name for one in note.signatures.all()]
    assert page.context["stages"][0][0].practice_name == record.practice.name


def test_what_is_written_here_is_not_said_to_be_imported(therapist, imported, record, client_for):
    give_consents(imported)
    note = begin(drafted_session(therapist, imported))
    client = client_for(therapist)
    assert f"/notes/{note.pk}/origin" not in client.get(f"/notes/{note.pk}").content.decode()
    assert b"This note was written here." in client.get(f"/notes/{note.pk}/origin").content
    exported = again(therapist, imported.pk)
    made = {one.id: one.made_at for one in exported.notes}
    assert exported.origin_of(made.pop(note.pk)) is None
    assert [exported.origin_of(at) for at in made.values()] == [exported.origins[-1]] * len(record.notes)


def test_patients_who_were_not_imported_have_no_such_card(therapist, client_for):
    care = CareFactory(therapist=therapist)
    client = client_for(therapist)
    assert b"/origin" not in client.get(f"/patients/{care.patient.pk}").content
    assert b"This record was not imported." in client.get(f"/patients/{care.patient.pk}/origin").content


def test_what_says_to_be_of_the_future_is_refused(record):
    later = record.about.made_at + timedelta(days=4000)
    note = replace(record.notes[0], made_at=later)
    for wrong in (
        replace(record, notes=[note, *record.notes[1:]]),
        replace(record, origins=[replace(record.origins[0], imported_at=later)]),
        replace(record, about=replace(record.about, made_at=later)),
    ):
        with pytest.raises(ImportRefused) as refused:
            require_whole(read_record(as_file(wrong)))
        assert refused.value.code == "invalid_value"


def test_more_than_any_record_leaves_out_is_refused(record):
    wrong = replace(record, withheld=[replace(LEFT_OUT, reason="x" * 190_000)] * 2)
    with pytest.raises(ImportRefused) as refused:
        require_whole(read_record(as_file(wrong)))
    assert (refused.value.code, refused.value.place) == ("wrong_shape", "withheld")
