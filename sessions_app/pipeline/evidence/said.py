"""What the cited lines and their neighbours say: sentences with speaker, content words, and answered questions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sessions_app.pipeline.lexicon.languages import Language
from sessions_app.pipeline.text.matching import fold, is_backchannel, sentences
from sessions_app.pipeline.text.words import Word, is_negating, spoken_words, tokens
from sessions_app.pipeline.types import Segment, Speaker


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a line; a question that the patient answered counts as what they said."""

    speaker: Speaker
    words: tuple[Word, ...]
    text: str
    index: int
    is_cited: bool
    is_question: bool
    is_unreal: bool = False
    is_intended: bool = False
    is_denied: bool = False  # a question that was answered with a no


def sentences_of(near: Sequence[Segment], cited: set[int], language: Language) -> list[Sentence]:
    """The sentences of the lines, and the patient's answers to them as sentences of their own."""
    found: list[Sentence] = []
    for at, segment in enumerate(near):
        own = [_sentence(text, segment, segment.index in cited, language) for text in sentences(segment.text)]
        if own and own[-1].is_question and _is_denial(answer_to(near[at + 1 :]), language):
            own[-1] = replace(own[-1], is_denied=True)
        found += own
        if own and segment.speaker == "therapist":
            found += _answered(own, near[at + 1 :], cited, language)
    return found


def answer_to(after: Sequence[Segment]) -> Segment | None:
    """The line of the patient that answers a question of the line before; None if somebody else goes on."""
    for segment in after:
        if segment.speaker in {"patient", "unknown"}:
            return segment
        if not is_backchannel(segment):
            return None
    return None


def _is_denial(answer: Segment | None, language: Language) -> bool:
    return answer is not None and any(is_negating(text, language) for text in sentences(answer.text)[:1])


def is_no(text: str, language: Language) -> bool:
    """Whether an answer begins with a no."""
    return language.no.match(fold(text)) is not None


def is_yes(text: str, language: Language) -> bool:
    """Whether an answer begins with a yes, or accepts what was set."""
    folded = fold(text)
    return language.yes.match(folded) is not None or (
        language.accepts.match(folded) is not None and not is_no(text, language)
    )


def is_question(text: str, language: Language) -> bool:
    """Whether a sentence asks, by its mark or, without any, by its first word."""
    if text.rstrip(" \"'”’").endswith("?"):  # noqa: RUF001  typographic quotes
        return True
    folded = fold(text)
    is_asking = language.asks.match(folded) is not None or language.asks_you.search(folded) is not None
    return text[-1:] not in ".!" and is_asking


def _answered(
    asked: Sequence[Sentence], after: Sequence[Segment], cited: set[int], language: Language
) -> Iterator[Sentence]:
    """What was asked or assigned as the patient's own: confirmed, denied, agreed, or taken for granted by an answer."""
    answer = answer_to(after)
    if answer is None:
        return
    for one in asked:
        is_set = _is_set(one.text, language)
        is_open = one.is_question and one is asked[-1] and language.asks_openly.match(fold(one.text)) is not None
        if not (is_open or ((is_set or (one.is_question and one is asked[-1])) and _is_clear(answer.text, language))):
            continue
        denied = is_no(answer.text, language)
        yield replace(
            one,
            speaker=answer.speaker,
            index=answer.index,
            words=_denied(one, language) if denied else one.words,
            is_cited=one.is_cited or answer.index in cited,
            is_question=False,
            is_intended=is_set,
        )


def _denied(one: Sentence, language: Language) -> tuple[Word, ...]:
    """The words with the opposite sense; the thing that is asked about stays what it is."""
    first = next((at for at, word in enumerate(one.words) if word.text not in language.glue), 0)
    kept = first + 1 if language.asks_of_a_thing.match(fold(one.text)) else 0
    return one.words[:kept] + tuple(replace(word, is_negated=not word.is_negated) for word in one.words[kept:])


def _is_clear(text: str, language: Language) -> bool:
    return is_yes(text, language) or is_no(text, language)


def _is_set(text: str, language: Language) -> bool:
    """Whether a sentence asks for something to be done."""
    return language.sets.search(fold(text)) is not None


def _sentence(text: str, segment: Segment, is_cited: bool, language: Language) -> Sentence:
    folded = language.polite.sub(" ", " ".join(tokens(text, language)))
    return Sentence(
        segment.speaker,
        spoken_words(text, language),
        text,
        segment.index,
        is_cited,
        is_question(text, language),
        is_unreal=not language.unreal.isdisjoint(folded.split()),
        is_intended=language.means_to.search(fold(text)) is not None,
    )
