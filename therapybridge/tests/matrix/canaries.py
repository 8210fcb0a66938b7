"""Canary words that identify data's owner and permitted readers: `canary-<owner>-<kind>-<where>`.

Kinds: `own` may be read by the patient and whoever has the record open, `care` only by the latter; `grant` and `past`
are what the holders of the live and of the expired emergency access wrote, for them and for who treats the patient;
`private` is what its author wrote for nobody else, `former` the same
of an author who does not treat the patient any more.
"""

import re
from collections.abc import Iterator

WORD = re.compile(r"canary-([pqr])-(own|care|grant|past|private|former)-[a-z]+", re.IGNORECASE)
OWNERS = {"p": "patient", "q": "other_patient", "r": "nobody"}
RECORD_OPEN_TO = {"p": {"assigned", "emergency"}, "q": {"colleague"}, "r": {"foreign"}}
WROTE: dict[str, dict[str, set[str]]] = {
    "grant": {"p": {"assigned", "emergency"}, "r": {"foreign"}},
    "past": {"p": {"assigned", "emergency_over"}},
    "private": {"p": {"assigned"}, "q": {"colleague"}, "r": {"foreign"}},
    "former": {},
}


def word(owner: str, kind: str, where: str) -> str:
    """One canary."""
    return f"canary-{owner}-{kind}-{where}"


def readers(owner: str, kind: str) -> set[str]:
    """The identities that may see the word."""
    if kind in WROTE:
        return WROTE[kind].get(owner, set())
    return RECORD_OPEN_TO[owner] | ({OWNERS[owner]} if kind == "own" else set())


def leaked(text: str, reader: str) -> Iterator[str]:
    """The canaries in `text` that `reader` must not see."""
    for found in sorted({match.group(0).lower() for match in WORD.finditer(text)}):
        _, owner, kind, _ = found.split("-")
        if reader not in readers(owner, kind):
            yield found
