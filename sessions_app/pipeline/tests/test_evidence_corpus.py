"""Planted defects and faithful paraphrases against a second pass that says yes to everything."""

from collections import Counter
from functools import cache

import pytest

from sessions_app.pipeline import risk
from sessions_app.pipeline.evidence import judge
from sessions_app.pipeline.tests.corpora.evidence_cases import Statement, Transcript, load, notes_with
from sessions_app.pipeline.types import Claim, Segment, Support

pytestmark = pytest.mark.slow


class YesSayer:
    """The worst second pass."""

    prompt_tokens = completion_tokens = 0

    def support(self, claims: list[Claim]) -> list[Support]:
        return ["supports"] * len(claims)


@cache
def said_in(transcript: Transcript) -> tuple[list[Segment], set[int]]:
    """The lines of a transcript, and which of them are about risk."""
    said = [Segment(at, None, None, line.text, line.speaker) for at, line in enumerate(transcript.lines)]
    return said, risk.protected_lines(said, risk.find_risk(said))


def state_of(statement: Statement) -> str:
    said, protected = said_in(statement.transcript)
    language = statement.transcript.language
    result = judge(notes_with(statement), said, language=language, protected=protected, verifier=YesSayer())
    if "protected" in result.refused_reasons:
        return "protected"  # faithful or not, the patient's text takes nothing from lines about risk
    return "supported" if result.supported else "check" if result.to_check else "refused"


@cache
def states(of: str, corpus: str = "evidence") -> list[tuple[Statement, str]]:
    return [(statement, state_of(statement)) for statement in getattr(load(corpus), of)]


def test_few_planted_defects_pass_and_none_into_the_patients_text() -> None:
    passed = [statement for statement, state in states("defects") if state == "supported"]
    assert len(states("defects")) >= 300
    assert len(passed) <= 0.025 * len(states("defects")), Counter(statement.kind for statement in passed)
    assert [statement.text for statement in passed if statement.field == "patient_summary"] == []


def test_no_invented_quotation_language_risk_or_instruction_passes() -> None:
    kinds = {"invented_quote", "paraphrase_as_quote", "other_language", "markup", "denial", "harmful_instruction"}
    assert {statement.kind for statement, state in states("defects") if state == "supported"} & kinds == set()


def test_nothing_faithful_is_refused_and_most_of_it_needs_no_second_look() -> None:
    counted = Counter(state for _, state in states("paraphrases"))
    assert counted["refused"] == 0
    assert counted["supported"] >= 0.8 * len(states("paraphrases"))


@pytest.mark.parametrize(
    ("corpus", "supported", "wrong"),
    [("evidence_later", 0.49, 0.055), ("evidence_unseen", 0.69, 0.04), ("evidence_fresh", 0.8, 0.045)],
)
def test_on_statements_that_the_rules_were_not_mended_with_they_come_as_far_as_this(
    corpus: str, supported: float, wrong: float
) -> None:
    """In part short of the four in five that are wanted; nothing faithful is refused.

    The weights were learned with all of them; `evidence_weights` prints what they come to without the one that is
    judged.
    """
    defects, paraphrases = states("defects", corpus), states("paraphrases", corpus)
    passed = [statement for statement, state in defects if state == "supported"]
    assert len(passed) <= wrong * len(defects), Counter(statement.kind for statement in passed)
    assert [statement.text for statement in passed if statement.field == "patient_summary"] == []
    counted = Counter(state for _, state in paraphrases)
    assert counted["supported"] >= supported * len(paraphrases)
    assert counted["refused"] == 0


def test_on_statements_that_nothing_was_learned_from_it_says_less_and_nothing_wrong_to_the_patient() -> None:
    """A set by somebody who knew no rule; half of what is true of it needs a second look."""
    defects, paraphrases = states("defects", "evidence_blind"), states("paraphrases", "evidence_blind")
    passed = [statement for statement, state in defects if state == "supported"]
    assert len(passed) <= 0.065 * len(defects), Counter(statement.kind for statement in passed)
    assert [statement.text for statement in passed if statement.field == "patient_summary"] == []
    counted = Counter(state for _, state in paraphrases)
    assert counted["supported"] >= 0.5 * len(paraphrases)
    assert counted["refused"] == 0
