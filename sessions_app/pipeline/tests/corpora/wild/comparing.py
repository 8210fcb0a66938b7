"""What is wrong with an importer's lines, measured against a clean twin."""

import unicodedata
from collections.abc import Iterator, Sequence

from sessions_app.pipeline.tests.corpora.wild.model import SLACK, Line, WildTranscript, turns


def mismatches(case: WildTranscript, found: Sequence[Line]) -> list[str]:
    """One sentence for each difference that matters; empty if the file was read right."""
    lines = [line for line in map(_plain, found) if line.label or line.text not in case.may_remain]
    right = [_plain(line) for line in case.twin]
    if case.by_turn:
        lines, right = turns(lines), turns(right)
    if case.order == "either":
        lines, right = (sorted(some, key=lambda line: line.start or 0) for some in (lines, right))
    if len(lines) != len(right):
        return [f"{len(lines)} lines instead of {len(right)}: {[line.text for line in lines]}"]
    return [*_texts(lines, right), *_labels(case, lines, right), *_times(case, lines, right)]


def _plain(line: Line) -> Line:
    """Composed characters and single spaces: nobody sees a difference."""
    label, text = (" ".join(unicodedata.normalize("NFC", part).split()) for part in (line.label or "", line.text))
    return Line(label or None, line.start, text)


def _texts(lines: Sequence[Line], right: Sequence[Line]) -> Iterator[str]:
    for one, wanted in zip(lines, right, strict=True):
        if one.text != wanted.text:
            yield f"words {one.text!r} instead of {wanted.text!r}"


def _labels(case: WildTranscript, lines: Sequence[Line], right: Sequence[Line]) -> Iterator[str]:
    names: dict[str, str] = {}
    before: str | None = None
    for one, wanted in zip(lines, right, strict=True):
        if wanted.label is None:
            is_right = one.label in {None, before}
        elif case.names_free:
            is_new = wanted.label not in names and one.label not in names.values()
            is_right = bool(one.label) and (is_new or names.get(wanted.label) == one.label)
            names.setdefault(wanted.label, one.label or "")
        else:
            is_right = one.label == wanted.label
        if not is_right:
            yield f"voice {one.label!r} instead of {wanted.label!r}: {wanted.text!r}"
        before = one.label


def _times(case: WildTranscript, lines: Sequence[Line], right: Sequence[Line]) -> Iterator[str]:
    for n, (one, wanted) in enumerate(zip(lines, right, strict=True)):
        if wanted.start is None:
            is_right = one.start is None or _is_between(one.start, n, right)
        elif one.start is None:
            is_right = case.times_optional
        else:
            is_right = abs(one.start - wanted.start) <= SLACK
        if not is_right:
            yield f"time {one.start} instead of {wanted.start}: {wanted.text!r}"


def _is_between(start: float, position: int, right: Sequence[Line]) -> bool:
    """Whether a time that the source did not give is possible; never if the source gives none at all."""
    known = [(n, line.start) for n, line in enumerate(right) if line.start is not None]
    earliest = max((time for n, time in known if n < position), default=0.0)
    latest = min((time for n, time in known if n > position), default=float("inf"))
    return bool(known) and earliest - SLACK <= start <= latest + SLACK
