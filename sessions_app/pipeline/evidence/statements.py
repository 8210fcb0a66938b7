"""A statement of a draft with the lines that it cites, as the checks need it."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.drafting.schema import Cited
from sessions_app.pipeline.evidence.said import Sentence, sentences_of
from sessions_app.pipeline.lexicon.languages import language_called
from sessions_app.pipeline.lexicon.names import GIVEN_NAMES
from sessions_app.pipeline.lexicon.not_names import NOT_NAMES
from sessions_app.pipeline.lexicon.techniques import TECHNIQUES, TechniqueEntry
from sessions_app.pipeline.text.matching import contains, fold, is_backchannel, sentences
from sessions_app.pipeline.types import Segment, Speaker

Role = Literal["label", "prose", "quote"]
START = 5  # letters that two forms of a word share
PATIENT_SIDE = frozenset({"patient", "unknown"})
PATIENT_SPEECH = (schema.SignificantQuote, schema.Trigger, schema.UnresolvedConcern)
QUOTED = re.compile(
    r"[“„\"«»]\s*([^“”„\"«»]+?)\s*[“”\"«»]|(?<!\w)['‘‚]([^'‘’‚]*(?:\w['’]\w[^'‘’‚]*)*)['’](?!\w)"  # noqa: RUF001  all kinds of quotation marks
)
# "Rosa, I'll come back to you", "What do you think, Tom?"
_ADDRESSED = re.compile(
    r"(?:^|(?<=[.?!,]\s)|(?<=\b[Aa]nd\s)|(?<=\b[Ss]o\s)|(?<=[Tt]hanks\s)|(?<=[Hh]ello\s)|(?<=\b[Hh]i\s))([^\W\d_]{2,})(?=[,;:]\s)"
    r"|(?<=[,;]\s)([^\W\d_]{2,})(?=[.?!,])"
)
# "Hello, Meera", "Buenas tardes, Yaneth": at the beginning of a session, it is the patient who is greeted.
_GREETED = re.compile(
    r"^(?:(?:oh|so|well|okay|ok|hello|hi|hey|good|morning|afternoon|evening|welcome|back|again|there|and|to|you|thanks"
    r"|thank|for|coming|hola|buenos|buenas|días|dias|tardes|noches|bienvenid[oa]|qué|tal)\b[\s,.!;¡]*)+([^\W\d_]{2,})(?=[,.!;?])",
    re.IGNORECASE,
)
_GREETINGS = 2  # lines of the therapist that may greet
_WORD = re.compile(r"[^\W\d_]+")
_LIBRARY = {fold(name): entry for entry in TECHNIQUES for name in (entry.name, *entry.aliases)}


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a statement; `of_patient` if it must be the patient's words."""

    role: Role
    text: str
    of_patient: bool = False


class Transcript:
    """The lines by index, with their neighbours."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = list(segments)
        self.position = {segment.index: at for at, segment in enumerate(self.segments)}
        self.text = "\n".join(segment.text for segment in self.segments)

    @cached_property
    def words(self) -> frozenset[str]:
        """All folded words of the transcript."""
        return frozenset(fold(self.text).split())

    @cached_property
    def speakers(self) -> frozenset[str]:
        """The roles of all who speak."""
        return frozenset(segment.speaker for segment in self.segments)

    @cached_property
    def word_starts(self) -> frozenset[str]:
        """The first letters of all longer words, by which their forms are found."""
        return frozenset(word[:START] for word in self.words if len(word) > START)

    @cached_property
    def voices(self) -> dict[str, Speaker]:
        """The role of everybody whom the therapist addresses by name: that of the voice that answers."""
        votes: dict[str, Counter[Speaker]] = {}
        for segment, answer in pairwise(self.segments):
            if segment.speaker == "therapist" and answer.speaker in {"patient", "other"}:
                called = [first or last for first, last in _ADDRESSED.findall(segment.text)]
                for name in [fold(word) for word in called if self.is_name(word)][-1:]:
                    votes.setdefault(name, Counter())[answer.speaker] += 1
        found: dict[str, Speaker] = dict.fromkeys(self._named_by_therapist, "patient")
        found |= {name: counted.most_common(1)[0][0] for name, counted in votes.items()}
        voices = {name: speaker for name, speaker in found.items() if name not in self._words_of[speaker]}
        return voices | dict.fromkeys(self._greeted, "patient")

    def is_name(self, word: str) -> bool:
        """Whether the word looks like a name: always capitalized, and no other word that may open a sentence."""
        return word[0].isupper() and fold(word) not in NOT_NAMES and word.lower() not in self._plain_words

    def voice_of(self, word: str) -> Speaker | None:
        """The role of whom a word of a note names: one of the voices, or whom a text without capitals greets."""
        folded = fold(word)
        return self.voices.get(folded) or ("patient" if word[:1].isupper() and folded in self._called else None)

    def persons_called(self, word: str) -> frozenset[str]:
        """Whom the name of a voice stands for; of two names of one voice, one is that of somebody else."""
        voice = self.voice_of(word)
        if voice is None:
            return frozenset()
        is_alone = list(self.voices.values()).count(voice) <= 1
        return frozenset({voice}) if is_alone else frozenset({voice, "absent"})

    def is_person_talked_of(self, word: str) -> bool:
        """Whether the word is a name that somebody else than the therapist says, not only to open a sentence."""
        return word[:1].isupper() and self.is_name(word) and fold(word) in self._talked_of

    @cached_property
    def _talked_of(self) -> frozenset[str]:
        said = [text for one in self.segments if one.speaker != "therapist" for text in sentences(one.text)]
        words = [(at, word) for text in said for at, word in enumerate(_WORD.findall(text)) if word[0].isupper()]
        return frozenset(fold(word) for at, word in words if at or fold(word) in GIVEN_NAMES)

    @cached_property
    def _greeted(self) -> set[str]:
        """Whom the therapist greets, if the patient alone is there."""
        names = [match[1] for text in self._opening if (match := _GREETED.match(text.strip()))]
        return {fold(name) for name in names if self.is_name(name)}

    @cached_property
    def _called(self) -> frozenset[str]:
        """Of a transcript without capitals: the words that end the therapist's first lines and nobody else says."""
        if not self.text.islower():
            return frozenset()
        others = [words for speaker, words in self._words_of.items() if speaker != "therapist"]
        ends = {words[-1] for text in self._opening if (words := fold(text).split())}
        return frozenset(ends.difference(NOT_NAMES, *others))

    @cached_property
    def _opening(self) -> list[str]:
        """The therapist's first lines, unless more than one person is spoken to."""
        lines = [segment.text for segment in self.segments if segment.speaker == "therapist"]
        return [] if self._words_of.get("other") else lines[:_GREETINGS]

    @cached_property
    def _plain_words(self) -> frozenset[str]:
        return frozenset(word for word in _WORD.findall(self.text) if word.islower())

    @cached_property
    def _words_of(self) -> dict[Speaker, set[str]]:
        found: dict[Speaker, set[str]] = defaultdict(set)
        for segment in self.segments:
            found[segment.speaker].update(fold(segment.text).split())
        return found

    @cached_property
    def _named_by_therapist(self) -> set[str]:
        """Given names that the therapist alone says, since nobody speaks of themselves by name; "ella" is "she"."""
        others = [words for speaker, words in self._words_of.items() if speaker != "therapist"]
        return (self._words_of["therapist"] & GIVEN_NAMES).difference(NOT_NAMES & self._plain_words, *others)

    def near(self, cited: set[int]) -> list[Segment]:
        """The cited lines and their neighbours."""
        spots = {self.position[index] + step for index in cited for step in (-1, 0, 1)}
        return [self.segments[at] for at in sorted(spots) if 0 <= at < len(self.segments)]

    def stretches(self, cited: set[int]) -> list[list[Segment]]:
        """The cited lines as continuous stretches; only interjections may be uncited in between."""
        found: list[list[Segment]] = []
        last = -1
        for at in sorted(self.position[index] for index in cited):
            if found and all(is_backchannel(skipped) for skipped in self.segments[last + 1 : at]):
                found[-1].append(self.segments[at])
            else:
                found.append([self.segments[at]])
            last = at
        return found


class Statement:
    """An item of the notes, the lines it cites (`lines`), and those with their neighbours (`near`)."""

    def __init__(self, item: Cited, name: str, transcript: Transcript, language: str) -> None:
        self.item = item
        self.field = name
        self.transcript = transcript
        self.language = language
        self.tables = language_called(language)
        self.cited = set(item.evidence.segments)
        self.has_lines = bool(self.cited) and self.cited <= transcript.position.keys()
        self.near = transcript.near(self.cited) if self.has_lines else []
        self.stretches = transcript.stretches(self.cited) if self.has_lines else []

    @property
    def for_patient(self) -> bool:
        """Whether the patient would read it."""
        return self.field == "patient_summary"

    @cached_property
    def lines(self) -> list[Segment]:
        """The cited lines, in order."""
        return [segment for stretch in self.stretches for segment in stretch]

    @cached_property
    def said(self) -> list[Sentence]:
        """The sentences of the cited lines and their neighbours."""
        return sentences_of(self.near, self.cited, self.tables)

    @cached_property
    def near_text(self) -> str:
        """The words of the cited lines and their neighbours."""
        return "\n".join(segment.text for segment in self.near)

    @cached_property
    def entry(self) -> TechniqueEntry | None:
        """The library's entry of a technique or strategy."""
        name = self.item.name if isinstance(self.item, schema.Technique | schema.Strategy) else ""
        return _LIBRARY.get(fold(name))

    @cached_property
    def parts(self) -> list[Part]:
        """The texts that must be supported; a known technique is worded by the library."""
        kind = type(self.item)
        if self.entry and kind is schema.Technique:
            return []
        of_patient = kind in (*PATIENT_SPEECH, schema.EmotionalTheme)
        shown: list[tuple[Role, str]] = [
            ("label", name) for name in schema.LABELS[kind] if not (self.entry or name == "category")
        ]
        shown += [("prose", name) for name in schema.PROSE[kind]]
        parts = [(role, name, getattr(self.item, name)) for role, name in shown]
        return [
            Part("quote" if name == "quote" else role, text, of_patient=of_patient and name != "context")
            for role, name, text in parts
            if text
        ]

    @property
    def has_quotation(self) -> bool:
        """Whether any of it is given as somebody's words."""
        return any(part.role == "quote" or QUOTED.search(part.text) for part in self.parts)

    @property
    def text(self) -> str:
        """The statement as one text, for a reader who sees nothing else."""
        return " · ".join(part.text for part in self.parts) or self.item.evidence.quote


def find(words: str, stretches: Sequence[Sequence[Segment]]) -> Sequence[Segment] | None:
    """The segment, else the stretch, that contains the folded words."""
    if not words:
        return None
    whole = [[segment] for stretch in stretches for segment in stretch]
    return next((part for part in (*whole, *stretches) if contains(_text(part), words)), None)


def spoken_by(speakers: frozenset[str], stretches: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """The parts of the stretches that these speakers said."""
    return [[segment for segment in stretch if segment.speaker in speakers] for stretch in stretches]


def without_quotations(text: str) -> str:
    """The statement's own words."""
    return QUOTED.sub(" ", text)


def _text(part: Sequence[Segment]) -> str:
    return " ".join(folded for segment in part if (folded := fold(segment.text)))
