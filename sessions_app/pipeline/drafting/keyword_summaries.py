"""The built-in extractor's summaries: labels and verbatim lines, joined by as few words as possible."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sessions_app.pipeline.drafting.schema import Evidence, Passage, Summary
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.text.mentions import Line, Mention

PATIENT_WORDS = (100, 150)
THERAPIST_WORDS = (150, 200)
_QUOTE_MARKS = str.maketrans(dict.fromkeys('“”„«»"', " "))


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings that summaries may mention."""

    topics: Sequence[Mention]
    feelings: Sequence[Mention]
    techniques: Sequence[Mention]
    tasks: Sequence[Line]
    concerns: Sequence[Line]
    follow_ups: Sequence[Line]
    central: Sequence[Line] = field(default_factory=list)


def patient_summary(found: Findings) -> Summary:
    """In the second person, 100 to 150 words if the session provides enough; only the patient's own lines."""
    return _fitted(_patient_core(found), _quoted("You also said", "This was said", found.central), PATIENT_WORDS)


def therapist_summary(found: Findings) -> Summary:
    """In the third person, 150 to 200 words if the session provides enough."""
    core = _therapist_core(found)
    return _fitted(core, _quoted("The patient also said", "This was said", found.central), THERAPIST_WORDS)


def listed(labels: Sequence[str]) -> str:
    """Join as "a", "a and b", "a, b and c"."""
    return " and ".join(part for part in (", ".join(labels[:-1]), labels[-1]) if part)


def covering(mentions: Sequence[Mention]) -> Evidence:
    """Evidence for several mentions: their best lines, with the first one's quote."""
    return Evidence(segments=[mention.best.segment.index for mention in mentions], quote=mentions[0].best.text)


def _patient_core(found: Findings) -> Iterator[tuple[Passage, Line | None]]:
    spoken = [mention for mention in found.topics if mention.best.is_patient_side]
    yield from _overview("You spoke about", "The session touched on", spoken)
    yield from _overview("You named these feelings:", "These feelings were named:", found.feelings)
    for mention in spoken[:3]:
        opening = "you said" if _is_patient(mention.best) else "this was said"
        yield _said(f"About {mention.label}, {opening}", mention.best), mention.best
    yield from _overview("These techniques came up:", "These techniques came up:", found.techniques)
    for line in found.tasks[:3]:
        yield _said("A next step that was mentioned", line), line


def _therapist_core(found: Findings) -> Iterator[tuple[Passage, Line | None]]:
    yield from _overview("The session touched on", "The session touched on", found.topics)
    yield from _overview("The patient named these feelings:", "These feelings were named:", found.feelings)
    for mention in found.topics[:4]:
        yield _said(f"About {mention.label}, {_by(mention.best)}", mention.best), mention.best
    yield from _overview("Techniques that were mentioned:", "Techniques that were mentioned:", found.techniques)
    for opening, lines in (
        ("Left open", found.concerns),
        ("To be done", found.tasks),
        ("To come back to", found.follow_ups),
    ):
        for line in lines[:2]:
            yield _said(opening, line), line


def _overview(known: str, unknown: str, mentions: Sequence[Mention]) -> Iterator[tuple[Passage, None]]:
    if mentions:
        opening = known if all(_is_patient(mention.best) for mention in mentions) else unknown
        text = f"{opening} {listed([mention.label for mention in mentions])}."
        yield Passage(text=text, evidence=covering(mentions)), None


def _quoted(known: str, unknown: str, lines: Iterable[Line]) -> Iterator[tuple[Passage, Line]]:
    for line in lines:
        yield _said(known if _is_patient(line) else unknown, line), line


def _said(opening: str, line: Line) -> Passage:
    words = " ".join(line.text.translate(_QUOTE_MARKS).split())
    return Passage(text=f"{opening}: “{words}”", evidence=line.evidence)


def _by(line: Line) -> str:
    return {"patient": "the patient said", "therapist": "the therapist said"}.get(line.segment.speaker, "this was said")


def _is_patient(line: Line) -> bool:
    return line.segment.speaker == "patient"


def _fitted(
    core: Iterable[tuple[Passage, Line | None]], more: Iterable[tuple[Passage, Line]], words: tuple[int, int]
) -> Summary:
    """The core up to the maximum length, then further quotes up to the minimum length; no line is used twice."""
    least, most = words
    kept: list[Passage] = []
    used: set[str] = set()
    total = 0
    for is_extra, (passage, line) in [(False, pair) for pair in core] + [(True, pair) for pair in more]:
        length = len(passage.text.split())
        is_repeated = line is not None and fold(line.text) in used
        if is_repeated or total + length > most or (is_extra and total >= least):
            continue
        kept.append(passage)
        used |= {line.folded} if line else set()
        total += length
    return Summary(statements=kept)
