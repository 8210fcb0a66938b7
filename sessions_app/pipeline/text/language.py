"""The languages of a text, recognised by py3langid: a small statistical model that needs nothing but numpy."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SURE = 0.5  # confidence, 0..1; measured: below it short English lines are taken for Tagalog or Javanese
SURE_OF_A_LINE = 0.75
LEAST_SHARE = 0.05  # of the words that were recognised
LEAST_WORDS = 12  # a greeting in another language is none of the session's languages
_LETTERS_OF_A_LINE = 16
_LINES = 500
_SAMPLE, _SAMPLES = 1000, 16  # characters; longer texts are judged by samples from all of their parts
_loading = Lock()


def language_of(text: str) -> str:
    """The main language as ISO 639-1 code ("en"), or "" when unsure."""
    return _recognised(_sampled(text), SURE)


def language_of_line(text: str) -> str:
    """The language of a sentence; "" when it is too short, or when unsure."""
    return _recognised(text, SURE_OF_A_LINE) if len(text.strip()) >= _LETTERS_OF_A_LINE else ""


def languages_in(lines: Iterable[str]) -> list[str]:
    """The languages in which a good part of the lines is, most frequent first; empty when unsure of all."""
    said = list(lines)
    # Of long sessions, a sample from all parts: each line takes a tenth of a millisecond.
    sampled = said[:: len(said) // _LINES + 1]
    words: Counter[str] = Counter()
    for line in sampled:
        words[language_of_line(line)] += len(line.split())
    del words[""]
    least = max(LEAST_WORDS, LEAST_SHARE * words.total())
    main = language_of("\n".join(said))
    found = [language for language, count in words.most_common() if count >= least]
    return found if not main or main in found else [main, *found]


def _sampled(text: str) -> str:
    if len(text) <= _SAMPLE * _SAMPLES:
        return text
    step = len(text) // _SAMPLES
    return "\n".join(text[start : start + _SAMPLE] for start in range(0, step * _SAMPLES, step))


def _recognised(text: str, least: float) -> str:
    language, confidence = _identifier().classify(" ".join(text.split()))
    return str(language) if confidence >= least and len(language) == len("en") else ""


def _identifier() -> LanguageIdentifier:
    with _loading:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> LanguageIdentifier:
    """Takes half a second; loaded when it is first needed."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
