"""Quotations: what stands in quotation marks, or is given as a quote, was said in these words by that person."""

from collections.abc import Iterator

from sessions_app.pipeline.drafting import schema
from sessions_app.pipeline.evidence.statements import (
    PATIENT_SIDE,
    PATIENT_SPEECH,
    QUOTED,
    Statement,
    find,
    spoken_by,
)
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check, lowest, refused
from sessions_app.pipeline.lexicon.languages import Language
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.text.words import content_words

_SHORTEST = 4  # letters; a lone "I" or "the" is in every transcript
# Statements without words of their own.
_ONLY_QUOTED = (schema.SessionMood, schema.MoodTrajectory, schema.RiskFlag)
_THERAPIST_SIDE = frozenset({"therapist"})


def check_evidence(statement: Statement) -> Verdict:
    """The exact words that the statement gives as its evidence stand in the lines it cites."""
    quote = fold(statement.item.evidence.quote)
    if not quote:
        return check("no_quote") if isinstance(statement.item, _ONLY_QUOTED) else SUPPORTED
    if not find(quote, statement.stretches):
        return check("quote_elsewhere") if find(quote, [statement.near]) else refused("quote")
    if not isinstance(statement.item, schema.RiskFlag) and not _is_telling(quote, statement):
        return check("no_quote")
    if isinstance(statement.item, PATIENT_SPEECH) and not find(quote, spoken_by(PATIENT_SIDE, statement.stretches)):
        return refused("speaker")
    return SUPPORTED


def check_quotations(statement: Statement) -> Verdict:
    """Every quotation inside the statement stands in the lines, and its speaker is the one whom the sentence names."""
    return lowest(_verdicts(statement))


def _verdicts(statement: Statement) -> Iterator[Verdict]:
    for part in statement.parts:
        if part.role == "quote":
            yield _literal(part.text, PATIENT_SIDE, statement)
            continue
        for match in QUOTED.finditer(part.text):
            quotation = match.group(1) or match.group(2) or ""
            if fold(quotation):
                yield _literal(quotation, _named_speaker(part.text[: match.start()], statement.tables), statement)


def _named_speaker(before: str, language: Language) -> frozenset[str] | None:
    """Who is said to speak: the last person named before the quotation; nobody where it is only spoken of."""
    named = list(language.speaker.finditer(before))
    if not named or language.speaks_of.search(fold(before)):
        return None
    return _THERAPIST_SIDE if named[-1].group(1) else PATIENT_SIDE


def _literal(quotation: str, speakers: frozenset[str] | None, statement: Statement) -> Verdict:
    words = fold(quotation)
    if not find(words, statement.stretches):
        return check("quote_elsewhere") if find(words, [statement.near]) else refused("quotation")
    if speakers and not find(words, spoken_by(speakers, statement.stretches)):
        return refused("speaker")
    return check("cut_quote") if _is_cut(quotation, statement) else SUPPORTED


def _is_cut(quotation: str, statement: Statement) -> bool:
    """Whether a negation before the quoted words was left out."""
    words = content_words(quotation, statement.tables)
    for sentence in statement.said:
        if f" {fold(quotation)} " in f" {fold(sentence.text)} ":
            spoken = {word.text: word.is_negated for word in content_words(sentence.text, statement.tables)}
            return any(spoken.get(word.text, word.is_negated) != word.is_negated for word in words)
    return False


def _is_telling(quote: str, statement: Statement) -> bool:
    if " " in quote or len(quote) >= _SHORTEST:
        return True
    return any(fold(segment.text) == quote for segment in statement.lines)
