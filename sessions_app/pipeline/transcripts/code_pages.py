"""The code page of a text that is not Unicode, judged by which letters it gives; short texts are decided or refused."""

import re
from collections.abc import Mapping

from sessions_app.pipeline.lexicon.code_pages import LATIN, OTHER

_SAMPLE = 20_000  # bytes
_LATIN_SHARE = 0.45  # of letters beyond ASCII, at most
_GOOD = 0.25
_MARGIN = 0.03
_LATIN_MARGIN = 0.3  # several Latin pages agree on most letters, and the words decide
_TYPICAL_SIGN = 0.9
_IDEOGRAPH = 0.15  # a character that is not among the most frequent
_TYPOGRAPHY = "‘’‚‛“”„«»‹›–—…¿¡ª°º§€£·•，。！？：；、「」（）《》"  # noqa: RUF001  marks of other scripts
_MIXED = re.compile(r"[A-Za-z][^\W\d_a-zA-Z]|[^\W\d_a-zA-Z][A-Za-z]")
_SHOUT = re.compile(r"(?<=[^\W\d_])[^\W\d_]")
_WORD = re.compile(r"\w+")


def guess(data: bytes) -> str | None:
    """The name of the code page; None if several give different plausible texts, or none does."""
    sample = data[: data.rfind(b"\n", 0, _SAMPLE) + 1 or _SAMPLE] if len(data) > _SAMPLE else data
    high = sum(byte > 0x7F for byte in sample)  # noqa: PLR2004  the end of ASCII
    ascii_letters = sum(chr(byte).isalpha() for byte in sample if byte <= 0x7F)  # noqa: PLR2004
    is_latin = high <= _LATIN_SHARE * (high + ascii_letters)
    letters = (
        {page: usual for page, (usual, _) in LATIN.items()}
        if is_latin
        else {page: (usual,) for page, usual in OTHER.items()}
    )
    texts = {page: text for page in letters if (text := _decoded(sample, page)) is not None}
    scores = {
        page: max(_score(text, usual, may_mix=is_latin) for usual in letters[page]) for page, text in texts.items()
    }
    return _clear_winner(scores, texts, is_latin=is_latin)


def _clear_winner(scores: Mapping[str, float], texts: Mapping[str, str], *, is_latin: bool) -> str | None:
    best = max(scores, key=lambda page: scores[page], default=None)
    if best is None or scores[best] < _GOOD:
        return None
    rivals = [
        page
        for page in scores
        if scores[page] > scores[best] - (_LATIN_MARGIN if is_latin else _MARGIN) and texts[page] != texts[best]
    ]
    if not rivals:
        return best
    return _by_words(texts[best], [page for page in LATIN if page in {best, *rivals}]) if is_latin else None


def _decoded(data: bytes, page: str) -> str | None:
    try:
        return data.decode(page)
    except UnicodeDecodeError:
        return None


def _score(text: str, usual: str, *, may_mix: bool) -> float:
    """How usual the characters beyond ASCII are: 1 for the most frequent letter, below 0 for signs and odd capitals."""
    weights = {letter: 1.0 if may_mix else 1 - 0.7 * rank / len(usual) for rank, letter in enumerate(usual)}
    weights |= dict.fromkeys(_TYPOGRAPHY, _TYPICAL_SIGN if may_mix else 0.5)
    beyond = [char for char in text if char > "\x7f" and not char.isspace()]
    if not beyond or (not may_mix and len(_MIXED.findall(text)) > 0.1 * len(beyond)):
        return -1.0
    total = sum(
        weights.get(char, weights.get(char.lower(), _IDEOGRAPH if _is_ideograph(char) else -1.0)) for char in beyond
    )
    odd_capitals = sum(found.isupper() for found in _SHOUT.findall(text) if found > "\x7f")
    return float((total - odd_capitals) / len(beyond))


def _is_ideograph(char: str) -> bool:
    return "\u3040" <= char <= "\ud7a3" and char.isalpha()


def _by_words(text: str, pages: list[str]) -> str | None:
    """Of Latin pages, the one whose languages use the plain words of the text; by default the first."""
    words = set(_WORD.findall(text.lower()))
    counts = {page: len(words & set(LATIN[page][1].split())) for page in pages}
    return max(pages, key=lambda page: counts[page])
