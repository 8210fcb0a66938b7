"""Speaker names before spoken lines, and their roles."""

import re
from collections import Counter
from collections.abc import Iterable

from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.types import Speaker

_ROLES: tuple[tuple[Speaker, re.Pattern[str]], ...] = (
    (
        "therapist",
        re.compile(
            r"(?:(?:the |your |my )?(?:therapist|clinician|counsell?or|psychologist|psychiatrist|psychotherapist|doctor"
            r"|provider|practitioner|interviewer|supervisor)|t|th|dr|doc)(?: \d+)?|(?:dr|doctor)(?: [^\d ]+){1,2}|t\d"
        ),
    ),
    (
        "patient",
        re.compile(r"(?:(?:the |my )?(?:patient|client|interviewee|service user)|p|pt|c|cl)(?: \d+)?|[pc]\d"),
    ),
    (
        "other",
        re.compile(
            r"(?:other|interpreter|translator|partner|spouse|husband|wife|mother|father|mum|mom|dad|parent|son|daughter"
            r"|sister|brother|relative|family|guardian|carer|nurse|observer)(?: \d+)?"
        ),
    ),
    ("unknown", re.compile(r"unknown(?: speaker)?|unidentified(?: speaker)?|")),
)
_NUMBERED = re.compile(r"(?:speaker|spk|person|participant|voice|channel) ?\w{1,2}")
_LABEL = re.compile(r"([^\W\d_][\w .'’()-]{0,40}?)\s*:(?!\S*//)\s*(.*)", re.DOTALL)  # noqa: RUF001  apostrophe
_USES = 2  # a name before a colon is a label if it recurs
_NAME_WORDS = 3


class Voices:
    """The speakers of one file. Of names without a known role, the first is "unknown" and all others "other"."""

    def __init__(self, lines: Iterable[str]) -> None:
        labels = Counter(fold(label) for line in lines if (label := label_of(line)) and label[0].isupper())
        self._names = {name for name, uses in labels.items() if uses >= _USES and len(name.split()) <= _NAME_WORDS}
        self._anonymous: dict[str, int] = {}

    def role(self, name: str) -> Speaker:
        """The role of a name in this file."""
        folded = fold(name)
        known = _role_of(folded)
        if known is not None:
            return known
        return "other" if self._anonymous.setdefault(folded, len(self._anonymous)) else "unknown"

    def split(self, text: str) -> tuple[Speaker | None, str]:
        """Role and words of "Patient: I slept". Words before a colon that are not a name stay in the text."""
        match = _LABEL.fullmatch(text)
        if match is None or not self._is_name(fold(match[1])):
            return None, text
        return self.role(match[1]), match[2]

    def _is_name(self, folded: str) -> bool:
        return _role_of(folded) is not None or folded in self._names or _NUMBERED.fullmatch(folded) is not None


def label_of(text: str) -> str | None:
    """The text before a colon at the start of a line, whether or not it is a name."""
    match = _LABEL.fullmatch(text)
    return match[1] if match else None


def _role_of(folded: str) -> Speaker | None:
    return next((role for role, pattern in _ROLES if pattern.fullmatch(folded)), None)


def is_role(label: str) -> bool:
    """Whether a label is a role, such as "Therapist"."""
    return _role_of(fold(label)) is not None
