"""What people type, brought into one form for storing: names, addresses and passwords also for finding again."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Literal

import idna
from django.core.exceptions import ValidationError

from therapybridge.core.errors import InvalidInput

INVISIBLE = "This contains characters that cannot be seen. Please type it instead of pasting it."
PILED = "This contains more accents on one letter than can be read. Please type it again."
LINKED = "This looks like a link or an address. Leave it out, or put a space after each dot."
NO_DOMAIN = "Enter a valid email address."
MAX_FOLDED = 200  # characters
MOST_MARKS = 30  # that follow one another: more than any language writes (UAX #15, Stream-Safe Text Format)

# Left out when a name is folded: apostrophes and what is written for them, and the Arabic stroke that lengthens a line.
_DROPPED = "'`´‘’‚‛′‵ʹʻʼʽʾʿˀˁˈˊˋˮ՚׳״ꞌ᾽᾿῾＇\u0640"  # noqa: RUF001
# Letters that Unicode does not decompose, as people write them who lack the key; those of Arabic that are
# interchanged; Yiddish ligatures; and the characters of Japanese names that have an everyday form.
_LETTERS = {"æ": "ae", "œ": "oe", "þ": "th", "װ": "וו", "ױ": "וי", "ײ": "יי"}  # noqa: RUF001
_LETTERS |= dict(
    zip(
        "łøđðħŧŋǥʒɓɗƙƴɖƒɣɔɛəǝɨʉ\N{LATIN SMALL LETTER DOTLESS I}" + "ٱىیکةہھ" + "髙﨑邊邉濱濵齋齊澤櫻廣",
        "loddhtngzbdkydfgoeeeiui" + "اييكههه" + "高崎辺辺浜浜斎斉沢桜広",
        strict=True,
    )
)
# Letters with a mark that nobody leaves out, since it makes another letter.
_WHOLE = "йїўѓќ"
# A dot below these is often left out; below others it makes another letter.
_LOOSE_NUKTA = re.compile("([\u0915\u0916\u0917\u091c\u092b])\u093c")
# How passports and offices without these letters write them.
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "đ": "dj"})
# Accents by combining class: overlays, Hebrew and Arabic points, and marks above, below and through a letter. Vowel
# signs of Indic scripts and the voicing marks of kana are parts of the letter and stay.
_ACCENTS = {1, *range(10, 36), *range(200, 241)}
_UNSEEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# Letters, marks and a symbol that fonts draw as nothing.
_UNSEEN = {
    0x034F,
    0x115F,
    0x1160,
    0x17B4,
    0x17B5,
    *range(0x180B, 0x1810),
    0x2800,
    0x3164,
    0xFFA0,
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
}
# Two words with a dot between them, one of those that the names of domains are written with (UTS #46).
_LINK = re.compile(r"://|\w[.\u3002\uff0e\uff61][^\W\d_]{2,}")
_JOINERS = "\u200c\u200d"
_AFTER_MONGOLIAN = "\u180b\u180c\u180d\u180e\u180f"  # choose the form of a letter
# Scripts whose names are written with joiners between letters (RFC 5892, appendix A).
_JOINING = ("ARABIC", "SYRIAC", "DEVANAGARI", "BENGALI", "GUJARATI", "GURMUKHI", "KANNADA", "MALAYALAM", "ORIYA")
_JOINING_TOO = ("SINHALA", "TAMIL", "TELUGU")


def composed(text: str) -> str:
    """The text in NFC, the form that keyboards and databases use; accents typed apart join their letters."""
    return normal_form("NFC", text)


def normal_form(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """The text in a normal form of Unicode; as it is, if it has more accents in a row than MOST_MARKS.

    Python puts them in order in the square of their number, which would take minutes for a form full of them.
    """
    return text if _is_piled(text) else unicodedata.normalize(form, text)


def tidy(text: str) -> str:
    """A name or other text of one line in NFC, with single plain spaces; ValidationError if part of it is invisible."""
    return " ".join(_visible(text.strip(), breaks="").split())


def squeezed(text: str) -> str:
    """The text in NFC, with single plain spaces, whatever else is in it."""
    return " ".join(composed(text).split())


def validate_address(text: str) -> None:
    """Raise ValidationError for an address that cannot have the one form."""
    tidy_address(text)


def validate_visible(text: str) -> None:
    """Raise ValidationError if part of the text is invisible."""
    tidy(text)


def validate_no_link(text: str) -> None:
    """Raise ValidationError for a name in which a program for e-mails would see a link."""
    if _LINK.search(text):
        raise ValidationError(LINKED, "link")


def tidy_lines(text: str) -> str:
    """`tidy` for several lines, whose breaks stay."""
    lines = _visible(text, breaks="\n\r\t").splitlines()
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def written(name: str, text: str, most: int, *, least: int = 1) -> str:
    """Free text as it is kept: breaks of one character, nothing blank around it.

    InvalidInput for the field `name` if it has not `least` to `most` characters then.
    """
    return all_written({name: (text, most)}, least=least)[name]


def all_written(given: Mapping[str, tuple[str, int]], *, least: int = 1) -> dict[str, str]:
    """The same for several fields, each with its `most`; InvalidInput names all that do not fit."""
    wrong = {name: wrong_length(text, most, least=least) for name, (text, most) in given.items()}
    if errors := {name: told for name, told in wrong.items() if told}:
        raise InvalidInput(errors=errors)
    return {name: _kept(text) for name, (text, _) in given.items()}


def wrong_length(text: str, most: int, *, least: int = 1) -> list[str]:
    """What a person is told of free text that is too short or too long; empty if it fits."""
    if least <= len(_kept(text)) <= most:
        return []
    return [f"Write between {least} and {most:,} characters." if least else f"Write at most {most:,} characters."]


def _kept(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def fold_name(text: str) -> str:
    """A name as it is searched and sorted: without case, accents and apostrophes; of all other marks, spaces are left.

    At most MAX_FOLDED characters; words are separated by one space.
    """
    folded = "".join(map(_folded, composed(composed(text).casefold())))
    return " ".join(composed(_LOOSE_NUKTA.sub(r"\1", folded)).split())[:MAX_FOLDED].strip()


def spell_out(text: str) -> str:
    """The same name as in a passport: ü as ue, ø as oe, å as aa."""
    return composed(composed(text).casefold()).translate(_SPELLED_OUT)


def tidy_address(text: str) -> str:
    """An e-mail address in lower case, its domain as mail servers know it (IDNA 2008); ValidationError otherwise."""
    local, at, domain = _visible(text.strip(), breaks="").lower().rpartition("@")
    try:
        return f"{local}{at}{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}"
    except (idna.IDNAError, UnicodeError) as error:
        raise ValidationError(NO_DOMAIN, "invalid") from error


def same_address(text: str | None) -> str:
    """`tidy_address` for looking up; what is no address is only in lower case, and matches nobody."""
    try:
        return tidy_address(text or "")
    except ValidationError:
        return (text or "").strip().lower()


def password_form(password: str) -> str:
    """The form in which a new password is hashed: NFKC (NIST SP 800-63B, 5.1.1.2), the same from every keyboard."""
    return normal_form("NFKC", password)


def password_forms(password: str) -> list[str]:
    """The forms that a stored hash may be of, the likeliest first: hashes from before were of whatever was typed."""
    others = (composed(password), normal_form("NFD", password), normal_form("NFKD", password))
    return list(dict.fromkeys([password_form(password), password, *others]))


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    if char in _WHOLE:
        return char
    return "".join(map(_bare, unicodedata.normalize("NFKD", char))) if char not in _DROPPED else ""


def _bare(char: str) -> str:
    if char in _DROPPED or unicodedata.combining(char) in _ACCENTS or _is_unseen(char):
        return ""
    letter = _LETTERS.get(char, char)
    return letter if unicodedata.category(char)[0] in "LMN" else " "


def _visible(text: str, breaks: str) -> str:
    if _is_piled(text):
        raise ValidationError(PILED, "piled")
    text = composed(text)
    for at, char in enumerate(text):
        if _is_unseen(char) and char not in breaks and not _joins(text, at):
            raise ValidationError(INVISIBLE, "invisible")
    return text


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN_CATEGORIES or ord(char) in _UNSEEN


def _joins(text: str, at: int) -> bool:
    if text[at] in _AFTER_MONGOLIAN:
        return unicodedata.name(text[at - 1 : at] or " ").startswith("MONGOLIAN LETTER")
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    is_between = len(around) == len("ab") and all(
        unicodedata.name(char, "").startswith(_JOINING + _JOINING_TOO) for char in around
    )
    return text[at] in _JOINERS and is_between


def _is_piled(text: str) -> bool:
    return not text.isascii() and _piles().search(text) is not None


@cache
def _piles() -> re.Pattern[str]:
    """Too many characters in a row that are marks, or become some in a normal form; none lies beyond the range."""
    decomposed = ((char, unicodedata.normalize("NFKD", char)) for char in map(chr, range(0x300, 0x20000)))
    marks = "".join(char for char, parts in decomposed if unicodedata.combining(parts[0]))
    return re.compile(f"[{marks}]{{{MOST_MARKS + 1}}}")
