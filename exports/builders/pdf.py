"""The record as a tagged PDF (PDF/UA-1)."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.template.loader import render_to_string

from exports.builders.outline import outline_of
from exports.builders.outline.blocks import Block, Outline, Section
from exports.builders.outline.text import breakable, fitted, shortened
from exports.records.record import Record
from therapybridge.core.errors import DomainError

PROGRAM = Path(__file__).with_name("pdf_page.py")
# What fonts and their cache are found by. No key and no address of a database is among them.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_DIRS", "FONTCONFIG_FILE")
DEEPEST = 6  # heading level of HTML
MAX_SECONDS = 300  # on the wall, on a machine that has other work
OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)  # by the limit of the program on itself


@dataclass(frozen=True, slots=True)
class Part:
    """A section without those below it, which follow: what is nested deeply is laid out slowly."""

    level: int
    title: str
    anchor: str
    blocks: list[tuple[str, Block]]  # each with the name of its template
    is_draft: bool


class DrawingFailed(DomainError):
    """The program that draws documents ended without one."""

    code = "drawing_failed"
    status = 500
    title = "The document could not be drawn"
    retriable = True


class TooMuchToDraw(DomainError):
    """A record that no machine draws in a time that anybody waits."""

    code = "too_much_to_draw"
    status = 422
    title = "This is too much for one PDF. Choose a shorter period or fewer sessions, or another kind of file"


def build(record: Record, file: BinaryIO) -> None:
    """Write the record as PDF. It is drawn by a program of its own: the memory that this takes is freed at its end."""
    try:
        done = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-I", str(PROGRAM)],
            input=html_of(fitted(outline_of(record), breakable)).encode(),
            capture_output=True,
            check=False,
            timeout=MAX_SECONDS,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
    except subprocess.TimeoutExpired:
        raise TooMuchToDraw from None
    if done.returncode in OUT_OF_TIME:
        raise TooMuchToDraw
    if done.returncode:
        # What it printed may quote the record, so only its last word is kept: the type of the error.
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
        raise DrawingFailed(f"The document could not be drawn ({reason or done.returncode}).")
    file.write(done.stdout)


def html_of(outline: Outline) -> str:
    """The document as HTML; every text is escaped."""
    parts = [part for section in outline.sections for part in _parts(section, 2)]
    context: dict[str, Any] = {
        "outline": outline,
        "parts": parts,
        "notices": [_named(one) for one in outline.notices],
        "header": shortened(outline.title),
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
