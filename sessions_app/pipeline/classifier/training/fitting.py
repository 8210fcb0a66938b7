"""From sentences to weights."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log, sqrt
from typing import get_args

from sessions_app.pipeline.classifier.features import names, spoken
from sessions_app.pipeline.classifier.model import RISKY, SCALE
from sessions_app.pipeline.classifier.training.sentences import TYPES, Sentence
from sessions_app.pipeline.classifier.training.solver import Row, trained
from sessions_app.pipeline.classifier.vectors import DIMENSIONS, components, vectors
from sessions_app.pipeline.drafting.schema import RiskType

Values = dict[str, float]
THRESHOLD = 0.36  # higher lists less of everything; so far that few ordinary lines are listed
COST = 1.0  # of a sentence on the wrong side; chosen, like the numbers below, with sentences by another hand
SHARES = {"w": 1 / 6, "p": 1 / 6, "c": 1 / 12}  # what a feature counts for before the training weighs it
LEAST_SEEN = 2  # sentences with a feature
LEAST_WEIGHT = 4  # in units of 1 / SCALE; smaller ones are left out
TYPE_KINDS = ("w",)  # features beside the vector that tell the types apart
BIAS = "b "


def trained_weights(sentences: Sequence[Sentence]) -> dict[str, Values]:
    """By section: "risky" from all sentences, a type from the risky ones."""
    risky = [sentence for sentence in sentences if sentence.risky]
    sections = {RISKY: _fitted([one.text for one in sentences], [one.risky for one in sentences], tuple(SHARES))}
    sections[RISKY][BIAS] -= THRESHOLD
    for name in get_args(RiskType):
        labels = [TYPES[one.kind] == name for one in risky]
        sections[name] = _fitted([one.text for one in risky], labels, TYPE_KINDS)
    return sections


def written(sections: Mapping[str, Values]) -> str:
    """As `model.read` reads it."""
    lines: list[str] = []
    for section, values in sections.items():
        whole = {name: round(weight * SCALE) for name, weight in values.items()}
        kept = {name: weight for name, weight in whole.items() if abs(weight) >= LEAST_WEIGHT or name[0] in "vb"}
        lines += [f"[{section}]", *(f"{name} {kept[name]}" for name in sorted(kept))]
    return "\n".join(lines) + "\n"


def _fitted(texts: Sequence[str], labels: Sequence[bool], kinds: tuple[str, ...]) -> Values:
    """A weight for each feature that is seen often enough."""
    heard = [spoken(text) for text in texts]
    counted = [Counter(name for name in names(words) if name[0] in kinds) for words in heard]
    shares = _shares(counted)
    columns = {name: at for at, name in enumerate([BIAS, *(f"v {at}" for at in range(DIMENSIONS)), *shares])}
    rows = [_row(words, counts, shares, columns) for words, counts in zip(heard, counted, strict=True)]
    weights = trained(rows, labels, cost=COST, features=len(columns))
    return {name: weights[at] * shares.get(name, 1.0) for name, at in columns.items()}


def _shares(counted: Sequence[Counter[str]]) -> Values:
    """A rare feature says more than a frequent one (inverse document frequency)."""
    seen = Counter(name for counts in counted for name in counts)
    return {
        name: SHARES[name[0]] * (log((1 + len(counted)) / (1 + count)) + 1)
        for name, count in sorted(seen.items())
        if count >= LEAST_SEEN
    }


def _row(words: Sequence[str], counts: Counter[str], shares: Values, columns: Mapping[str, int]) -> Row:
    length = sqrt(len(words))
    row = {columns[name]: count * shares[name] / length for name, count in counts.items() if name in shares}
    known = [components(digits) for word in words if (digits := vectors().get(word))]
    row |= {columns[f"v {at}"]: sum(parts) / length for at, parts in enumerate(zip(*known, strict=True))}
    return row | {columns[BIAS]: 1.0}
