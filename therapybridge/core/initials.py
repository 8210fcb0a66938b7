"""The initials that stand for a person, in any script, and a colour that stays theirs."""

import unicodedata
from hashlib import sha256

COLOURS = 6
JOINER = "\N{ZERO WIDTH JOINER}"
REGIONAL = range(0x1F1E6, 0x1F200)  # two of these make a flag
TONES = range(0x1F3FB, 0x1F400)  # of skin


def initials(first_name: str, last_name: str) -> str:
    """One character as a reader sees it of each name, in capitals: letters rather than signs, none of an empty name."""
    return "".join(_capital(_first(name)) for name in (first_name, last_name))


def colour(key: object) -> int:
    """From 0 to COLOURS - 1, always the same for a key."""
    return sha256(str(key).encode()).digest()[0] % COLOURS


def _first(name: str) -> str:
    clusters = _clusters(name[:40])
    lettered = (one for one in clusters if one[0].isalnum())
    return next(lettered, clusters[0] if clusters else "")


def _clusters(text: str) -> list[str]:
    """The text as characters with all that belongs to them: accents, vowel signs, and the parts of an emoji."""
    found: list[str] = []
    for sign in unicodedata.normalize("NFC", text):
        if found and _belongs(found[-1], sign):
            found[-1] += sign
        elif not sign.isspace() and unicodedata.category(sign) not in {"Cf", "Cc"}:
            found.append(sign)
    return found


def _belongs(before: str, sign: str) -> bool:
    is_flag = len(before) == 1 and ord(before) in REGIONAL and ord(sign) in REGIONAL
    is_mark = unicodedata.category(sign).startswith("M") or ord(sign) in TONES or sign == JOINER
    return is_flag or is_mark or before.endswith(JOINER)


def _capital(cluster: str) -> str:
    raised = cluster.upper()
    return raised if len(raised) == len(cluster) else cluster
