"""Tags and entities of subtitles. What only looks like a tag is speech and stays."""

import html
import re

# A tag has a known name; those that take attributes have an equals sign in them.
_TAG = re.compile(
    r"</?(?:b|i|u|s|c|v|em|strong|ruby|rt|lang|font|span|p|div)(?:\.[\w.-]*)?/?>"
    r"|<(?:font|span|p|div|b|i|u)\s[^<>=]*=[^<>]*>|<lang\s+[a-zA-Z-]{2,12}>"
    r"|<\d{1,4}(?::\d{2}){1,2}[.,]\d{1,6}>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_OVERRIDE = re.compile(r"\{\\[a-zA-Z][^{}\s]{0,200}\}")
VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^\s<>][^<>\n]{0,200})>|</v>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")


def untagged(text: str) -> str:
    """The text without the tags of WebVTT and SubRip; a break becomes a line break."""
    return _OVERRIDE.sub("", _TAG.sub("", _BREAK.sub("\n", text)))


def unescaped(text: str) -> str:
    """The text with entities resolved once."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def escaped(text: str) -> str:
    """The text so that no part of it is read as a tag, an entity, an override or an arrow."""
    return html.escape(text, quote=False).replace("{\\", "&#123;\\")
