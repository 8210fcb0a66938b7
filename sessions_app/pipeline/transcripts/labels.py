"""Whether the words before a colon are the label of a voice."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from sessions_app.pipeline.lexicon.not_names import NOT_NAMES, PARTICLES
from sessions_app.pipeline.lexicon.roles import role_of
from sessions_app.pipeline.text.matching import fold, voice_key
from therapybridge.core.text import composed

# How a label is marked: by a clock beside it; by a colon; by brackets, a tab or a dash; by a line of its own.
Use = Literal["clock", "colon", "weak", "alone", "none"]
MAX_LABEL = 64  # characters
_MAX_WORDS = 7
_MAX_SPACELESS = 12  # characters of a name in a script without capitals
_USES = 2
_LABELLED_SHARE = 0.2  # of lines with a certain label: then a name that is used once is a voice too
_GOOD_SHARE = 0.2
_NEARLY_ALL = 0.6
_COLON = re.compile(r"[:：﹕︓]")  # noqa: RUF001  colons of other scripts
_ASIDE = re.compile(r"\s*[(\[（【][^()\[\]]{0,40}[)\]）】]")  # noqa: RUF001  pronouns, "(Host)"
_NUMBERED = re.compile(
    r"(?:speaker|spk|s|person|participant|voice|channel|guest|user|caller|sprecher|sprecherin|hablante|locuteur"
    r"|intervenant"
    r"|interlocuteur|orador|falante|דובר|דוברת|متحدث|спикер|говорящий|speaker id) ?(?:\d{1,3}|[a-z])"
)
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:['’.\-‑·][^\W\d_]+)*\.?")  # noqa: RUF001  apostrophe, hyphen
_ELIDED = re.compile(r"^[dl]['’]")  # noqa: RUF001  apostrophe
_END = re.compile(r"[.!?…,;؟。！？]$")  # noqa: RUF001  marks of other scripts
_LETTER = re.compile(r"[A-Z]\d?")
_EMOJI = re.compile(
    "[\u00a9\u00ae\u203c\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff][\u200d\ufe0e\ufe0f\u20e3"
    "\u2190-\u2bff\U0001f000-\U0001faff]{0,15}"
)
_FREELY = {"therapist", "patient"}


def tidied(label: str) -> str:
    """The label as it came, without markup around it."""
    return " ".join(label.split()).strip("*_#<>{}:：,;|•–- ")  # noqa: RUF001  colon, dash


def at_colon(line: str) -> tuple[str, str] | None:
    """The words before the first colon of a line, and those after it; None at a number or link."""
    colon = _COLON.search(line, 0, MAX_LABEL + 2)
    if colon is None:
        return None
    label, words = line[: colon.start()].strip(), line[colon.end() :]
    is_number = label[-1:].isdigit() and words[:1].isdigit()
    return None if not label or is_number or words.startswith("//") else (label, words.strip())


class Voices:
    """The labels of one file, told from speech by what they are and how often they come."""

    def __init__(self, candidates: Iterable[tuple[str, Use]]) -> None:
        uses: dict[Use, Counter[str]] = {use: Counter() for use in ("clock", "colon", "weak", "alone", "none")}
        shown: dict[str, str] = {}
        for candidate, use in candidates:
            folded = voice_key(candidate)
            uses[use][folded] += 1
            shown.setdefault(folded, candidate)
        uses["colon"] += uses["clock"]
        self._lines = max(sum(uses[use].total() for use in ("colon", "weak", "alone", "none")), 1)
        self._known = {folded for folded in uses["colon"] if self._is_certain(shown[folded], uses["colon"])}
        self._known |= {folded for folded in uses["clock"] if is_name(shown[folded])}
        self._known |= {
            folded for use in ("weak", "alone") for folded in uses[use] if self._recurs(shown[folded], uses[use])
        }
        self._has_lone_labels = sum(count for label, count in uses["alone"].items() if is_role(shown[label])) >= _USES
        self._is_labelled = self._mostly_labelled(uses["colon"], shown)

    def _is_certain(self, label: str, uses: Counter[str]) -> bool:
        if is_role(label) or (is_name(label, digits=True) and uses[voice_key(label)] >= _USES):
            return True
        if is_emoji(label):
            return sum(map(is_emoji, uses)) >= _USES
        if _LETTER.fullmatch(label):  # "Q." and "A.", "M:" and "J:"
            return sum(1 for folded in uses if _LETTER.fullmatch(folded.upper())) >= _USES
        return label.islower() and _is_nameable(label, limit=2) and self._recurs_often(uses[voice_key(label)])

    def _recurs(self, label: str, uses: Counter[str]) -> bool:
        return is_name(label, digits=True) and self._recurs_often(uses[voice_key(label)])

    def _recurs_often(self, times: int) -> bool:
        return times >= _USES and times >= _GOOD_SHARE * self._lines

    def _mostly_labelled(self, uses: Counter[str], shown: dict[str, str]) -> bool:
        certain = sum(times for folded, times in uses.items() if folded in self._known)
        names = [folded for folded in uses if folded in self._known or is_name(shown[folded])]
        if len(names) >= _USES and sum(uses[name] for name in names) >= _NEARLY_ALL * self._lines:
            return True
        return certain >= _LABELLED_SHARE * self._lines

    def is_label(self, candidate: str, use: Use = "colon") -> bool:
        """Whether these words at the start of a line, marked in this way, are a voice."""
        if use == "none" or not candidate:
            return False
        if use == "alone":
            return voice_key(candidate) in self._known or (self._has_lone_labels and is_role(candidate))
        if use == "weak":
            return voice_key(candidate) in self._known or is_role(candidate)
        return self.is_known(candidate) or (self._is_labelled and is_name(candidate))

    def is_known(self, candidate: str) -> bool:
        """Whether it is a word of the trade, a numbered speaker, or comes back in this file."""
        return voice_key(candidate) in self._known or is_role(candidate)


@lru_cache(maxsize=8192)
def is_role(label: str) -> bool:
    """Whether it is a word of the trade or a numbered speaker."""
    if _NUMBERED.fullmatch(fold(_ASIDE.sub("", label))):
        return True
    role = role_of(label)
    return role is not None and len(label.split()) <= _MAX_WORDS and (role in _FREELY or not label[:1].islower())


@lru_cache(maxsize=8192)
def is_name(label: str, *, digits: bool = False) -> bool:
    """Whether it has the shape of a name: capitalised words, initials, a picture; in other scripts a word or three."""
    if is_emoji(label):
        return True
    words = _words(label)
    if digits and len(words) > 1 and words[-1].isdigit():
        words.pop()
    if not _is_nameable(" ".join(words), limit=_MAX_WORDS):
        return False
    big = [word for word in words if word[0].isupper() or (fold(word) not in PARTICLES and word not in {"&", "+", "/"})]
    caseless = [word for word in big if word.lower() == word.upper()]
    if any(len(word) > _MAX_SPACELESS for word in caseless) or (caseless and len(words) > 3):  # noqa: PLR2004
        return False
    return bool(big) and all(_ELIDED.sub("", word)[:1].isupper() or word in caseless for word in big)


def is_emoji(label: str) -> bool:
    """Whether a picture stands for the voice."""
    return _EMOJI.fullmatch(label.strip()) is not None


def is_heading(line: str) -> bool:
    """Whether a line by itself may be the name of a voice."""
    name = line.strip("[](){}<>【】（）*_#:： ")  # noqa: RUF001  marks of other scripts
    if not 0 < len(name) <= MAX_LABEL or _COLON.search(name) or _END.search(name):
        return False
    return is_role(name) or is_name(name, digits=True)


def _is_nameable(label: str, *, limit: int) -> bool:
    words = _words(label)
    shaped = all(_WORD.fullmatch(word) or word in {"&", "+", "/"} for word in words)
    is_speech = any(fold(word) in NOT_NAMES for word in words)
    return 0 < len(words) <= limit and shaped and not is_speech and not _END.search(_bare(label).removesuffix("."))


def _words(label: str) -> list[str]:
    return _bare(label).replace(",", " ").split()


def _bare(label: str) -> str:
    return composed(_ASIDE.sub("", label)).strip()
