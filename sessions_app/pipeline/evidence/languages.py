"""A statement is written in the language of the transcript."""

from sessions_app.pipeline.evidence.statements import Statement, without_quotations
from sessions_app.pipeline.evidence.verdicts import SUPPORTED, Verdict, check, refused
from sessions_app.pipeline.lexicon.languages import is_compared
from sessions_app.pipeline.text.language import language_of_line
from sessions_app.pipeline.text.matching import contains, fold
from sessions_app.pipeline.text.words import content_words

_MOST_KNOWN = 0.5  # share of its words that a foreign sentence may have in common with the transcript


def check_language(statement: Statement) -> Verdict:
    """Other languages are refused; of one without tables, only what stands there word for word passes."""
    for part in statement.parts:
        own = without_quotations(part.text)
        found = language_of_line(own)
        if found and statement.language and found != statement.language and _is_foreign(own, statement):
            return refused("language")
        is_verbatim = contains(fold(statement.near_text), fold(own))
        if not is_compared(statement.language) and content_words(own, statement.tables) and not is_verbatim:
            return check("language")
    return SUPPORTED


def _is_foreign(text: str, statement: Statement) -> bool:
    words = content_words(text, statement.tables)
    known = sum(word.text in statement.transcript.words for word in words)
    return known <= _MOST_KNOWN * len(words)
