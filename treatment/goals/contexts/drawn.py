"""The parts of a goal's row in its plan: a template's loop takes five times as long, and plans have dozens of goals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from therapybridge.core.pages.tags import day, icon, progress_bar
from treatment.goals.choices import GoalStatus, GoalTerm, Priority
from treatment.goals.contexts.tree import Node
from treatment.goals.models import Goal

PILLS = {
    GoalStatus.ACHIEVED: ("pill pill--ok", "check"),
    GoalStatus.IN_PROGRESS: ("pill pill--info", "current"),
    GoalStatus.NOT_STARTED: ("pill", "todo"),
}
DEEPEST = 3  # level below which no goal is added
LINK = '<a class="button button--small" href="{}">{}<span class="sr-only">: {}</span></a>'
BUTTON = '<button class="button button--small" type="submit" {}>{}<span class="sr-only">: {}</span></button>'

DOWN = SafeString('name="down" value="on"')


@dataclass(frozen=True, slots=True)
class Row:
    """What a goal is, and what its therapist can do with it: links, and the buttons of a form that moves it."""

    head: str
    links: str
    move_url: str
    moves: str


def row_of(node: Node, new_goal: str) -> Row:
    """The row of a goal; `new_goal` is the page for a new one."""
    goal, url = node.goal, node.goal.get_absolute_url()
    move_url = reverse("goals:move", args=[goal.pk])
    return Row(_head(goal, url), format_html_join(" ", LINK, _links(node, url, new_goal)), move_url, _moves(node))


def pill_of(goal: Goal) -> str:
    """The status, with the day on which it was achieved or given up."""
    look, drawing = PILLS.get(GoalStatus(goal.status), ("pill", "close"))
    words = goal.get_status_display()
    if goal.closed_date and not goal.is_open:
        words = format_html("{} {}", words if goal.counts else f"{words},", day(goal.closed_date))
    return format_html('<span class="{}">{}{}</span>', look, icon(drawing, "s"), words)


def _head(goal: Goal, url: str) -> str:
    return format_html(
        '<p class="row small muted">{} {}</p><p><a class="goal__words" href="{}">{}</a></p>{}',
        format_html_join(" ", "<span>{}</span>", _facts(goal)),
        pill_of(goal),
        url,
        goal.wording,
        progress_bar(goal.progress, goal.wording),
    )


def _facts(goal: Goal) -> Iterator[tuple[str]]:
    yield (goal.get_term_display(),)
    if goal.priority != Priority.MEDIUM:
        yield (f"{goal.get_priority_display()} priority",)
    if goal.target_date:
        yield (format_html("by {}", day(goal.target_date)),)


def _links(node: Node, url: str, new_goal: str) -> Iterator[tuple[str, str, str]]:
    goal = node.goal
    if not node.parts:
        yield f"{url}#rate", "Rate", goal.wording
    if goal.level < DEEPEST and goal.term != GoalTerm.OBJECTIVE:
        yield f"{new_goal}?parent={goal.pk}", "Add below", goal.wording


def _moves(node: Node) -> str:
    """Empty for an only goal."""
    down = format_html('name="{}" value="{}"', "down", "on")
    ways = [("", "Up", node.is_first), (down, "Down", node.is_last)]
    return format_html_join(
        "", BUTTON, ((name, label, node.goal.wording) for name, label, is_end in ways if not is_end)
    )
