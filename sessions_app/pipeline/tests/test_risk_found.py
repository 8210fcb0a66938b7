"""How much of a corpus of sentences is found, and how much is listed wrongly. The figures: docs/clinical-safety.md."""

import pytest

from sessions_app.pipeline.risk import find_risk, protected_lines
from sessions_app.pipeline.tests.corpora.risk_cases import load_cases, load_dialogues
from sessions_app.pipeline.types import Segment
from sessions_app.tests.growth import grows_less_than
from sessions_app.tests.talk import talk

CASES = load_cases("seen")
# Never looked at while the rules were written and the classifier was trained.
UNSEEN = load_cases("unseen")
LANGUAGES = sorted({case.language for case in CASES})
KINDS = sorted({case.kind for case in CASES if case.risky})


def found(cases):
    return [case.text for case in cases if find_risk(talk(("patient", case.text)))]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_most_of_what_is_risky_is_found(language):
    risky = [case for case in CASES if case.risky and case.language == language]
    assert len(found(risky)) >= 0.9 * len(risky)


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_is_missed(kind):
    risky = [case for case in CASES if case.risky and case.kind == kind]
    assert len(found(risky)) >= 0.7 * len(risky)


@pytest.mark.parametrize("cases", [CASES, UNSEEN], ids=["seen", "unseen"])
def test_explicit_words_are_found(cases):
    explicit = [case for case in cases if case.kind == "explicit"]
    assert len(found(explicit)) >= 0.9 * len(explicit)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_little_is_listed_that_is_harmless(language):
    harmless = [case for case in CASES if not case.risky and case.language == language]
    assert len(found(harmless)) <= 0.05 * len(harmless)


@pytest.mark.slow
def test_sentences_that_the_rules_were_not_written_for_are_found_as_the_documentation_says():
    risky, harmless = ([case for case in UNSEEN if case.risky is wanted] for wanted in (True, False))
    assert len(found(risky)) >= 0.7 * len(risky)
    assert len(found(harmless)) <= 0.1 * len(harmless)


@pytest.mark.parametrize("dialogue", load_dialogues("dialogues_seen"), ids=lambda one: f"{one.kind}-{one.language}")
def test_an_answer_to_a_question_about_risk_is_listed(dialogue):
    segments = talk(*[(line.speaker, line.text) for line in dialogue.lines])
    flags = find_risk(segments)
    listed = {index for flag in flags for index in flag.evidence.segments}
    assert dialogue.listed <= listed
    assert not dialogue.unlisted & listed
    assert listed <= protected_lines(segments, flags)


@pytest.mark.slow
def test_four_times_the_length_takes_less_than_ten_times_the_processor():
    """In proportion it takes four times as long, with the square sixteen times."""
    words = [case.text for case in CASES]

    def lines(length):
        return [Segment(at, None, None, words[at % len(words)], "patient") for at in range(length)]

    assert grows_less_than(10, find_risk, lines(4_000), lines(16_000))


def test_each_turn_is_asked_about_so_that_a_cancelled_draft_ends_among_them():
    turns = talk(*[("therapist", "And how was that for you?"), ("patient", "It was loud and I left.")] * 2)
    asked = []
    find_risk(turns, lambda: asked.append(1))
    assert len(asked) == len(turns)
    with pytest.raises(ZeroDivisionError):
        find_risk(turns, lambda: 1 / 0)
