"""Results of one questionnaire over time. Those of different versions are different series."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from accounts.models import User
from treatment.instruments import INSTRUMENTS, Instrument
from treatment.models import MeasureResult
from treatment.statistics.reliable_change import Change, reliable_change
from treatment.statistics.trend import Point, Trend, trend

MOST = 500  # results of a patient that pages draw; the list in the API has all


class Score(NamedTuple):
    """What a series needs of a result."""

    pk: UUID
    instrument: str
    instrument_version: int
    taken_date: date
    outcome: dict[str, Any]


@dataclass(frozen=True)
class Series:
    """The standing results of one version, the oldest first; at least one."""

    instrument: Instrument
    version: int
    results: list[Score | MeasureResult]

    @property
    def first(self) -> Score | MeasureResult:
        """The oldest."""
        return self.results[0]

    @property
    def last(self) -> Score | MeasureResult:
        """The latest."""
        return self.results[-1]

    @property
    def is_current(self) -> bool:
        """Whether its version is the one in use, whose bands and reliability are known."""
        return self.version == self.instrument.version

    @cached_property
    def totals(self) -> list[int]:
        """The totals in the order of `results`."""
        return [int(result.outcome["total"]) for result in self.results]

    @cached_property
    def trend(self) -> Trend:
        """By the product's one rule."""
        lowest, highest = self.instrument.range
        points = [Point(row.taken_date, total) for row, total in zip(self.results, self.totals, strict=True)]
        return trend(points, span=highest - lowest, better=self.instrument.better)

    @cached_property
    def change(self) -> Change | None:
        """From the first result to the latest; None with one alone, and where no reliability is known."""
        if len(self.results) == 1 or not self.is_current:
            return None
        return reliable_change(self.instrument, self.totals[0], self.totals[-1])


def standing(patient: User) -> Any:
    """The patient's results that count, the latest first."""
    return MeasureResult.objects.standing().filter(patient=patient).order_by("-taken_date", "-id")


def drawn_series(rows: Any) -> list[Series]:
    """The series of the first `MOST` rows of a queryset that has the latest first, without making results of them."""
    sealed = MeasureResult._meta.get_field("outcome")
    columns = rows.values_list("pk", "instrument", "instrument_version", "taken_date", "outcome")[:MOST]
    return series_of(
        Score(pk, key, version, day, sealed.open(outcome, pk)) for pk, key, version, day, outcome in columns
    )


def series_of(results: Iterable[Score | MeasureResult]) -> list[Series]:
    """The series of results that come the latest first; what was filled in last is the first series."""
    found: dict[tuple[str, int], list[Score | MeasureResult]] = {}
    for result in results:
        found.setdefault((result.instrument, result.instrument_version), []).append(result)
    return [
        Series(INSTRUMENTS[key], version, rows[::-1]) for (key, version), rows in found.items() if key in INSTRUMENTS
    ]


def series_until(result: MeasureResult) -> Series:
    """The series of a result up to itself."""
    rows = standing(result.patient).filter(instrument=result.instrument, instrument_version=result.instrument_version)
    until = rows.filter(taken_date__lte=result.taken_date, id__lte=result.pk)[:MOST]
    earlier = [row for row in until if row.pk != result.pk]
    return Series(INSTRUMENTS[result.instrument], result.instrument_version, [*earlier[::-1], result])
