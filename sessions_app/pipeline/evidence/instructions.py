"""Instructions: what a patient is told to do was assigned by the therapist, and never changes a treatment unseen."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.evidence.own_words import may_be_own
from sessions_app.pipeline.evidence.said import Sentence, is_question, is_yes
from sessions_app.pipeline.evidence.statements import PATIENT_SIDE, Statement, find, spoken_by, without_quotations
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check, lowest, refused
from sessions_app.pipeline.lexicon.languages import Language, is_compared
from sessions_app.pipeline.text.matching import contains, fold, is_backchannel, sentences
from sessions_app.pipeline.text.words import Word, content_words
from sessions_app.pipeline.types import Segment

_NEARLY_ALL = 0.75  # share of a task's words that were said where it was agreed
# What is only named, often without a subject.
_HEADINGS = (schema.KeyTopic, schema.Trigger, schema.UnresolvedConcern, schema.FollowUpTopic, schema.EmotionalTheme)
_FEW_WORDS = 3  # fewer content words are said by chance
_MOST_OF_IT = 0.5  # share of an instruction's words that must have been said for a person to look at it


def check_instructions(statement: Statement) -> Verdict:
    """What instructs the patient is covered by an assignment of the therapist in the lines."""
    return lowest(_verdicts(statement))


def _verdicts(statement: Statement) -> Iterator[Verdict]:
    for part in statement.parts:
        is_task = isinstance(statement.item, schema.ActionItem) and part.text == statement.item.task
        own = part.text if is_task else without_quotations(part.text)
        for text in sentences(own) if part.role != "quote" else []:
            if isinstance(statement.item, _HEADINGS) and _is_heading(text, statement):
                continue
            if is_task or (_instructs(text, statement) and not _is_own_need(text, statement)):
                yield _assigned(text, statement, is_task=is_task)


def _instructs(text: str, statement: Statement) -> bool:
    if text.rstrip().endswith("?"):
        return False
    folded, language = fold(text), statement.tables
    if not statement.for_patient and language.prescribes.search(folded):
        return False
    is_told = language.told.search(folded) is not None and language.own_view.search(folded) is None
    return is_told or _is_imperative(folded.split(), language, is_spoken_to=statement.for_patient)


def _is_heading(text: str, statement: Statement) -> bool:
    """Whether it only looks like an instruction: "Move to the early shift" names what happened."""
    language, folded = statement.tables, fold(text)
    if language.told.search(folded) or _changes_treatment(folded, language):
        return False
    return _share(text, statement.said, language) >= _MOST_OF_IT


def _is_own_need(text: str, statement: Statement) -> bool:
    """Whether it tells, for the therapist, what the patient said they need or have to do."""
    language = statement.tables
    own = [one for one in statement.said if one.speaker != "therapist"]
    is_needed = any(language.needs.search(fold(one.text)) for one in own)
    is_told = language.names_patient.match(fold(text)) is not None or not _is_imperative(fold(text).split(), language)
    return not statement.for_patient and is_told and is_needed and _share(text, own, language) >= _MOST_OF_IT


def _is_imperative(words: list[str], language: Language, *, is_spoken_to: bool = False) -> bool:
    """Whether a verb opens the sentence; "sleep is short" opens with a noun."""
    if words and words[0] in language.openings:
        words = words[1:]
    verbs = language.imperatives | language.told_to_patient if is_spoken_to else language.imperatives
    return len(words) > 1 and words[0] in verbs and words[1] not in language.after_a_noun


def _assigned(text: str, statement: Statement, *, is_task: bool) -> Verdict:
    folded = fold(text)
    if _changes_treatment(folded, statement.tables):
        is_said = _share(text, _assignments(statement), statement.tables) >= _MOST_OF_IT or _is_quoted_by_patient(
            folded, statement
        )
        return check("treatment") if is_said else refused("instruction")
    if _is_covered(text, _assignments(statement), statement.tables):
        return SUPPORTED
    if is_task and _share(text, _agreed(statement), statement.tables) >= _NEARLY_ALL:
        return SUPPORTED
    if is_task and _is_covered(text, own := _plans(statement), statement.tables):
        return SUPPORTED if _is_own_sentence(text, own, statement) else check("own_plan")
    spoken = [one for one in statement.said if one.speaker != "patient"]
    asked = [spoken, _plans(statement), _agreed(statement)]
    if len(content_words(text, statement.tables)) >= _FEW_WORDS:
        # Proposals too, if no patient reads it: "I could stop after nine", asked for a first step.
        asked.append(_told(statement) if statement.for_patient else statement.said)
    is_like = max(_share(text, own, statement.tables) for own in asked) >= _MOST_OF_IT
    is_like = is_like or not is_compared(statement.language)
    return check("instruction") if is_like or _is_quoted_by_patient(folded, statement) else refused("instruction")


def _is_quoted_by_patient(folded: str, statement: Statement) -> bool:
    """Words of the patient that sound like an instruction are theirs, but not for the patient to follow."""
    own = spoken_by(PATIENT_SIDE, statement.stretches)
    return not statement.for_patient and find(folded, own) is not None


def _plans(statement: Statement) -> list[Sentence]:
    """What the patient means to do."""
    return [
        one for one in statement.said if one.speaker in PATIENT_SIDE and statement.tables.commits.search(fold(one.text))
    ]


def _told(statement: Statement) -> list[Sentence]:
    """What is said as a fact, and by the patient of themselves: "I say where I'm going", as their half of it."""
    language = statement.tables
    return [
        one
        for one in statement.said
        if not (one.is_unreal or (one.speaker == "patient" and language.other_subject.search(one.text)))
    ]


def _is_own_sentence(text: str, own: list[Sentence], statement: Statement) -> bool:
    """Whether it is the patient's sentence, in the first person: a task that they set themselves."""
    return (
        any(contains(fold(one.text), fold(text)) for one in own)
        and statement.tables.first_person.search(fold(text)) is not None
    )


def _assignments(statement: Statement) -> list[Sentence]:
    """The therapist's sentences, if one of them assigns something, and those around it."""
    spoken = [one for one in statement.said if one.speaker in {"therapist", "unknown"}]
    return spoken if any(_is_assigning(one.text, statement.tables) for one in spoken) else []


def _agreed(statement: Statement) -> Sequence[Sentence]:
    """What is said of a task that is set and accepted, or planned by the patient and welcomed by the therapist."""
    heard = [one for one in statement.near if one.index in statement.cited or not is_backchannel(one)]
    for segment, reply in pairwise(heard):
        if statement.cited & {segment.index, reply.index} and _is_agreed(segment, reply, statement.tables):
            return statement.said
    return []


def _is_agreed(segment: Segment, reply: Segment, language: Language) -> bool:
    if segment.speaker == "therapist":
        is_set = _is_assigning(segment.text, language)
        is_promised = is_set and language.commits.search(fold(reply.text)) is not None
        is_confirmed = is_question(segment.text, language) and language.yes.match(fold(reply.text)) is not None
        is_accepted = is_confirmed or (is_set and is_yes(reply.text, language))
        return reply.speaker != "therapist" and (is_promised or is_accepted)
    is_planned = language.commits.search(fold(segment.text)) is not None
    return is_planned and reply.speaker == "therapist" and language.welcomes.match(fold(reply.text)) is not None


def _is_assigning(text: str, language: Language) -> bool:
    folded = fold(text)
    return language.assigns.search(folded) is not None or _is_imperative(folded.split(), language, is_spoken_to=True)


def _is_covered(text: str, sources: list[Sentence], language: Language) -> bool:
    """Whether the sentences have all words as they were meant, but for few that may be the writer's own."""
    words = content_words(text, language)
    spoken = [other for one in sources for other in one.words]
    missing = [word for word in words if not any(word.means(other) for other in spoken)]
    opposed = [word for word in words if word not in missing and not _is_meant(word, spoken)]
    return bool(spoken) and not opposed and may_be_own(missing, words, text, language)


def _is_meant(word: Word, spoken: list[Word]) -> bool:
    return any(word.means(other) and word.is_negated == other.is_negated for other in spoken)


def _share(text: str, sources: Sequence[Sentence], language: Language) -> float:
    """The share of the words that the sentences have, as they were meant."""
    words = content_words(text, language)
    spoken = [other for one in sources for other in one.words]
    found = sum(_is_meant(word, spoken) for word in words)
    return found / len(words) if words and spoken else float(bool(spoken))


def _changes_treatment(folded: str, language: Language) -> bool:
    named = language.treatment.search(folded) or not language.drugs.isdisjoint(folded.split())
    return bool(named and language.changes.search(folded))
