"""Words that may stand for each other when a statement is compared with what was said.

A line of `thesaurus/` is a group. In "argue, row" each may stand for each; in "alcohol: beer, wine, have a few" the
first and the phrases for all, the others for nothing else. In "physical symptoms > heart racing, hands shake" only the
first may be written, for any of the others, which differ among themselves. Opposites, degrees and frequencies are apart
on purpose.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent


class Group(NamedTuple):
    """Folded words and phrases: those that may be written, and those that were said."""

    written: list[str]
    said: list[str]


def groups(folder: str) -> Iterator[Group]:
    """The groups of all themes of a language's thesaurus."""
    for path in sorted((_HERE / folder).glob("*.txt")):
        for line in _lines(path):
            head, _, signs = line.partition(" > ")
            if signs:
                yield Group([head], [head, *_entries(signs)])
                continue
            heads, colon, rest = line.rpartition(":")
            said = _entries(rest)
            written = [*_entries(heads), *(entry for entry in said if " " in entry)]
            yield Group(written, [*_entries(heads), *said]) if colon else Group(said, said)


def irregular_forms(folder: str) -> Iterator[list[str]]:
    """The forms of each word that no stemmer brings together, the plain one first."""
    yield from map(_entries, _lines(_HERE / folder / "irregular_forms.txt"))


def _lines(path: Path) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    yield from (line for line in lines if line and not line.startswith("#"))


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",")]


# Said in several words, written in one; over folded text.
PHRASES = {
    r"(kill|killing) (my|your|him|her|them)sel(f|ves)": "suicidal",
    r"(end|ending|take|taking|took) (my|your|his|her|their) (own )?life": "suicidal",
    r"(passed|pass) away": "died",
    r"(every|each|per) (single )?day": "daily",
    r"(every|each|per) (single )?night": "nightly",
    r"(every|each|per|once a) (single )?week": "weekly",
    r"(every|each|in the) (single )?morning": "morning",
    r"a lot( of)?|lots of|plenty of": "much",
    r"(laid|lay) off|got the sack|lost (my|her|his|your|their) job": "fired lost job",
    r"(broke|break|broken|split) up": "separated",
    r"(cut|cutting) (down|back)( on)?": "reduce",
    r"(give|gave|giving|given) up": "quit",
    r"(fall|falls|falling|fell|drop|drops|dropped|dropping|drifts|drifted|drift|drifting) (off|asleep)": "asleep",
    r"(wake|wakes|waking|woke|woken) up": "awake",
    r"(show|showed|turn|turned|shows|turns) up": "came",
    r"(get|gets|getting|got) up": "rise",
    r"(look|looks|looking|looked) after|take(s|n)? care of|taking care of|took care of": "care",
    r"(work|works|working|worked) out": "workout",
    r"(get|gets|getting|got) along|(get|gets|getting|got) on (with|well)": "relate",
    r"(stay|stays|staying|stayed) away from": "avoid",
    r"(put|puts|putting) (it |this |that |them )?off": "postpone",
    r"(calm|calms|calming|calmed) down": "calm",
    r"(throw|threw|throwing) up": "vomit",
    r"on edge": "anxious",
    r"fed up": "frustrated",
    r"burn(t|ed)? out": "burnout",
    r"(worn|wiped) out": "exhausted",
    r"stressed out": "stressed",
    r"no longer|not any ?more|any ?more|any longer": "not",
    r"a couple( of)?": "2",
    r"half (of )?the": "half",
    r"in laws?": "relatives",
    r"text message": "text",
    r"(write|writes|wrote|writing|written|jot|jotted|jotting|note|noted|noting) (it |them )?down": "write",
    r"due to|because of|owing to": "because",
    r"(all by|by) (my|him|her|your|them)sel(f|ves)": "alone",
    r"on (my|his|her|your|their) own": "alone",
    r"right now|at the moment|at present|these days": "currently",
    r"next to": "beside",
    r"as well|at all|of course|you know|i mean|kind of|sort of|i guess": "",
}
