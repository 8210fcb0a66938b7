"""Comparison of spoken text: folded words, sentences, and runs of segments."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from sessions_app.pipeline.types import Segment, Speaker
from therapybridge.core.text import composed, normal_form

LONGEST_KEPT = 5_000  # characters: longer texts are folded anew, so that no process keeps whole transcripts
BACKCHANNEL_WORDS = 3  # "mm-hm", "I see": does not interrupt the other speaker
_SPACELESS = re.compile(r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7a3\uf900-\ufaff])")
_INNER_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_NOT_WORD = re.compile(r"[\x00-/:-`{-\x7f]+")
_LOOKALIKE = str.maketrans(
    "’‘‛ʼ´`аеорсухіѕјԁһοανρτ",  # noqa: RUF001  the look-alikes are the point
    "''''''aeopcyxisjdhoavpt",
)
# After a stop: none of "Dr. Bell", "Sra. Ruiz", "3 p.m. on".
NOT_ABBREVIATED = (
    r"(?<!\b[DMS]r\.)(?<!\bM[rs]s\.)(?<!\bMs\.)(?<!\b[DS]ra\.)(?<!\bSt\.)(?<!\bProf\.)(?<!\b[ap]\.m\.(?=\s[a-z]))"
)
_SENTENCE = re.compile(
    rf"\S.*?(?:[。！？]|[.!?…]{NOT_ABBREVIATED}[\"'”’)\]]*(?=\s|$)|$)",  # noqa: RUF001  CJK stops
    re.DOTALL,
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_REQUIRED_SPACE = re.compile(r" (?!\?)")
_PLAIN_GROUP = re.compile(r"\((?!\?)")


def printable(text: str) -> str:
    """The text with single spaces, without control characters and lone surrogates."""
    return " ".join(_UNPRINTABLE.sub("", " ".join(text.split())).split())


def fold(text: str) -> str:
    """Lower-case words with single spaces: no punctuation, accents, invisible characters or apostrophes."""
    return _kept(text) if len(text) <= LONGEST_KEPT else _folded(text)


def _folded(text: str) -> str:
    plain = text.lower() if text.isascii() and text.isprintable() else _bare(" ".join(text.split()))
    return " ".join(_NOT_WORD.sub(" ", _INNER_APOSTROPHE.sub("", plain.replace("`", "'"))).split())


_kept = lru_cache(maxsize=32_768)(_folded)


def voice_key(label: str) -> str:
    """What two labels of one voice have in common: their folded words, or the signs of a label without words."""
    return fold(label) or label.strip()


def _bare(text: str) -> str:
    compatible = normal_form("NFKC", text).translate(_LOOKALIKE).casefold()
    letters = "".join(map(_folded_char, normal_form("NFKD", compatible)))
    return _SPACELESS.sub(r" \1 ", composed(letters)).translate(_LOOKALIKE)


@lru_cache(maxsize=4096)
def _folded_char(char: str) -> str:
    """The character, or nothing for invisible ones and Latin accents, or a space for those that end a word."""
    category = unicodedata.category(char)
    if "\u0300" <= char <= "\u036f" or category in ("Cf", "Cc", "Cs"):
        return ""
    return char if category[0] in "LNM" or char == "'" else " "


def contains(text: str, words: str) -> bool:
    """Whether the folded `text` contains the folded `words` as whole words."""
    return f" {words} " in f" {text} "


def sentences(text: str) -> list[str]:
    """Sentences with single spaces, otherwise verbatim."""
    return [" ".join(part.split()) for part in _SENTENCE.findall(text) if fold(part)]


def phrases(lines: str, *, space: str = " ") -> re.Pattern[str]:
    """Compile one pattern per line as alternatives over folded words; `(` opens a non-capturing group."""
    text = "|".join(line.strip() for line in lines.strip().splitlines())
    return re.compile(rf"\b(?:{_REQUIRED_SPACE.sub(space, _PLAIN_GROUP.sub('(?:', text))})\b")


def is_backchannel(segment: Segment) -> bool:
    """Whether it is an interjection so short that the other speaker's sentence continues after it."""
    return len(segment.text.split()) <= BACKCHANNEL_WORDS


def runs(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Runs of one speaker, interrupted at most by interjections. Every segment is in exactly one."""
    open_runs: dict[Speaker, list[Segment]] = {}
    for segment in segments:
        if not is_backchannel(segment):
            for speaker in [other for other in open_runs if other != segment.speaker]:
                yield open_runs.pop(speaker)
        open_runs.setdefault(segment.speaker, []).append(segment)
    yield from open_runs.values()
