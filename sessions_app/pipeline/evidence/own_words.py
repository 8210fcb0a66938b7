"""The writer's own words: which words of a statement may be there although nobody said them."""

import re
from collections.abc import Sequence

from sessions_app.pipeline.lexicon.languages import Language
from sessions_app.pipeline.text.matching import fold
from sessions_app.pipeline.text.words import Word, content_words

MOST_SHARE, MOST_MISSING = 0.4, 4  # of the words of a clause
_CAPITAL = re.compile(r"\b[A-Z]\w+")


def has_foreign_addition(unsaid: Sequence[Word], text: str, language: Language) -> bool:
    """Whether a side clause of the sentence consists of words that its speaker did not say."""
    return any(consists_of(content_words(part, language), unsaid) for part in language.side_clause.findall(text))


def may_be_own(missing: Sequence[Word], words: Sequence[Word], text: str, language: Language) -> bool:
    """Whether the words that were not said may be the writer's: few, nowhere alone, and none that tells something.

    A name, person, medicine, degree, feeling or negation tells something.
    """
    if len(missing) > min(len(words) * MOST_SHARE, MOST_MISSING):
        return False
    capitals = {fold(word) for word in _CAPITAL.findall(text[1:])}
    if any(is_telltale(word, language) or word.text in capitals or word.is_negated for word in missing):
        return False
    added = [content_words(part, language) for part in language.addition.split(text)[1:]]
    added += [
        words for part in language.circumstance.split(text)[1:] if len(words := content_words(part, language)) > 1
    ]
    return not any(consists_of(words, missing) for words in added)


def consists_of(words: Sequence[Word], missing: Sequence[Word]) -> bool:
    """Whether the words are none but missing ones."""
    own = {token for word in missing for token in word.text.split()}
    return bool(words) and all(own.issuperset(word.text.split()) for word in words)


def is_telltale(word: Word, language: Language) -> bool:
    """Whether the word tells something that no writer may add."""
    return word.text in language.drugs or any(word.means(other) for other in content_words(language.telltale, language))
