"""The record as a Word document, with real headings, tables and fields."""

from collections.abc import Callable
from datetime import UTC
from typing import Any, BinaryIO

from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm

from exports.builders.docx_elements import child, element, facts, field, lines, link, paragraph, run, table
from exports.builders.docx_styles import give_styles
from exports.builders.limits import go_on
from exports.builders.outline import outline_of
from exports.builders.outline.blocks import (
    Block,
    Events,
    Facts,
    Fields,
    Notice,
    Outline,
    Paragraph,
    Picture,
    Section,
    Signatures,
    Table,
    Talk,
)
from exports.builders.outline.notes import DRAFT
from exports.builders.outline.text import shortened
from exports.records.record import Record

PAPER = {"en-US": (215.9, 279.4), "en-GB": (210, 297)}  # mm
TONES = {"": "Text", "soft": "Soft", "empty": "Empty", "strong": "Subheading"}
MOST_OF_A_PROPERTY = 255  # letters, by Office Open XML
DEEPEST = 6


def build(record: Record, file: BinaryIO) -> None:
    """Write the record as a Word document."""
    outline = outline_of(record)
    document = Document()
    give_styles(document)
    _give_properties(document, outline, record)
    _give_pages(document, outline)
    _Writer(document).write(outline)
    document.save(file)


def _give_properties(document: Any, outline: Outline, record: Record) -> None:
    held = document.core_properties
    held.title, held.subject = shortened(outline.title, MOST_OF_A_PROPERTY), outline.subject
    held.author = held.last_modified_by = shortened(outline.author, MOST_OF_A_PROPERTY)
    held.language, held.comments = outline.language, ""
    held.created = held.modified = record.about.made_at.astimezone(UTC).replace(tzinfo=None)
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), outline.language)


def _give_pages(document: Any, outline: Outline) -> None:
    section = document.sections[0]
    width, height = PAPER[outline.language]
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm((width - 165) / 2)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    # The first page says in its letterhead what stands above all others.
    section.different_first_page_header_footer = True
    _running(document, section.header, f"{shortened(outline.title)}\t{shortened(outline.author)}")
    for footer in (section.first_page_footer, section.footer):
        line = _running(
            document, footer, f"{shortened(outline.patient) or 'Name not recorded'} · {outline.made}\tPage "
        )
        for part in (*field("PAGE"), run(" of "), *field("NUMPAGES")):
            line._p.append(part)


def _running(document: Any, place: Any, text: str) -> Any:
    """A line above or below the text of each page, whose second part stands right."""
    line = place.paragraphs[0]
    line.style = document.styles["Running"]
    line.paragraph_format.tab_stops.add_tab_stop(Mm(165), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(text)
    return line


class _Writer:
    """Appends blocks to a document's body."""

    def __init__(self, document: Any) -> None:
        self.body = document.element.body
        self.end = self.body.sectPr
        self.anchors = 0

    def write(self, outline: Outline) -> None:
        """Everything, from the letterhead on."""
        self.add(paragraph(outline.author, "Letterhead"))
        if outline.letterhead:
            self.add(paragraph(outline.letterhead, "LetterheadMore"))
        self.add(paragraph(outline.subject, "Title"))
        self.facts(outline.identity, is_framed=True, stays_left=True)
        self.facts(outline.about, stays_left=True)
        for notice in outline.notices:
            self.notice(notice)
        if outline.has_contents:
            self.contents(outline.sections)
        for place, section in enumerate(outline.sections):
            self.section(section, 1, on_new_page=outline.has_contents and not place)

    def add(self, made: Any) -> None:
        """Before the properties of the page, which stand last."""
        go_on()
        self.end.addprevious(made)

    def contents(self, sections: list[Section]) -> None:
        """A line for each of the two upper levels."""
        title = paragraph("Contents", "Heading1")
        child(title.pPr, "w:pageBreakBefore")
        self.add(title)
        for section in sections:
            for level, one in ((2, section), *((3, below) for below in section.sections)):
                if one.anchor:
                    self.add(link(one.title, _bookmark(one.anchor), f"Contents{level}"))

    def section(self, section: Section, level: int, *, on_new_page: bool = False) -> None:
        """The heading, the blocks, and the sections below."""
        self.anchors += bool(section.anchor)
        anchor = _bookmark(section.anchor) if section.anchor else ""
        heading = paragraph(section.title, f"Heading{level}", anchor=anchor, number=self.anchors)
        if on_new_page:
            child(heading.pPr, "w:pageBreakBefore")
        self.add(heading)
        if section.is_draft:
            self.add(paragraph(DRAFT, "Alarm"))
        for block in section.blocks:
            self.block(block)
        for one in section.sections:
            self.section(one, min(level + 1, DEEPEST))

    def block(self, block: Block) -> None:
        """One block."""
        DRAWN[type(block)](self, block)

    def text(self, text: str, style: str, *, keeps: bool = False) -> None:
        """A paragraph of any length."""
        for one in lines(text, style, keeps=keeps):
            self.add(one)

    def paragraph(self, block: Paragraph) -> None:
        """Text as it was written."""
        for text in block.text.paragraphs:  # type: ignore[attr-defined]  # every text of an outline is fitted
            self.text(text, TONES[block.tone])

    def facts(self, block: Facts, *, is_framed: bool = False, stays_left: bool = False) -> None:
        """A table of names."""
        self.add(facts(block, "TableNormal", is_framed=is_framed, stays_left=stays_left))
        self.add(_gap())

    def fields(self, block: Fields) -> None:
        """Labels with the texts below them."""
        for name, text in block.rows:
            self.add(paragraph(name, "Label"))
            self.paragraph(Paragraph(text))

    def table(self, block: Table) -> None:
        """A table with its caption."""
        if block.caption:
            self.add(paragraph(block.caption, "TableCaption"))
        self.add(table(block, "TableNormal"))
        self.add(_gap())

    def picture(self, block: Picture) -> None:
        """What its colours mean: the numbers follow as a table, and the dates stand there."""
        if block.bands:
            self.add(paragraph(f"Ranges: {' · '.join(block.bands)}", "Soft"))

    def talk(self, block: Talk) -> None:
        """Line by line."""
        for line in block.lines:
            self.add(paragraph(line.text, "Said", bold=f"{line.at} {line.speaker}: ".lstrip()))

    def events(self, block: Events) -> None:
        """Event by event."""
        for event in block.rows:
            self.add(paragraph(event.meta, "EventMeta"))
            self.add(paragraph(event.title, "EventTitle", keeps=bool(event.text or event.topics)))
            if event.text:
                self.text(event.text, "EventText", keeps=bool(event.topics))
            if event.topics:
                self.add(paragraph(f"Topics: {event.topics}", "EventTopics"))

    def signatures(self, block: Signatures) -> None:
        """Each signature, and whether the note is what was signed."""
        for seal in block.seals:
            self.add(paragraph(seal.line, "Signature"))
            self.add(paragraph(f"SHA-256 of the content: {seal.content_hash}", "SignatureHash"))
        if block.status:
            self.add(paragraph(block.status, "Alarm" if block.is_alarming else "SignatureStatus"))

    def notice(self, block: Notice) -> None:
        """In a frame."""
        if block.title:
            self.add(paragraph(block.title, "NoticeTitle"))
        for text in block.texts:
            self.add(paragraph(text, "Notice"))
        self.add(_gap())


def _gap() -> Any:
    """Space after a table, which has no distance of its own."""
    made = element("w:p")
    properties = child(made, "w:pPr")
    child(properties, "w:pStyle", val="Gap")
    return made


def _bookmark(anchor: str) -> str:
    """A name that Word allows: 40 letters, digits and underscores."""
    return f"_{anchor.replace('-', '')}"[:40]


DRAWN: dict[type, Callable[[_Writer, Any], None]] = {
    Paragraph: _Writer.paragraph,
    Facts: _Writer.facts,
    Fields: _Writer.fields,
    Table: _Writer.table,
    Picture: _Writer.picture,
    Talk: _Writer.talk,
    Events: _Writer.events,
    Signatures: _Writer.signatures,
    Notice: _Writer.notice,
}
