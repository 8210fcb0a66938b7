"""The evidence check: a deterministic check that the transcript contains what the notes say, not of interpretation."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.drafting.schema import Cited, ExtractedNotes, RiskFlag, SignificantQuote, Summary, Technique
from sessions_app.pipeline.lexicon.names import GIVEN_NAMES
from sessions_app.pipeline.lexicon.techniques import TECHNIQUES, TechniqueEntry
from sessions_app.pipeline.text.matching import contains, fold, is_backchannel
from sessions_app.pipeline.text.wordnumbers import has_unspoken_number, spoken_numbers
from sessions_app.pipeline.types import Segment

PATIENT_SPEAKERS = frozenset({"patient", "unknown"})
PATIENT_SPEECH = (schema.SignificantQuote, schema.Trigger, schema.UnresolvedConcern)
_SHORTEST_QUOTE = 4  # letters; a lone "I" or "the" is in every transcript
_QUOTED = re.compile(r"[“\"«]([^“”\"«»]+)[”\"»]")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")  # noqa: RUF001  typographic apostrophe
_POSSESSIVE = re.compile(r"['’]s$")  # noqa: RUF001  typographic apostrophe
_BEFORE_A_SENTENCE = frozenset('.!?…:;•\n“"«([/–—-')  # noqa: RUF001  dashes as transcripts have them
_SMALL_WORD = 3  # letters; "of" and "and" are lower case in titles
# Abbreviations and capitalized words that do not name a person, place or condition.
_NOT_A_NAME = frozenset(
    {"i", "im", "ive", "id", "ill", "ok", "okay", "tv", "cbt", "dbt", "act", "emdr", "mr", "mrs", "ms"}
)
_LIBRARY = {fold(name): entry for entry in TECHNIQUES for name in (entry.name, *entry.aliases)}
C = TypeVar("C", bound=Cited)


@dataclass(frozen=True, slots=True)
class Grounded:
    """The verified notes, and the number of statements kept and removed. Reasons contain positions, never content."""

    notes: ExtractedNotes
    verified: int
    removed: int
    reasons: list[str] = field(default_factory=list)


def verify(notes: ExtractedNotes, segments: Sequence[Segment]) -> Grounded:
    """Keep statements supported by their citations. List items that fail are dropped, single statements become None."""
    return _Check(segments).run(notes)


class _Check:
    """One pass over a set of notes, with counts."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = list(segments)
        self.position = {segment.index: at for at, segment in enumerate(self.segments)}
        self.verified = 0
        self.reasons: list[str] = []

    def run(self, notes: ExtractedNotes) -> Grounded:
        changes: dict[str, object] = {}
        for name in schema.LIST_FIELDS:
            changes[name] = self._kept(getattr(notes, name), name)
        for name in schema.SINGLE_FIELDS:
            item = getattr(notes, name)
            changes[name] = None if item is None else next(iter(self._kept([item], name)), None)
        for name in schema.SUMMARY_FIELDS:
            changes[name] = Summary(statements=self._kept(getattr(notes, name).statements, name))
        return Grounded(notes.model_copy(update=changes), self.verified, len(self.reasons), self.reasons)

    def _kept(self, items: Iterable[C], name: str) -> list[C]:
        kept: list[C] = []
        for at, item in enumerate(items):
            cited = self._cited(item)
            problem = _problem(item, cited) if cited else "cites no segment of this transcript"
            if problem:
                self.reasons.append(f"{name}[{at}]: {problem}")
            else:
                kept.append(_with_source(item, cited))
        self.verified += len(kept)
        return kept

    def _cited(self, item: Cited) -> list[list[Segment]]:
        """The cited segments as continuous stretches; only interjections may be uncited in between."""
        numbers = item.evidence.segments
        if not all(number in self.position for number in numbers):
            return []
        stretches: list[list[Segment]] = []
        last = -1
        for at in sorted({self.position[number] for number in numbers}):
            if stretches and all(is_backchannel(skipped) for skipped in self.segments[last + 1 : at]):
                stretches[-1].append(self.segments[at])
            else:
                stretches.append([self.segments[at]])
            last = at
        return stretches


def _problem(item: Cited, cited: list[list[Segment]]) -> str | None:
    """Why the statement fails, or None."""
    if not isinstance(item, RiskFlag) and not _is_telling(fold(item.evidence.quote), cited):
        return "no quote"
    if isinstance(item, PATIENT_SPEECH):
        return _patient_speech_problem(item, cited)
    if not _find(fold(item.evidence.quote), cited):
        return "quote not in the cited segments"
    return _text_problem(item, cited)


def _patient_speech_problem(item: Cited, cited: list[list[Segment]]) -> str | None:
    words = [item.evidence.quote]
    if isinstance(item, SignificantQuote):
        words.append(item.quote)
    for quote in words:
        if not _find(fold(quote), cited):
            return "quote not in the cited segments"
        if not _find(fold(quote), [_patient_part(stretch) for stretch in cited]):
            return "not the patient's words"
    return _text_problem(item, cited)


def _patient_part(stretch: list[Segment]) -> list[Segment]:
    return [segment for segment in stretch if segment.speaker in PATIENT_SPEAKERS]


def _is_telling(quote: str, cited: list[list[Segment]]) -> bool:
    if " " in quote or len(quote) >= _SHORTEST_QUOTE:
        return True
    return bool(quote) and any(fold(segment.text) == quote for stretch in cited for segment in stretch)


def _find(words: str, cited: list[list[Segment]]) -> list[Segment] | None:
    """The segment, else the stretch, that contains the folded words."""
    if not words:
        return None
    whole = [[segment] for stretch in cited for segment in stretch]
    return next((part for part in (*whole, *cited) if contains(_text(part), words)), None)


def _text(part: Sequence[Segment]) -> str:
    return " ".join(folded for segment in part if (folded := fold(segment.text)))


def _text_problem(item: Cited, cited: list[list[Segment]]) -> str | None:
    """Numbers, names and inner quotations of the statement's own text must be in the cited segments."""
    kind = type(item)
    known = kind in (Technique, schema.Strategy) and _library_entry(getattr(item, schema.REQUIRED[kind])) is not None
    labels = [] if known else [getattr(item, name) for name in schema.LABELS[kind]]
    prose = [] if known and kind is Technique else [getattr(item, name) for name in schema.PROSE[kind]]
    cited_text = _CitedText(cited)
    checks = [cited_text.problem(text, titled=_is_title(text)) for text in labels]
    checks += [cited_text.problem(text) for text in prose]
    return next((problem for problem in checks if problem), None)


class _CitedText:
    """The claims that the cited segments support."""

    def __init__(self, cited: list[list[Segment]]) -> None:
        self.cited = cited
        self.everything = "\n".join(segment.text for stretch in cited for segment in stretch)
        self.text = fold(self.everything)
        self.words = set(self.text.split())

    def problem(self, text: str, *, titled: bool = False) -> str | None:
        """None if the text is taken from the segments. `titled`: capitals are ignored, since every word has one."""
        if _find(fold(text), self.cited):
            return None
        quotations = _QUOTED.findall(text)
        if any(fold(quotation) and not _find(fold(quotation), self.cited) for quotation in quotations):
            return "quotation not in the cited segments"
        own = _QUOTED.sub(" ", text)
        if has_unspoken_number(own, spoken_numbers(self.everything)):
            return "number not in the cited segments"
        if any(not set(fold(name).split()) <= self._known_words() for name in _names(own, titled=titled)):
            return "name not in the cited segments"
        return None

    def _known_words(self) -> set[str]:
        return self.words | {word.removesuffix("s") for word in self.words} | {f"{word}s" for word in self.words}


def _names(text: str, *, titled: bool) -> list[str]:
    """Names: words capitalized inside a sentence, and given names anywhere."""
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        is_capital = word[0].isupper() and not (titled or _opens_sentence(text[: match.start()].rstrip(" ")))
        if fold(word) not in _NOT_A_NAME and (is_capital or _is_given_name(word)):
            found.append(word)
    return found


def _opens_sentence(before: str) -> bool:
    return not before or before[-1] in _BEFORE_A_SENTENCE


def _is_given_name(word: str) -> bool:
    return word[0].isupper() and fold(_POSSESSIVE.sub("", word)) in GIVEN_NAMES


def _is_title(label: str) -> bool:
    """True for "Conflict at Work", False for "conflict with Priscilla"."""
    return all(word[0].isupper() for word in _WORD.findall(label) if len(word) > _SMALL_WORD)


def _library_entry(name: str) -> TechniqueEntry | None:
    return _LIBRARY.get(fold(name))


def _with_source(item: C, cited: list[list[Segment]]) -> C:
    """Take speaker and time from the quoted segment, and a known technique's name from the library."""
    if isinstance(item, Technique):
        entry = _library_entry(item.name)
        return item.model_copy(update={"modality": entry.modality, "definition": entry.definition}) if entry else item
    if not isinstance(item, RiskFlag | SignificantQuote):
        return item
    first = (_find(fold(item.evidence.quote), cited) or cited[0])[0]
    speaker = {"speaker": first.speaker} if isinstance(item, RiskFlag) else {}
    return _changed(item, start=first.start, **speaker)


def _changed(item: C, **changes: object) -> C:
    return item.model_copy(update=changes)
