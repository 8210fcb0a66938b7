"""The trained classifier: how much a sentence sounds like those that were marked as risky, and by which words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import NamedTuple, get_args

from sessions_app.pipeline.classifier.features import BEGIN, END, REACH, pieces, spoken
from sessions_app.pipeline.classifier.vectors import components, vectors
from sessions_app.pipeline.drafting.schema import RiskType

FILE = Path(__file__).parent / "weights.txt"
SCALE = 1000  # weights are written as integers
RISKY = "risky"  # the section that decides; the others, one for each RiskType, name the type
LISTED = 0.0  # the score from which a sentence is listed: the training moves the bias so
SURE = 0.5  # the score from which it is listed among the graver ones


class Weights(NamedTuple):
    """The answer to one question ("is it risky?", "is it abuse?") as a weight per feature."""

    words: Mapping[str, float]
    pieces: Mapping[str, float]
    near: Mapping[str, Mapping[str, float]]  # pairs of neighbours, by their first word
    far: Mapping[str, Mapping[str, float]]  # pairs of words further apart
    vector: Sequence[float]
    bias: float


class Scorer:
    """Adds up weights, so that every score can be taken apart again."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._of_word = lru_cache(maxsize=65_536)(self._weight_of)

    def score(self, words: Sequence[str]) -> float:
        """Of `spoken` words, in time linear in their number."""
        if not words:
            return self._weights.bias
        total = sum(map(self._of_word, words))
        if self._weights.near:
            total += self._weight_of_pairs(words)
        return self._weights.bias + total / sqrt(len(words))

    def reasons(self, words: Sequence[str]) -> list[tuple[str, float]]:
        """The words and pairs of a sentence with what each adds to its score, the strongest first."""
        share = 1 / sqrt(len(words)) if words else 0.0
        parts = [(word, self._of_word(word) * share) for word in words]
        parts += [(f"{first} {second}", weight * share) for first, second, weight in self._pairs_in(words)]
        return sorted(parts, key=lambda part: -abs(part[1]))

    def _weight_of(self, word: str) -> float:
        weight = self._weights.words.get(word, 0.0)
        if self._weights.pieces:
            weight += sum(self._weights.pieces.get(piece, 0.0) for piece in pieces(word))
        if digits := vectors().get(word):
            weight += sum(map(float.__mul__, components(digits), self._weights.vector))
        return weight

    def _weight_of_pairs(self, words: Sequence[str]) -> float:
        """The weights of `_pairs_in` added up, in a plain loop: nothing is done as often."""
        near, far = self._weights.near, self._weights.far
        total, before = 0.0, BEGIN
        for at, word in enumerate(words):
            if (row := near.get(before)) and word in row:
                total += row[word]
            if row := far.get(word):
                for second in words[at + 2 : at + REACH + 1]:
                    if second in row:
                        total += row[second]
            before = word
        last = near.get(before)
        return total + last.get(END, 0.0) if last else total

    def _pairs_in(self, words: Sequence[str]) -> Iterator[tuple[str, str, float]]:
        """Both words and the weight of each pair that has one; as `features.pairs`, without making its names."""
        for first, second in pairwise([BEGIN, *words, END]):
            if (row := self._weights.near.get(first)) and second in row:
                yield first, second, row[second]
        for at, first in enumerate(words):
            if row := self._weights.far.get(first):
                yield from ((first, second, row[second]) for second in words[at + 2 : at + REACH + 1] if second in row)


class Suspicion(NamedTuple):
    """What a sentence may be about, and whether it sounds much like risk or only a little."""

    type: RiskType
    is_sure: bool


class Classifier:
    """Decides whether a sentence is listed, and what it is about."""

    def __init__(self, sections: Mapping[str, Weights]) -> None:
        self.risky = Scorer(sections[RISKY])
        self._types: dict[RiskType, Scorer] = {name: Scorer(sections[name]) for name in get_args(RiskType)}

    def suspicion(self, text: str) -> Suspicion | None:
        """What a text that should be reviewed is about; None for all others."""
        words = spoken(text)
        score = self.risky.score(words)
        if score <= LISTED:
            return None
        return Suspicion(max(self._types, key=lambda name: self._types[name].score(words)), score > SURE)


@lru_cache(maxsize=1)
def classifier() -> Classifier:
    """As trained; read when first needed."""
    return Classifier(read(FILE.read_text(encoding="utf-8").splitlines()))


def read(lines: Iterable[str]) -> dict[str, Weights]:
    """Sections of weights: `[risky]`, then a line for each feature, such as `p not _up 412` (`features.names`)."""
    sections: dict[str, dict[str, float]] = {}
    for line in lines:
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), {})
        else:
            name, _, number = line.rpartition(" ")
            section[name] = int(number) / SCALE
    return {name: _weights(values) for name, values in sections.items()}


def _weights(values: Mapping[str, float]) -> Weights:
    by_kind: dict[str, dict[str, float]] = {"w": {}, "c": {}, "v": {}, "b": {}}
    near: dict[str, dict[str, float]] = {}
    far: dict[str, dict[str, float]] = {}
    for name, weight in values.items():
        kind, _, rest = name.partition(" ")
        if kind == "p":
            first, second = rest.split(" ")
            (far if second.startswith("_") else near).setdefault(first, {})[second.removeprefix("_")] = weight
        else:
            by_kind[kind][rest] = weight
    vector = [by_kind["v"][at] for at in sorted(by_kind["v"], key=int)]
    return Weights(by_kind["w"], by_kind["c"], near, far, vector, by_kind["b"][""])
