"""How a line opens: a clock, a label or both, in any order, in brackets, bold or plain."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sessions_app.pipeline.transcripts.labels import MAX_LABEL, Use, Voices, at_colon, is_name, tidied
from sessions_app.pipeline.transcripts.markup import untagged
from sessions_app.pipeline.transcripts.times import CLOCK, DATE

_TIME = rf"(?:{DATE}(?:,\s?|T|\s))?{CLOCK}Z?"
_RANGE = rf"({_TIME})(?:\s?(?:-->|->|to|[-–—~])\s?({_TIME}))?"  # noqa: RUF001  dash
_STAMP = re.compile(rf"[\[({{<【]\s?{_RANGE}\s?[\])}}>】]\s?(?:[-–—:|,]\s)?\s?")  # noqa: RUF001  dash
_BARE = re.compile(rf"{_RANGE}(?=[\s\t,;|:–—-]|$)\s?(?:[-–—:|,;]\s)?\s?")  # noqa: RUF001  dash
_ONLY_CLOCK = re.compile(_RANGE)
_SURE = re.compile(rf"\d+:\d\d:\d\d|\d+:\d\d[.,]\d|.*[AaPp]\.?[Mm]|{DATE}")
_EMPTY = re.compile(r"[\[({<【]\s?[\])}>】]\s?")  # where a service had no clock
_ARROWS = re.compile(r"(?:>>+|»)\s?")
# A line of a web page: its tags are tags, and "<p>" is not a voice called P.
_PARAGRAPH = re.compile(r"<(p|div|li|span)(?:\s[^<>]*)?>(.*)</\1>", re.IGNORECASE)
_BULLET = re.compile(r"(?:[-*•‣–—]|#{1,6}|\d{1,4}[.)]?)\s")  # noqa: RUF001  dash
_BOLD = re.compile(r"(\*{1,3}|_{1,3})([^*_\s][^*_]{0,70})\1\s?|<(b|strong)>([^<>]{1,70})</\3>\s?", re.IGNORECASE)
_WITH_CLOCK = re.compile(
    rf"([^\W\d_][^:：\[\]()\t]{{0,{MAX_LABEL}}}?(?:\s?\([^()\d][^()]{{0,40}}\))?)[ \t,;|]{{0,3}}(?:[-–—@]\s)?"  # noqa: RUF001
    rf"(?:[\[(<]\s?{_RANGE}\s?[\])>]\s?([:：-]?)|{_RANGE}\s?([:：](?=\s|$)|$))\s?"  # noqa: RUF001
)
_BRACKETED = re.compile(r"[\[(【（<{]([^\[\]()【】<>{}\d][^\[\]()【】<>{}]{0,40})[\])】）>}]\s?([:：]?)\s?")  # noqa: RUF001
_COURT = re.compile(r"([QA])[.]\s(?=\S)")
_SEPARATED = re.compile(rf"([^\t:：]{{1,{MAX_LABEL}}}?)(?:\t|\s[-–—|]\s)(?=\S)")  # noqa: RUF001
_PICTURED = re.compile(
    "([\u2600-\u26ff\U0001f300-\U0001faff][\u200d\ufe0f\u2600-\u27bf\U0001f300-\U0001faff]{0,15}) (?=.)"
)
_CHAT = re.compile(r"From\s(.{1,64}?)(\sto\s.{1,64})?", re.IGNORECASE)
# A clock behind a name with words on the same line.
_NAMED_TIME = re.compile(rf"([^\W\d_][^:：\[\]()\t]{{0,{MAX_LABEL}}}?)[ \t,]{{1,3}}{_RANGE}[ \t]{{1,3}}(?=\S)")  # noqa: RUF001
_LONG_CLOCK = re.compile(r"\d+:\d\d:\d\d")


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
    """Take a line apart; what short lines repeat is done once."""
    return _short_opening(line) if len(line) <= MAX_LABEL else _opening(line)


@lru_cache(maxsize=4096)
def _short_opening(line: str) -> Opening:
    return _opening(line)


def _opening(line: str) -> Opening:
    paragraph = _PARAGRAPH.fullmatch(line.strip())
    line = untagged(paragraph[2]) if paragraph else line
    text = "\t".join(" ".join(part.split()) for part in line.split("\t")).strip()
    arrows = _ARROWS.match(text)
    rest = text[arrows.end() :] if arrows else text
    empty = _EMPTY.match(rest)
    rest = rest[empty.end() :] if empty else rest
    stamp = _STAMP.match(rest) or _BARE.match(rest)
    whole = rest[stamp.end() :] if stamp else rest
    start, end = (stamp[1], stamp[2] or "") if stamp else ("", "")
    is_bare = stamp is not None and stamp[0][0].isdigit()
    candidate, use, words, clock = _chat(whole, is_stamped=stamp is not None) or _label(whole)
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
        or _named_time(plain)
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


def _named_time(text: str) -> Label | None:
    found = _NAMED_TIME.match(text)
    if found is None:
        return None
    is_long = _LONG_CLOCK.match(found[2]) is not None and is_name(found[1])
    return found[1], "colon" if is_long else "weak", text[found.end() :], (found[2], found[3] or "")


def _chat(text: str, *, is_stamped: bool) -> Label | None:
    """Who wrote a line of a chat: "From Kim to everyone:"."""
    found = at_colon(text)
    chat = _CHAT.fullmatch(found[0]) if found else None
    if found is None or chat is None or not (chat[2] or is_stamped):
        return None
    return chat[1], "clock" if is_stamped else "colon", found[1], None


def _bracketed(text: str) -> Label | None:
    found = _BRACKETED.match(text)
    if found is None:
        return None
    words, clock = _clock_first(text[found.end() :])
    bare = None if clock else _BARE.match(words)
    if bare and _LONG_CLOCK.match(bare[1]):
        words, clock = words[bare.end() :], (bare[1], bare[2] or "")
    return found[1], "colon" if found[2] or clock else "weak", words, clock


def _before_colon(text: str) -> Label | None:
    found = at_colon(text)
    if found is None:
        return None
    words, clock = _clock_first(found[1])
    return found[0], "colon", words, clock


def _separated(text: str) -> Label | None:
    found = _COURT.match(text) or _SEPARATED.match(text) or _PICTURED.match(text)
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
