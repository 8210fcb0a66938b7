"""The record as a tagged PDF (PDF/UA-1)."""

from dataclasses import dataclass
from typing import Any, BinaryIO

from django.template.loader import render_to_string

from exports.builders.outline import outline_of
from exports.builders.outline.blocks import Block, Outline, Section
from exports.builders.outline.text import breakable, fitted, shortened
from exports.builders.pdf_program import KEEPER
from exports.records.record import Record

DEEPEST = 6  # heading level of HTML


@dataclass(frozen=True, slots=True)
class Part:
    """A section without those below it, which follow: what is nested deeply is laid out slowly."""

    level: int
    title: str
    anchor: str
    blocks: list[tuple[str, Block]]  # each with the name of its template
    is_draft: bool


def build(record: Record, file: BinaryIO) -> None:
    """Write the record as PDF. It is drawn by a program of its own: the memory that this takes is freed at its end."""
    html = html_of(fitted(outline_of(record), breakable))
    file.write(KEEPER.draw(html.encode()).pdf)


def html_of(outline: Outline) -> str:
    """The document as HTML; every text is escaped."""
    parts = [part for section in outline.sections for part in _parts(section, 2)]
    context: dict[str, Any] = {
        "outline": outline,
        "parts": parts,
        "notices": [_named(one) for one in outline.notices],
        "header": shortened(outline.title),
        "clinic": shortened(outline.author),
        "footer": f"{shortened(outline.patient) or 'Name not recorded'} · {outline.made}",
        "paper": "letter" if outline.language == "en-US" else "A4",
    }
    return render_to_string("exports/documents/document.html", context)


def _parts(section: Section, level: int, *, is_draft: bool = False) -> list[Part]:
    is_draft = is_draft or section.is_draft
    below = [part for one in section.sections for part in _parts(one, min(level + 1, DEEPEST), is_draft=is_draft)]
    # A heading stays on the page of what follows it.
    marks = is_draft or (not section.blocks and bool(below) and below[0].is_draft)
    return [Part(level, section.title, section.anchor, [_named(one) for one in section.blocks], marks), *below]


def _named(block: Block) -> tuple[str, Block]:
    return f"exports/documents/_{type(block).__name__.lower()}.html", block
