"""The order of the sections and fields of a template that is being built, and the steps that change it."""

import re
from collections.abc import Callable, Iterable

from sessions_app.pipeline.note_templates.definition import MAX_ALL_FIELDS, MAX_SECTIONS

SECTION, FIELD = "s", "f"
TOKEN = re.compile(r"[sf][0-9]{1,4}")
MOST = MAX_ALL_FIELDS + MAX_SECTIONS


class Outline:
    """Tokens in the order of the page, a section before its fields. A token names a form, wherever that is moved."""

    def __init__(self, tokens: Iterable[str]) -> None:
        known = dict.fromkeys(token for token in tokens if TOKEN.fullmatch(token))
        first = next((at for at, token in enumerate(known) if token[0] == SECTION), len(known))
        self.tokens = list(known)[first : first + MOST]

    @property
    def sections(self) -> list[tuple[str, list[str]]]:
        """Sections in order, each with its fields."""
        found: list[tuple[str, list[str]]] = []
        for token in self.tokens:
            if token[0] == SECTION:
                found.append((token, []))
            else:
                found[-1][1].append(token)
        return found

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another field."""
        return sum(token[0] == FIELD for token in self.tokens) >= MAX_ALL_FIELDS

    def is_first(self, token: str) -> bool:
        """Whether it cannot move up; a field moves into the section above."""
        return self.tokens.index(token) == (0 if token[0] == SECTION else 1)

    def is_last(self, token: str) -> bool:
        """Whether it cannot move down."""
        return self._span(token)[1] == len(self.tokens)

    def change(self, step: str) -> str:
        """Carry out a step such as `up:f3`, and return the id of the element to go on at; "" for an unknown step."""
        name, _, token = step.partition(":")
        steps: dict[str, Callable[[str], str]] = {
            "section": self._add_section,
            "field": self._add_field,
            "remove": self._remove,
            "up": self._move_up,
            "down": self._move_down,
        }
        is_known = name in steps and (token in self.tokens or name == "section")
        return steps[name](token) if is_known else ""

    def _add_section(self, _: str) -> str:
        if len(self.sections) >= MAX_SECTIONS:
            return ""
        token = self._new(SECTION)
        self.tokens += [token] if self.is_full else [token, self._new(FIELD)]
        return f"id_{token}-title"

    def _add_field(self, section: str) -> str:
        if self.is_full or section[0] != SECTION:
            return ""
        token, (_, end) = self._new(FIELD), self._span(section)
        self.tokens.insert(end, token)
        return f"id_{token}-label"

    def _remove(self, token: str) -> str:
        start, end = self._span(token)
        del self.tokens[start:end]
        if token[0] == SECTION:
            return "add-section"
        return next(f"add-{above}" for above in reversed(self.tokens[:start]) if above[0] == SECTION)

    def _move_up(self, token: str) -> str:
        start, end = self._span(token)
        before = self._start_before(start) if token[0] == SECTION else start - 1
        if before >= (0 if token[0] == SECTION else 1):
            self.tokens[before:end] = self.tokens[start:end] + self.tokens[before:start]
        return f"down-{token}" if self.is_first(token) else f"up-{token}"

    def _move_down(self, token: str) -> str:
        start, end = self._span(token)
        if end < len(self.tokens) and token[0] == SECTION:
            self._move_up(self.tokens[end])
        elif end < len(self.tokens):
            self.tokens[start], self.tokens[end] = self.tokens[end], token
        return f"up-{token}" if self.is_last(token) else f"down-{token}"

    def _span(self, token: str) -> tuple[int, int]:
        """From the token to behind the last one that belongs to it."""
        start = self.tokens.index(token)
        if token[0] == FIELD:
            return start, start + 1
        later = (at for at in range(start + 1, len(self.tokens)) if self.tokens[at][0] == SECTION)
        return start, next(later, len(self.tokens))

    def _start_before(self, start: int) -> int:
        earlier = (at for at in range(start - 1, -1, -1) if self.tokens[at][0] == SECTION)
        return next(earlier, -1)

    def _new(self, kind: str) -> str:
        numbers = [int(token[1:]) for token in self.tokens if token[0] == kind]
        return f"{kind}{max(numbers, default=0) + 1}"
