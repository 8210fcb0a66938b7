"""The built-in extractor: word lists and verbatim sentences, labelled "keyword-based draft".

Few and true: what the words do not show is left out, and nobody's words are given as the patient's while the speakers
are not told apart.
"""

from collections.abc import Iterable, Sequence, Set

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.drafting.keyword_summaries import (
    Findings,
    covering,
    evidence_of,
    listed,
    patient_summary,
    therapist_summary,
)
from sessions_app.pipeline.drafting.quotes import central_sentences
from sessions_app.pipeline.drafting.schema import MAX_TOPICS, ExtractedNotes, empty_notes, normalise
from sessions_app.pipeline.drafting.tasks import Task, agreed_tasks
from sessions_app.pipeline.lexicon.cues import CONCERN, FOLLOW_UP, INTENSITY, STRATEGY_STATUS, TRIGGER
from sessions_app.pipeline.lexicon.techniques import TECHNIQUES
from sessions_app.pipeline.lexicon.topics import DELICATE_TOPICS, EMOTIONS, TOPICS
from sessions_app.pipeline.text.fluency import fluent, is_halting
from sessions_app.pipeline.text.matching import phrases
from sessions_app.pipeline.text.mentions import (
    Line,
    Mention,
    compiled,
    first_label,
    lines_of,
    mentions,
    own_feelings,
)
from sessions_app.pipeline.types import BeforeCall, Draft, Quality, Segment, unasked

FEWEST_TOPICS = 3
SURE_MENTIONS = 3  # lines that must mention a topic if many words of a transcript may be wrong
PATIENT_MENTIONS = 2  # lines of the patient
MAX_FEELINGS = 6
MAX_QUOTES = 4
MAX_CANDIDATES = 12
MAX_NAMED = 5  # techniques in the summary
QUOTE_WORDS = range(6, 36)
_TOPICS = compiled(TOPICS)
_EMOTIONS = compiled(EMOTIONS)
_TECHNIQUES = compiled({entry.name: entry.pattern for entry in TECHNIQUES})
_LIBRARY = {entry.name: entry for entry in TECHNIQUES}
_STATUS = compiled(STRATEGY_STATUS)
_INTENSITY = compiled(INTENSITY)
_TRIGGER, _FOLLOW_UP, _CONCERN = phrases(TRIGGER), phrases(FOLLOW_UP), phrases(CONCERN)


class KeywordExtractor:
    """Every statement is a label whose words stand in a line, or a verbatim sentence; the rest is not assessed."""

    name = "builtin"
    model = "keywords-2"
    quality: Quality = "keyword_draft"
    prompt_version = "lexicon-2"

    def __init__(self, *, has_low_quality: bool = False, most_quotes: int = MAX_QUOTES) -> None:
        """`has_low_quality`: many words of the transcript may be wrong, so nothing is quoted from it."""
        self._has_low_quality = has_low_quality
        self._most_quotes = most_quotes

    def extract(self, segments: Sequence[Segment], *, protected: Set[int], before_call: BeforeCall = unasked) -> Draft:
        """Draft notes over the whole transcript, which stays here; an empty one gives empty notes.

        `before_call` is asked before each slow step, so that a cancelled draft ends.
        """
        drafted = (
            outline(segments)
            if self._has_low_quality
            else draft_notes(segments, protected, before_call, most_quotes=self._most_quotes)
        )
        return Draft(notes=drafted.model_dump())


def draft_notes(
    segments: Sequence[Segment],
    protected: Set[int],
    before_step: BeforeCall = unasked,
    *,
    most_quotes: int = MAX_QUOTES,
) -> ExtractedNotes:
    """The notes as a model object; mood, trajectory and breakthrough are not assessed.

    Nothing of a `protected` line becomes a task, a quote or text for the patient. Phrases to review are not looked for
    here.
    """
    lines = lines_of(segments)
    before_step()
    subjects = mentions(lines, _TOPICS)
    before_step()
    techniques = mentions(lines, _TECHNIQUES)
    before_step()
    topics = _key_topics(subjects)
    tasks = agreed_tasks(segments, protected)
    own = [line for line in lines if line.segment.speaker == "patient"]
    concerns = _distinct(line for line in own if _CONCERN.search(line.folded))
    follow_ups = _follow_ups(lines, tasks)
    before_step()
    found = Findings(topics, _named(techniques), tasks, concerns, follow_ups)
    notes = empty_notes().model_copy(
        update={
            **_labels(topics, techniques),
            **_own_words(own, concerns),
            **_next_steps(tasks, follow_ups),
            "strategies": _strategies(techniques),
            "significant_quotes": [
                _significant_quote(line, segments) for line in _central(own, protected, most_quotes)
            ],
            "therapist_summary": therapist_summary(found),
            "patient_summary": patient_summary(_topics_for_patient(subjects, protected), tasks),
        }
    )
    return normalise(notes)


def _own_words(own: Sequence[Line], concerns: Sequence[Line]) -> dict[str, object]:
    """What the patient says of feelings, triggers and worries."""
    return {
        "emotional_themes": [_theme(mention) for mention in own_feelings(own, _EMOTIONS)[:MAX_FEELINGS]],
        "triggers": _triggers(own),
        "unresolved_concerns": [
            schema.UnresolvedConcern(concern=fluent(line.text), evidence=line.evidence) for line in concerns
        ],
    }


def _next_steps(tasks: Sequence[Task], follow_ups: Sequence[Line]) -> dict[str, object]:
    return {
        "action_items": [_action_item(task) for task in tasks],
        "follow_up_topics": [
            schema.FollowUpTopic(topic=fluent(line.text), evidence=line.evidence) for line in follow_ups
        ],
    }


def _follow_ups(lines: Sequence[Line], tasks: Sequence[Task]) -> list[Line]:
    """What is put off to another session; a task that is set is none."""
    assigned = {task.sentence for task in tasks}
    return _distinct(line for line in lines if line.text not in assigned and _is_follow_up(line))


def outline(segments: Sequence[Segment]) -> ExtractedNotes:
    """What a transcript full of misheard words still shows: topics that recur. Nothing is quoted from it."""
    topics = [topic for topic in mentions(lines_of(segments), _TOPICS) if len(topic.lines) >= SURE_MENTIONS]
    found = Findings(topics[:MAX_TOPICS], [], [], [], [])
    labels = _labels(topics[:MAX_TOPICS], [])
    return normalise(empty_notes().model_copy(update={**labels, "therapist_summary": therapist_summary(found)}))


def _labels(topics: Sequence[Mention], techniques: Sequence[Mention]) -> dict[str, object]:
    return {
        "key_topics": [schema.KeyTopic(topic=topic.label, evidence=topic.best.evidence) for topic in topics],
        "topic_summary": _topic_summary(topics),
        "techniques": [_technique(mention) for mention in techniques],
    }


def _named(techniques: Sequence[Mention]) -> list[Mention]:
    return [Mention(mention.label.lower(), mention.lines) for mention in techniques[:MAX_NAMED]]


def _key_topics(found: Sequence[Mention]) -> list[Mention]:
    """At most seven; single mentions count only if there would be fewer than three topics."""
    repeated = [mention for mention in found if len(mention.lines) > 1]
    return list(repeated if len(repeated) >= FEWEST_TOPICS else found[:FEWEST_TOPICS])[:MAX_TOPICS]


def _topics_for_patient(subjects: Iterable[Mention], protected: Set[int]) -> list[Mention]:
    """What the patient spoke about more than once, without what a wrong word would make hurtful."""
    own = [Mention(one.label, tuple(line for line in one.lines if _is_safe(line, protected))) for one in subjects]
    repeated = [one for one in own if len(one.lines) >= PATIENT_MENTIONS and one.label not in DELICATE_TOPICS]
    return sorted(repeated, key=lambda one: -len(one.lines))


def _is_safe(line: Line, protected: Set[int]) -> bool:
    return line.segment.speaker == "patient" and line.segment.index not in protected


def _is_follow_up(line: Line) -> bool:
    return line.segment.speaker in {"therapist", "patient"} and _FOLLOW_UP.search(line.folded) is not None


def _topic_summary(topics: Sequence[Mention]) -> schema.Passage | None:
    if not topics:
        return None
    text = f"The session touched on {listed([topic.label for topic in topics])}."
    return schema.Passage(text=text, evidence=covering(topics))


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
    values = {"name": name, "category": _LIBRARY[name].category, "status": status, "context": fluent(line.text)}
    return schema.Strategy.model_validate({**values, "evidence": line.evidence})


def _technique(mention: Mention) -> schema.Technique:
    entry = _LIBRARY[mention.label]
    return schema.Technique(
        name=entry.name, modality=entry.modality, definition=entry.definition, evidence=mention.best.evidence
    )


def _significant_quote(line: Line, segments: Sequence[Segment]) -> schema.SignificantQuote:
    """With the preceding question by the therapist, if any, as context."""
    evidence = line.evidence
    asked = _question_before(line.segment, segments)
    if asked is not None:
        evidence.segments.append(asked.segment.index)
    return schema.SignificantQuote(
        quote=line.text, context=fluent(asked.text) if asked else "", start=line.segment.start, evidence=evidence
    )


def _question_before(segment: Segment, segments: Sequence[Segment]) -> Line | None:
    at = next(at for at, other in enumerate(segments) if other is segment)
    if at == 0 or segments[at - 1].speaker != "therapist":
        return None
    questions = [line for line in lines_of([segments[at - 1]]) if line.text.endswith("?")]
    return questions[-1] if questions else None


def _triggers(own: Sequence[Line]) -> list[schema.Trigger]:
    """Only if the patient's own words grade the reaction."""
    candidates = _distinct(line for line in own if _TRIGGER.search(line.folded))
    graded = [(line, first_label(line, _INTENSITY)) for line in candidates]
    return [
        schema.Trigger.model_validate(
            {"trigger": fluent(line.text), "context": "", "severity": severity, "evidence": line.evidence}
        )
        for line, severity in graded
        if severity is not None
    ]


def _action_item(task: Task) -> schema.ActionItem:
    if not task.is_homework:
        category, details = "intention", "Said by the patient."
    elif task.is_agreed:
        category, details = "homework", "Agreed."
    else:
        category, details = "homework", "Suggested."
    return schema.ActionItem(task=task.text, category=category, details=details, evidence=evidence_of(task))


def _central(own: Sequence[Line], protected: Set[int], count: int) -> list[Line]:
    """The patient's most central sentences, in spoken order.

    None of a protected line: one sentence of an answer about suicide, without the "no" before it, says its opposite.
    """
    candidates = _distinct((line for line in own if _is_quotable(line, protected)), most=len(own))
    return [candidates[at] for at in sorted(central_sentences([line.text for line in candidates], count))]


def _is_quotable(line: Line, protected: Set[int]) -> bool:
    is_fit = len(line.folded.split()) in QUOTE_WORDS and not is_halting(line.text)
    return is_fit and line.segment.index not in protected


def _distinct(lines: Iterable[Line], most: int = MAX_CANDIDATES) -> list[Line]:
    kept: dict[str, Line] = {}
    for line in lines:
        kept.setdefault(line.folded, line)
    return list(kept.values())[:most]
