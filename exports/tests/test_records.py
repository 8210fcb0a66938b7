"""The records by hand have something of every part, so that a builder that is tested with them leaves none out."""

from dataclasses import fields, is_dataclass
from typing import Any

from exports.builders.json import ADAPTER
from exports.records import people, sessions, timeline, treatment
from exports.records.record import Record
from exports.tests.records import ODD_TEXTS, empty_record, full_record, record_with


def parts_of(value: Any) -> set[type]:
    """The types of everything that is nested in a value."""
    if isinstance(value, list | tuple):
        return {part for one in value for part in parts_of(one)}
    if not is_dataclass(value):
        return set()
    nested = (parts_of(getattr(value, one.name)) for one in fields(value))
    return {type(value)}.union(*nested)


def test_the_full_record_has_one_of_every_part():
    modules = (people, sessions, timeline, treatment)
    known = {one for module in modules for one in vars(module).values() if isinstance(one, type) and is_dataclass(one)}
    assert known <= parts_of(full_record())


def test_the_empty_record_has_nothing_but_a_person():
    parts = {one.__name__ for one in parts_of(empty_record())}
    assert parts - {"Layout"} == {"Record", "About", "Practice", "Patient", "Treatment"}


def test_sizes_are_kept_and_ids_are_the_same_in_every_run():
    record = record_with(events=200, sessions=5, points=30, plans=2)
    assert (len(record.events), len(record.sessions), len(record.treatment.series[0].points)) == (200, 5, 30)
    assert record == record_with(events=200, sessions=5, points=30, plans=2)


def test_odd_texts_are_everywhere_and_survive_json():
    record = full_record(odd=True, long=True)
    written = ADAPTER.dump_json(record)
    assert ADAPTER.validate_json(written) == record
    assert isinstance(record, Record)
    for text in ODD_TEXTS:
        assert text in record.notes[0].addenda[0].text
        assert text in record.treatment.goals[2].wording
