"""From bytes to text: Unicode first, with stray bytes replaced, then old code pages."""

import re

from sessions_app.pipeline.transcripts.code_pages import guess
from sessions_app.pipeline.transcripts.types import Warnings, unreadable
from therapybridge.core.errors import Unprocessable

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DOCUMENTS = (b"PK\x03\x04", b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a]")
_BINARY_SHARE = 0.02
_BINARY_FLOOR = 8  # control characters are dropped, not rejected
_WIDE_SHARE = 0.05  # of zero bytes: UTF-16 without a byte order mark, as in a text of few spaces and line breaks
_SAMPLE = 4000  # bytes
_STRAY_SHARE = 0.01
# UTF-8 that was read as Western European once before it was saved.
_TWICE = re.compile("[ÂÃ][\u0080-\u00bf]|â€")


def decoded(data: bytes, warnings: Warnings) -> str:
    """The text of a file; raises Unprocessable if it is none or in a code page that cannot be told for certain."""
    if data.startswith(_DOCUMENTS):
        raise _not_text()
    return _text(data, warnings)


def _text(data: bytes, warnings: Warnings) -> str:
    marked = next((name for bom, name in _BOMS if data.startswith(bom)), None) or _unmarked_wide(data)
    text = data.decode(marked or "utf-8", errors="replace")
    if len(_CONTROL.findall(text)) > max(_BINARY_FLOOR, _BINARY_SHARE * len(text)):
        raise _not_text()
    is_sound = marked is not None or _is_utf8(data)
    return _once(text, warnings) if is_sound else _repaired(data, text, warnings)


def _unmarked_wide(data: bytes) -> str | None:
    sample = data[:_SAMPLE]
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    if sum(zeros) <= _WIDE_SHARE * len(sample) or min(zeros) > max(zeros) / 2:
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _repaired(data: bytes, text: str, warnings: Warnings) -> str:
    """A text with characters of UTF-8 is UTF-8, and what does not fit is a stray byte; else it is a code page."""
    strays = text.count("\ufffd")
    if strays <= sum(char > "\x7f" for char in text) - strays:
        return _with_strays(text, strays, warnings)
    page = guess(data)
    if page is not None:
        warnings.encoding = "The file is not in UTF-8. Please check that all letters are right."
        return data.decode(page, errors="replace")
    if strays <= _STRAY_SHARE * len(data):
        return _with_strays(text, strays, warnings)
    raise unreadable("the file", "is in an unknown encoding; please save it as UTF-8")


def _with_strays(text: str, strays: int, warnings: Warnings) -> str:
    are = "damaged character was" if strays == 1 else "damaged characters were"
    warnings.encoding = f"{strays:,} {are} replaced by \ufffd."
    return text


def _not_text() -> Unprocessable:
    return unreadable("line 1", "is not text")


def _once(text: str, warnings: Warnings) -> str:
    """The text before it was encoded twice, if it was."""
    if not _TWICE.search(text):
        return text
    try:
        once = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
    warnings.encoding = "The file was encoded twice, which was undone. Please check that all letters are right."
    return once
