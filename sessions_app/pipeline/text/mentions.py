"""Apply word lists to a transcript: sentences with their position, and the labels they mention."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sessions_app.pipeline.drafting.schema import Evidence, clip
from sessions_app.pipeline.text.matching import fold, phrases, sentences
from sessions_app.pipeline.text.needs import Needs
from sessions_app.pipeline.types import Segment

LONGEST = 40  # words; speech without full stops is split into lines of this length
MAX_LINE = 400  # characters
_PATIENT_SIDE = frozenset({"patient", "unknown"})
_SELF = frozenset(["i", "im", "ive", "id", "ill", "me", "my"])
_PERSON = re.compile(
    r"\b(i|im|ive|id|ill|me|my|you|youre|your|he|hes|him|his|she|shes|her|they|theyre|them|their|we|were|our|who|everyone"
    r"|(?:mother|mum|mom|father|dad|sister|brother|husband|wife|partner|boss|son|daughter|friend|kids?)s?)\b"
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|without|dont|didnt|doesnt|isnt|wasnt|arent|werent|havent|hardly|stopped|stop)(?: \w+){0,2} $"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A verbatim sentence and its segment."""

    text: str
    folded: str
    segment: Segment

    @property
    def is_patient_side(self) -> bool:
        """Whether the patient said it, as far as is known."""
        return self.segment.speaker in _PATIENT_SIDE

    @property
    def evidence(self) -> Evidence:
        """Evidence that cites the line itself."""
        return Evidence(segments=[self.segment.index], quote=self.text)


@dataclass(frozen=True, slots=True)
class Mention:
    """A label and the lines that mention it; never empty."""

    label: str
    lines: tuple[Line, ...]

    @property
    def best(self) -> Line:
        """The line to show: the patient's before the therapist's, then the one with the most content words."""
        return max(self.lines, key=lambda line: (line.is_patient_side, len(line.folded.split())))


def lines_of(segments: Iterable[Segment]) -> list[Line]:
    """All sentences in order, without fragments that have no content words."""
    return [line for segment in segments for text in _parts(segment.text) if (line := _line(text, segment))]


def _parts(text: str) -> Iterable[str]:
    for sentence in sentences(text):
        words = sentence.split()
        for start in range(0, len(words), LONGEST):
            yield " ".join(words[start : start + LONGEST])


def _line(text: str, segment: Segment) -> Line | None:
    shown = clip(text, MAX_LINE)
    folded = fold(shown)
    if " " not in folded and folded != fold(segment.text):
        return None
    return Line(shown, folded, segment) if folded else None


def compiled(patterns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    """The patterns of a word list, by label."""
    return {label: phrases(lines) for label, lines in patterns.items()}


def mentions(lines: Iterable[Line], patterns: Mapping[str, re.Pattern[str]]) -> list[Mention]:
    """Mentions, most frequent first; ties in the order of the list."""
    labels, needs = list(patterns), _needs(tuple(patterns.values()))
    found: dict[str, list[Line]] = {label: [] for label in labels}
    for line in lines:
        for label in [labels[at] for at in needs.met(line.folded.split())]:
            if patterns[label].search(line.folded):
                found[label].append(line)
    said = [Mention(label, tuple(of_label)) for label, of_label in found.items() if of_label]
    return sorted(said, key=lambda mention: -len(mention.lines))


@lru_cache(maxsize=16)
def _needs(patterns: tuple[re.Pattern[str], ...]) -> Needs:
    return Needs((pattern.pattern, "") for pattern in patterns)


def own_feelings(lines: Iterable[Line], patterns: Mapping[str, re.Pattern[str]]) -> list[Mention]:
    """Feelings that speakers name as their own; "I am not angry" and "she was angry" do not count."""
    found = [
        Mention(mention.label, tuple(line for line in mention.lines if _is_own(line, patterns[mention.label])))
        for mention in mentions(lines, patterns)
    ]
    return [mention for mention in found if mention.lines]


def _is_own(line: Line, pattern: re.Pattern[str]) -> bool:
    return any(_is_felt(line.folded[: match.start()]) for match in pattern.finditer(line.folded))


def _is_felt(before: str) -> bool:
    people = _PERSON.findall(before)
    return bool(people) and people[-1] in _SELF and not _NEGATION.search(before)


def first_label(line: Line, patterns: Mapping[str, re.Pattern[str]]) -> str | None:
    """The first label whose pattern matches the line."""
    return next((label for label, pattern in patterns.items() if pattern.search(line.folded)), None)
