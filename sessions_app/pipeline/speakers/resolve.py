"""Whose voice is whose: by name, by words of the trade, else by what each says. In doubt, a person is asked."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sessions_app.pipeline.lexicon.roles import role_of
from sessions_app.pipeline.speakers.questions import clear_therapist
from sessions_app.pipeline.text.matching import fold, voice_key
from sessions_app.pipeline.types import Segment, Speaker

SpeakerSource = Literal["label", "name", "guess", "person", "none"]
TELLING_WORDS = 25
Roles = dict[str, Speaker | None]
_PAIR = 2
MAX_VOICES = 50
_OPPOSITE: dict[Speaker, Speaker] = {"therapist": "patient", "patient": "therapist"}
_ASIDE = re.compile(r"[(\[].*?[)\]]|['\u2019]s\b")  # pronouns, "(Host)", the owner of a telephone
_TITLES = frozenset({"dr", "doctor", "prof", "professor", "mr", "mrs", "ms", "mx", "med", "phd", "psyd", "lcsw"})
# A label of a machine: it tells voices apart and says nothing about who they are.
_NAMELESS = re.compile(
    r"(?:speaker|spk|person|participant|voice|channel|guest|sprecher|hablante|intervenant)? ?\w{0,2}"
)


@dataclass(frozen=True, slots=True)
class People:
    """The full names of those who should be in the room."""

    therapist: str = ""
    patient: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """Everything said under one label; the role is that of most of its lines."""

    label: str
    role: Speaker
    lines: list[Segment]

    @property
    def key(self) -> str:
        """What all ways of writing the label have in common."""
        return voice_key(self.label)

    @property
    def texts(self) -> list[str]:
        """What was said."""
        return [line.text for line in self.lines]

    def telling(self, count: int = 3) -> list[Segment]:
        """The lines by which a person who was there recognises the voice, in order."""
        longest = sorted(self.lines, key=lambda line: -min(len(line.text.split()), TELLING_WORDS))[:count]
        return sorted(longest, key=lambda line: line.index)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Segments with their speakers. If `must_ask`, no voice has a role until a person has said who it is."""

    segments: list[Segment]
    source: SpeakerSource
    must_ask: bool = False


def resolve(segments: Sequence[Segment], people: People) -> Resolved:
    """The role of each labelled voice; lines without a label stay as they are."""
    voices = voices_in(segments)
    if len(voices) > MAX_VOICES:  # no session has so many: what was taken for labels is something else
        return Resolved(with_roles(segments, {}), "none")
    roles, source = _told(voices, people)
    if _is_open(roles):
        return Resolved(with_roles(segments, {}), "none", must_ask=True)
    return Resolved(with_roles(segments, roles), source)


def _told(voices: Sequence[Voice], people: People) -> tuple[Roles, SpeakerSource]:
    named = {voice.key: _role_by_name(voice.label, people) for voice in voices}
    roles = {voice.key: named[voice.key] or role_of(voice.label) for voice in voices}
    if any(roles.values()):
        is_named = any(named.values())
        return _completed(roles, is_named=is_named), "name" if is_named else "label"
    if len(voices) > 1:
        return _by_evidence({voice.key: voice.texts for voice in voices}), "guess"
    return dict.fromkeys(roles, "unknown"), "none"  # one label for everybody tells nobody apart


def voices_in(segments: Sequence[Segment]) -> list[Voice]:
    """The labelled voices, in the order of their first lines."""
    lines: dict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        if voice := voice_key(segment.label):
            lines[voice].append(segment)
    return [Voice(said[0].label, _usual(said), said) for said in lines.values()]


def voices_of(segments: Sequence[Segment]) -> dict[str, list[str]]:
    """What each labelled voice says, by folded label, in the order of their first lines."""
    return {voice.key: voice.texts for voice in voices_in(segments)}


def _usual(lines: Sequence[Segment]) -> Speaker:
    return Counter(line.speaker for line in lines).most_common(1)[0][0]


def with_roles(segments: Sequence[Segment], roles: Mapping[str, Speaker | None]) -> list[Segment]:
    """The segments with the role of their voice, "unknown" if it has none; lines without a voice stay as they are."""
    return [
        replace(segment, speaker=roles.get(voice_key(segment.label)) or "unknown") if segment.label else segment
        for segment in segments
    ]


def _is_open(roles: Roles) -> bool:
    """Whether several voices are not told apart as a therapist, a patient and perhaps others."""
    told = set(roles.values())
    return len(roles) > 1 and (None in told or not told >= set(_OPPOSITE))


def _completed(roles: Roles, *, is_named: bool) -> Roles:
    """Of two voices, the one that is left is the other person; beside both, whoever is left is somebody else.

    Where a file names one of the two (`is_named`), another name than that of the second is a stranger's.
    """
    known = {role for role in roles.values() if role in _OPPOSITE}
    if len(known) == len(_OPPOSITE):
        return {voice: role or "other" for voice, role in roles.items()}
    if len(roles) == _PAIR and len(known) == 1:
        other = _OPPOSITE[known.pop()]
        return {
            voice: role or (other if not is_named or _NAMELESS.fullmatch(voice) else None)
            for voice, role in roles.items()
        }
    return roles


def _by_evidence(voices: Mapping[str, Sequence[str]]) -> Roles:
    therapist = clear_therapist(voices) if len(voices) == _PAIR else None
    if therapist is None:
        return dict.fromkeys(voices)
    return {voice: "therapist" if voice == therapist else "patient" for voice in voices}


def _role_by_name(label: str, people: People) -> Speaker | None:
    therapist, patient = _words(people.therapist), _words(people.patient)
    if _names(label, therapist, patient):
        return "therapist"
    return "patient" if _names(label, patient, therapist) else None


def _names(label: str, own: list[str], other: list[str]) -> bool:
    """Whether a label names a person, and could not mean the other one."""
    words = set(_words(label))
    return bool(words) and _fits(words, own) and not _fits(words, other)


def _fits(words: set[str], name: list[str]) -> bool:
    initials = "".join(word[0] for word in name)
    return bool(name) and (words <= set(name) or set(name) <= words or (len(name) > 1 and words == {initials}))


def _words(name: str) -> list[str]:
    """The words of a name without titles and asides: "Weiss, Dr. Dana (she/her)" has two."""
    return [word for word in fold(_ASIDE.sub(" ", name)).split() if word not in _TITLES]
