"""Instructions: what a patient is told to do was assigned by the therapist, and never changes a treatment unseen."""

from collections.abc import Iterator

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.evidence.said import Sentence
from sessions_app.pipeline.evidence.statements import PATIENT_SIDE, Statement, find, spoken_by, without_quotations
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check, lowest, refused
from sessions_app.pipeline.lexicon.cues import ASSIGNMENT, COMMITMENT, SUGGESTION
from sessions_app.pipeline.lexicon.drugs import DRUGS
from sessions_app.pipeline.lexicon.imperatives import IMPERATIVES
from sessions_app.pipeline.text.matching import contains, fold, phrases, sentences
from sessions_app.pipeline.text.words import content_words

_ASSIGNED, _COMMITTED = phrases(ASSIGNMENT.rstrip() + SUGGESTION), phrases(COMMITMENT)
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
_FIRST_PERSON = phrases(r"i|ill|im|id|ive|we|well|my|me")


def check_instructions(statement: Statement) -> Verdict:
    """What instructs the patient is covered by an assignment of the therapist in the lines."""
    return lowest(_verdicts(statement))


def _verdicts(statement: Statement) -> Iterator[Verdict]:
    for part in statement.parts:
        is_task = isinstance(statement.item, schema.ActionItem) and part.text == statement.item.task
        own = part.text if is_task else without_quotations(part.text)
        for text in sentences(own) if part.role != "quote" else []:
            if is_task or _instructs(text):
                yield _assigned(text, statement, is_task=is_task)


def _instructs(text: str) -> bool:
    if text.rstrip().endswith("?"):
        return False
    folded = fold(text)
    return _is_imperative(folded.split()) or bool(_TOLD.search(folded) and not _OWN_VIEW.search(folded))


def _is_imperative(words: list[str]) -> bool:
    """Whether a verb opens the sentence; "sleep is short" opens with a noun."""
    if words and words[0] in _OPENINGS:
        words = words[1:]
    return len(words) > 1 and words[0] in IMPERATIVES and words[1] not in _AFTER_A_NOUN


def _assigned(text: str, statement: Statement, *, is_task: bool) -> Verdict:
    folded = fold(text)
    is_assigned = _is_covered(text, _assignments(statement))
    if _changes_treatment(folded):
        is_said = is_assigned or _is_quoted_by_patient(folded, statement)
        return check("treatment") if is_said else refused("instruction")
    if is_assigned:
        return SUPPORTED
    if is_task:
        return _own_plan(text, statement)
    return check("instruction") if _is_quoted_by_patient(folded, statement) else refused("instruction")


def _is_quoted_by_patient(folded: str, statement: Statement) -> bool:
    """Words of the patient that sound like an instruction are theirs, but not for the patient to follow."""
    own = spoken_by(PATIENT_SIDE, statement.stretches)
    return not statement.for_patient and find(folded, own) is not None


def _own_plan(text: str, statement: Statement) -> Verdict:
    """A task that the patient set themselves stands in their own words only."""
    own = [one for one in statement.said if one.speaker in PATIENT_SIDE and _COMMITTED.search(fold(one.text))]
    if not _is_covered(text, own):
        return refused("instruction")
    is_verbatim = any(contains(fold(one.text), fold(text)) for one in own) and _FIRST_PERSON.search(fold(text))
    return SUPPORTED if is_verbatim else check("own_plan")


def _assignments(statement: Statement) -> list[Sentence]:
    """The therapist's sentences, if one of them assigns something, and those around it."""
    spoken = [one for one in statement.said if one.speaker in {"therapist", "unknown"}]
    return spoken if any(_is_assigning(one.text) for one in spoken) else []


def _is_assigning(text: str) -> bool:
    folded = fold(text)
    return bool(_ASSIGNED.search(folded)) or _is_imperative(folded.split())


def _is_covered(text: str, sources: list[Sentence]) -> bool:
    words = content_words(text)
    return bool(sources) and all(
        any(word.means(other) and word.is_negated == other.is_negated for one in sources for other in one.words)
        for word in words
    )


def _changes_treatment(folded: str) -> bool:
    named = _TREATMENT.search(folded) or not DRUGS.isdisjoint(folded.split())
    return bool(named and _CHANGES.search(folded))
