"""Planted defects and faithful paraphrases against a second pass that says yes to everything."""

from collections import Counter
from functools import cache

import pytest

from sessions_app.pipeline import risk
from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.drafting.schema import Evidence, ExtractedNotes, Passage, Summary, empty_notes
from sessions_app.pipeline.evidence import judge
from sessions_app.pipeline.tests.corpora.evidence_cases import Statement, load
from sessions_app.pipeline.types import Claim, Segment, Support

pytestmark = pytest.mark.slow
PLACES = {
    "key_topic": ("key_topics", schema.KeyTopic, "topic", {}),
    "follow_up_topic": ("follow_up_topics", schema.FollowUpTopic, "topic", {}),
    "emotional_theme": ("emotional_themes", schema.EmotionalTheme, "theme", {}),
    "unresolved_concern": ("unresolved_concerns", schema.UnresolvedConcern, "concern", {}),
    "significant_quote": ("significant_quotes", schema.SignificantQuote, "quote", {"context": "", "start": None}),
    "trigger": ("triggers", schema.Trigger, "trigger", {"context": "", "severity": None}),
    "strategy": ("strategies", schema.Strategy, "name", {"category": "", "status": "practiced", "context": ""}),
    "technique": ("techniques", schema.Technique, "name", {"modality": "", "definition": ""}),
    "action_item": ("action_items", schema.ActionItem, "task", {"category": "", "details": ""}),
}


class YesSayer:
    """The worst second pass."""

    prompt_tokens = completion_tokens = 0

    def support(self, claims: list[Claim]) -> list[Support]:
        return ["supports"] * len(claims)


def notes_with(statement: Statement) -> ExtractedNotes:
    evidence = Evidence(segments=list(statement.segments), quote=statement.quote)
    if statement.field in PLACES:
        name, kind, own, rest = PLACES[statement.field]
        given = {key: statement.extras.get(key, value) for key, value in rest.items()}
        return empty_notes().model_copy(update={name: [kind(evidence=evidence, **{own: statement.text}, **given)]})
    passage = Passage(text=statement.text, evidence=evidence)
    value = Summary(statements=[passage]) if statement.field.endswith("_summary") else passage
    return empty_notes().model_copy(update={statement.field: passage if statement.field == "topic_summary" else value})


def state_of(statement: Statement) -> str:
    said = [Segment(at, None, None, line.text, line.speaker) for at, line in enumerate(statement.transcript.lines)]
    protected = risk.protected_lines(said, risk.find_risk(said))
    language = statement.transcript.language
    result = judge(notes_with(statement), said, language=language, protected=protected, verifier=YesSayer())
    if "protected" in result.refused_reasons:
        return "protected"  # faithful or not, the patient's text takes nothing from lines about risk
    return "supported" if result.supported else "check" if result.to_check else "refused"


@cache
def states(of: str) -> list[tuple[Statement, str]]:
    return [(statement, state_of(statement)) for statement in getattr(load(), of)]


def test_few_planted_defects_pass_and_none_into_the_patients_text() -> None:
    passed = [statement for statement, state in states("defects") if state == "supported"]
    assert len(states("defects")) >= 300
    assert len(passed) <= 0.025 * len(states("defects")), Counter(statement.kind for statement in passed)
    assert [statement.text for statement in passed if statement.field == "patient_summary"] == []


def test_no_invented_quotation_language_risk_or_instruction_passes() -> None:
    kinds = {"invented_quote", "paraphrase_as_quote", "other_language", "markup", "denial", "harmful_instruction"}
    assert {statement.kind for statement, state in states("defects") if state == "supported"} & kinds == set()


def test_nothing_faithful_is_refused_and_half_of_it_needs_no_second_look() -> None:
    counted = Counter(state for _, state in states("paraphrases"))
    assert counted["refused"] == 0
    assert counted["supported"] >= 0.48 * len(states("paraphrases"))
