"""Beginnings of longer texts, for lists."""

MARK = "…"


def excerpt(text: str, length: int) -> str:
    """The text in one line, if it has at most `length` characters; else its first whole words, which end in “…”.

    Only a single word that is longer than all of it is cut within.
    """
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    room = line[: length - len(MARK) + 1]
    words = room.rpartition(" ")[0] or room[:-1]
    return words.rstrip(" ,;:–—-") + MARK  # noqa: RUF001 (dashes of texts)
