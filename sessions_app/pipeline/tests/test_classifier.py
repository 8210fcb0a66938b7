"""The classifier by itself: how far it comes without the rules, that it can be retrained, and what it leaves alone."""

from functools import cache

import pytest

from sessions_app.pipeline.classifier.features import spoken
from sessions_app.pipeline.classifier.model import FILE, classifier, read
from sessions_app.pipeline.classifier.training.fitting import trained_weights, written
from sessions_app.pipeline.classifier.training.sentences import load
from sessions_app.pipeline.risk import find_risk
from sessions_app.pipeline.tests.corpora.evidence_cases import load as load_transcripts
from sessions_app.pipeline.tests.corpora.risk_cases import RiskCase, load_cases
from sessions_app.tests.talk import talk


@cache
def suspected(name: str, *, risky: bool) -> tuple[int, int]:
    """How many sentences of a half the classifier alone would list, and of how many."""
    cases = [case for case in load_cases(name) if case.risky is risky]
    return sum(classifier().suspicion(case.text) is not None for case in cases), len(cases)


@pytest.mark.slow
def test_the_weights_are_what_the_training_makes_of_its_sentences():
    assert written(trained_weights(load())) == FILE.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["seen_later", "unseen"])
def test_alone_it_finds_two_in_five_of_what_it_was_not_trained_with_and_little_that_is_harmless(name):
    found, risky = suspected(name, risky=True)
    listed, harmless = suspected(name, risky=False)
    assert found >= 0.4 * risky
    assert listed <= 0.08 * harmless


def test_no_sentence_that_judges_it_is_among_those_it_was_trained_with():
    trained = {" ".join(spoken(sentence.text)) for sentence in load()}
    judged: list[RiskCase] = [case for name in ("seen_later", "unseen") for case in load_cases(name)]
    assert [case.text for case in judged if " ".join(spoken(case.text)) in trained] == []


@pytest.mark.slow
def test_of_ordinary_talk_it_puts_hardly_anything_among_the_graver_lines():
    lines = [line.text for transcript in load_transcripts().transcripts for line in transcript.lines]
    graver = [line for line in lines if (found := classifier().suspicion(line)) and found.is_sure]
    assert len(graver) <= 0.03 * len(lines)


def test_a_score_can_be_taken_apart_into_words():
    text = "I keep thinking about the bridge and how cold the water would be"
    reasons = dict(classifier().risky.reasons(spoken(text)))
    assert {"bridge", "water"} <= set(reasons)


def test_a_word_without_a_weight_counts_for_nothing():
    sections = read(["[risky]", "w rope 1000", "b  -500", "v 0 0"])
    assert sections["risky"].words == {"rope": 1.0}


HINT = "I found out what time the night goods goes through and where the fence is down."


def test_its_flags_say_where_they_are_from_and_are_never_the_gravest():
    flags = find_risk(talk(("patient", HINT)))
    assert {flag.source for flag in flags} == {"classifier"}
    assert {flag.severity for flag in flags} <= {"low", "medium"}


def test_it_reads_neither_the_therapist_nor_interjections():
    assert find_risk(talk(("therapist", HINT))) == []
    assert find_risk(talk(("patient", "Mm hm."))) == []


def test_it_adds_nothing_where_a_rule_lists_the_line():
    flags = find_risk(talk(("patient", "I want to kill myself with the rope in the garage.")))
    assert {flag.source for flag in flags} == {"rule"}
