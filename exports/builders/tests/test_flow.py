"""Long texts flow from page to page: they stand in no table, and what is kept together is no longer than a page."""

from dataclasses import replace
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from exports.builders import build
from exports.builders.docx_elements import lines
from exports.builders.outline.blocks import Event, Facts, Fields, Paragraph, Section, Table
from exports.builders.outline.flow import flowing
from exports.choices import ExportKind
from exports.tests.records import full_record, with_texts

SENTENCES = "A long sentence that goes on. " * 100
LIST = "\n".join(f"Day {number}" for number in range(60))  # few letters and many lines
HEAD = ["Step", "Who", "Notes"]
SHORT_ROW = ["Walk", "Patient", "Done"]


def flown(*blocks):
    return flowing([Section("Above", [], [Section("Below", list(blocks))])])[0].sections[0].blocks


def table_of_rows(*rows, caption="Steps"):
    return Table(caption, HEAD, list(rows), [40, 20, 40])


@pytest.mark.parametrize("text", [SENTENCES, LIST, "w" * 10_000])
def test_a_long_fact_stands_below_its_label_between_the_others(text):
    assert flown(Facts([("Phone", "1"), ("History", text), ("Next", "2")])) == [
        Facts([("Phone", "1")]),
        Fields([("History", text)]),
        Facts([("Next", "2")]),
    ]


def test_a_long_row_leaves_its_table_with_the_names_of_its_columns():
    assert flown(table_of_rows(SHORT_ROW, [SENTENCES, "Patient", "–"], SHORT_ROW)) == [  # noqa: RUF001 (a dash)
        table_of_rows(SHORT_ROW),
        Fields([("Step", SENTENCES)]),
        Facts([("Who", "Patient")]),
        table_of_rows(SHORT_ROW, caption=""),
    ]


def test_the_caption_stands_above_a_row_that_comes_first():
    first, *_, last = flown(table_of_rows([SENTENCES, "Patient", ""], SHORT_ROW))
    assert first == Paragraph("Steps", "strong")
    assert last == table_of_rows(SHORT_ROW, caption="")


def test_what_is_long_in_a_narrow_column_may_be_short_beside_a_name():
    text = "x " * 250
    assert flown(table_of_rows(["Walk", text, ""])) == [
        Paragraph("Steps", "strong"),
        Facts([("Step", "Walk"), ("Who", text)]),
    ]


def test_many_lines_are_not_kept_together_however_short_they_are():
    assert Facts([("Medication", "Sertraline")]).is_short
    assert not Facts([("Medication", "A\nB\nC\nD\nE")] * 8).is_short
    assert not table_of_rows(*[["A\nB\nC\nD\nE", "", ""]] * 8).is_short
    assert not Event("", "Title", "A sentence.").is_long
    assert Event("", "Title", LIST).is_long


@pytest.mark.parametrize("more", [LIST, "w" * 3_000])
@pytest.mark.parametrize("kind", ExportKind.values)
def test_no_cell_of_a_word_document_is_longer_than_a_page(kind, more):
    file = BytesIO()
    build("docx", with_texts(full_record(kind=kind), more), file)
    opened = docx.Document(file)
    after_the_head = opened.tables[2:]  # who it is about and why it was made is limited where it is entered
    cells = [cell.text for table in after_the_head for row in table._tbl.tr_lst for cell in row_cells(row, table)]
    assert max(map(len, cells)) < 3_000
    assert max(cell.count("\n") for cell in cells) < 25
    assert more.split("\n")[-1] in "\n".join(one.text for one in opened.paragraphs)


def test_the_lines_of_a_long_text_are_paragraphs_without_a_distance():
    record = full_record(kind=ExportKind.TIMELINE, events=1)
    written = ["First " * 200, "", "Second " * 200]
    event = replace(record.events[0], description="\n".join(written), metadata={"topics": ["sleep"]})
    file = BytesIO()
    build("docx", replace(record, events=[event]), file)
    found = [one for one in docx.Document(file).paragraphs if one.style.name == "EventText"]
    assert [one.text for one in found] == written
    assert [one.paragraph_format.space_after for one in found] == [0, 0, None]
    assert [one.paragraph_format.keep_with_next for one in found] == [None, None, True]


def test_the_lines_of_a_short_text_are_one_paragraph():
    assert [one.xpath("count(.//w:br)") for one in lines("First\nSecond", "Text")] == [1]


def row_cells(row, table):
    return [docx.table._Cell(cell, table) for cell in row.findall(qn("w:tc"))]


def test_a_long_name_of_a_clinic_stays_on_the_line_above_the_text():
    record = full_record(kind=ExportKind.TIMELINE)
    name = "Harbour Practice of the North " * 6
    file = BytesIO()
    build("pdf", replace(record, practice=replace(record.practice, name=name)), file)
    pages = [" ".join(one.extract_text().split()) for one in PdfReader(file).pages]
    assert name.strip() in pages[0]
    assert len(pages) > 1
    assert all("the North Harbour Practice of the North…" in page for page in pages[1:])
