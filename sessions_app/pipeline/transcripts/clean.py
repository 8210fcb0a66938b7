"""Invisible characters and the many ends of a line."""

import re

_LINE_BREAK = re.compile(r"(?<!\r)\r+\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Controls, byte order marks, zero-width and directional marks, fillers, tags, and private markers.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
# Joiners are letters' business in Persian, Indic scripts and emoji, and noise everywhere else.
_STRAY_JOINER = re.compile(
    "(?<![\u0600-\u0dff\u0f00-\u109f\u1780-\u17ff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]+"
)
_BLANK = str.maketrans({"\u2800": " ", "\u00a0": " ", "\u202f": " "})


def cleaned(text: str) -> str:
    r"""The text with "\n" as its only line break and without invisible characters."""
    visible = _INVISIBLE.sub("", _LINE_BREAK.sub("\n", text))
    return _STRAY_JOINER.sub("", visible).translate(_BLANK)
