"""What the cited lines and their neighbours say: sentences with speaker, content words, and answered questions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sessions_app.pipeline.lexicon.assignments import ACCEPTED, PROPOSALS
from sessions_app.pipeline.lexicon.cues import ASSIGNMENT, SUGGESTION
from sessions_app.pipeline.lexicon.glue import UNREAL
from sessions_app.pipeline.text.matching import fold, is_backchannel, phrases, sentences
from sessions_app.pipeline.text.words import Word, content_words, tokens
from sessions_app.pipeline.types import Segment, Speaker

_START = r"^(?:and |so |but |ok |okay |well )?"
_OPEN_WORDS = "what|how|why|when|where|who|which"
_ASKS = re.compile(rf"{_START}(?:do|did|does|are|is|was|were|have|has|had|can|could|would|will|any|{_OPEN_WORDS})\b")
_ASKS_YOU = re.compile(r"\b(?:were|are|did|do|have|can|could|would|will) you\b")
_OF_A_THING = re.compile(r"^(?:does|is|has|did|are|was|were|do) (?:the|your|it|he|she|that|this|they)\b")
_OPEN = re.compile(rf"{_START}(?:{_OPEN_WORDS})\b")
_SETS = phrases(ASSIGNMENT.rstrip() + SUGGESTION.rstrip() + PROPOSALS)
_ACCEPTED = phrases(ACCEPTED)
_POLITE = phrases(r"(would|could|might) (you|like|love|want|be willing)")
_MEANS_TO = phrases(
    r"i will|ill|im (going to|gonna)|were (going to|gonna)|i am going to|we will|i (plan|intend|want|hope) to"
)
_YES = phrases(r"""
    (yes|yeah|yep|yup|exactly|right|correct|definitely|absolutely|sure|certainly|of course|mm hm|mhm|uh huh|true|okay)
    (i|we|it|she|he|they) (do|did|have|has|had|am|is|was|were|would|will|can)
    (thats|that is) (right|true|it)
    i (think|guess|suppose) so
""")
_NO = phrases(r"""
    (no|nope|never|none|nothing|nobody|nowhere|nah|not at all|absolutely not|definitely not|not once|not ever)
    (i|we|it|she|he|they) (dont|didnt|havent|hasnt|hadnt|am not|isnt|wasnt|wont|cant|couldnt|wouldnt|never)
    im not|not (yet|really|now|lately|this|any)
""")


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


def sentences_of(near: Sequence[Segment], cited: set[int]) -> list[Sentence]:
    """The sentences of the lines, and the patient's answers to them as sentences of their own."""
    found: list[Sentence] = []
    for at, segment in enumerate(near):
        own = [_sentence(text, segment, segment.index in cited) for text in sentences(segment.text)]
        found += own
        if own and segment.speaker == "therapist":
            found += _answered(own, near[at + 1 :], cited)
    return found


def answer_to(after: Sequence[Segment]) -> Segment | None:
    """The line of the patient that answers a question of the line before; None if somebody else goes on."""
    for segment in after:
        if segment.speaker in {"patient", "unknown"}:
            return segment
        if not is_backchannel(segment):
            return None
    return None


def is_no(text: str) -> bool:
    """Whether an answer begins with a no."""
    return _NO.match(fold(text)) is not None


def is_yes(text: str) -> bool:
    """Whether an answer begins with a yes, or accepts what was set."""
    folded = fold(text)
    return _YES.match(folded) is not None or (_ACCEPTED.match(folded) is not None and not is_no(text))


def is_question(text: str) -> bool:
    """Whether a sentence asks, by its mark or, without any, by its first word."""
    if text.rstrip(" \"'”’").endswith("?"):  # noqa: RUF001  typographic quotes
        return True
    return text[-1:] not in ".!" and (_ASKS.match(fold(text)) is not None or _ASKS_YOU.search(fold(text)) is not None)


def _answered(asked: Sequence[Sentence], after: Sequence[Segment], cited: set[int]) -> Iterator[Sentence]:
    """What was asked or assigned as the patient's own: confirmed, denied, agreed, or taken for granted by an answer."""
    answer = answer_to(after)
    if answer is None:
        return
    for one in asked:
        is_set = _is_set(one.text)
        is_open = one.is_question and one is asked[-1] and _OPEN.match(fold(one.text)) is not None
        if not (is_open or ((is_set or (one.is_question and one is asked[-1])) and _is_clear(answer.text))):
            continue
        denied = is_no(answer.text)
        yield replace(
            one,
            speaker=answer.speaker,
            index=answer.index,
            words=_denied(one) if denied else one.words,
            is_cited=one.is_cited or answer.index in cited,
            is_question=False,
            is_intended=is_set,
        )


def _denied(one: Sentence) -> tuple[Word, ...]:
    """The words with the opposite sense; the thing that is asked about stays what it is."""
    kept = 1 if _OF_A_THING.match(fold(one.text)) else 0
    return one.words[:kept] + tuple(replace(word, is_negated=not word.is_negated) for word in one.words[kept:])


def _is_clear(text: str) -> bool:
    return is_yes(text) or is_no(text)


def _is_set(text: str) -> bool:
    """Whether a sentence asks for something to be done."""
    return _SETS.search(fold(text)) is not None


def _sentence(text: str, segment: Segment, is_cited: bool) -> Sentence:
    folded = _POLITE.sub(" ", " ".join(tokens(text)))
    return Sentence(
        segment.speaker,
        content_words(text),
        text,
        segment.index,
        is_cited,
        is_question(text),
        is_unreal=not UNREAL.isdisjoint(folded.split()),
        is_intended=_MEANS_TO.search(fold(text)) is not None,
    )
