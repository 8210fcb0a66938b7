"""What a questionnaire consists of, and how its answers become a score."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from therapybridge.core.errors import InvalidInput

RISK_ITEM_MISSING = "Please answer this one too, or talk to your therapist about it."
Answers = Mapping[int, int | None]  # the number of an item → the value of the chosen option


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers that every item offers."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Band:
    """A published range of totals, from `lowest` up to the next band."""

    lowest: int
    name: str


@dataclass(frozen=True, slots=True)
class Subscale:
    """Items that are also added up apart. `endorsed` of them must reach `endorsed_from` for the cluster to count."""

    key: str
    name: str
    items: tuple[int, ...]
    endorsed: int = 0
    endorsed_from: int = 0


@dataclass(frozen=True, slots=True)
class Reliability:
    """A published reliability and standard deviation, from which a reliable change follows; `source` names both."""

    coefficient: float
    deviation: float  # in points of the total
    source: str


@dataclass(frozen=True, slots=True)
class Score:
    """A total with what it stands for; `prorated` if missing answers were replaced by the mean of the others."""

    total: int
    band: Band | None
    subscales: Mapping[str, int]
    endorsed: tuple[str, ...]  # subscales that count as present
    prorated: bool


@dataclass(frozen=True)
class Instrument:
    """A questionnaire in one version. Results of different versions are never compared.

    An instrument without items is licensed to others: only its total is entered, and nothing of its text is here.
    """

    key: str
    version: int
    name: str
    plain_name: str  # for patients
    licence: str
    source: str
    highest: int  # possible total, before `factor`
    better: Literal["lower", "higher"]
    bands: tuple[Band, ...] = ()
    instruction: str = ""
    items: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    reversed_items: frozenset[int] = frozenset()
    subscales: tuple[Subscale, ...] = ()
    most_missing: int = 0
    factor: int = 1
    reliability: Reliability | None = None
    risk_item: int | None = None  # any answer above zero needs a clinician; it is never left out

    @property
    def is_entry_only(self) -> bool:
        """Whether only the total can be entered."""
        return not self.items

    @property
    def range(self) -> tuple[int, int]:
        """The lowest and the highest total."""
        return 0, self.highest * self.factor

    @cached_property
    def values(self) -> frozenset[int]:
        """What an answer may be."""
        return frozenset(option.value for option in self.options)

    def band_of(self, total: int) -> Band | None:
        """The published band of a total, if there are bands."""
        return next((band for band in reversed(self.bands) if total >= band.lowest), None)

    def score(self, answers: Answers) -> Score:
        """Add up the answers; InvalidInput, by item, if one is unknown, or too many or the risk item are missing."""
        self._require_valid(answers)
        if self.risk_item is not None and answers.get(self.risk_item) is None:
            raise InvalidInput(errors={"answers": [f"Item {self.risk_item}: {RISK_ITEM_MISSING}"]})
        given = {number: self._points(number, value) for number, value in answers.items() if value is not None}
        missing = len(self.items) - len(given)
        if missing > self.most_missing:
            raise InvalidInput(errors={"answers": [self._too_few(missing)]})
        total = _prorated(given.values(), len(self.items)) * self.factor
        whole = [one for one in self.subscales if given.keys() >= set(one.items)]
        return Score(
            total=total,
            band=self.band_of(total),
            subscales={one.key: sum(given[item] for item in one.items) for one in whole},
            endorsed=tuple(one.key for one in whole if _is_endorsed(one, given)),
            prorated=missing > 0,
        )

    def needs_attention(self, answers: Answers) -> bool:
        """Whether the item about suicidal thoughts was answered with anything but "not at all"."""
        return self.risk_item is not None and bool(answers.get(self.risk_item))

    def as_kept(self, answers: Answers) -> dict[str, int | None]:
        """The answers by item as JSON keeps them, with None for each that is missing."""
        return {str(number): answers.get(number) for number in range(1, len(self.items) + 1)}

    def _points(self, number: int, value: int) -> int:
        return max(self.values) + min(self.values) - value if number in self.reversed_items else value

    def _require_valid(self, answers: Answers) -> None:
        if self.is_entry_only:
            raise InvalidInput(errors={"answers": [f"Only the total of the {self.name} can be entered."]})
        wrong = {number for number, value in answers.items() if value is not None and value not in self.values}
        wrong |= {number for number in answers if not 1 <= number <= len(self.items)}
        if wrong:
            which = ", ".join(map(str, sorted(wrong)[:20]))
            raise InvalidInput(errors={"answers": [f"Not an answer of the {self.name}: item {which}."]})

    def _too_few(self, missing: int) -> str:
        allowed = f"at most {self.most_missing} may be left out" if self.most_missing else "every item needs an answer"
        return f"{missing} answers are missing; {allowed}, or there is no score."


def _prorated(points: Collection[int], count: int) -> int:
    """The sum, as if each of the `count` items had the mean of those that were answered."""
    return _half_up(sum(points) * count, len(points))


def _half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest whole number, halves up."""
    return (2 * numerator + denominator) // (2 * denominator)


def _is_endorsed(subscale: Subscale, given: Mapping[int, int]) -> bool:
    if not subscale.endorsed:
        return False
    return sum(given[item] >= subscale.endorsed_from for item in subscale.items) >= subscale.endorsed
