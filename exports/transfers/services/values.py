"""Days, times and names as other systems write them."""

from dataclasses import dataclass
from datetime import date, datetime, time

ISO_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y")
DAY_FIRST = ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y")
TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I:%M:%S %p", "%I %p", "%I%p")
NAMES_OF_MONTHS = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y")


@dataclass(frozen=True, slots=True)
class Days:
    """The clinic's day, and whether days of the file begin with the day of the month."""

    today: date
    day_first: bool


def day_of(text: str, *, day_first: bool) -> date | None:
    """The day; None if it is none. 3/4/2026 is March 4 unless the day comes first."""
    numeric = DAY_FIRST if day_first else (*MONTH_FIRST, "%d.%m.%Y")
    found = _first(text, (*ISO_DAYS, *numeric, *NAMES_OF_MONTHS))
    return found.date() if found else None


def time_of(text: str) -> time | None:
    """The time of day; None if it is none."""
    found = _first(text.upper().replace(".", ""), TIMES)
    return found.time() if found else None


def name_of(text: str) -> tuple[str, str]:
    """First and last name of “First Last” or “Last, First”."""
    if "," in text:
        last, first = text.split(",", 1)
        return first.strip(), last.strip()
    first, _, last = text.strip().rpartition(" ")
    return (first, last) if first else (last, "")


def _first(text: str, forms: tuple[str, ...]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text.strip(), form)  # noqa: DTZ007  # a day or a time, not a moment
        except ValueError:
            continue
    return None
