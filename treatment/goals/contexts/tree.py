"""Goals as a tree, for pages and for lists that keep its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from treatment.goals.models import Goal


@dataclass(slots=True)
class Node:
    """A goal with those below it, what speaks to it, and how it is drawn."""

    goal: Goal
    children: list[Node] = field(default_factory=list)
    evidence: Any = None
    drawn: Any = None
    is_first: bool = True
    is_last: bool = True

    @property
    def parts(self) -> int:
        """How many goals below make its progress; without any, it is rated itself."""
        return sum(child.goal.counts for child in self.children)


def tree_of(goals: Iterable[Goal]) -> list[Node]:
    """The topmost of a plan's goals, each with those below it, all in their order."""
    nodes = {goal.pk: Node(goal) for goal in sorted(goals, key=lambda one: (one.position, one.pk))}
    tops: list[Node] = []
    for node in nodes.values():
        parent = nodes.get(node.goal.parent_id) if node.goal.parent_id else None
        (parent.children if parent else tops).append(node)
    for siblings in (tops, *(node.children for node in nodes.values())):
        for at, node in enumerate(siblings):
            node.is_first, node.is_last = at == 0, at == len(siblings) - 1
    return tops


def in_order(nodes: Iterable[Node]) -> Iterator[Node]:
    """All of them, each before those below it."""
    for node in nodes:
        yield node
        yield from in_order(node.children)
