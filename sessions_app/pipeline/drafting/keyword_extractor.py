"""The built-in extractor: word lists and verbatim sentences, labelled "keyword-based draft"."""

from collections.abc import Sequence

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.drafting.keyword_summaries import (
    Findings,
    covering,
    listed,
    patient_summary,
    therapist_summary,
)
from sessions_app.pipeline.drafting.quotes import central_sentences
from sessions_app.pipeline.drafting.schema import MAX_TOPICS, ExtractedNotes, empty_notes, normalise
from sessions_app.pipeline.lexicon.cues import (
    ASSIGNMENT,
    COMMITMENT,
    CONCERN,
    FOLLOW_UP,
    INTENSITY,
    STRATEGY_STATUS,
    TRIGGER,
)
from sessions_app.pipeline.lexicon.techniques import TECHNIQUES
from sessions_app.pipeline.lexicon.topics import EMOTIONS, TOPICS
from sessions_app.pipeline.risk import find_risk
from sessions_app.pipeline.text.matching import fold, phrases
from sessions_app.pipeline.text.mentions import (
    Line,
    Mention,
    affirmed,
    compiled,
    first_label,
    lines_of,
    mentions,
    without_risk,
)
from sessions_app.pipeline.types import BeforeCall, Draft, Quality, Segment, unasked

FEWEST_TOPICS = 3
MAX_FEELINGS = 6
MAX_QUOTES = 4
MAX_CANDIDATES = 12
QUOTE_WORDS = range(6, 36)
_TOPICS = compiled(TOPICS)
_EMOTIONS = compiled(EMOTIONS)
_TECHNIQUES = compiled({entry.name: entry.pattern for entry in TECHNIQUES})
_LIBRARY = {entry.name: entry for entry in TECHNIQUES}
_STATUS = compiled(STRATEGY_STATUS)
_INTENSITY = compiled(INTENSITY)
_TRIGGER, _COMMITMENT, _ASSIGNMENT = phrases(TRIGGER), phrases(COMMITMENT), phrases(ASSIGNMENT)
_FOLLOW_UP, _CONCERN = phrases(FOLLOW_UP), phrases(CONCERN)


class KeywordExtractor:
    """Every statement is a label whose words were said, or a verbatim sentence; everything else is not assessed."""

    name = "builtin"
    model = "keywords-1"
    quality: Quality = "keyword_draft"
    prompt_version = "lexicon-1"

    def extract(self, segments: Sequence[Segment], *, before_call: BeforeCall = unasked) -> Draft:
        """Draft notes over the whole transcript, which stays here; an empty one gives empty notes."""
        return Draft(notes=draft_notes(segments).model_dump())


def draft_notes(segments: Sequence[Segment]) -> ExtractedNotes:
    """The notes as a model object; mood, trajectory and breakthrough are not assessed."""
    lines = lines_of(segments)
    flags = find_risk(segments)
    plain = without_risk(lines, flags)
    found = _findings(plain)
    topics = _key_topics(lines)
    techniques = mentions(lines, _TECHNIQUES)
    notes = empty_notes().model_copy(
        update={
            "key_topics": [schema.KeyTopic(topic=topic.label, evidence=topic.best.evidence) for topic in topics],
            "topic_summary": _topic_summary(topics),
            "strategies": _strategies(techniques),
            "emotional_themes": [_theme(mention) for mention in _feelings(lines)],
            "triggers": _triggers(lines),
            "action_items": [_action_item(line) for line in found.tasks],
            "significant_quotes": [_significant_quote(line, segments) for line in _central(lines, MAX_QUOTES)],
            "follow_up_topics": [_follow_up(line) for line in found.follow_ups],
            "unresolved_concerns": [_concern(line) for line in found.concerns],
            "risk_flags": flags,
            "techniques": [_technique(mention) for mention in techniques],
            "therapist_summary": therapist_summary(found),
            "patient_summary": patient_summary(found),
        }
    )
    return normalise(notes)


def _findings(lines: Sequence[Line]) -> Findings:
    return Findings(
        topics=_key_topics(lines),
        feelings=_feelings(lines),
        techniques=[Mention(mention.label.lower(), mention.lines) for mention in mentions(lines, _TECHNIQUES)][:5],
        tasks=_distinct([line for line in lines if _is_task(line)]),
        concerns=_distinct([line for line in lines if line.is_patient_side and _CONCERN.search(line.folded)]),
        follow_ups=_distinct([line for line in lines if _FOLLOW_UP.search(line.folded)]),
        central=_central(lines, MAX_CANDIDATES),
    )


def _key_topics(lines: Sequence[Line]) -> list[Mention]:
    """At most seven; single mentions count only if there would be fewer than three topics."""
    found = mentions(lines, _TOPICS)
    repeated = [mention for mention in found if len(mention.lines) > 1]
    return (repeated if len(repeated) >= FEWEST_TOPICS else found[:FEWEST_TOPICS])[:MAX_TOPICS]


def _topic_summary(topics: Sequence[Mention]) -> schema.Passage | None:
    if not topics:
        return None
    text = f"The session touched on {listed([topic.label for topic in topics])}."
    return schema.Passage(text=text, evidence=covering(topics))


def _feelings(lines: Sequence[Line]) -> list[Mention]:
    named = mentions([line for line in lines if line.is_patient_side], _EMOTIONS)
    return affirmed(named, _EMOTIONS)[:MAX_FEELINGS]


def _theme(mention: Mention) -> schema.EmotionalTheme:
    return schema.EmotionalTheme(theme=mention.label, evidence=mention.best.evidence)


def _strategies(techniques: Sequence[Mention]) -> list[schema.Strategy]:
    """Only if the sentence itself says what was done with the technique."""
    found: dict[tuple[str, str], schema.Strategy] = {}
    for mention in techniques:
        for line in mention.lines:
            status = first_label(line, _STATUS)
            if status is not None and (mention.label, status) not in found:
                found[mention.label, status] = _strategy(mention.label, status, line)
    return list(found.values())


def _strategy(name: str, status: str, line: Line) -> schema.Strategy:
    values = {"name": name, "category": _LIBRARY[name].category, "status": status, "context": line.text}
    return schema.Strategy.model_validate({**values, "evidence": line.evidence})


def _technique(mention: Mention) -> schema.Technique:
    entry = _LIBRARY[mention.label]
    return schema.Technique(
        name=entry.name, modality=entry.modality, definition=entry.definition, evidence=mention.best.evidence
    )


def _triggers(lines: Sequence[Line]) -> list[schema.Trigger]:
    """Only if the patient's own words grade the reaction."""
    candidates = [line for line in lines if line.is_patient_side and _TRIGGER.search(line.folded)]
    graded = [(line, first_label(line, _INTENSITY)) for line in _distinct(candidates)]
    return [
        schema.Trigger.model_validate(
            {"trigger": line.text, "context": "", "severity": severity, "evidence": line.evidence}
        )
        for line, severity in graded
        if severity is not None
    ]


def _is_task(line: Line) -> bool:
    if line.segment.speaker != "patient" and _ASSIGNMENT.search(line.folded):
        return True
    return line.is_patient_side and _COMMITMENT.search(line.folded) is not None


def _action_item(line: Line) -> schema.ActionItem:
    details = {"therapist": "Suggested by the therapist.", "patient": "Said by the patient."}
    return schema.ActionItem(
        task=line.text,
        category="homework" if _ASSIGNMENT.search(line.folded) else "intention",
        details=details.get(line.segment.speaker, "Speaker not identified."),
        evidence=line.evidence,
    )


def _significant_quote(line: Line, segments: Sequence[Segment]) -> schema.SignificantQuote:
    """With the preceding question by the therapist, if any, as context."""
    evidence = line.evidence
    asked = _question_before(line.segment, segments)
    if asked is not None:
        evidence.segments.append(asked.segment.index)
    return schema.SignificantQuote(
        quote=line.text, context=asked.text if asked else "", start=line.segment.start, evidence=evidence
    )


def _question_before(segment: Segment, segments: Sequence[Segment]) -> Line | None:
    at = next(at for at, other in enumerate(segments) if other is segment)
    if at == 0 or segments[at - 1].speaker != "therapist":
        return None
    questions = [line for line in lines_of([segments[at - 1]]) if line.text.endswith("?")]
    return questions[-1] if questions else None


def _follow_up(line: Line) -> schema.FollowUpTopic:
    return schema.FollowUpTopic(topic=line.text, evidence=line.evidence)


def _concern(line: Line) -> schema.UnresolvedConcern:
    return schema.UnresolvedConcern(concern=line.text, evidence=line.evidence)


def _central(lines: Sequence[Line], count: int) -> list[Line]:
    """The patient's most central sentences, in spoken order."""
    own = [line for line in lines if line.is_patient_side and len(line.folded.split()) in QUOTE_WORDS]
    candidates = _distinct(own, most=len(own))
    return [candidates[at] for at in sorted(central_sentences([line.text for line in candidates], count))]


def _distinct(lines: Sequence[Line], most: int = MAX_CANDIDATES) -> list[Line]:
    kept: dict[str, Line] = {}
    for line in lines:
        kept.setdefault(fold(line.text), line)
    return list(kept.values())[:most]
