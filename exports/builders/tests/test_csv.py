"""The record as tables, read back by the csv module."""

import csv
import io
import json
from dataclasses import fields, is_dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, get_args, get_type_hints
from zipfile import ZipFile

import pytest

from exports.builders import build
from exports.builders.csv import TABLES, TIMELINE, page
from exports.choices import ExportKind
from exports.records.record import Record, Withheld
from exports.records.treatment import Entry
from exports.tests.record_people import DAY, an_id
from exports.tests.records import ODD_TEXTS, empty_record, full_record, record_with
from therapybridge.core.csv_export import FORMULA

# Held in tables of their own, or joined from another one.
ELSEWHERE = {
    "Session": {"transcript", "drafts", "summary"},
    "Transcript": {"lines"},
    "Draft": {"reviews"},
    "Note": {
        *("sections", "signatures", "addenda", "corrections", "versions"),
        *("withholdings", "archive_steps", "goal_links", "no_goal"),
    },
    "ActionItem": {"closings"},
    "RiskReview": {"history"},
    "Section": {"title", "fields"},
    "Plan": {"codes", "milestones", "reviews", "versions", "consents"},
    "Goal": {"ratings", "interventions"},
    "Tracker": {"entries", "withdrawn"},
    "Series": {"points"},
    "About": {"layout"},
    "Layout": {"parts", "is_newest_first", "shows_empty_fields"},
    "Practice": {"name", "time_zone", "id"},  # practice, practice_id; the time zone is that of the export
}
# The dataclass whose fields a table shows.
SHOWN = {
    "about": "About",
    "withheld": "Withheld",
    "origins": "Origin",
    "patient": "Patient",
    "staff": "Person",
    "relations": "Relation",
    "consents": "Consent",
    "disclosures": "Disclosure",
    "access_requests": "AccessRequest",
    "sessions": "Session",
    "transcripts": "Transcript",
    "transcript_lines": "Line",
    "drafts": "Draft",
    "draft_decisions": "Decision",
    "summaries": "Summary",
    "action_items": "ActionItem",
    "closings": "Closing",
    "risk_reviews": "RiskReview",
    "risk_review_steps": "RiskStep",
    "private_notes": "PrivateNote",
    "notes": "Note",
    "note_sections": "Field",
    "note_templates": "NoteTemplate",
    "note_versions": "NoteVersion",
    "signatures": "Signature",
    "addenda": "Addendum",
    "corrections": "Correction",
    "withholdings": "Withholding",
    "archive_steps": "ArchiveStep",
    "goal_links": "GoalLink",
    "without_goals": "WithoutGoal",
    "events": "Event",
    "plans": "Plan",
    "plan_codes": "Code",
    "milestones": "Milestone",
    "plan_reviews": "Review",
    "plan_versions": "PlanVersion",
    "plan_consents": "PlanConsent",
    "goals": "Goal",
    "ratings": "Rating",
    "interventions": "GoalIntervention",
    "awards": "Award",
    "trackers": "Tracker",
    "entries": "Entry",
    "check_ins": "CheckIn",
    "reminders": "Reminders",
    "schedules": "Schedule",
    "assignments": "Assignment",
    "results": "Result",
    "series": "Series",
}


def made(record: Record) -> bytes:
    file = BytesIO()
    build("csv", record, file)
    return file.getvalue()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def tables_of(record: Record) -> dict[str, list[dict[str, str]]]:
    with ZipFile(BytesIO(made(record))) as archive:
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        return {name.removesuffix(".csv"): rows_of(archive.read(name)) for name in names}


def parts(of: Any) -> dict[str, type]:
    """All dataclasses that a type holds, by name."""
    found = {one.__name__: one for one in [of] if is_dataclass(of)}
    hints = get_type_hints(of).values() if is_dataclass(of) else get_args(of)
    for hint in hints:
        found |= parts(hint)
    return found


def test_every_field_of_the_record_has_a_column():
    shown = {"Layout": {"letterhead"}, "Section": set(), "Practice": {"jurisdiction"}}
    shown |= {SHOWN[table.name]: set(table.columns) for table in TABLES if table.name in SHOWN}
    known = {name: part for name, part in parts(Record).items() if name not in {"Record", "Treatment"}}
    for name, part in known.items():
        missing = {one.name for one in fields(part)} - shown[name] - ELSEWHERE.get(name, set())
        assert not missing, f"{name} has fields without a column"


def test_the_full_record_fills_every_table_and_each_has_all_its_columns():
    tables = tables_of(full_record())
    assert set(tables) == {table.name for table in TABLES} | {"columns"}
    for table in TABLES:
        assert list(tables[table.name][0]) == list(table.meanings)


def test_rows_are_counted_against_the_record():
    record = record_with(sessions=5, lines=7, events=9, points=4)
    tables = tables_of(record)
    expected = {"sessions": 5, "notes": 5, "transcript_lines": 35, "events": 9, "entries": 4, "results": 4}
    assert {name: len(tables[name]) for name in expected} == expected
    assert len(tables["note_sections"]) == sum(len(one.fields) for note in record.notes for one in note.sections)
    assert len(tables["addenda"]) == sum(len(note.addenda) for note in record.notes)


def test_ids_of_other_tables_are_found_there():
    tables = tables_of(full_record())
    for name, column, other in (
        ("notes", "session", "sessions"),
        ("note_sections", "note", "notes"),
        ("notes", "template", "note_templates"),
        ("signatures", "signer", "staff"),
        ("goals", "plan", "plans"),
        ("entries", "tracker", "trackers"),
    ):
        assert {row[column] for row in tables[name]} <= {row["id"] for row in tables[other]}


def test_columns_are_described_in_the_zip():
    described = tables_of(full_record())["columns"]
    assert [(one["table"], one["column"]) for one in described] == [
        (table.name, name) for table in TABLES for name in table.meanings
    ]
    assert all(one["meaning"] for one in described)


def test_the_documentation_describes_the_same_columns(settings):
    """If not: manage.py write_export_tables."""
    assert (Path(settings.BASE_DIR) / "docs" / "export-tables.md").read_text() == page()


def test_the_form_is_that_of_rfc_4180_with_a_byte_order_mark():
    content = made(full_record(kind=ExportKind.TIMELINE))
    assert content.startswith(b"\xef\xbb\xbfid,happened_at,")
    assert content.count(b"\r\n") == content.count(b"\n")  # no text here has a line break of its own
    assert content.endswith(b"\r\n")


@pytest.mark.parametrize("start", [*FORMULA, " =", "\u00a0=", "\x00=", "\x01@"])
def test_no_cell_begins_like_a_formula(start):
    hostile = replace(full_record().patient, phone=f"{start}cmd|' /C calc'!A0", tags=[f"{start}1"])
    [row] = tables_of(replace(full_record(), patient=hostile))["patient"]
    assert not row["phone"].lstrip().startswith(FORMULA)
    assert json.loads(row["tags"]) == [f"{start}1"]


def test_every_text_comes_back_whole_but_for_the_apostrophe_and_control_characters():
    texts = [*ODD_TEXTS, "w" * 10_000, "nul \x00 bell \x07 end", "\ud800 half a pair", 'a","b\r\nc', "\ufeffmark"]
    record = full_record()
    note = record.notes[0]
    addenda = [replace(note.addenda[0], id=an_id(place), text=text) for place, text in enumerate(texts)]
    read = [row["text"] for row in tables_of(replace(record, notes=[replace(note, addenda=addenda)]))["addenda"]]
    assert read[: len(ODD_TEXTS)] == [f"'{text}" if text.startswith(FORMULA) else text for text in ODD_TEXTS]
    assert read[len(ODD_TEXTS) :] == [
        *("w" * 10_000, "nul \ufffd bell \ufffd end", "? half a pair", 'a","b\r\nc', "\ufeffmark"),
    ]


def test_hostile_words_in_every_text_shift_no_cell():
    tables = tables_of(full_record(odd=True, long=True))
    for table in TABLES:
        assert all(None not in row and None not in row.values() for row in tables[table.name])


def test_negative_numbers_stay_numbers_and_text_does_not():
    record = full_record()
    entry = Entry(id=an_id("negative"), day=DAY, value=-2.5, note="-2.5")
    tracker = replace(record.treatment.trackers[0], entries=[entry])
    treatment = replace(record.treatment, trackers=[tracker])
    [row] = tables_of(replace(record, treatment=treatment))["entries"]
    assert (row["value"], row["note"]) == ("-2.5", "'-2.5")


def test_moments_have_the_offset_of_the_practice():
    [row] = tables_of(empty_record())["about"]
    assert row["made_at"] == "2026-03-02T07:00:00-05:00"


def test_the_same_record_makes_the_same_bytes():
    assert made(full_record(odd=True)) == made(full_record(odd=True))


def test_an_empty_record_has_the_tables_that_say_what_it_is():
    tables = tables_of(empty_record())
    assert set(tables) == {"about", "patient", "columns"}
    readme = ZipFile(BytesIO(made(empty_record()))).read("README.txt").decode("utf-8-sig")
    assert "Nothing that belongs in this export is withheld." in readme
    assert "this kind of export does not hold them or nothing is on record: withheld, origins, staff," in readme


def test_the_readme_of_a_copy_for_the_patient_says_that_the_practice_keeps_more():
    record = empty_record()
    own = replace(record, about=replace(record.about, is_for_patient=True))
    readme = ZipFile(BytesIO(made(own))).read("README.txt").decode("utf-8-sig")
    assert "It keeps more than that" in readme
    assert "is withheld" not in readme
    assert "patient.csv (1 row): The patient" in readme


def test_the_readme_names_what_was_left_out_where_the_record_came_from():
    record = replace(full_record(), withheld=[])
    readme = ZipFile(BytesIO(made(record))).read("README.txt").decode("utf-8-sig")
    assert "Nothing that belongs" not in readme
    assert "Withheld, and not" not in readme
    assert record.origins[0].left_out[0].reason in readme.partition("Left out already where")[2]


def test_what_is_withheld_is_named_in_the_zip():
    archive = ZipFile(BytesIO(made(full_record())))
    assert [row["count"] for row in rows_of(archive.read("withheld.csv"))] == ["1", "2"]
    assert "Private (psychotherapy) notes, 2 (psychotherapy_notes)" in archive.read("README.txt").decode()


def test_a_timeline_is_one_table_that_names_what_is_withheld():
    record = full_record(kind=ExportKind.TIMELINE, events=8)
    hidden = Withheld(what="Private events", count=3, exception="private_events", reason="Not authorised.")
    rows = rows_of(made(replace(record, withheld=[hidden])))
    assert list(rows[0]) == list(TIMELINE.meanings)
    assert [row["kind"] for row in rows[8:]] == ["withheld", "origin"]
    assert rows[8]["title"] == "Withheld: Private events, 3"
    assert rows[8]["description"] == "private_events: Not authorised."


@pytest.mark.parametrize("kind", [ExportKind.TIMELINE, ExportKind.SESSION_NOTES])
def test_the_notice_of_part_2_goes_with_it(kind):
    record = full_record(kind=kind)
    flagged = replace(record, about=replace(record.about, is_part_2=True))
    content = made(flagged)
    text = content if kind == ExportKind.TIMELINE else ZipFile(BytesIO(content)).read("README.txt")
    assert b"42 CFR part 2 prohibits unauthorized use" in text
