"""Hesitations, which are heard and not meant: "um", and a word begun twice because of it."""

import re

from sessions_app.pipeline.lexicon.assignments import FILLER, REPEATED

_FILLER, _REPEATED = (re.compile(one, re.IGNORECASE) for one in (FILLER, REPEATED))


def is_halting(text: str) -> bool:
    """Whether it hesitates. Quoted word for word, it would show how somebody speaks instead of what they say."""
    return _FILLER.search(text) is not None


def fluent(text: str) -> str:
    """The text without hesitations, for what is not given as a quotation; one without them stays as it is."""
    if not is_halting(text):
        return text
    shown = without_hesitations(text).strip(" ,")
    return shown[:1].upper() + shown[1:] if text[:1].isupper() else shown


def without_hesitations(text: str) -> str:
    """The words alone, as a part of a sentence."""
    return " ".join(_REPEATED.sub("", _FILLER.sub("", text)).split())
