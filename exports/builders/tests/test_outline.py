"""Every text of a record is in its documents, by one outline for both forms."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from exports.builders import build
from exports.builders.outline import outline_of
from exports.builders.outline.blocks import Facts, Section, Table, table_of
from exports.builders.outline.text import UNKNOWN, breakable, fit, shortened
from exports.choices import ExportKind
from exports.records.record import Layout, Record, Withheld
from exports.tests.record_people import DAY
from exports.tests.records import FREE_TEXTS, empty_record, full_record

# Names of statements in drafts, and what a note says elsewhere too.
NO_WORDS = {("Decision", "statement"), ("ActionItem", "statement"), ("WithoutGoal", "reason")}


def texts_of(value: Any) -> list[str]:
    """All texts that are nested in an outline."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple):
        return [text for one in value for text in texts_of(one)]
    if is_dataclass(value):
        return [text for one in fields(value) for text in texts_of(getattr(value, one.name))]
    return []


def numbered(value: Any, found: list[str]) -> Any:
    """The same with a word of its own at the end of each free text."""
    if isinstance(value, list):
        return [numbered(one, found) for one in value]
    if not is_dataclass(value):
        return value
    changed: dict[str, Any] = {}
    for one in fields(value):
        held = getattr(value, one.name)
        is_text = one.name in FREE_TEXTS and (type(value).__name__, one.name) not in NO_WORDS
        if is_text and isinstance(held, str) and held:
            found.append(f"Q{len(found)}Q")
            changed[one.name] = f"{held} {found[-1]}"
        else:
            changed[one.name] = numbered(held, found)
    return replace(value, **changed)  # type: ignore[type-var]


def words_of(record: Record) -> str:
    return "\n".join(texts_of(outline_of(record)))


def pdf_words(record: Record) -> str:
    file = BytesIO()
    build("pdf", record, file)
    return " ".join("".join(page.extract_text() for page in PdfReader(file).pages).split())


def docx_words(record: Record) -> str:
    file = BytesIO()
    build("docx", record, file)
    return " ".join(" ".join(node.text or "" for node in docx.Document(file).element.iter("{*}t")).split())


def test_every_free_text_of_a_full_record_is_on_paper():
    marks: list[str] = []
    record = numbered(full_record(), marks)
    words = words_of(record)
    assert len(marks) > 80
    missing = [mark for mark in marks if mark not in words]
    assert missing == []


def test_pdf_and_word_hold_the_same_marks():
    marks: list[str] = []
    record = numbered(full_record(), marks)
    on_paper, in_word = (set(re.findall(r"Q\d+Q", words(record))) for words in (pdf_words, docx_words))
    assert on_paper == in_word == set(marks)


@pytest.mark.parametrize("kind", ExportKind.values)
def test_an_empty_record_says_what_is_not_there(kind):
    words = words_of(empty_record(kind=kind))
    expected = {
        ExportKind.SESSION_NOTES: ["No sessions in this period.", "No notes in this period."],
        ExportKind.TIMELINE: ["No events in this period."],
        ExportKind.PROGRESS_REPORT: ["No sessions in this period.", "No treatment plans in this period."],
        ExportKind.TREATMENT_SUMMARY: ["No sessions in this period.", "No goal was set."],
        ExportKind.FULL_RECORD: ["No events in this period.", "No consent is on record."],
    }
    for sentence in [*expected[kind], "Nothing that belongs in this document was left out."]:
        assert sentence in words


def test_a_record_without_a_period_does_not_speak_of_one():
    record = empty_record()
    words = words_of(replace(record, about=replace(record.about, start=None, end=None)))
    assert "No sessions." in words
    assert "period." not in words


def test_a_risk_review_says_what_it_is_about():
    record = full_record()
    words = words_of(record)
    assert "Suicidal thoughts, crisis: Session #1, " in words
    assert "1:05 Patient: “I do not want to wake up.” (suicidal thoughts, crisis)" in words
    question = {"type": "suicidal_ideation", "quote": "Several days", "question": "Thoughts of death"}
    elsewhere = {"session": None, "source_type": "phq-9.9", "source_day": DAY, "seen": [question]}
    review = replace(record.risk_reviews[0], **elsewhere)
    words = words_of(replace(record, risk_reviews=[review, replace(review, source_type="from_elsewhere", seen=[])]))
    assert "Suicidal thoughts: Answer 9 of the mood questionnaire, Mar 2, 2026" in words
    assert "Thoughts of death: “Several days”" in words
    assert "Possible risk: From elsewhere, Mar 2, 2026" in words


def test_answers_are_in_the_words_of_the_questionnaire():
    record = full_record()
    [first, *_] = record.treatment.results
    words = words_of(record)
    assert "2. Feeling down, depressed, or hopeless" in words
    assert "More than half the days (2)" in words
    assert "No permission is needed to reproduce" in words
    changed = replace(first, instrument_version=99)
    newer = words_of(replace(record, treatment=replace(record.treatment, results=[changed])))
    assert "PHQ-9, version 99" in newer
    assert "Item 2" in newer
    assert "Feeling down" not in newer


def test_of_a_questionnaire_that_is_licensed_to_others_only_the_total_is_told():
    record = full_record()
    result = replace(record.treatment.results[0], instrument="bdi-ii", name="BDI-II", outcome={"total": 20})
    made = outline_of(replace(record, treatment=replace(record.treatment, results=[result], withdrawn=[])))
    [answers] = [one for one in made.sections if one.anchor == "answers"]
    [table] = answers.sections[0].blocks
    assert [row[0] for row in table.rows] == ["Total", "Filled in"]


def test_results_of_many_days_stand_side_by_side_and_none_is_left_out():
    record = full_record()
    [first, *_] = record.treatment.results
    days = [replace(first, day=DAY - timedelta(days=number)) for number in range(9)]
    made = outline_of(replace(record, treatment=replace(record.treatment, results=days, withdrawn=[])))
    [answers] = [one for one in made.sections if one.anchor == "answers"]
    tables = [one for one in answers.sections[0].blocks if isinstance(one, Table)]
    assert [len(one.head) for one in tables] == [5, 5, 2]
    assert all(len(row) == len(one.head) for one in tables for row in one.rows)
    assert all(sum(one.widths) == 100 for one in tables)


def test_statements_that_nobody_checked_are_counted_and_not_told():
    record = full_record()
    words = words_of(record)
    assert "They spoke about sleep." in words
    assert "The night train" not in words
    assert "1 statement left out" in words
    draft = record.sessions[0].drafts[0]
    kept = replace(draft, decisions={"trigger": "kept", "summary": "deleted"})
    words = words_of(replace(record, sessions=[replace(record.sessions[0], drafts=[kept])]))
    assert "The night train" in words
    assert "They spoke about sleep." not in words


def test_outsiders_are_told_nothing_of_how_the_product_works():
    record = full_record()
    transcript = replace(record.sessions[0].transcript, engine="upload", model="vtt")
    words = words_of(replace(record, sessions=[replace(record.sessions[0], transcript=transcript)]))
    assert "A file that was uploaded (VTT)" in words
    for jargon in ("upload vtt", "Processing", "Drafted", "To review"):
        assert jargon not in words


def test_what_is_withheld_is_named_with_its_ground_and_number():
    held = [Withheld(what="Session note", count=4, exception="safety", reason="For now.")]
    words = words_of(replace(empty_record(), withheld=held))
    for told in ("4 items are not in this document", "Likely to endanger the life or safety", "For now."):
        assert told in words


def test_a_note_that_is_not_what_was_signed_is_not_called_intact():
    record = full_record(kind=ExportKind.SESSION_NOTES)
    assert "Intact: the note is what was signed." in words_of(record)
    broken = replace(record, notes=[replace(note, is_intact=False) for note in record.notes])
    words = words_of(broken)
    assert "Not intact" in words
    assert "Intact: the note" not in words


def test_the_notice_of_part_2_is_given_when_it_is_flagged_alone():
    record = empty_record()
    flagged = replace(record, about=replace(record.about, is_part_2=True))
    assert "42 CFR 2.12(c)(5)" in words_of(flagged)
    assert "42 CFR" not in words_of(record)


def test_a_statement_on_software_stands_where_a_note_was_prefilled_alone():
    record = full_record(kind=ExportKind.SESSION_NOTES)
    by_hand = replace(record, notes=[replace(note, is_ai_assisted=False) for note in record.notes])
    assert "AI-assisted" in words_of(record)
    assert "AI-assisted" not in words_of(by_hand)
    assert "AI-assisted" not in words_of(replace(record, notes=[]))


def test_patients_are_shown_no_ranges():
    record = full_record(kind=ExportKind.PROGRESS_REPORT)
    own = replace(record, about=replace(record.about, is_for_patient=True))
    assert "Moderately severe" in words_of(record)
    assert "Moderately severe" not in words_of(own)


def test_a_layout_orders_the_parts_and_hides_no_note():
    record = full_record(kind=ExportKind.SESSION_NOTES)
    layout = Layout(parts=["action_items", "notes"], is_newest_first=True, letterhead="4 Quay Street")
    made = outline_of(replace(record, about=replace(record.about, layout=layout)))
    assert [one.title for one in made.sections][:2] == ["Agreed steps", "Notes"]
    assert [one.title[:10] for one in made.sections[1].sections] == ["Session #3", "Session #2", "Session #1"]
    assert made.letterhead == "4 Quay Street"


def test_times_are_in_the_zone_of_the_export_and_in_the_form_of_the_country():
    record = empty_record()
    at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    german = replace(record.practice, jurisdiction="DE")
    in_berlin = replace(record, practice=german, about=replace(record.about, made_at=at, time_zone="Europe/Berlin"))
    assert outline_of(in_berlin).made == "2 Jul 2026, 00:30 CEST (Berlin)"
    assert outline_of(in_berlin).language == "en-GB"
    assert outline_of(record).language == "en-US"


def test_what_no_font_or_xml_can_hold_is_shown_as_a_mark():
    assert fit("a\x00b\ud800c\u202ed\x1fe\r\nf\ufffe") == f"a{UNKNOWN}b{UNKNOWN}c{UNKNOWN}d{UNKNOWN}e\nf{UNKNOWN}"
    assert fit("שלום").is_rtl
    assert not fit("3 a שלום").is_rtl
    assert [str(one) for one in fit("a\n\n \nb\nc").paragraphs] == ["a", "b\nc"]


def test_only_endless_words_get_places_to_break():
    assert breakable("ab" * 32) == "ab" * 32
    assert breakable(f"a {'w' * 75}").split("\N{ZERO WIDTH SPACE}") == [f"a {'w' * 10}", *["w" * 10] * 6, "w" * 5]
    assert shortened("x" * 100) == "x" * 59 + "…"


@pytest.mark.parametrize("kind", ExportKind.values)
def test_no_document_denies_what_it_was_not_given(kind):
    """A kind that collects no reviews or steps has no part about them; a patient's copy none about health and risk."""
    told = " ".join(texts_of(outline_of(replace(empty_record(), about=replace(empty_record().about, kind=kind)))))
    collected = {ExportKind.FULL_RECORD.value}
    assert ("No possible risk was flagged for review" in told) == (kind in collected)
    assert ("No agreed steps" in told) == (kind in {*collected, ExportKind.SESSION_NOTES.value})
    own = replace(empty_record().about, kind=kind, is_for_patient=True)
    told = " ".join(texts_of(outline_of(replace(empty_record(), about=own))))
    assert "No possible risk was flagged for review" not in told
    assert "was left out" not in told


def facts_of(sections: list[Section]) -> dict[str, str]:
    """All facts of the sections and of those below them, by name."""
    own = {
        name: text for one in sections for block in one.blocks if isinstance(block, Facts) for name, text in block.rows
    }
    below = [part for one in sections for part in one.sections]
    return own | (facts_of(below) if below else {})


@pytest.mark.parametrize("kind", ExportKind.values)
def test_no_time_stands_without_its_zone(kind):
    words = words_of(full_record(kind=kind))
    times = re.findall(r"\d{4}, \d{1,2}:\d\d [AP]M(?: E[SD]T \(New York\))?", words)
    assert times
    assert [one for one in times if "(New York)" not in one] == []


def test_a_column_in_which_nothing_stands_is_left_out():
    made = table_of("", ["Day", "Value", "Note"], [["1", "4", ""], ["2", "5", "–"]], [22, 14, 64], frozenset({1}))  # noqa: RUF001
    assert (made.head, made.rows, made.widths) == (["Day", "Value"], [["1", "4"], ["2", "5"]], [61, 39])
    assert not made.numeric  # numbers in the last column would stand at the edge of the page
    assert table_of("", ["Day"], [[""]], [100]).head == ["Day"]


def test_a_summary_that_was_withdrawn_is_said_to_be_so_once():
    record = full_record(kind=ExportKind.SESSION_NOTES)
    [first, *_] = record.sessions
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    summary = replace(first.summary, status="withdrawn", approved_at=None, withdrawn_at=at)
    words = words_of(replace(record, sessions=[replace(first, summary=summary)]))
    assert "Withdrawn Mar 1, 2026, 7:00 AM EST (New York)" in words
    assert words.lower().count("withdrawn mar 1") == 1


def test_sessions_of_one_day_have_no_period():
    record = full_record(kind=ExportKind.TREATMENT_SUMMARY)
    one = replace(record, sessions=record.sessions[:1])
    assert facts_of(outline_of(one).sections)["Sessions"] == "1 session, May 9, 2022"
    assert facts_of(outline_of(record).sections)["Sessions"] == "3 sessions, May 9, 2022 to May 23, 2022"


def test_a_summary_is_not_said_to_hold_everything_on_record():
    record = full_record(kind=ExportKind.TREATMENT_SUMMARY)
    made = outline_of(replace(record, about=replace(record.about, start=None, end=None)))
    assert dict(made.about.rows)["Period"] == "All dates"


def test_notes_of_single_sessions_are_not_said_to_be_of_all_dates():
    record = full_record(kind=ExportKind.SESSION_NOTES)
    anything, since = (
        dict(outline_of(replace(record, about=replace(record.about, start=start, end=None))).about.rows)
        for start in (None, date(2022, 5, 9))
    )
    assert "Period" not in anything
    assert since["Period"] == "Since May 9, 2022"


@pytest.mark.parametrize("kind", [ExportKind.PROGRESS_REPORT, ExportKind.TREATMENT_SUMMARY, ExportKind.FULL_RECORD])
def test_numbers_are_explained_where_there_are_any(kind):
    assert "Percentages are the therapist's estimates" in words_of(full_record(kind=kind))
    assert "Percentages" not in words_of(empty_record(kind=kind))


def test_a_trend_and_a_reliable_change_are_told_apart_and_in_one_way():
    record = full_record(kind=ExportKind.TREATMENT_SUMMARY)
    [series] = [
        replace(one, trend="getting better", change="no reliable change") for one in record.treatment.series[:1]
    ]
    words = words_of(replace(record, treatment=replace(record.treatment, series=[series])))
    assert words.count("Getting better; from first to latest no reliable change") == 2


def test_interventions_of_a_goal_are_named_as_such():
    assert "\nInterventions: Graded exposure" in words_of(full_record(kind=ExportKind.TREATMENT_SUMMARY))


def test_a_report_says_that_its_ratings_are_the_first_and_the_last():
    record = full_record(kind=ExportKind.PROGRESS_REPORT)
    [goal] = [replace(one, ratings=[*one.ratings, *one.ratings]) for one in record.treatment.goals[:1]]
    twice = replace(record, treatment=replace(record.treatment, goals=[goal]))
    assert "First and last rating in this period" in words_of(twice)
    assert "\nRating in this period" in words_of(record)
    assert "rating in this period" not in words_of(full_record()).lower()


def test_patients_read_the_plain_names_of_questionnaires_everywhere():
    record = full_record()
    own = replace(record, about=replace(record.about, is_for_patient=True))
    sections = {one.anchor: texts_of(one.blocks) for one in outline_of(own).sections}
    assert "Mood questionnaire" in sections["assigned"]
    assert "PHQ-9" not in sections["assigned"]


def test_a_draft_says_what_made_it_in_words():
    record = full_record()
    draft = replace(record.sessions[0].drafts[0], engine="builtin", model="keywords-2")
    words = words_of(replace(record, sessions=[replace(record.sessions[0], drafts=[draft])]))
    assert "by rules of this product, without an AI model" in words
    assert "keywords-2" not in words
    assert "Supported: the transcript says it" in words


def test_quiet_hours_of_reminders_are_on_the_clock_of_the_patient_and_in_the_form_of_the_country():
    words = words_of(full_record())
    assert "none from 8:00 PM to 8:00 AM on the patient's clock" in words
