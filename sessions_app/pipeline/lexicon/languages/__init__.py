"""The languages in which statements can be compared with what was said: one file each."""

from collections.abc import Mapping

from sessions_app.pipeline.lexicon.languages.english import ENGLISH
from sessions_app.pipeline.lexicon.languages.language import Language
from sessions_app.pipeline.lexicon.languages.spanish import SPANISH

__all__ = ["ENGLISH", "LANGUAGES", "Language", "is_compared", "language_called"]

LANGUAGES: Mapping[str, Language] = {language.code: language for language in (ENGLISH, SPANISH)}


def is_compared(code: str) -> bool:
    """Whether statements in the language can be compared; "" is taken for English."""
    return code in LANGUAGES or not code


def language_called(code: str) -> Language:
    """The tables of a language; the English ones where it has none, whose statements are not compared."""
    return LANGUAGES.get(code, ENGLISH)
