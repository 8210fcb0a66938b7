"""Numbers in spoken text: "twenty-five", "25", "1,000" and "twice" are compared by value."""

import re
from collections.abc import Callable, Sequence

from sessions_app.pipeline.text.matching import fold
from therapybridge.core.text import normal_form

_UNIT_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "million": 1_000_000}
_WORDS = (
    {word: value for value, word in enumerate(_UNIT_WORDS.split())}
    | {word: value * 10 for value, word in enumerate(_TEN_WORDS.split(), start=2)}
    | _SCALES
    | {"twice": 2, "thrice": 3, "dozen": 12}
    | {f"{word}s": value for value, word in enumerate(_UNIT_WORDS.split()) if word not in {"zero", "one", "six"}}
    | {"sixes": 6}
)
_ORDINALS = (
    "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth"
)
_WORDS |= {word: value for value, word in enumerate(_ORDINALS.split(), start=3)}
_WORDS |= {"twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70}
_LAST_ORDINALS = {"first": 1, "second": 2}  # of a longer number only: "twenty-first"
_ONLY_AFTER_A_NUMBER = frozenset({"grand"})
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_FIRST_DAYS = re.compile(rf"\b(?:(first|second) of (?:{_MONTHS})|(?:{_MONTHS}) (?:the )?(first|second))\b")
_THOUSANDS = frozenset({"grand", "thousand"})
# Said of clocks and amounts, with the figures that are written for them.
_FRACTIONS: tuple[tuple[re.Pattern[str], Callable[[int], set[str]]], ...] = (
    (re.compile(r"\b(\w+) and a half\b"), lambda value: {f"{value}.5"}),
    (re.compile(r"\bhalf past (\w+)\b"), lambda value: {f"{value}.3", "30"}),
    (re.compile(r"\bhalf (\w+)\b"), lambda value: {f"{value}.3", "30"}),
    (re.compile(r"\bquarter past (\w+)\b"), lambda value: {f"{value}.15", "15"}),
    (re.compile(r"\bquarter to (\w+)\b"), lambda value: {f"{value - 1}.45", f"{value - 1}", "45"}),
    (re.compile(r"\b(\w+) fifteen\b"), lambda value: {f"{value}.15"}),
    (re.compile(r"\b(\w+) thirty\b"), lambda value: {f"{value}.3"}),
    (re.compile(r"\b(\w+) forty\b"), lambda value: {f"{value}.4"}),
    (re.compile(r"\b(\w+) forty five\b"), lambda value: {f"{value}.45"}),
)
_NO_UNIT = frozenset({"half", "quarter", "odd", "past", "about", "whole", "full", "good"})
_BEFORE_A_CLOCK = frozenset({"at", "by", "until", "till", "to", "from", "past", "on", "under", "over"})
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_LONGEST = 8  # words in one spoken number
_UNIT_WITHIN = 5  # words after a number: "three or four hours"


def has_unspoken_number(statement: str, spoken: set[str]) -> bool:
    """Whether the statement contains a number outside `spoken`. A lone "one" is usually a pronoun and passes."""
    if not set(_digit_numbers(statement)) <= spoken:
        return True
    return any(run != ["one"] and not _was_spoken(run, spoken) for run in _word_runs(statement))


def spoken_numbers(text: str) -> set[str]:
    """All numbers that the text can be read as, including parts of longer ones."""
    found = set(_digit_numbers(text)) | _fractions(text) | _first_days(text)
    for run in _word_runs(text):
        for start in range(len(run)):
            for end in range(start + 1, min(len(run), start + _LONGEST) + 1):
                found |= _readings(run[start:end])
    if _THOUSANDS.isdisjoint(fold(text).split()):
        return found
    # "Seven grand, and four of that is loans": whatever was said with it may be thousands, too.
    return found | {f"{number}000" for number in found if number.isdigit() and number != "0"}


def _first_days(text: str) -> set[str]:
    """The first two days of a month, the only ordinals that are no numbers by themselves."""
    return {str(_LAST_ORDINALS[before or after]) for before, after in _FIRST_DAYS.findall(fold(text))}


def _fractions(text: str) -> set[str]:
    folded = fold(text)
    said = [(match[1], written) for pattern, written in _FRACTIONS for match in pattern.finditer(folded)]
    values = [(int(word) if word.isdigit() else _WORDS.get(word), written) for word, written in said]
    return {figure for value, written in values if value is not None for figure in written(value)}


def _was_spoken(run: list[str], spoken: set[str]) -> bool:
    return bool(_readings(run) & spoken) or all(str(_value([word])) in spoken for word in run)


def _digit_numbers(text: str) -> list[str]:
    return [_canonical(match) for match in _DIGITS.findall(normal_form("NFKC", text))]


def _canonical(digits: str) -> str:
    plain = digits.replace(",", "" if _GROUPED.fullmatch(digits) else ".")
    whole, dot, rest = plain.partition(".")
    rest = rest.rstrip("0")
    return (whole.lstrip("0") or "0") + (dot + rest if rest else "")


def _word_runs(text: str) -> list[list[str]]:
    runs: list[list[str]] = [[]]
    for word in fold(text).split():
        if _is_first_word(word) or (runs[-1] and (word in _LAST_ORDINALS or word in _WORDS)):
            runs[-1].append(word)
        elif runs[-1] and word != "and":
            runs.append([])
    return [run for run in runs if run]


def _is_first_word(word: str) -> bool:
    return word in _WORDS and word not in _ONLY_AFTER_A_NUMBER


def _readings(run: list[str]) -> set[str]:
    """The value and, for "nineteen ninety" or "seven thirty", the concatenation of the two halves."""
    halves = {f"{_value(run[:cut])}{_value(run[cut:])}" for cut in range(1, len(run))}
    return {str(_value(run))} | halves


def _value(run: list[str]) -> int:
    total = current = 0
    for word in run:
        if word == "hundred":
            current = max(current, 1) * 100
        elif word in _SCALES:
            total += max(current, 1) * _SCALES[word]
            current = 0
        else:
            current += _WORDS[word] if word in _WORDS else _LAST_ORDINALS[word]
    return total + current


def is_number(word: str) -> bool:
    """Whether a folded word is a number, in digits or spelled out."""
    return word[:1].isdigit() or (_is_first_word(word) and word != "one")


def numbers_with_units(words: Sequence[str], is_unit: Callable[[str], bool]) -> list[tuple[set[str], str | None]]:
    """Each number of the folded words as its readings, with the first word after it that can be a unit."""
    found: list[tuple[set[str], str | None]] = []
    run: list[str] = []
    for at, word in enumerate([*words, "|"]):
        if is_number(word):
            run.append(word)
        elif run and not (word == "and" and at + 1 < len(words) and is_number(words[at + 1])):
            is_clock = words[at - len(run) - 1] in _BEFORE_A_CLOCK if at > len(run) else False
            unit = None if is_clock else _unit(words[at : at + _UNIT_WITHIN], is_unit)
            found.append((_all_readings(run), unit))
            run = []
    return found


def _all_readings(run: list[str]) -> set[str]:
    spelled = [word for word in run if not word[0].isdigit()]
    digits = {_canonical(_DIGITS.findall(word)[0]) for word in run if word[0].isdigit()}
    return digits | (_readings(spelled) if spelled else set())


def _unit(after: Sequence[str], is_unit: Callable[[str], bool]) -> str | None:
    for word in after:
        if word == "|":
            return None
        if word in _NO_UNIT:
            continue
        if is_unit(word):
            return word
    return None
