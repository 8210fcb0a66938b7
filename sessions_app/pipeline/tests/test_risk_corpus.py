"""The corpus that judges the risk pass is itself sound: large, balanced, without repetitions."""

import re
from collections import Counter

import pytest

from sessions_app.pipeline.tests.corpora.risk_cases import (
    RiskCase,
    RiskDialogue,
    has_file,
    load_cases,
    load_dialogues,
)

RISKY = {
    "passive_wish",
    "burden",
    "active_ideation",
    "means",
    "preparation",
    "plan_or_date",
    "past_attempt",
    "self_harm",
    "command_voices",
    "threat_to_others",
    "abuse_suffered",
    "abuse_of_child_or_dependant",
    "overdose_or_substance_danger",
    "goodbye_or_hopeless",
    "explicit",
}
HARMLESS = {
    "idiom",
    "hyperbole",
    "tool_or_place",
    "medical",
    "film_or_game",
    "work",
    "sport",
    "home_and_garden",
    "grief",
    "sadness_and_worry",
    "anger_and_argument",
    "alcohol_and_habits",
    "pets_and_animals",
    "family_and_people",
    "session_talk",
}
HALVES = [name for name in ("seen", "seen_later", "unseen") if has_file(name)]
DIALOGUE_HALVES = [name for name in ("dialogues_seen", "dialogues_seen_later", "dialogues_unseen") if has_file(name)]
MIN_DIALOGUES = 35  # in each half
MIN_OF_A_KIND = 12  # sentences in each half
MIN_SPANISH = 30  # sentences in each half, risky and harmless alike


def folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def repeated(texts: list[str]) -> list[str]:
    return [text for text, count in Counter(map(folded, texts)).items() if count > 1]


@pytest.fixture(params=HALVES)
def half(request: pytest.FixtureRequest) -> list[RiskCase]:
    return load_cases(request.param)


def test_every_kind_has_enough_sentences(half):
    counts = Counter((case.kind, case.risky) for case in half)
    expected = {(kind, True) for kind in RISKY} | {(kind, False) for kind in HARMLESS}
    assert set(counts) == expected
    assert min(counts.values()) >= MIN_OF_A_KIND


@pytest.mark.parametrize("risky", [True, False])
def test_spanish_has_its_share(half, risky):
    languages = Counter(case.language for case in half if case.risky is risky)
    assert set(languages) == {"en", "es"}
    assert languages["es"] >= MIN_SPANISH


def test_machine_transcripts_without_punctuation_are_among_the_sentences(half):
    bare = [case for case in half if not re.search(r"[^\w\s]", case.text) and case.text == case.text.lower()]
    assert len({case.kind for case in bare if case.risky}) >= 10
    assert len({case.kind for case in bare if not case.risky}) >= 10


def test_no_sentence_occurs_twice_in_or_between_halves():
    assert repeated([case.text for name in HALVES for case in load_cases(name)]) == []


@pytest.fixture(params=DIALOGUE_HALVES)
def dialogues(request: pytest.FixtureRequest) -> list[RiskDialogue]:
    return load_dialogues(request.param)


def test_there_are_enough_dialogues_in_both_languages(dialogues):
    assert len(dialogues) >= MIN_DIALOGUES
    assert {dialogue.language for dialogue in dialogues} == {"en", "es"}


def test_only_harmless_questions_have_nothing_to_list(dialogues):
    assert {d.kind for d in dialogues if not d.listed} == {"harmless_question"}
    assert "harmless_question" not in {d.kind for d in dialogues if d.listed}


def test_what_must_be_listed_is_said_by_the_patient_or_a_relative(dialogues):
    speakers = {dialogue.lines[index].speaker for dialogue in dialogues for index in dialogue.listed}
    assert speakers == {"patient", "other"}


def test_lines_on_other_matters_in_a_risky_dialogue_must_not_be_listed(dialogues):
    assert sum(bool(dialogue.listed and dialogue.unlisted) for dialogue in dialogues) >= 3


def test_no_dialogue_occurs_twice_in_or_between_halves():
    spoken = [" ".join(line.text for line in d.lines) for name in DIALOGUE_HALVES for d in load_dialogues(name)]
    assert repeated(spoken) == []
