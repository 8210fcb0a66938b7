"""Sentences for a patient that stand alone: "She said it helped" leaves them to guess who and what.

English only; what speaks another language is left as it is. In doubt a sentence goes: the therapist reads the text and
can write it better.
"""

import re
from collections.abc import Iterable, Iterator

from sessions_app.pipeline.lexicon.names import GIVEN_NAMES
from sessions_app.pipeline.text.matching import fold, sentences

_PERSONS_TEXT = "she he her him his hers herself himself shes hes"
_PLURALS_TEXT = "they them their theirs themselves theyre theyll"
# After these, "this" and "that" stand for a thing instead of pointing at the next word.
_AFTER_A_THING_TEXT = """
is was were will would can helped helps made makes felt feels worked works went every each again once twice daily for at
in on before after until and or but
"""
# Words of the frame, which name nothing that a pronoun could stand for.
_FRAME_TEXT = """
you your yours yourself we us our i me my the a an and or but so that this these those it its they them their she he her
him his agreed agree will would can could should try tried do did done does have had has been be is are was were on of
to in at for with about from as if when then than not also again spoke talked said told noticed felt found really very
just still even maybe next last every each how what which who why
"""
_CAPITALIZED_TEXT = "i im ive id ill ok okay monday tuesday wednesday thursday friday saturday sunday"
_PERSONS, _PLURALS, _AFTER_A_THING, _FRAME, _CAPITALIZED = (
    frozenset(text.split())
    for text in (_PERSONS_TEXT, _PLURALS_TEXT, _AFTER_A_THING_TEXT, _FRAME_TEXT, _CAPITALIZED_TEXT)
)
_THINGS = frozenset(["it", "its", "itself"])
_POINTERS = frozenset(["this", "that", "these", "those"])
# Whoever "she" or "they" may be.
_PEOPLE = re.compile(
    r"\b(mother|mum|mom|father|dad|parent|sister|brother|sibling|son|daughter|child|children|baby|kid|twin|husband|wife"
    r"|partner|boyfriend|girlfriend|fiancee?|friend|aunt|uncle|cousin|niece|nephew|gran|grandma|grandpa|grandmother"
    r"|grandfather|family|boss|manager|colleague|teacher|doctor|nurse|neighbou?r|landlord|landlady|roommate|flatmate"
    r"|therapist|counsellor|man|woman|girl|boy|people|person|men|women)s?\b"
)
# "It is hard to …" speaks of what follows.
_EXPLETIVE = re.compile(r"^its? (is |was |can be |feels |felt |helps |takes |seems )?(\w+ )?(to|that|when|if)\b")


def standing_alone(texts: Iterable[str]) -> list[str]:
    """The texts without the sentences whose pronouns stand for nothing said in them or just before."""
    kept: list[str] = []
    for text in texts:
        found = sentences(text)
        alone: list[str] = []
        for sentence in found:
            if not _hangs(sentence, " ".join([*kept, *alone])):
                alone.append(sentence)
        if alone:
            kept.append(text if alone == found else " ".join(alone))
    return kept


def _hangs(sentence: str, before: str) -> bool:
    words = fold(sentence).split()
    return any(not _is_named(kind, words, at, sentence, before) for kind, at in _pronouns(words))


def _pronouns(words: list[str]) -> Iterator[tuple[str, int]]:
    for at, word in enumerate(words):
        if word in _PERSONS:
            yield "person", at
        elif word in _PLURALS:
            yield "plural", at
        elif word in _THINGS:
            if not _EXPLETIVE.match(" ".join(words[at:])):
                yield "thing", at
        elif word in _POINTERS and (at + 1 == len(words) or words[at + 1] in _AFTER_A_THING):
            yield "thing", at


def _is_named(kind: str, words: list[str], at: int, sentence: str, before: str) -> bool:
    """Whether what the pronoun stands for is named: a person at any place before, a thing right before."""
    if kind != "thing" and (_names_person(" ".join(sentence.split()[:at])) or _names_person(before)):
        return True
    return kind != "person" and _names_thing(words[:at], before)


def _names_person(text: str) -> bool:
    return _PEOPLE.search(fold(text)) is not None or any(
        word[:1].isupper() and (fold(word) in GIVEN_NAMES or (at and fold(word) not in _CAPITALIZED))
        for sentence in sentences(text)
        for at, word in enumerate(sentence.split())
    )


def _names_thing(earlier: list[str], before: str) -> bool:
    """A word in the sentence that is neither of the frame nor the verb whose object the pronoun is.

    A sentence that begins with the pronoun takes up the one before.
    """
    return any(word not in _FRAME for word in earlier[:-1]) if earlier else bool(before)
