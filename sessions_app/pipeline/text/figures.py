"""Number words of languages that join them by rules of their own, written as figures."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sessions_app.pipeline.lexicon.languages import Language
from sessions_app.pipeline.text.matching import fold

_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![\d.,]*\d)")
_PIECE = re.compile(r"[^\W\d_]+|[\W\d_]+")


@lru_cache(maxsize=4096)
def with_figures(text: str, language: Language) -> str:
    """The text with "treinta y cinco" as "35" and "1.000" as "1000"; unchanged in a language without such words."""
    if not language.number_words:
        return text
    plain = _GROUPED.sub(lambda match: match.group().replace(".", ""), text)
    return "".join(_figured(_PIECE.findall(plain), language))


def _figured(pieces: list[str], language: Language) -> Iterator[str]:
    at = 0
    while at < len(pieces):
        value, end = _number_at(pieces, at, language)
        yield pieces[at] if value is None else str(value)
        at = end


def _number_at(pieces: list[str], at: int, language: Language) -> tuple[int | None, int]:
    """The longest number that begins there, and the place after it; words are at every other place."""
    value = _value(pieces, at, language)
    end = at + 1
    while value is not None:
        is_joined = end + 2 < len(pieces) and fold(pieces[end + 1]) in language.number_joins and value % _TEN == 0
        step = 4 if is_joined else 2
        place = end + step - 1
        is_one = is_joined and place < len(pieces) and fold(pieces[place]) in language.ones  # "treinta y una"
        more = 1 if is_one else _value(pieces, place, language)
        if more is None or pieces[end] != " " or (joined := _joined(value, more)) is None:
            break
        value, end = joined, end + step
    return value, end


def _value(pieces: list[str], at: int, language: Language) -> int | None:
    return (language.number_words or {}).get(fold(pieces[at])) if at < len(pieces) else None


def _joined(value: int, more: int) -> int | None:
    """Both as one number, if they can be one: 30 and 5, 200 and 50, 3 and 1000."""
    if more == _THOUSAND:
        return value * _THOUSAND if value < _THOUSAND else None
    room = next((unit for unit in (_THOUSAND, _HUNDRED, _TEN) if value % unit == 0), 1)
    return value + more if more < room and value > _TEN else None
