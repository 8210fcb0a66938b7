"""Codes of ICD-10-CM: their shape, and those that this product lists with descriptions.

Listed are chapter 5 (F01-F99) and the psychosocial circumstances (Z55-Z65) of the release named in `RELEASE`. The
classification is in the public domain (CDC/NCHS). A code from elsewhere, such as G47.00, is known by its shape alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RELEASE = "ICD-10-CM fiscal year 2026, update of April 1, 2026 (CDC/NCHS)"
LIST = Path(__file__).with_name("icd10cm.tsv")
# A letter, a digit, a digit or A or B, and after a dot up to four more.
SHAPE = re.compile(r"[A-Z][0-9][0-9AB](?:\.[0-9A-Z]{1,4})?")
LISTED = re.compile(r"F|Z5[5-9]|Z6[0-5]")
MOST = 25
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class DiagnosisCode:
    """A code of the list; a category, which only groups others, is not billable. `terms` are other names, to search."""

    code: str
    description: str
    is_billable: bool
    terms: str = ""

    @property
    def label(self) -> str:
        """Code and description in one line."""
        return f"{self.code} {self.description}"


@cache
def all_codes() -> Mapping[str, DiagnosisCode]:
    """The list, in the order of the classification."""
    rows = (line.split("\t") for line in LIST.read_text().splitlines() if not line.startswith("#"))
    return {code: DiagnosisCode(code, told, billable == "1", terms) for code, billable, told, terms in rows}


def normal_code(text: str) -> str:
    """A code as it is written in the classification, with its dot; the text in capitals if it has no such shape."""
    bare = text.strip().upper().replace(".", "")
    category, rest = bare[:3], bare[3:]
    return f"{category}.{rest}" if rest else category


def flaw_of(code: str) -> str:
    """What is wrong with a code in its normal form; nothing for one that may be used."""
    if not SHAPE.fullmatch(code):
        return f"{code[:12]} is not a code of ICD-10-CM. One looks like F32.1."
    if LISTED.match(code) and code not in all_codes():
        return f"{code} is not in {RELEASE}."
    return ""


def search(text: str, most: int = MOST) -> Sequence[DiagnosisCode]:
    """Codes that begin with the text, else those in whose description or other names every word begins one.

    The first of the list for no text.
    """
    wanted = normal_code(text)
    if found := [one for one in all_codes().values() if one.code.startswith(wanted)]:
        return found[:most]
    words = _WORD.findall(text.casefold())
    if not words:
        return []
    described = [one for one in all_codes().values() if _has_all(words, one.description)]
    named = [one for one in all_codes().values() if _has_all(words, f"{one.description} {one.terms}")]
    return list(dict.fromkeys([*described, *named]))[:most]


def _has_all(words: Sequence[str], text: str) -> bool:
    """Whether every word begins one of the text."""
    known = _words_of(text)
    return all(any(one.startswith(word) for one in known) for word in words)


@cache
def _words_of(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
