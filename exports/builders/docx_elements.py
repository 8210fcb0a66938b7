"""Elements of WordprocessingML. They are written directly: python-docx looks up styles for each paragraph, which takes
seconds in a long record.
"""

from collections.abc import Iterable
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from exports.builders.outline.blocks import Facts, Table
from exports.builders.outline.text import fit

WIDTH = 9360  # of a line, in twentieths of a point
NAMES = WIDTH // 4  # of the names of facts
PADDING = 115  # beside the text of a cell
LONG = 2000  # letters: two thirds of a page
RULES, FRAME = ("top", "bottom", "insideH"), ("top", "left", "bottom", "right")


def paragraph(
    text: str = "", style: str = "", *, bold: str = "", anchor: str = "", number: int = 0, keeps: bool = False
) -> Any:
    """A paragraph; `bold` stands before the text. An `anchor` makes it a place to which links lead.

    One that `keeps` stays on the page of what follows it.
    """
    made = element("w:p")
    properties = child(made, "w:pPr")
    if style:
        child(properties, "w:pStyle", val=style)
    if keeps:
        child(properties, "w:keepNext")
    is_rtl = fit(text).is_rtl
    if is_rtl:
        child(properties, "w:bidi")
    if anchor:
        child(made, "w:bookmarkStart", id=str(number), name=anchor)
    if bold:
        made.append(run(bold, is_bold=True))
    made.append(run(text, is_rtl=is_rtl))
    if anchor:
        child(made, "w:bookmarkEnd", id=str(number))
    return made


def lines(text: str, style: str, *, keeps: bool = False) -> list[Any]:
    """A paragraph; of a long text, one for each of its lines, without a distance between them.

    Word processors read a paragraph from its beginning for each page that it stands on.
    """
    *others, last = text.split("\n") if len(text) > LONG else [text]
    made = [paragraph(line, style) for line in others]
    for one in made:
        child(one.pPr, "w:spacing", after="0")
    return [*made, paragraph(last, style, keeps=keeps)]


def run(text: str, *, is_bold: bool = False, is_rtl: bool = False) -> Any:
    """A run of text; its lines are broken where the text is."""
    made = element("w:r")
    if is_bold or is_rtl:
        properties = child(made, "w:rPr")
        for name in (*(["w:b", "w:bCs"] if is_bold else []), *(["w:rtl"] if is_rtl else [])):
            child(properties, name)
    for place, line in enumerate(text.split("\n")):
        if place:
            child(made, "w:br")
        child(made, "w:t").text = line
        made[-1].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def field(code: str, shown: str = "1") -> list[Any]:
    """A field that Word works out when it opens the document: PAGE, NUMPAGES, PAGEREF."""
    begin, instruction, separator, text, end = (element("w:r") for _ in range(5))
    child(begin, "w:fldChar", fldCharType="begin", dirty="true")
    child(instruction, "w:instrText").text = f" {code} "
    child(separator, "w:fldChar", fldCharType="separate")
    child(text, "w:t").text = shown
    child(end, "w:fldChar", fldCharType="end")
    return [begin, instruction, separator, text, end]


def link(text: str, anchor: str, style: str) -> Any:
    """A line of a table of contents, with the number of the page."""
    made = element("w:p")
    child(child(made, "w:pPr"), "w:pStyle", val=style)
    held = child(made, "w:hyperlink", anchor=anchor)
    held.append(run(text))
    child(child(held, "w:r"), "w:tab")
    for part in field(f"PAGEREF {anchor} \\h"):
        held.append(part)
    return made


def table(block: Table, style: str) -> Any:
    """A table whose first row is repeated on each page; no page ends within a row, nor within a table that is short."""
    made = _begun(style, block.caption, [WIDTH * share // 100 for share in block.widths], sides=RULES, is_headed=True)
    _row(made, block.head, block, "TableHead", "w:cantSplit", "w:tblHeader", keeps=True)
    last_but_one = len(block.rows) - 2
    for place, row in enumerate(block.rows):
        # A row that keeps to the next: all of a short table, and the last one is never alone on a page.
        keeps = place <= last_but_one and (block.is_short or place == last_but_one)
        _row(made, row, block, "TableText", "w:cantSplit", keeps=keeps)
    return made


def facts(block: Facts, style: str, *, is_framed: bool = False, stays_left: bool = False) -> Any:
    """Names on the left, what is known on the right; on one page, if it is short.

    What `stays_left` begins beside its name, whatever it is written in.
    """
    made = _begun(style, "", [NAMES, WIDTH - NAMES], sides=FRAME if is_framed else (), is_framed=is_framed)
    for place, (name, text) in enumerate(block.rows, start=1):
        row = child(made, "w:tr")
        keeps = block.is_short and place < len(block.rows)
        _cell(row, name, "FactName", NAMES, keeps=keeps)
        known = _cell(row, text, "FactIdentity" if is_framed else "FactText", WIDTH - NAMES, keeps=keeps)
        if stays_left and known.pPr.find(qn("w:bidi")) is not None:
            # Of a paragraph from right to left, Word calls the end right, which is on the left.
            child(known.pPr, "w:jc", val="right")
    return made


def _begun(
    style: str,
    caption: str,
    widths: list[int],
    *,
    sides: Iterable[str],
    is_headed: bool = False,
    is_framed: bool = False,
) -> Any:
    made = element("w:tbl")
    properties = child(made, "w:tblPr")
    child(properties, "w:tblStyle", val=style)
    child(properties, "w:tblW", w=str(WIDTH), type="dxa")
    # The text of a table begins where other text does, and a frame where the line below a heading does.
    left = str(PADDING if is_framed else 0)
    child(properties, "w:tblInd", w=left, type="dxa")
    if sides:
        rules = child(properties, "w:tblBorders")
        for side in sides:
            child(rules, f"w:{side}", val="single", sz="4", space="0", color="B9B4AA")
    child(properties, "w:tblLayout", type="fixed")
    margins = child(properties, "w:tblCellMar")
    child(margins, "w:left", w=left, type="dxa")
    child(margins, "w:right", w=str(PADDING), type="dxa")
    shown = {"firstRow": "1", "firstColumn": "0"} if is_headed else {"firstRow": "0", "firstColumn": "1"}
    child(properties, "w:tblLook", val="0420" if is_headed else "0480", noHBand="0", noVBand="1", **shown)
    if caption:
        child(properties, "w:tblCaption", val=caption)
    grid = child(made, "w:tblGrid")
    for width in widths:
        child(grid, "w:gridCol", w=str(width))
    return made


def _row(made: Any, texts: list[str], block: Table, style: str, *traits: str, keeps: bool) -> None:
    row = child(made, "w:tr")
    properties = child(row, "w:trPr")
    for trait in traits:
        child(properties, trait)
    for place, text in enumerate(texts):
        named = f"{style}Number" if place in block.numeric else style
        _cell(row, text, named, WIDTH * block.widths[place] // 100, keeps=keeps)


def _cell(row: Any, text: str, style: str, width: int, *, keeps: bool = False) -> Any:
    made = child(row, "w:tc")
    child(child(made, "w:tcPr"), "w:tcW", w=str(width), type="dxa")
    held = paragraph(text, style, keeps=keeps)
    made.append(held)
    return held


def element(tag: str) -> Any:
    """An empty element."""
    return OxmlElement(tag)


def child(parent: Any, tag: str, **attributes: str) -> Any:
    """An element at the end of another."""
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    parent.append(made)
    return made
