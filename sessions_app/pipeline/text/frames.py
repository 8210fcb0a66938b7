"""A small language for what people say: a core word within frames of word classes.

A rule has `cores`, the words around which its `frames` stand; `@` in a frame is any of them. A sentence without a core
word need not be searched, nor one without the other words of a frame (`text/needs.py`). In a frame

    {self}    is a word class of the language,
    a .. b    allows up to four words in between,
    a ~ b     allows up to seven, and either order,
    $         is the end of the sentence,
    a(?! b)   allows no word b behind a,
    (a|b)?    and the rest is a regular expression over folded words, each followed by one space.
"""

import re
from collections.abc import Iterable, Mapping

_CLASS = re.compile(r"\{([a-z_]+)\}")
_PLAIN_GROUP = re.compile(r"\((?!\?)")
_NEAR, _FAR = r"(?: \w+){0,4} ", r"(?: \w+){0,7} "


def cores_pattern(cores: str) -> str:
    """For `fullmatch` with a single word."""
    return _uncaptured(" ".join(cores.split()))


def frames_pattern(cores: str, frames: str, classes: Mapping[str, str]) -> str:
    """All frames (one per line) as alternatives. KeyError for an unknown class, ValueError without @."""
    lines = [line.strip() for line in frames.strip().splitlines()]
    if missing := [line for line in lines or [cores] if "@" not in line]:
        raise ValueError(missing)
    return _alternatives(_ordered(lines), {**classes, "core": cores_pattern(cores)})


def phrases_pattern(lines: str, classes: Mapping[str, str]) -> str:
    """Phrases without a core, one per line."""
    return _alternatives([line.strip() for line in lines.strip().splitlines()], classes)


def _ordered(lines: Iterable[str]) -> list[str]:
    """`a ~ b` as two lines."""
    ordered = []
    for line in lines:
        left, near, right = line.partition(" ~ ")
        ordered += [f"(?:{left}) ... (?:{right})", f"(?:{right}) ... (?:{left})"] if near else [line]
    return ordered


def _alternatives(lines: Iterable[str], classes: Mapping[str, str]) -> str:
    return rf"(?<!\w)(?:{'|'.join(_compiled(line, classes) for line in lines)})(?:(?<= )|(?!\w))"


def _compiled(line: str, classes: Mapping[str, str]) -> str:
    text = line.replace("@", "{core}")
    while _CLASS.search(text):
        text = _CLASS.sub(lambda match: f"(?:{classes[match[1]]})", text)
    return _whole_words_ahead(_uncaptured(text)).replace("$", " ?$").replace(" ... ", _FAR).replace(" .. ", _NEAR)


def _uncaptured(text: str) -> str:
    return f"(?:{_PLAIN_GROUP.sub('(?:', text)})"


def _whole_words_ahead(text: str) -> str:
    """`(?! the)` must not mean "there" too."""
    start = text.find("(?!")
    while start >= 0:
        depth, end = 1, start + 3
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        ahead = f"(?:{text[start + 3 : end - 1]})(?!\\w)"
        text = f"{text[: start + 3]}{ahead}{text[end - 1 :]}"
        start = text.find("(?!", start + 3 + len(ahead))
    return text
