"""Weighing: whether the lines support a statement that says it in other words, from a few plain observations.

Most faithful statements have words that nobody said, and most false ones have many that somebody did. What tells them
apart is how many there are, where, and of which kind. How much each observation counts was learned from statements
that people judged: `python -m sessions_app.pipeline.tests.corpora.evidence_weights` makes `weights.txt` from them.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.evidence.clauses import Clause
from sessions_app.pipeline.evidence.comparing import comparable, has, is_meant, negates, not_implied, sources_of
from sessions_app.pipeline.evidence.own_words import consists_of, is_telltale
from sessions_app.pipeline.evidence.said import Sentence
from sessions_app.pipeline.evidence.statements import START, Statement
from sessions_app.pipeline.lexicon.languages import Language
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.text.words import Word, content_words, is_negating

FILE = Path(__file__).parent / "weights.txt"
BIAS = "bias"
# Of transcripts that the weights were not made with, about one false statement in twenty-five comes as far.
LEAST = 0.8
# Where every word was said and no rule objects, little is to be weighed.
LEAST_IF_SAID = 0.5
SHORT = 3  # content words: of fewer, all of them said and no rule objecting, there is nothing to be weighed
# More than any false statement for the patient came to, of transcripts that the weights were not made with.
LEAST_FOR_PATIENT = 2.2
# Share of the words: where more of them are the writer's, too little was compared to weigh anything.
MOST_UNSAID = 0.5
OUTVOTED_FOR_PATIENT = frozenset({"content", "speaker", "lines"})
REASONS = ("content", "polarity", "speaker")
_LABELS = (
    *(schema.KeyTopic, schema.Trigger, schema.UnresolvedConcern),
    *(schema.FollowUpTopic, schema.Strategy, schema.ActionItem),
)
_SHORTEST_LINE = 3  # words
_NAME = re.compile(r"[^\W\d_]{2,}")


class Compared(NamedTuple):
    """A clause, its words, those that nobody said near the lines, and what its additions consist of."""

    clause: Clause
    words: tuple[Word, ...]
    unsaid: list[Word]
    additions: list[tuple[Word, ...]]
    joined: list[tuple[Word, ...]]


def compare(statement: Statement, clauses: Sequence[Clause]) -> list[Compared]:
    """Each clause that has words, with what was said near the lines."""
    return [_compared(clause, statement) for clause in clauses if clause.words]


def is_likely(statement: Statement, compared: Sequence[Compared], reasons: Set[str]) -> bool:
    """Whether the lines probably support the clauses; `reasons` are what the rules hold against them."""
    seen = observed(statement, compared, reasons)
    return score(seen) >= least_for(statement, compared, seen, reasons)


def least_for(
    statement: Statement, compared: Sequence[Compared], seen: Mapping[str, float], reasons: Set[str]
) -> float:
    """The score that the statement needs."""
    if statement.for_patient:
        return math.inf if seen["unsaid"] or reasons - OUTVOTED_FOR_PATIENT else LEAST_FOR_PATIENT
    if any(map(_is_invented, compared)) or seen["share of unsaid"] > MOST_UNSAID:
        return math.inf
    if reasons or says_more(statement, compared):
        return LEAST
    return -math.inf if sum(len(one.words) for one in compared) <= SHORT else LEAST_IF_SAID


def _is_invented(one: Compared) -> bool:
    """Whether nobody said anything of the clause, or what it denies: "no nightmares", if nobody asked."""
    return 1 < len(one.words) == len(one.unsaid) or any(word.is_negated for word in one.unsaid)


def score(seen: Mapping[str, float]) -> float:
    """What is observed as one number: the more, the likelier the statement is faithful."""
    weights = _weights()
    return weights[BIAS] + sum(weights[name] * value for name, value in seen.items())


def says_more(statement: Statement, compared: Sequence[Compared]) -> bool:
    """Whether the clauses have words that nobody said near the lines."""
    language = statement.tables
    return any(not_implied(one.unsaid, sources_of(one.words, statement.said), language) for one in compared)


def observed(statement: Statement, compared: Sequence[Compared], reasons: Set[str]) -> dict[str, float]:
    """What is looked at, by name."""
    words = [word for one in compared for word in one.words]
    unsaid = [word for one in compared for word in one.unsaid]
    additions = [addition for one in compared for addition in one.additions]
    language = statement.tables
    return {
        "is a label": isinstance(statement.item, _LABELS),
        "any unsaid": bool(unsaid),
        "unsaid": len(unsaid),
        "share of unsaid": len(unsaid) / max(len(words), 1),
        "unsaid that tell": sum(is_telltale(word, language) for word in unsaid),
        "unsaid names": len(_unsaid_names(statement)),
        "interpretations": _interpretations(statement),
        "additions": len(additions),
        "joined additions": sum(len(one.joined) for one in compared),
        "longest addition": max(map(len, additions), default=0),
        "clauses that lose a no": sum(_loses_a_no(one, statement) for one in compared),
        "said elsewhere": _share([_is_elsewhere(word, statement) for word in unsaid], words),
        "longest run of unsaid": max(map(_longest_run, compared), default=0),
        "clauses": len(compared),
        "clauses that end unsaid": sum(one.words[-1:] != () and one.words[-1] in one.unsaid for one in compared),
        "words, as logarithm": math.log(1 + len(words)),
        **{name: count / max(len(words), 1) for name, count in _opposed(compared, statement).items()},
        **{name: _share(found, words) for name, found in _places(compared, statement).items()},
        "said together": _together(words, statement.said),
        "best line": max((_reach(one, words, language) for one in statement.said if one.is_cited), default=0.0),
        **{f"rule: {reason}": reason in reasons for reason in REASONS},
    }


def _compared(clause: Clause, statement: Statement) -> Compared:
    language = statement.tables
    words = comparable(clause.words, statement.said, language)
    unsaid = [word for word in words if not any(has(word, one) for one in statement.said)]

    def unsaid_parts(breaks: re.Pattern[str]) -> list[tuple[Word, ...]]:
        parts = [content_words(part, language) for part in breaks.split(clause.text)]
        return [part for part in parts if consists_of(part, unsaid)]

    return Compared(clause, words, unsaid, unsaid_parts(language.addition), unsaid_parts(language.joint))


def _longest_run(one: Compared) -> int:
    """How many words in a row nobody said: what is invented stands together."""
    return max(
        (len(list(run)) for is_unsaid, run in groupby(word in one.unsaid for word in one.words) if is_unsaid), default=0
    )


def _places(compared: Sequence[Compared], statement: Statement) -> dict[str, list[bool]]:
    """Of every word that was said: whether only by others, only beside the cited lines, or only in questions."""
    where = [[said for said in statement.said if has(word, said)] for one in compared for word in one.words]
    return {
        "by others": [is_so for one in compared for is_so in _by_others(one, statement)],
        "beside": [bool(found) and not any(one.is_cited for one in found) for found in where],
        "only asked": [bool(found) and all(one.is_question for one in found) for found in where],
    }


def _by_others(one: Compared, statement: Statement) -> list[bool]:
    """Of every word of the clause, whether it was said only by others than its speaker."""
    if one.clause.speakers is None:
        return [False] * len(one.words)
    voices = [{said.speaker for said in statement.said if has(word, said)} for word in one.words]
    return [bool(heard) and not one.clause.speakers & heard for heard in voices]


def _opposed(compared: Sequence[Compared], statement: Statement) -> dict[str, int]:
    """How many words only stand in the lines as the clause does not mean them, by who denies anything at all.

    Where both do, the reach of a no was probably misread.
    """
    language = statement.tables
    found = {"opposed, both deny": 0, "opposed, the lines deny": 0, "opposed, the clause denies": 0}
    for one in compared:
        own = [said for said in statement.said if one.clause.speakers is None or said.speaker in one.clause.speakers]
        count = sum(
            any(has(word, it) for it in own) and not any(is_meant(word, it) for it in own) for word in one.words
        )
        if is_negating(one.clause.text, language):
            both = any(negates(it, language) for it in own)
            found["opposed, both deny" if both else "opposed, the clause denies"] += count
        else:
            found["opposed, the lines deny"] += count
    return found


def _share(found: Sequence[bool], words: Sequence[Word]) -> float:
    return sum(found) / len(words) if words else 0.0


def _loses_a_no(one: Compared, statement: Statement) -> bool:
    """Whether the clause affirms and every source of it denies something."""
    language = statement.tables
    speakers = one.clause.speakers
    own = [said for said in statement.said if speakers is None or said.speaker in speakers]
    sources = sources_of(one.words, own or statement.said)
    return bool(sources) and not is_negating(one.clause.text, language) and all(negates(it, language) for it in sources)


def _is_elsewhere(word: Word, statement: Statement) -> bool:
    """Whether any of the word was said, only far from the lines."""
    said = statement.transcript.words
    starts = statement.transcript.word_starts
    return any(token in said or (len(token) >= START and token[:START] in starts) for token in word.text.split())


def _together(words: Sequence[Word], said: Sequence[Sentence]) -> float:
    """The share of neighbouring words that one sentence has both of."""
    pairs = list(pairwise(words))
    found = sum(any(has(first, one) and has(second, one) for one in said) for first, second in pairs)
    return found / max(len(pairs), 1)


def _reach(one: Sentence, words: Sequence[Word], language: Language) -> float:
    """How much of a sentence the statement tells."""
    telling = [other for other in one.words if other.text not in language.glue and other.text.isalnum()]
    if len(one.words) < _SHORTEST_LINE or not telling:
        return 0.0 if len(one.words) < _SHORTEST_LINE else 1.0
    return sum(any(word.means(other) for word in words) for other in telling) / len(telling)


def _unsaid_names(statement: Statement) -> set[str]:
    """Names that were said in the session, but not near the lines, by nobody whose voice is heard."""
    transcript = statement.transcript
    near = set(fold(statement.near_text).split())
    return {
        fold(name)
        for name in _names(statement)
        if transcript.is_name(name) and fold(name) in transcript.words - near - transcript.voices.keys()
    }


def _names(statement: Statement) -> Iterator[str]:
    for part in statement.parts:
        if part.role != "quote":
            yield from (name for name in _NAME.findall(part.text) if name[0].isupper())


def _interpretations(statement: Statement) -> int:
    """How many words of a diagnosis or of a conclusion nobody said."""
    near = fold(statement.near_text)
    found = [
        match.group()
        for part in statement.parts
        if part.role != "quote"
        for match in statement.tables.interprets.finditer(fold(part.text))
    ]
    return sum(word not in near for word in found)


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return {name: float(weight) for name, weight in (line.rsplit(" ", 1) for line in lines)}
