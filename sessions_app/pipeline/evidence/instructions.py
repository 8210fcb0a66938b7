"""Instructions: what a patient is told to do was assigned by the therapist, and never changes a treatment unseen."""

from collections.abc import Iterator

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.evidence.content import may_be_own
from sessions_app.pipeline.evidence.languages import COMPARED
from sessions_app.pipeline.evidence.said import Sentence
from sessions_app.pipeline.evidence.statements import PATIENT_SIDE, Statement, find, spoken_by, without_quotations
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check, lowest, refused
from sessions_app.pipeline.lexicon.assignments import BETWEEN_SESSIONS, PROPOSALS
from sessions_app.pipeline.lexicon.cues import ASSIGNMENT, COMMITMENT, SUGGESTION
from sessions_app.pipeline.lexicon.drugs import DRUGS
from sessions_app.pipeline.lexicon.imperatives import IMPERATIVES
from sessions_app.pipeline.text.matching import contains, fold, phrases, sentences
from sessions_app.pipeline.text.words import Word, content_words

_ASSIGNED = phrases(ASSIGNMENT.rstrip() + SUGGESTION.rstrip() + PROPOSALS.rstrip() + BETWEEN_SESSIONS)
_COMMITTED = phrases(COMMITMENT)
_MOST_OF_IT = 0.5  # share of an instruction's words that an assignment must have for a person to look at it
_TOLD = phrases(r"""
    (you|patient|client|she|he|they) (\w+ )?(should|must|needs? to|ha(ve|s) to|ought to|had better|are to|is to)
    (are|is|was|were) (\w+ )?(advised|told|instructed|encouraged|asked|recommended|urged|directed) to
    you (can|could|may|might) (now |also |just )?(stop|skip|start|try|take|drink|leave|ignore|quit|double|reduce)
    (it is|its) (\w+ )?(recommended|advised|best|important|better|time|okay|ok|fine|safe) (that you|for you|to|if you)
    make sure|be sure to|remember to|dont forget|(we|i) (recommend|advise|suggest|urge)|recommendations? (is|are)
    please \w+|feel free to|no need to|theres no need
""")
_OWN_VIEW = phrases(
    r"(feels?|felt|thinks?|thought|believes?|believed|said|says|worr\w+|knows?|knew|wonder\w*) "
    r"(that )?(she|he|they|you) (\w+ )?(should|must|needs?|ought|ha(s|d|ve) to)"
)
_TREATMENT = phrases(
    r"(medication|medicine|meds|pills?|tablets?|dose|dosage|prescription|treatment|therapy|antidepressants?|insulin)"
)
_CHANGES = phrases(r"""
    stop(ping)?|skip(ping)?|quit|doubl(e|ing)|increas(e|ing)|reduc(e|ing)|halve|chang(e|ing)|start(ing)?|taper|cut
    come off|throw|flush|tak(e|ing)
""")
_OPENINGS = frozenset(
    ["please", "also", "then", "just", "simply", "always", "never", "instead", "today", "now", "and", "so"]
)
# After these, the verb before was a noun: "sleep is", "work and".
_AFTER_A_NOUN_TEXT = """
is was are were has have had been remains remained continues continued and or of in at appears improved
seems feels felt that which as problems stress quality pressure issues related difficulties diary record can
could may might will
"""
_AFTER_A_NOUN = frozenset(_AFTER_A_NOUN_TEXT.split())
_NEED = phrases(r"i (\w+ )?(need|have to|must|should|ought to|had to|gotta|got to)")
_OF_PATIENT = phrases(r"patient|client|she|he|they|the (patient|client)")
_FIRST_PERSON = phrases(r"i|ill|im|id|ive|we|well|my|me")


def check_instructions(statement: Statement) -> Verdict:
    """What instructs the patient is covered by an assignment of the therapist in the lines."""
    return lowest(_verdicts(statement))


def _verdicts(statement: Statement) -> Iterator[Verdict]:
    for part in statement.parts:
        is_task = isinstance(statement.item, schema.ActionItem) and part.text == statement.item.task
        own = part.text if is_task else without_quotations(part.text)
        for text in sentences(own) if part.role != "quote" else []:
            if is_task or (_instructs(text) and not _is_own_need(text, statement)):
                yield _assigned(text, statement, is_task=is_task)


def _instructs(text: str) -> bool:
    if text.rstrip().endswith("?"):
        return False
    folded = fold(text)
    return _is_imperative(folded.split()) or bool(_TOLD.search(folded) and not _OWN_VIEW.search(folded))


def _is_own_need(text: str, statement: Statement) -> bool:
    """Whether it tells, for the therapist, what the patient said they need or have to do."""
    own = [one for one in statement.said if one.speaker in PATIENT_SIDE and _NEED.search(fold(one.text))]
    is_told = _OF_PATIENT.match(fold(text)) is not None or not _is_imperative(fold(text).split())
    return not statement.for_patient and is_told and _is_covered(text, own)


def _is_imperative(words: list[str]) -> bool:
    """Whether a verb opens the sentence; "sleep is short" opens with a noun."""
    if words and words[0] in _OPENINGS:
        words = words[1:]
    return len(words) > 1 and words[0] in IMPERATIVES and words[1] not in _AFTER_A_NOUN


def _assigned(text: str, statement: Statement, *, is_task: bool) -> Verdict:
    folded = fold(text)
    is_assigned = _is_covered(text, _assignments(statement))
    if _changes_treatment(folded):
        is_said = _share(text, _assignments(statement)) >= _MOST_OF_IT or _is_quoted_by_patient(folded, statement)
        return check("treatment") if is_said else refused("instruction")
    if is_assigned:
        return SUPPORTED
    if is_task and _is_covered(text, own := _plans(statement)):
        return SUPPORTED if _is_own_sentence(text, own) else check("own_plan")
    spoken = [one for one in statement.said if one.speaker != "patient"]
    is_like = max(_share(text, spoken), _share(text, _plans(statement))) >= _MOST_OF_IT
    is_like = is_like or statement.language not in {"", COMPARED}
    return check("instruction") if is_like or _is_quoted_by_patient(folded, statement) else refused("instruction")


def _is_quoted_by_patient(folded: str, statement: Statement) -> bool:
    """Words of the patient that sound like an instruction are theirs, but not for the patient to follow."""
    own = spoken_by(PATIENT_SIDE, statement.stretches)
    return not statement.for_patient and find(folded, own) is not None


def _plans(statement: Statement) -> list[Sentence]:
    """What the patient means to do."""
    return [one for one in statement.said if one.speaker in PATIENT_SIDE and _COMMITTED.search(fold(one.text))]


def _is_own_sentence(text: str, own: list[Sentence]) -> bool:
    """Whether it is the patient's sentence, in the first person: a task that they set themselves."""
    return any(contains(fold(one.text), fold(text)) for one in own) and _FIRST_PERSON.search(fold(text)) is not None


def _assignments(statement: Statement) -> list[Sentence]:
    """The therapist's sentences, if one of them assigns something, and those around it."""
    spoken = [one for one in statement.said if one.speaker in {"therapist", "unknown"}]
    return spoken if any(_is_assigning(one.text) for one in spoken) else []


def _is_assigning(text: str) -> bool:
    folded = fold(text)
    return bool(_ASSIGNED.search(folded)) or _is_imperative(folded.split())


def _is_covered(text: str, sources: list[Sentence]) -> bool:
    """Whether the sentences have all words as they were meant, but for few that may be the writer's own."""
    words = content_words(text)
    spoken = [other for one in sources for other in one.words]
    missing = [word for word in words if not any(word.means(other) for other in spoken)]
    opposed = [word for word in words if word not in missing and not _is_meant(word, spoken)]
    return bool(spoken) and not opposed and may_be_own(missing, words, text)


def _is_meant(word: Word, spoken: list[Word]) -> bool:
    return any(word.means(other) and word.is_negated == other.is_negated for other in spoken)


def _share(text: str, sources: list[Sentence]) -> float:
    """The share of the words that the sentences have, as they were meant."""
    words = content_words(text)
    spoken = [other for one in sources for other in one.words]
    found = sum(_is_meant(word, spoken) for word in words)
    return found / len(words) if words and spoken else float(bool(spoken))


def _changes_treatment(folded: str) -> bool:
    named = _TREATMENT.search(folded) or not DRUGS.isdisjoint(folded.split())
    return bool(named and _CHANGES.search(folded))
