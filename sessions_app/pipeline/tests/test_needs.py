"""Patterns that are tried only where their words stand find what they would find everywhere."""

import re

import pytest

from sessions_app.pipeline.lexicon.risk.terms import lexicon
from sessions_app.pipeline.lexicon.techniques import TECHNIQUES
from sessions_app.pipeline.lexicon.topics import EMOTIONS, TOPICS
from sessions_app.pipeline.risk import find_risk
from sessions_app.pipeline.tests.corpora.risk_cases import load_cases
from sessions_app.pipeline.text import phrase_search
from sessions_app.pipeline.text.frames import cores_pattern, frames_pattern
from sessions_app.pipeline.text.matching import fold, phrases
from sessions_app.pipeline.text.needs import Needs, needs_of
from sessions_app.tests.talk import talk

LISTS = {"techniques": {one.name: one.pattern for one in TECHNIQUES}, "topics": TOPICS, "emotions": EMOTIONS}
SAID = [fold(case.text) for case in load_cases("seen")[:400]]


@pytest.mark.parametrize("name", LISTS)
def test_no_pattern_of_a_list_is_left_out_that_matches(name):
    patterns = [phrases(lines) for lines in LISTS[name].values()]
    needs = Needs((pattern.pattern, "") for pattern in patterns)
    texts = [*SAID, *(re.sub(r"[^a-z ]", "", line) for lines in LISTS[name].values() for line in lines.split("|"))]
    for text in texts:
        matching = {at for at, pattern in enumerate(patterns) if pattern.search(text)}
        assert matching <= set(needs.met(text.split())), text


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_rule_is_left_out_that_matches(language):
    listed = lexicon(language)
    written = [(frames_pattern(rule.cores, rule.frames, listed.classes), rule.cores) for rule in listed.rules]
    needs = Needs((frames, cores_pattern(cores)) for frames, cores in written)
    compiled = [(re.compile(cores_pattern(cores)), re.compile(frames)) for frames, cores in written]
    for text in [fold(case.text) for case in load_cases("seen") if case.language == language]:
        words = text.split()
        matching = {
            at
            for at, (core, frames) in enumerate(compiled)
            if any(map(core.fullmatch, words)) and frames.search(f"{text} ")
        }
        assert matching <= set(needs.met(words)), text


def test_few_rules_are_tried_in_a_harmless_transcript(monkeypatch):
    tried = []
    is_in = phrase_search.PhraseSearch._is_in
    monkeypatch.setattr(
        phrase_search.PhraseSearch, "_is_in", lambda *arguments: tried.append(arguments) or is_in(*arguments)
    )
    harmless = [case.text for case in load_cases("seen") if not case.risky][:200]
    find_risk(talk(*[("patient", text) for text in harmless]))
    assert len(tried) < 3 * len(harmless)


@pytest.mark.parametrize(
    ("pattern", "met", "unmet"),
    [
        ("(a|be)? cat", ["a cat", "be cat"], ["a dog"]),
        ("cats?", ["cat", "cats"], ["catch"]),
        ("break ?up", ["breakup", "break it up"], ["break", "up"]),
        ("suicid\\w*|end (my|his) (own )?life", ["suicidal", "end my life"], ["my own life", "end my"]),
        ("not (\\w+ ){0,4}(die|dead)( now| here|$)", ["not want to die", "not dead now"], ["not now", "die"]),
        ("(?<!no )sleep(?! well)", ["good sleep", "no sleep"], ["no", "well"]),
        ("fantasi[sz]e", ["fantasise", "fantasize"], ["fantasie"]),
        ("[^a]c \\d+", ["anything"], []),
    ],
)
def test_the_words_that_a_pattern_needs_are_read_from_it(pattern, met, unmet):
    needs = Needs([(pattern, "")])
    assert all(needs.met(text.split()) for text in met)
    assert not any(needs.met(text.split()) for text in unmet)


def test_a_core_is_needed_besides():
    assert needs_of("carry (on|through)", "on|through") == [[frozenset({"carry"}), frozenset({"on", "through"})]]
