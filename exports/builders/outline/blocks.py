"""What a document consists of, without any form: every builder of documents draws the same blocks."""

from dataclasses import dataclass, field

from therapybridge.core.pages.charts import Chart

Fact = tuple[str, str]
LETTERS = 90  # in a line as wide as the page
SHORT = 24  # lines: half a page
FACT_SHARE = 75  # of the page, in per cent, for what is known
FEW_ROWS = 8
NOTHING = "–"  # noqa: RUF001 (a dash, as in all tables)


def lines_of(text: str, share: int) -> int:
    """How many lines a text takes, about, where it has so many per cent of the page."""
    return sum(1 + len(line) * 100 // (LETTERS * share) for line in text.split("\n"))


def is_long(text: str, share: int) -> bool:
    """Whether a text is too long for a cell that is so wide."""
    return lines_of(text, share) > SHORT


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text as it was written; `tone` is "" or one of `soft`, `strong` and `empty` (nothing is there to be shown)."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what is known."""

    rows: list[Fact]

    @property
    def is_short(self) -> bool:
        """Whether all of it can stay on one page."""
        return sum(lines_of(text, FACT_SHARE) for _, text in self.rows) <= SHORT


@dataclass(frozen=True, slots=True)
class Fields:
    """What somebody wrote, each text below its label; texts may go on for pages."""

    rows: list[Fact]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row, and without a caption if a heading says it already. No page ends within a row.

    The columns in `numeric` stand right; `widths` share the page in per cent.
    """

    caption: str
    head: list[str]
    rows: list[list[str]]
    widths: list[int]
    numeric: frozenset[int] = frozenset()

    @property
    def is_short(self) -> bool:
        """Whether all of it can stay on one page: a row alone on the next one says little."""
        return len(self.rows) <= FEW_ROWS and sum(map(self._lines_of_row, self.rows)) <= SHORT

    def _lines_of_row(self, row: list[str]) -> int:
        return max(map(lines_of, row, self.widths), default=0)


def table_of(
    caption: str, head: list[str], rows: list[list[str]], widths: list[int], numeric: frozenset[int] = frozenset()
) -> Table:
    """A table without the columns in which nothing stands; the others share the page as before."""
    kept = [place for place in range(len(head)) if any(row[place] not in {"", NOTHING} for row in rows)]
    if len(kept) in {0, len(head)}:
        return Table(caption, head, rows, widths, numeric)
    share = sum(widths[place] for place in kept)
    shares = [widths[place] * 100 // share for place in kept[:-1]]
    # Numbers stand right of others; in the last column they would stand at the edge of the page.
    right = frozenset(number for number, place in enumerate(kept[:-1]) if place in numeric)
    shown = [[row[place] for place in kept] for row in rows]
    return Table(caption, [head[place] for place in kept], shown, [*shares, 100 - sum(shares)], right)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart. Whoever cannot see it has `alternative`, its description, and the table of numbers that follows."""

    chart: Chart
    alternative: str
    bands: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said."""

    at: str
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation."""

    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a timeline; `meta` says in words, too, what `weight` shows by the look of it."""

    meta: str
    title: str
    text: str = ""
    topics: str = ""
    weight: str = "normal"

    @property
    def is_long(self) -> bool:
        """Whether it has to be broken between pages."""
        return is_long(self.text, 100)


@dataclass(frozen=True, slots=True)
class Events:
    """Events in their order."""

    rows: list[Event]


@dataclass(frozen=True, slots=True)
class Seal:
    """A signature: who, as what, when, and the hash of what was signed."""

    line: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """What stands below a note: its signatures, or that there are none, and whether it is what was signed."""

    seals: list[Seal]
    status: str
    is_alarming: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What must not be overlooked; `tone` is `law`, `alarm` or `plain`."""

    title: str
    texts: list[str]
    tone: str = "plain"


Block = Paragraph | Facts | Fields | Table | Picture | Talk | Events | Signatures | Notice


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it. `is_draft` marks its pages; `anchor` is where a table of contents leads."""

    title: str
    blocks: list[Block] = field(default_factory=list)
    sections: "list[Section]" = field(default_factory=list)
    anchor: str = ""
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A document."""

    title: str
    subject: str  # in a line below the title
    language: str
    author: str
    letterhead: str
    patient: str
    made: str
    identity: Facts
    about: Facts
    notices: list[Notice]
    sections: list[Section]
    has_contents: bool = False
