"""Learn the weights of the evidence gate from the judged statements of all corpora, and write them:

python -m sessions_app.pipeline.tests.corpora.evidence_weights

Ridge-regularised logistic regression by Newton's method, in plain Python, so that the same statements give the same
weights everywhere. Prints what each corpus would have got with weights that were made without the transcript, and
without the whole corpus, that is judged.
"""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import mul

from sessions_app.pipeline import risk
from sessions_app.pipeline.evidence.clauses import Clause, clauses_of
from sessions_app.pipeline.evidence.content import NOT_OUTVOTED, check_content, reasons_against
from sessions_app.pipeline.evidence.gate import CHECKS, items_of
from sessions_app.pipeline.evidence.statements import Statement as Judged
from sessions_app.pipeline.evidence.statements import Transcript
from sessions_app.pipeline.evidence.subjects import check_subjects
from sessions_app.pipeline.evidence.weighing import BIAS, FILE, LEAST, compare, least_for, observed
from sessions_app.pipeline.tests.corpora.evidence_cases import Statement, load, notes_with
from sessions_app.pipeline.types import Segment

CORPORA = ("evidence", "evidence_later", "evidence_unseen", "evidence_fresh")
# What is weighed is learned from all that these let pass, whoever it is said of.
LITERAL = [one for one in CHECKS if one not in (check_content, check_subjects)]
RIDGE, ROUNDS = 5.0, 25
Weights = dict[str, float]


@dataclass(frozen=True)
class Case:
    """A statement: whether it is faithful, what the other checks say, and what is observed of it."""

    corpus: str
    transcript: str
    is_faithful: bool
    least: float  # the score that it needs; infinite where something else holds it back
    seen: dict[str, float]  # empty where nothing is weighed


def cases() -> list[Case]:
    """All statements of all corpora."""
    found = []
    for corpus in CORPORA:
        loaded = load(corpus)
        for faithful, group in ((True, loaded.paraphrases), (False, loaded.defects)):
            found += [_case(corpus, statement, is_faithful=faithful) for statement in group]
    return found


def _case(corpus: str, statement: Statement, *, is_faithful: bool) -> Case:
    said = [Segment(at, None, None, line.text, line.speaker) for at, line in enumerate(statement.transcript.lines)]
    _, name, item = next(iter(items_of(notes_with(statement))))
    judged = Judged(item, name, Transcript(said), statement.transcript.language)
    clauses = [clause for part in judged.parts for clause in clauses_of(part, judged)]
    is_protected = judged.for_patient and not judged.cited.isdisjoint(risk.protected_lines(said, risk.find_risk(said)))
    passes = judged.has_lines and all(one(judged).state == "supported" for one in LITERAL)
    seen, least = _weighed(judged, clauses) if passes and not is_protected else ({}, math.inf)
    least = least if check_subjects(judged).state == "supported" else math.inf
    return Case(corpus, statement.transcript.id, is_faithful, least, seen)


def _weighed(judged: Judged, clauses: Sequence[Clause]) -> tuple[dict[str, float], float]:
    """What is observed of a statement that all literal checks let pass, and the score that it needs."""
    if not any(clause.words for clause in clauses):
        return {}, -math.inf if check_content(judged).state == "supported" else math.inf
    compared, reasons = compare(judged, clauses), reasons_against(judged, clauses)
    seen = observed(judged, compared, reasons)
    if judged.for_patient and not reasons:
        return seen, -math.inf
    return seen, math.inf if reasons & NOT_OUTVOTED else least_for(judged, compared, seen, reasons)


def learned(among: Sequence[Case]) -> Weights:
    """The weights that tell the faithful from the false best."""
    names = sorted(among[0].seen)
    means = [sum(case.seen[name] for case in among) / len(among) for name in names]
    spreads = [
        math.sqrt(sum((case.seen[name] - mean) ** 2 for case in among) / len(among)) or 1.0
        for name, mean in zip(names, means, strict=True)
    ]
    rows = [
        [1.0, *((case.seen[name] - mean) / spread for name, mean, spread in zip(names, means, spreads, strict=True))]
        for case in among
    ]
    scaled = _newton(rows, [float(case.is_faithful) for case in among])
    weights = {name: weight / spread for name, weight, spread in zip(names, scaled[1:], spreads, strict=True)}
    bias = scaled[0] - sum(weights[name] * mean for name, mean in zip(names, means, strict=True))
    return {BIAS: bias, **weights}


def _newton(rows: Sequence[Sequence[float]], labels: Sequence[float]) -> list[float]:
    size = len(rows[0])
    weights = [0.0] * size
    for _ in range(ROUNDS):
        guesses = [1 / (1 + math.exp(-sum(map(mul, weights, row)))) for row in rows]
        slope = [RIDGE * weight if at else 0.0 for at, weight in enumerate(weights)]
        bend = [[RIDGE * (at == other and at > 0) for other in range(size)] for at in range(size)]
        for row, guess, label in zip(rows, guesses, labels, strict=True):
            error, sharpness = guess - label, guess * (1 - guess)
            for at, value in enumerate(row):
                slope[at] += error * value
                scaled = sharpness * value
                bend[at] = [old + scaled * other for old, other in zip(bend[at], row, strict=True)]
        weights = [weight - step for weight, step in zip(weights, _solved(bend, slope), strict=True)]
    return weights


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Gauss-Jordan elimination; the matrix is positive definite."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at in range(len(rows)):
        pivot = [value / rows[at][at] for value in rows[at]]
        rows = [
            [value - other[at] * scaled for value, scaled in zip(other, pivot, strict=True)] if place != at else pivot
            for place, other in enumerate(rows)
        ]
    return [row[-1] for row in rows]


def judged_by_others(among: Sequence[Case], group: Callable[[Case], str]) -> dict[int, float]:
    """The weight of each case by weights that were made without its group."""
    found: dict[int, float] = {}
    for name in sorted({group(case) for case in among}):
        weights = learned([case for case in among if case.seen and group(case) != name])
        found |= {
            id(case): weights[BIAS] + sum(weights[key] * value for key, value in case.seen.items())
            for case in among
            if case.seen and group(case) == name
        }
    return found


def written(weights: Weights) -> str:
    """One weight per line."""
    return "".join(f"{name} {weight:.4f}\n" for name, weight in sorted(weights.items()))


def _report(all_cases: Sequence[Case], title: str, scores: dict[int, float]) -> None:
    for corpus in CORPORA:
        for least in (LEAST - 0.2, LEAST, LEAST + 0.2):
            parts = []
            for faithful in (True, False):
                group = [case for case in all_cases if case.corpus == corpus and case.is_faithful == faithful]
                passed = sum(scores.get(id(case), 0.0) + LEAST - least >= case.least for case in group)
                parts.append(f"{passed}/{len(group)} = {passed / len(group):.1%}")
            sys.stdout.write(f"{title} {corpus} from {least:.1f}: faithful {parts[0]}, false {parts[1]}\n")


if __name__ == "__main__":
    known = cases()
    _report(known, "without the transcript", judged_by_others(known, lambda case: case.transcript))
    _report(known, "without the corpus", judged_by_others(known, lambda case: case.corpus))
    FILE.write_text(written(learned([case for case in known if case.seen])), encoding="utf-8")
