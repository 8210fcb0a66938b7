"""Which words a sentence must have before a pattern can match in it, so that few patterns are tried.

A pattern over folded words is read as the words that it may match, with single spaces between them; where it leaves
the rest of a word open, as the beginning. What is not read counts as any word: a pattern may be tried in vain, but none
that would match is left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, reduce
from itertools import product
from operator import or_

Words = frozenset[str]  # a word that ends in * stands for all that begin like it
_Path = tuple[Words, ...]  # what stands between the spaces; the first and the last may be parts of words
_MOST_WORDS = 2_000  # of a pattern in one place; beyond that, any
_MOST_PATHS = 16  # through a part of a pattern
_MOST_NEEDS = 4  # words of a sentence that are looked for
_ANY: Words = frozenset("*")
_EMPTY: list[_Path] = [(frozenset([""]),)]
_SPACE: list[_Path] = [(frozenset([""]), frozenset([""]))]
_SIGN = re.compile(r"[a-z]+(?=[a-z][?*+{])|[a-z]+(?![a-z?*+{])|\(\?(?:<?[=!]|:)|\{[\d,]+\}|\[[^\]]*\]|\\.|.", re.DOTALL)
_WORD = re.compile(r"\w+")


class Needs:
    """The needs of many patterns, compared with a sentence at once: a bit for each way in which one may match."""

    def __init__(
        self,
        patterns: Iterable[tuple[str, str]],
        in_full: Callable[[str], Sequence[str]] = lambda word: (word,),
    ) -> None:
        """Patterns with another for a word that a sentence must have, or none; `in_full` is what stands for a word."""
        ways = [(at, needs) for at, pattern in enumerate(patterns) for needs in needs_of(*pattern)]
        self._patterns = [at for at, _ in ways]
        self._size = len(ways)
        self._always = 0
        self._bits: dict[str, int] = {}
        for way, (_, needs) in enumerate(ways):
            for place in range(_MOST_NEEDS):
                bit = 1 << (place * self._size + way)
                self._always |= 0 if place < len(needs) else bit
                for word in needs[place] if place < len(needs) else ():
                    self._bits[word] = self._bits.get(word, 0) | bit
        self._in_full = in_full
        self._met_by = lru_cache(maxsize=16_384)(self._read)

    def met(self, words: Iterable[str]) -> list[int]:
        """The positions of the patterns that may match in a sentence of these folded words, in order."""
        met = reduce(or_, map(self._met_by, words), self._always)
        ways = met & ((1 << self._size) - 1)
        for place in range(1, _MOST_NEEDS):
            ways &= met >> (place * self._size)
        return sorted({self._patterns[way] for way in _positions(ways)}) if ways else []

    def _read(self, word: str) -> int:
        """The needs that a word meets."""
        bits = 0
        for part in (part for full in self._in_full(word) for part in _WORD.findall(full)):
            bits |= self._bits.get(part, 0)
            for end in range(1, len(part) + 1):
                bits |= self._bits.get(f"{part[:end]}*", 0)
        return bits


def needs_of(pattern: str, core: str = "") -> list[list[Words]]:
    """The ways in which a pattern may match: for each, sets of words of which a sentence must have one."""
    required = [words for path in _whole(_paths(core)) for words in _telling(path)]
    ways = {frozenset([*required, *_telling(path)]) for one in _paths(pattern) for path in _whole([one])}
    fewest_first = sorted(ways, key=len)
    told = [way for at, way in enumerate(fewest_first) if not any(other <= way for other in fewest_first[:at])]
    return [sorted(way, key=len)[:_MOST_NEEDS] for way in told]


def _paths(pattern: str) -> list[_Path]:
    return _read(iter(_SIGN.findall(pattern)))


def _whole(paths: list[_Path]) -> list[_Path]:
    """Between spaces, so that the first and the last are whole words."""
    return _then(_then(_SPACE, paths), _SPACE)


def _positions(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _read(signs: Iterator[str]) -> list[_Path]:
    """The paths up to the bracket that closes the group."""
    ended: list[_Path] = []
    before = last = _EMPTY
    for sign in signs:
        if sign == ")":
            break
        if sign == "|":
            ended += _then(before, last)
            before = last = _EMPTY
        elif sign == "?":
            last = [*_EMPTY, *last]
        elif sign in "*+" or sign[0] == "{":
            last = _repeated(last)
        else:
            before, last = _then(before, last), _item(sign, signs)
    return list(dict.fromkeys([*ended, *_then(before, last)]))


def _item(sign: str, signs: Iterator[str]) -> list[_Path]:
    """The paths of one letter, class or group; what only looks around matches nothing."""
    if sign[0] == "(":
        inner = _read(signs)
        return inner if sign in {"(", "(?:"} else _EMPTY
    if sign in {"\\b", "$"}:
        return _EMPTY
    if sign[0] == "[" and sign[1:-1].isalpha():
        return [(frozenset(sign[1:-1]),)]
    return _SPACE if sign == " " else [(frozenset([sign]) if sign.isalnum() else _ANY,)]


def _repeated(paths: Sequence[_Path]) -> list[_Path]:
    """Any number of times, none included."""
    is_spaced = [len(path) > 1 for path in paths]
    if all(is_spaced):
        return [*_EMPTY, *((path[0], path[-1]) for path in _merged(paths))]
    return [*_EMPTY, (_ANY,), *([(_ANY, _ANY)] if any(is_spaced) else [])]


def _then(before: list[_Path], after: list[_Path]) -> list[_Path]:
    """One after the other."""
    if _EMPTY in (before, after):
        return after if before == _EMPTY else before
    return _merged(
        [(*head[:-1], _joined(head[-1], tail[0]), *tail[1:]) for head, tail in product(_merged(before), _merged(after))]
    )


def _joined(heads: Words, tails: Words) -> Words:
    if len(heads) * len(tails) > _MOST_WORDS:
        return _ANY
    return frozenset(head if head.endswith("*") else head + tail for head, tail in product(heads, tails))


def _merged(paths: Iterable[_Path]) -> list[_Path]:
    """Those within a word as one; if there are too many across words, those with the same ends as one."""
    distinct = list(dict.fromkeys(paths))
    if len(distinct) == 1:
        return distinct
    alone = [path[0] for path in distinct if len(path) == 1]
    across = [path for path in distinct if len(path) > 1]
    if len(across) > _MOST_PATHS:
        by_ends: dict[tuple[Words, Words], _Path] = {}
        for path in across:
            ends = path[0], path[-1]
            by_ends[ends] = _either(by_ends[ends], path) if ends in by_ends else path
        across = list(by_ends.values()) if len(by_ends) <= _MOST_PATHS else [reduce(_either, by_ends.values())]
    return [*([(frozenset[str]().union(*alone),)] if alone else []), *across]


def _either(one: _Path, other: _Path) -> _Path:
    """What both ways need: of each pair of needs, one is met."""
    ours, theirs = _telling(one), _telling(other)
    needs = [min((need | also for also in theirs), key=len) for need in ours] if theirs else []
    return (one[0] | other[0], *needs, one[-1] | other[-1])


def _telling(path: _Path) -> list[Words]:
    """The whole words of a path, without those that may be any, or missing."""
    return [words for words in path[1:-1] if words.isdisjoint(("", "*")) and len(words) <= _MOST_WORDS]
