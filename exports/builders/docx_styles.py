"""The look of a Word document: real styles, which whoever receives it can change."""

from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from exports.builders.docx_elements import child, element

ACCENT, SOFT, ALARM = (RGBColor.from_string(code) for code in ("0B6762", "545E61", "A3261D"))
SERIF, SANS = "Cambria", "Calibri"
HEADINGS = (21, 14, 11.5, 10.5, 10, 10, 10)  # points, of the title and of each level below it


@dataclass(frozen=True, slots=True)
class _Look:
    name: str
    size: float = 10
    font: str = SERIF
    colour: RGBColor | None = None
    is_bold: bool = False
    is_italic: bool = False
    after: float = 4
    before: float = 0
    frame: str = ""  # colour of a frame
    has_rule: bool = False  # below it
    keeps_with_next: bool = False
    alignment: Any = None


LOOKS = (
    _Look("Letterhead", 15, colour=ACCENT, is_bold=True, has_rule=True),
    _Look("LetterheadMore", 8.5, SANS, SOFT),
    _Look("Gap", 6, after=0),
    _Look("Text"),
    _Look("Soft", colour=SOFT),
    _Look("Empty", colour=SOFT, is_italic=True),
    _Look("Subheading", is_bold=True, after=2, keeps_with_next=True),
    _Look("Label", 8.5, SANS, SOFT, is_bold=True, after=0, keeps_with_next=True),
    _Look("TableCaption", 8.5, SANS, SOFT, is_bold=True, before=6, after=2, keeps_with_next=True),
    _Look("TableHead", 8.5, SANS, is_bold=True, before=2, after=2),
    _Look("TableHeadNumber", 8.5, SANS, is_bold=True, before=2, after=2, alignment=WD_ALIGN_PARAGRAPH.RIGHT),
    _Look("TableText", 9, before=2, after=2),
    _Look("TableTextNumber", 9, before=2, after=2, alignment=WD_ALIGN_PARAGRAPH.RIGHT),
    _Look("FactName", 8.5, SANS, SOFT, before=2, after=1),
    _Look("FactText", before=2, after=1),
    _Look("FactIdentity", is_bold=True, before=2, after=1),
    _Look("Said", after=3),
    _Look("EventMeta", 8.5, SANS, SOFT, before=7, after=0, keeps_with_next=True),
    _Look("EventTitle", is_bold=True, after=0),
    _Look("EventText", after=0),
    _Look("EventTopics", 8.5, SANS, SOFT, after=0),
    _Look("Signature", 8.5, SANS, is_bold=True, before=6, after=0, keeps_with_next=True),
    _Look("SignatureHash", 7.5, SANS, SOFT, after=1),
    _Look("SignatureStatus", 8.5, SANS, is_bold=True, after=6),
    _Look("Notice", 8.5, SANS, after=0, frame="B9B4AA"),
    _Look("NoticeTitle", 8.5, SANS, is_bold=True, after=0, frame="B9B4AA", keeps_with_next=True),
    _Look("Alarm", 9, SANS, ALARM, is_bold=True, frame="A3261D", keeps_with_next=True),
    _Look("Running", 8, SANS, SOFT, after=0),
)


def give_styles(document: Any) -> None:
    """Add the styles, and change those of headings."""
    _style(document.styles["Normal"], _Look("Normal"))
    for level, size in enumerate(HEADINGS):
        name = "Title" if level == 0 else f"Heading {level}"
        before, colour = 12 if level == 0 else 18 - 3 * level, ACCENT if level == 1 else None
        is_bold, has_rule = level > 0, level == 1
        look = _Look(name, size, SERIF, colour, is_bold, has_rule=has_rule, before=before, keeps_with_next=True)
        _style(document.styles[name], look)
    for look in LOOKS:
        _style(document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH), look)
    for level in (2, 3):
        line = document.styles.add_style(f"Contents{level}", WD_STYLE_TYPE.PARAGRAPH)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(165), WD_TAB_ALIGNMENT.RIGHT)
        line.paragraph_format.left_indent = Mm(6 * (level - 2))
        line.paragraph_format.space_after = Pt(2)
        line.font.bold = line.font.cs_bold = level == 2  # noqa: PLR2004


def _style(style: Any, look: _Look) -> None:
    style.font.name, style.font.size = look.font, Pt(look.size)
    style.font.bold, style.font.italic = look.is_bold, look.is_italic
    _style_complex_scripts(style, look)
    style.font.color.rgb = look.colour or RGBColor.from_string("1A1F21")
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in [name for name in fonts.attrib if name.endswith("Theme")]:
        # A font of the theme would win over ours.
        del fonts.attrib[theme]
    shape = style.paragraph_format
    shape.space_after, shape.space_before = Pt(look.after), Pt(look.before)
    shape.keep_with_next, shape.line_spacing = look.keeps_with_next, 1.15
    shape.alignment = look.alignment
    if look.alignment == WD_ALIGN_PARAGRAPH.RIGHT:
        shape.right_indent = Pt(11)  # from what stands in the next column
    if style.name == "Title":
        _remove_rule(style)
    if look.frame:
        _frame(style, look.frame, "top", "left", "bottom", "right")
        # The frame, which is drawn around the text, ends where other text does.
        shape.left_indent, shape.right_indent = Pt(7), Pt(4.5)
    if look.has_rule:
        _frame(style, str(ACCENT), "bottom")


def _style_complex_scripts(style: Any, look: _Look) -> None:
    """Hebrew and Arabic have a size and a weight of their own."""
    style.font.cs_bold, style.font.cs_italic = look.is_bold, look.is_italic
    properties = style.element.get_or_add_rPr()
    for held in properties.findall(qn("w:szCs")):
        properties.remove(held)
    size = element("w:szCs")
    size.set(qn("w:val"), str(round(look.size * 2)))  # half points
    properties.find(qn("w:sz")).addnext(size)


def _remove_rule(style: Any) -> None:
    for rule in style.element.pPr.findall("{*}pBdr"):
        style.element.pPr.remove(rule)


def _frame(style: Any, colour: str, *sides: str) -> None:
    borders = element("w:pBdr")
    for side in sides:
        child(borders, f"w:{side}", val="single", sz="24" if side == "left" else "4", space="4", color=colour)
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )
