"""The PDF: what everybody can read in it, by a validator of PDF/UA-1 and by its structure."""

import re
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import page
import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from exports.builders import build
from exports.builders.outline import outline_of
from exports.builders.pdf import html_of
from exports.choices import ExportKind
from exports.tests.records import empty_record, full_record

HEADINGS = {f"/H{level}": level for level in range(1, 7)}


def pdf_of(record) -> BytesIO:
    file = BytesIO()
    build("pdf", record, file)
    return file


def reader_of(record) -> PdfReader:
    return PdfReader(pdf_of(record))


def elements(reader: PdfReader) -> list:
    """The structure, in reading order."""
    found = []

    def walk(node):
        one = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(one, list):
            for kid in one:
                walk(kid)
        elif hasattr(one, "get"):
            if "/S" in one:
                found.append(one)
            walk(one.get("/K", []))

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


@pytest.mark.parametrize("kind", ExportKind.values)
@pytest.mark.parametrize("make", [full_record, empty_record])
def test_a_validator_of_pdf_ua_finds_nothing(kind, make):
    report = page.validate_pdf_bytes(pdf_of(make(kind=kind)).getvalue(), profile=page.ValidationProfile.PDF_UA_1)
    assert [(one.rule_id, one.message) for one in report.failures] == []
    assert report.is_compliant


def test_the_validator_is_no_rubber_stamp():
    from weasyprint import HTML

    untagged = HTML(string="<p>No title, no language, no tags").write_pdf()
    assert not page.is_pdf_compliant_bytes(untagged, profile=page.ValidationProfile.PDF_UA_1)


def test_title_language_and_marks_of_the_document():
    record = full_record(kind=ExportKind.PROGRESS_REPORT)
    reader = reader_of(record)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-US"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert (reader.metadata.title, reader.metadata.author) == ("Progress report: Ada Lindqvist", "Harbour Practice")
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_pictures_have_words_and_header_cells_a_scope():
    found = elements(reader_of(full_record(kind=ExportKind.PROGRESS_REPORT)))
    pictures = [one for one in found if one["/S"] == "/Figure"]
    assert len(pictures) == 2
    assert pictures[0]["/Alt"].startswith("PHQ-9 over time. On a scale from 0 to 27: 12 numbers, from 21 on ")
    scopes = {one["/A"]["/Scope"] for one in found if one["/S"] == "/TH"}
    assert scopes == {"/Column", "/Row"}
    assert all("/Scope" in one["/A"] for one in found if one["/S"] == "/TH")


@pytest.mark.parametrize("kind", ExportKind.values)
def test_no_level_of_headings_is_skipped(kind):
    levels = [HEADINGS[one["/S"]] for one in elements(reader_of(full_record(kind=kind))) if one["/S"] in HEADINGS]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_fonts_are_embedded():
    for one in reader_of(full_record(kind=ExportKind.TIMELINE)).pages:
        for font in one["/Resources"]["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(below)


def test_each_page_says_whose_it_is_and_which_of_how_many():
    reader = reader_of(full_record(kind=ExportKind.FULL_RECORD))
    count = len(reader.pages)
    assert count > 5
    for number, one in enumerate(reader.pages, start=1):
        text = " ".join(one.extract_text().split())
        assert f"Page {number} of {count}" in text
        assert "Ada Lindqvist · Mar 2, 2026, 7:00 AM EST (New York)" in text


def test_only_pages_of_unsigned_notes_are_marked_as_drafts():
    reader = reader_of(full_record(kind=ExportKind.SESSION_NOTES))
    texts = [one.extract_text() for one in reader.pages]
    drafts = [text for text in texts if "Draft – not signed" in text]  # noqa: RUF001
    assert len(drafts) == 1
    assert "Session #2, May 16" in drafts[0]
    assert "Signed by" not in drafts[0]
    # The mark across the page, the status, and the place of the signature.
    assert drafts[0].count("Draft – not signed") == 3  # noqa: RUF001
    marked = [number for number, one in enumerate(reader.pages) if b" Do" in one.get_contents().get_data()]
    assert marked == [texts.index(drafts[0])]


def test_contents_lead_to_the_pages_they_name():
    reader = reader_of(full_record())
    listed = reader.pages[1].extract_text()
    texts = [one.extract_text() for one in reader.pages]
    shown = next(number for number, text in enumerate(texts, 1) if "6 events, the latest first." in text)
    assert re.search(rf"Timeline\s+{shown}\b", listed)
    links = [note.get_object() for note in reader.pages[1]["/Annots"]]
    assert len(links) > 15


def test_bookmarks_name_the_parts():
    def titles(outline):
        return [title for one in outline for title in (titles(one) if isinstance(one, list) else [one.title])]

    found = titles(reader_of(full_record(kind=ExportKind.TIMELINE)).outline)
    assert found[:3] == ["Timeline", "Timeline", "March 2026"]


def test_paper_has_the_size_of_the_country():
    record = empty_record()
    abroad = replace(record, practice=replace(record.practice, jurisdiction="DE"))
    sizes = [round(float(reader_of(one).pages[0].mediabox.width)) for one in (record, abroad)]
    assert sizes == [612, 595]


def test_markup_is_escaped():
    words = html_of(outline_of(full_record(odd=True)))
    assert "<script" not in words
    assert "<img" not in words
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in words
