"""Files that somebody changed to their advantage: nobody here says what they never said, and gains no right."""

import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from accounts.models import TherapistPatient, User
from accounts.tests.factories import TherapistFactory
from exports.imports.models import RecordImport
from exports.imports.services.reading import read_record
from exports.imports.services.refusals import ImportRefused
from exports.imports.services.taking import conflicts, require_whole, take_in
from exports.imports.tests.elsewhere import as_file, exported_elsewhere
from exports.jobs.access import requests_for_a_copy
from exports.records.record import Record
from sessions_app.models import NoteTemplate, SessionNote, TemplateVersion
from sessions_app.notes.services.signing import content_hash
from therapybridge.core.actor import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def importer() -> User:
    return TherapistFactory()


def taken_in(record: Record, importer: User) -> User:
    """By a worker, whatever the check before it said."""
    read = read_record(as_file(record))
    require_whole(read)
    return take_in(read, by=Actor(user=importer))


def refusal_of(record: Record, importer: User) -> str:
    with pytest.raises(ImportRefused) as refused:
        taken_in(record, importer)
    return str(refused.value.code)


def swapped(record: Record, old: UUID, new: UUID) -> Record:
    """Signed anew by the same rule: the hash has no key."""
    told = read_record(as_file(record).replace(str(old).encode(), str(new).encode()))
    return replace(told, notes=[_signed_again(one, told) if one.is_signed else one for one in told.notes])


def _signed_again(note: Any, record: Record) -> Any:
    row: Any = SimpleNamespace(
        pk=note.id,
        session_id=note.session,
        patient_id=record.patient.id,
        author_id=note.author,
        template_version_id=note.template.id,
        template_version=SimpleNamespace(definition=note.template.definition),
        content=note.content,
    )
    hashed = content_hash(row)
    signatures = [replace(one, content_hash=hashed) for one in note.signatures]
    return replace(note, content_hash=hashed, addenda=[], corrections=[], signatures=signatures, is_intact=True)


def an_active_colleague(clinic: Any) -> User:
    return TherapistFactory(clinic=clinic)


def a_colleague_who_left(clinic: Any) -> User:
    return TherapistFactory(clinic=clinic, is_active=False)


@pytest.mark.parametrize("whose", [an_active_colleague, a_colleague_who_left])
def test_nothing_is_signed_by_an_account_of_somebody_here(importer, whose):
    record, colleague = exported_elsewhere(), whose(importer.clinic)
    forged = swapped(record, next(one for one in record.notes if one.is_signed).author, colleague.pk)
    assert {one.what for one in conflicts(forged, importer.clinic)} == {"Account"}
    assert refusal_of(forged, importer) == "import_conflicts"
    assert not SessionNote.objects.exists()


def test_nothing_is_signed_by_the_importer(importer):
    record = exported_elsewhere()
    assert refusal_of(swapped(record, record.relations[0].therapist, importer.pk), importer) == "import_conflicts"
    assert not TherapistPatient.objects.exists()


def test_whoever_takes_a_record_in_treats_the_patient_from_now_on(importer):
    before = timezone.now()
    record = exported_elsewhere()
    told = [replace(one, kind="supervisor") for one in record.relations]
    patient = taken_in(replace(record, relations=told), importer)
    relation = TherapistPatient.objects.get(patient=patient, is_active=True)
    assert (relation.therapist, relation.relationship_type) == (importer, "primary")
    assert relation.started_at >= before


@pytest.mark.parametrize("is_archived", [False, True])
def test_no_version_is_added_to_a_form_of_the_clinic(importer, is_archived):
    archived_at = timezone.now() if is_archived else None
    form = NoteTemplate.objects.create(
        clinic=importer.clinic, name="Ours", is_shared=True, owner=importer, archived_at=archived_at
    )
    record = exported_elsewhere()
    added = replace(record.templates[0], id=uuid4(), template=form.pk, number=9, key="")
    assert refusal_of(replace(record, templates=[*record.templates, added]), importer) == "import_conflicts"
    assert not TemplateVersion.objects.filter(template=form).exists()


def test_a_form_that_came_in_may_have_another_version(importer):
    record = exported_elsewhere()
    form = replace(record.templates[0], id=uuid4(), template=uuid4(), number=2, key="")
    taken_in(replace(record, templates=[*record.templates, form]), importer)
    other = exported_elsewhere(1)
    again = replace(form, id=uuid4(), number=3)
    taken_in(replace(other, templates=[*other.templates, again]), importer)
    assert set(TemplateVersion.objects.filter(template=form.template).values_list("number", flat=True)) == {2, 3}


@pytest.mark.parametrize("number", [0, 10_001, 2**31 - 1])
def test_versions_of_forms_are_numbered_as_here(importer, number):
    record = exported_elsewhere()
    form = replace(record.templates[0], id=uuid4(), template=uuid4(), number=number, key="")
    assert refusal_of(replace(record, templates=[*record.templates, form]), importer) == "invalid_value"


@pytest.mark.parametrize("status", ["received", "in_progress", "fulfilled"])
def test_a_request_to_another_practice_entitles_to_nothing_here(importer, status):
    now = timezone.now()
    closed_at = now if status == "fulfilled" else None
    record = exported_elsewhere()
    asked = [replace(record.access_requests[0], kind="download", status=status, closed_at=closed_at, made_at=now)]
    patient = taken_in(replace(record, access_requests=asked), importer)
    RecordImport.objects.create(
        clinic=importer.clinic,
        requested_by=importer,
        patient=patient,
        status="completed",
        completed_at=timezone.now(),
        expires_at=now,
        size=1,
        sha256="0" * 64,
    )
    [kept] = patient.access_requests.all()
    assert (kept.is_open, kept.due_at) == (False, asked[0].due_at)
    assert not requests_for_a_copy(patient).exists()
    patient.access_requests.create(kind="download", status="in_progress", due_at=now + timedelta(days=30))
    assert requests_for_a_copy(patient).exists()


def test_no_request_is_of_the_future(importer):
    record = exported_elsewhere()
    later = timezone.now() + timedelta(days=1)
    asked = [replace(one, made_at=later) for one in record.access_requests]
    assert refusal_of(replace(record, access_requests=asked), importer) == "invalid_value"


@pytest.mark.parametrize(
    "metadata",
    [
        {"topics": 5},
        {"topics": [5]},
        {"topics": ["x" * 301]},
        {"mood": 5},
        {"mood": "<b>low</b>"},
        {"plan_id": 1},
        {"more": "x" * 10_001},
    ],
)
def test_what_pages_read_of_an_event_has_its_shape(importer, metadata):
    record = exported_elsewhere()
    events = [replace(one, metadata=metadata) if one.source is None else one for one in record.events]
    assert refusal_of(replace(record, events=events), importer) == "wrong_shape"


@pytest.mark.parametrize("wrong", [{"goals": [5]}, {"codes": 5}, {"start_date": "soon"}, {"milestones": None}])
def test_what_pages_read_of_a_version_of_a_plan_has_its_shape(importer, wrong):
    record = exported_elsewhere()
    plans = [
        replace(one, versions=[replace(version, content=version.content | wrong) for version in one.versions])
        for one in record.treatment.plans
    ]
    changed = replace(record, treatment=replace(record.treatment, plans=plans))
    assert refusal_of(changed, importer) == "wrong_shape"


def test_topics_of_a_draft_are_texts(importer):
    record = exported_elsewhere()
    sessions = [
        replace(
            one, drafts=[replace(draft, notes=draft.notes | {"key_topics": [{"topic": 5}]}) for draft in one.drafts]
        )
        for one in record.sessions
    ]
    assert refusal_of(replace(record, sessions=sessions), importer) == "wrong_shape"


@pytest.mark.parametrize("path", [("patient",), ("sessions", 0, "drafts", 0, "notes"), ()])
def test_no_refusal_quotes_what_the_file_calls_something(path):
    """The sentence is kept in clear and shown in lists; a file can call its fields what it likes."""
    data = json.loads(as_file(exported_elsewhere()))
    held = data
    for step in path:
        held = held[step]
    held["Marchetti"] = "x" * 300_000
    with pytest.raises(ImportRefused) as refused:
        read_record(json.dumps(data).encode())
    assert "Marchetti" not in f"{refused.value.detail} {refused.value.place}"
