"""How a line opens: a clock, a label or both, in any order, in brackets, bold or plain."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sessions_app.pipeline.transcripts.labels import MAX_LABEL, Use, Voices, at_colon, tidied
from sessions_app.pipeline.transcripts.times import CLOCK, DATE

_TIME = rf"(?:{DATE}(?:,\s?|T|\s))?{CLOCK}Z?"
_RANGE = rf"({_TIME})(?:\s?(?:-->|->|to|[-–—~])\s?({_TIME}))?"  # noqa: RUF001  dash
_STAMP = re.compile(rf"[\[({{<【]\s?{_RANGE}\s?[\])}}>】]\s?(?:[-–—:|,]\s)?\s?")  # noqa: RUF001  dash
_BARE = re.compile(rf"{_RANGE}(?=[\s\t,;|:–—-]|$)\s?(?:[-–—:|,;]\s)?\s?")  # noqa: RUF001  dash
_ONLY_CLOCK = re.compile(_RANGE)
_SURE = re.compile(rf"\d+:\d\d:\d\d|\d+:\d\d[.,]\d|.*[AaPp]\.?[Mm]|{DATE}")
_ARROWS = re.compile(r"(?:>>+|»)\s?")
_BULLET = re.compile(r"(?:[-*•‣–—]|#{1,6}|\d{1,4}[.)]?)\s")  # noqa: RUF001  dash
_BOLD = re.compile(r"(\*{1,3}|_{1,3})([^*_\s][^*_]{0,70})\1\s?|<(b|strong)>([^<>]{1,70})</\3>\s?", re.IGNORECASE)
_WITH_CLOCK = re.compile(
    rf"([^\W\d_][^:：\[\]()\t]{{0,{MAX_LABEL}}}?(?:\s?\([^()\d][^()]{{0,40}}\))?)[ \t,;|]{{0,3}}(?:[-–—@]\s)?"  # noqa: RUF001
    rf"(?:[\[(<]\s?{_RANGE}\s?[\])>]\s?([:：-]?)|{_RANGE}\s?([:：](?=\s|$)|$))\s?"  # noqa: RUF001
)
_BRACKETED = re.compile(r"[\[(【（<{]([^\[\]()【】<>{}\d][^\[\]()【】<>{}]{0,40})[\])】）>}]\s?([:：]?)\s?")  # noqa: RUF001
_COURT = re.compile(r"([QA])[.]\s(?=\S)")
_SEPARATED = re.compile(rf"([^\t:：]{{1,{MAX_LABEL}}}?)(?:\t|\s[-–—|]\s)(?=\S)")  # noqa: RUF001
_CHAT = re.compile(r"From\s(.{1,64}?)\sto\s(?:.{1,64})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opening:
    """The parts of a line before it is known which names the file uses.

    `words` is what follows the candidate, `whole` what is said if it is no label.
    """

    whole: str
    start: str = ""
    end: str = ""
    is_bare: bool = False  # a clock without brackets, which might be speech
    is_beside_label: bool = False  # the clock belongs to the candidate and is speech if that is
    is_new: bool = False
    candidate: str = ""
    use: Use = "none"
    words: str = ""


def opening(line: str) -> Opening:
    """Take a line apart."""
    text = "\t".join(" ".join(part.split()) for part in line.split("\t")).strip()
    arrows = _ARROWS.match(text)
    rest = text[arrows.end() :] if arrows else text
    stamp = _STAMP.match(rest) or _BARE.match(rest)
    whole = rest[stamp.end() :] if stamp else rest
    start, end = (stamp[1], stamp[2] or "") if stamp else ("", "")
    is_bare = stamp is not None and stamp[0][0].isdigit()
    candidate, use, words, clock = _label(whole)
    is_beside = clock is not None and not start
    if clock and is_beside:
        start, end = clock
        use = "clock" if use == "colon" else use
    return Opening(whole, start, end, is_bare, is_beside, arrows is not None, candidate, use, words)


def _label(text: str) -> tuple[str, Use, str, tuple[str, str] | None]:
    """A possible label, how it is marked, the words after it, and a clock beside it."""
    bullet = _BULLET.match(text)
    plain = _unbold(text[bullet.end() :] if bullet else text)
    return (
        _with_clock(plain)
        or _bracketed(plain)
        or _before_colon(plain)
        or _separated(plain)
        or _alone(plain, bullet is None or bullet[0][0] == "#")
    )


Label = tuple[str, Use, str, tuple[str, str] | None]


def _unbold(text: str) -> str:
    bold = _BOLD.match(text)
    if bold is None:
        return text
    inner, after = (bold[2] or bold[4]).strip(), text[bold.end() :]
    if inner[-1:] in ":：" or after[:1] in {":", "："}:  # noqa: RUF001
        return f"{inner.rstrip(':： ')}: {after.lstrip(':： ')}"  # noqa: RUF001
    return f"{inner}\t{after}" if after else inner


def _with_clock(text: str) -> Label | None:
    found = _WITH_CLOCK.match(text)
    if found is None:
        return None
    clock = (found[2] or found[5], found[3] or found[6] or "")
    words = text[found.end() :]
    is_marked = bool(found[4] or found[7]) or not words
    return found[1], "colon" if is_marked else "weak", words, clock


def _bracketed(text: str) -> Label | None:
    found = _BRACKETED.match(text)
    if found is None:
        return None
    words, clock = _clock_first(text[found.end() :])
    return found[1], "colon" if found[2] or clock else "weak", words, clock


def _before_colon(text: str) -> Label | None:
    found = at_colon(text)
    if found is None:
        return None
    words, clock = _clock_first(found[1])
    chat = _CHAT.fullmatch(found[0])
    return chat[1] if chat else found[0], "colon", words, clock


def _separated(text: str) -> Label | None:
    found = _COURT.match(text) or _SEPARATED.match(text)
    if found is None:
        return None
    words, clock = _clock_first(text[found.end() :])
    return found[1], "colon" if found.re is _COURT else "weak", words, clock


def _alone(text: str, is_plain: bool) -> Label:
    is_short = is_plain and 0 < len(text) <= MAX_LABEL
    return (text, "alone", "", None) if is_short else ("", "none", "", None)


def _clock_first(words: str) -> tuple[str, tuple[str, str] | None]:
    stamp = _STAMP.match(words) or _ONLY_CLOCK.fullmatch(words)
    return (words[stamp.end() :], (stamp[1], stamp[2] or "")) if stamp else (words, None)


def voices_of(lines: Iterable[str]) -> Voices:
    """The voices of a file, told from the openings of its lines."""
    return Voices((found.candidate, found.use) for line in lines if line.strip() for found in [opening(line)])


def labelled(found: Opening, voices: Voices) -> tuple[str, str] | None:
    """Label and words of a line, if what stands first is a voice of this file."""
    return (tidied(found.candidate), found.words) if voices.is_label(found.candidate, found.use) else None


def is_sure_clock(found: Opening) -> bool:
    """Whether a bare clock cannot be speech such as "10:30 was too late"."""
    return not found.is_bare or _SURE.match(found.start) is not None or not found.whole
