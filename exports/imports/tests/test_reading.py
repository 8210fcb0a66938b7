"""Files that are small and would take much memory or time: refused before they do."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from exports.imports.services.reading import MAX_NESTED, MAX_VALUES, READER, read_record
from exports.imports.services.references import require_references
from exports.imports.services.refusals import ImportRefused
from exports.tests.records import empty_record, full_record
from timeline.models import SESSION

HEAD = b'{"about":{"format":"therapybridge-record","version":1,"kind":"full_record","is_for_patient":false},'


def refusal_of(data: bytes) -> str:
    with pytest.raises(ImportRefused) as refused:
        read_record(data)
    return str(refused.value.code)


@pytest.mark.parametrize(
    "data",
    [
        b"[" + b"[]," * (MAX_NESTED + 1) + b"[]]",
        b"[" + b"{}," * (MAX_NESTED + 1) + b"{}]",
        b"[" + b"1," * (MAX_VALUES + 1) + b"1]",
    ],
)
def test_too_many_values_are_refused_before_they_are_parsed(data):
    assert refusal_of(data) == "too_many_values"


def test_a_list_ends_at_its_first_mistake():
    with pytest.raises(ValidationError) as refused:
        READER.validate_json(HEAD + b'"sessions":[' + b"{}," * 1000 + b"{}]}", strict=True, extra="forbid")
    assert refused.value.error_count() < 30


def test_numbers_are_of_64_bits():
    assert refusal_of(HEAD + b'"events":[{"metadata":{"number":9223372036854775808}}]}') == "invalid_value"


@pytest.mark.parametrize("part", ["staff", "sessions", "notes"])
def test_there_are_no_more_people_and_meetings_than_any_patient_has(part):
    assert refusal_of(HEAD + b'"%s":[' % part.encode() + b"{}," * 10_000 + b"{}]}") == "too_long"


def test_objects_have_no_more_names_than_any_part_needs():
    names = b",".join(b'"%d":1' % number for number in range(2001))
    assert refusal_of(HEAD + b'"events":[{"metadata":{' + names + b"}}]}") == "too_long"


def test_looking_up_what_events_tell_of_takes_no_longer_for_each_the_more_sessions_there_are(monkeypatch):
    whole = full_record()
    sessions = [replace(whole.sessions[0], id=uuid4(), transcript=None, summary=None, drafts=[]) for _ in range(200)]
    told = {"source_type": SESSION, "source": sessions[0].id, "metadata": {"session_id": str(sessions[0].id)}}
    events = [replace(whole.events[0], id=uuid4(), **told) for _ in range(200)]
    record = replace(empty_record(), staff=whole.staff, sessions=sessions, events=events)
    written, as_text = [], UUID.__str__
    monkeypatch.setattr(UUID, "__str__", lambda one: written.append(1) or as_text(one))
    require_references(record)
    assert len(written) < 1_000
