"""The Word document: real headings, tables and fields."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from exports.builders import build
from exports.choices import ExportKind
from exports.tests.records import empty_record, full_record


def docx_of(record) -> BytesIO:
    file = BytesIO()
    build("docx", record, file)
    return file


@pytest.mark.parametrize("kind", ExportKind.values)
@pytest.mark.parametrize("make", [full_record, empty_record])
def test_headings_are_real_and_no_level_is_skipped(kind, make):
    opened = docx.Document(docx_of(make(kind=kind)))
    styles = [one.style.name for one in opened.paragraphs]
    assert styles.count("Title") == 1
    levels = [0, *(int(name.split()[1]) for name in styles if name.startswith("Heading "))]
    assert len(levels) > 2
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_header_rows_are_repeated():
    opened = docx.Document(docx_of(full_record(kind=ExportKind.PROGRESS_REPORT)))
    heads = [table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") for table in opened.tables]
    named = [table for table, head in zip(opened.tables, heads, strict=True) if head is not None]
    assert [cell.text for cell in named[-1].rows[0].cells] == ["What", "Number", "Ground", "Reason"]
    # The others are names with what is known.
    assert all(len(table.columns) == 2 for table, head in zip(opened.tables, heads, strict=True) if head is None)


def test_no_page_ends_within_a_short_row():
    opened = docx.Document(docx_of(full_record(kind=ExportKind.SESSION_NOTES)))
    rows = [row._tr for table in opened.tables if len(table.columns) > 2 for row in table.rows]
    assert len(rows) > 5
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)


def test_short_tables_stay_on_one_page_and_no_last_row_is_alone():
    opened = docx.Document(docx_of(full_record(kind=ExportKind.TREATMENT_SUMMARY)))
    headed = [
        table for table in opened.tables if table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    ]
    kept = [[row._tr.find(f".//{qn('w:keepNext')}") is not None for row in table.rows] for table in headed]
    short, long = ([one for one in kept if (len(one) <= 9) == is_short] for is_short in (True, False))
    assert short
    assert long
    assert all(one == [True] * (len(one) - 1) + [False] for one in short)
    assert all(one[0] and one[-2] and not any(one[1:-2]) and not one[-1] for one in long)


def test_tables_and_frames_begin_where_text_does():
    opened = docx.Document(docx_of(full_record(kind=ExportKind.TREATMENT_SUMMARY)))
    margins = [
        (
            table._tbl.tblPr.find(qn("w:tblInd")).get(qn("w:w")),
            table._tbl.tblPr.find(f"{qn('w:tblCellMar')}/{qn('w:left')}").get(qn("w:w")),
        )
        for table in opened.tables
    ]
    assert margins[0] == ("115", "115")  # the frame with who the patient is
    assert set(margins[1:]) == {("0", "0")}


def test_the_letterhead_is_not_repeated_above_itself():
    section = docx.Document(docx_of(full_record(kind=ExportKind.TIMELINE))).sections[0]
    assert section.different_first_page_header_footer
    assert [one.text for one in section.first_page_header.paragraphs] == [""]
    assert section.first_page_footer.paragraphs[0].text == section.footer.paragraphs[0].text


def test_header_and_footer_say_whose_it_is_and_count_pages():
    opened = docx.Document(docx_of(full_record(kind=ExportKind.TIMELINE)))
    section = opened.sections[0]
    assert section.header.paragraphs[0].text == "Timeline: Ada Lindqvist\tHarbour Practice"
    footer = section.footer.paragraphs[0]
    assert "Ada Lindqvist · Mar 2, 2026, 7:00 AM EST (New York)" in footer.text
    codes = [node.text.strip() for node in footer._p.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]


def test_properties_name_title_language_and_clinic_and_no_program():
    held = docx.Document(docx_of(full_record(kind=ExportKind.TREATMENT_SUMMARY))).core_properties
    assert (held.title, held.author, held.language) == (
        "Treatment summary: Ada Lindqvist",
        "Harbour Practice",
        "en-US",
    )
    assert held.comments == ""


def test_links_of_the_contents_have_a_place_to_lead_to():
    opened = docx.Document(docx_of(full_record()))
    places = [one.get(qn("w:name")) for one in opened.element.iter(qn("w:bookmarkStart"))]
    links = [one.get(qn("w:anchor")) for one in opened.element.iter(qn("w:hyperlink"))]
    assert len(places) == len(set(places))
    assert len(links) > 15
    assert set(links) <= set(places)


def test_unsigned_notes_are_marked():
    opened = docx.Document(docx_of(full_record(kind=ExportKind.SESSION_NOTES)))
    texts = [(one.style.name, one.text) for one in opened.paragraphs]
    marked = [number for number, (style, _) in enumerate(texts) if style == "Alarm"]
    assert len(marked) == 1
    assert texts[marked[0] - 1][1].startswith("Session #2")


def test_writing_from_right_to_left_is_marked_as_such():
    opened = docx.Document(docx_of(full_record(kind=ExportKind.SESSION_NOTES)))
    assert not list(opened.element.iter(qn("w:bidi")))
    record = full_record(kind=ExportKind.SESSION_NOTES)
    object.__setattr__(record.sessions[0].summary, "text", "שלום, איך היה השבוע?")
    assert list(docx.Document(docx_of(record)).element.iter(qn("w:bidi")))


def test_a_name_from_right_to_left_stays_beside_its_label():
    record = full_record(kind=ExportKind.TREATMENT_SUMMARY)
    hebrew = replace(record.patient, first_name="אסתר", last_name="כהן", diagnosis="חרדה")
    tables = docx.Document(docx_of(replace(record, patient=hebrew))).tables
    found = {row.cells[0].text: row.cells[1].paragraphs[0]._p for table in tables[:3] for row in table.rows}
    sides = {name: found[name].pPr.jc for name in ("Patient", "Date of birth", "Diagnosis")}
    # Of a paragraph from right to left, "right" is its end.
    assert sides.pop("Patient").val == WD_ALIGN_PARAGRAPH.RIGHT
    assert set(sides.values()) == {None}


def test_hebrew_and_arabic_are_as_large_and_as_bold_as_other_writing():
    styles = docx.Document(docx_of(full_record(kind=ExportKind.TREATMENT_SUMMARY))).styles
    named = ("Title", "Heading 1", "Heading 2", "FactIdentity", "FactText", "Empty", "Running")
    for style in (styles[name] for name in named):
        [size] = style.element.rPr.findall(qn("w:szCs"))
        assert int(size.get(qn("w:val"))) == round(style.font.size.pt * 2)
        assert (style.font.cs_bold, style.font.cs_italic) == (style.font.bold, style.font.italic)


def test_nothing_outside_is_referred_to():
    with zipfile.ZipFile(docx_of(full_record(odd=True))) as packed:
        for name in packed.namelist():
            if name.endswith(".rels"):
                assert not re.search(rb'TargetMode="External"', packed.read(name))
