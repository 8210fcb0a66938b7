"""The built-in extractor's texts: a short summary for the patient, and what was found for the therapist.

The patient's names topics and agreed homework and nothing else: no quotes, no feelings, no judgement. If neither is
certain, it has no text at all, and the page says how to write one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sessions_app.pipeline.drafting.schema import Evidence, Passage, Summary
from sessions_app.pipeline.drafting.tasks import Task
from sessions_app.pipeline.lexicon.assignments import ACTIONS
from sessions_app.pipeline.text.fluency import is_halting
from sessions_app.pipeline.text.matching import fold, phrases
from sessions_app.pipeline.text.mentions import Line, Mention

PATIENT_TOPICS = 4
PATIENT_TASKS = 4
MAX_THERAPIST_WORDS = 200
_ACTION = phrases(ACTIONS)
_QUOTE_MARKS = str.maketrans(dict.fromkeys('“”„«»"', " "))


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings that the therapist's summary may mention."""

    topics: Sequence[Mention]
    techniques: Sequence[Mention]
    tasks: Sequence[Task]
    concerns: Sequence[Line]
    follow_ups: Sequence[Line]


def patient_summary(topics: Sequence[Mention], tasks: Iterable[Task]) -> Summary:
    """The text for the patient: topics of their own lines, and homework that they accepted; empty without either."""
    statements = []
    if topics:
        text = f"You spoke about {listed([topic.label for topic in topics[:PATIENT_TOPICS]])}."
        statements.append(Passage(text=text, evidence=covering(topics[:PATIENT_TOPICS])))
    agreed = [task for task in tasks if task.is_agreed]
    statements += [Passage(text=_agreement(task), evidence=evidence_of(task)) for task in agreed[:PATIENT_TASKS]]
    return Summary(statements=statements)


def therapist_summary(found: Findings) -> Summary:
    """In the third person; words of the conversation only as quotes, with the one who said them."""
    kept: list[Passage] = []
    total = 0
    for passage in _therapist_parts(found):
        total += len(passage.text.split())
        if total > MAX_THERAPIST_WORDS:
            break
        kept.append(passage)
    return Summary(statements=kept)


def listed(labels: Sequence[str]) -> str:
    """Join as "a", "a and b", "a, b and c"."""
    return " and ".join(part for part in (", ".join(labels[:-1]), labels[-1]) if part)


def covering(mentions: Sequence[Mention]) -> Evidence:
    """Evidence for several mentions: their best lines, with the first one's quote."""
    return Evidence(segments=[mention.best.segment.index for mention in mentions], quote=mentions[0].best.text)


def evidence_of(task: Task) -> Evidence:
    """The proposal and the answer, with the sentence that sets the task."""
    return Evidence(segments=task.lines, quote=task.sentence)


def _agreement(task: Task) -> str:
    action = task.text[0].lower() + task.text[1:]
    return f"We agreed that you will {action}." if _is_verb(action) else f"We agreed on this: {action}."


def _is_verb(action: str) -> bool:
    first = fold(action).partition(" ")[0]
    return _ACTION.match(fold(action)) is not None and first != "dont" and not first.endswith("ing")


def _therapist_parts(found: Findings) -> Iterator[Passage]:
    yield from _overview("The session touched on", found.topics)
    yield from _overview("Techniques that were mentioned:", found.techniques)
    for task in found.tasks:
        if task.is_homework or not is_halting(task.sentence):
            yield _task(task)
    # What halts is listed among the concerns without its hesitations; a quotation could not leave them out.
    for line in (*_fluently(found.concerns)[:3], *_fluently(found.follow_ups)[:2]):
        yield Passage(text=f"The {line.segment.speaker} said: “{_bare(line.text)}”", evidence=line.evidence)


def _fluently(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if not is_halting(line.text)]


def _task(task: Task) -> Passage:
    if not task.is_homework:
        return Passage(text=f"The patient said: “{_bare(task.sentence)}”", evidence=evidence_of(task))
    opening = "Agreed" if task.is_agreed else "Suggested"
    return Passage(text=f"{opening}: {task.text[0].lower()}{task.text[1:]}.", evidence=evidence_of(task))


def _overview(opening: str, mentions: Sequence[Mention]) -> Iterator[Passage]:
    if mentions:
        labels = listed([mention.label for mention in mentions])
        yield Passage(text=f"{opening} {labels}.", evidence=covering(mentions))


def _bare(text: str) -> str:
    return " ".join(text.translate(_QUOTE_MARKS).split())
