"""Whose voice is whose: by name, by words of the trade, else by what each says. In doubt, a person is asked."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sessions_app.pipeline.lexicon.roles import role_of
from sessions_app.pipeline.speakers.evidence import clear_therapist
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.types import Segment, Speaker

SpeakerSource = Literal["label", "name", "guess", "person", "none"]
TELLING_WORDS = 25
Roles = dict[str, Speaker | None]
_PAIR = 2
_OPPOSITE: dict[Speaker, Speaker] = {"therapist": "patient", "patient": "therapist"}
_ASIDE = re.compile(r"[(\[].*?[)\]]")  # pronouns, a clinic's name, "(Host)"
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
    """The role of each labelled voice; lines without a label stay "unknown"."""
    voices = voices_of(segments)
    roles, source = _told(voices, people)
    if _is_open(roles):
        return Resolved(with_roles(segments, {}), "none", must_ask=True)
    return Resolved(with_roles(segments, roles), source)


def _told(voices: Mapping[str, Sequence[str]], people: People) -> tuple[Roles, SpeakerSource]:
    named = _by_name(voices, people)
    roles = {voice: role or role_of(voice) for voice, role in named.items()}
    if any(roles.values()):
        return _completed(roles), "name" if any(named.values()) else "label"
    if len(voices) > 1:
        return _by_evidence(voices), "guess"
    return dict.fromkeys(voices, "unknown"), "none"  # one label for everybody tells nobody apart


def voices_in(segments: Sequence[Segment]) -> list[Voice]:
    """The labelled voices, in the order of their first lines."""
    lines: dict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        if voice := fold(segment.label):
            lines[voice].append(segment)
    return [Voice(said[0].label, _usual(said), said) for said in lines.values()]


def voices_of(segments: Sequence[Segment]) -> dict[str, list[str]]:
    """What each labelled voice says, by folded label, in the order of their first lines."""
    return {fold(voice.label): [line.text for line in voice.lines] for voice in voices_in(segments)}


def _usual(lines: Sequence[Segment]) -> Speaker:
    return Counter(line.speaker for line in lines).most_common(1)[0][0]


def with_roles(segments: Sequence[Segment], roles: Mapping[str, Speaker | None]) -> list[Segment]:
    """The segments with the role of their voice; "unknown" for a voice without one."""
    return [replace(segment, speaker=roles.get(fold(segment.label)) or "unknown") for segment in segments]


def _is_open(roles: Roles) -> bool:
    """Whether several voices are not told apart as a therapist, a patient and perhaps others."""
    told = set(roles.values())
    return len(roles) > 1 and (None in told or not told >= set(_OPPOSITE))


def _completed(roles: Roles) -> Roles:
    """Of two voices, a nameless one is the other person; beside both, whoever is left is somebody else."""
    known = {role for role in roles.values() if role in _OPPOSITE}
    if len(known) == len(_OPPOSITE):
        return {voice: role or "other" for voice, role in roles.items()}
    if len(roles) == _PAIR and len(known) == 1:
        other = _OPPOSITE[known.pop()]
        return {voice: role or (other if _NAMELESS.fullmatch(voice) else None) for voice, role in roles.items()}
    return roles


def _by_evidence(voices: Mapping[str, Sequence[str]]) -> Roles:
    therapist = clear_therapist(voices) if len(voices) == _PAIR else None
    if therapist is None:
        return dict.fromkeys(voices)
    return {voice: "therapist" if voice == therapist else "patient" for voice in voices}


def _by_name(voices: Mapping[str, object], people: People) -> Roles:
    therapist, patient = _words(people.therapist), _words(people.patient)
    found: Roles = {}
    for voice in voices:
        is_therapist, is_patient = _names(voice, therapist, patient), _names(voice, patient, therapist)
        found[voice] = "therapist" if is_therapist else "patient" if is_patient else None
    return found


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
