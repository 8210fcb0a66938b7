"""The goals that a note serves, beside the note."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess
from sessions_app.models import SessionNote
from treatment.goals.contexts.tree import Node, in_order, tree_of
from treatment.goals.models import Goal
from treatment.thread.forms import NoteGoalsForm
from treatment.thread.models import GoalLink
from treatment.thread.services.links import reason_of, version_of


def note_goals_context(
    note: SessionNote, access: RecordAccess, form: NoteGoalsForm | None = None, *, is_saved: bool = False
) -> dict[str, Any]:
    """The open goals of the patient's active plans and those that are linked, and why there is none."""
    nodes, linked = offered(note)
    reason, version = reason_of(note), version_of(note)
    held = {"goals": sorted(linked), "reason": reason, "version": version}
    shown: Any = form or NoteGoalsForm(choices=form_choices(nodes), initial=held)
    is_late = shown.is_bound and shown.data.get("version") != version
    if is_late:
        # The next attempt builds on what stands there now, which the card shows.
        shown.data = shown.data.copy()
        shown.data["version"] = version
    return {
        "note": note,
        "session": note.session,
        "patient": access.patient,
        "served": [node.goal for node in nodes if node.goal.pk in linked],
        "reason": reason,
        "offers_goals": bool(nodes),
        "goal_ids": [node.goal.pk for node in nodes],  # for the audit row
        "form": shown,
        "may_write": access.may_write,
        "is_saved": is_saved,
        "is_late": is_late,
    }


def offered(note: SessionNote) -> tuple[list[Node], set[UUID]]:
    """The goals that the form offers, in the order of the plan, and the ids of those that are linked."""
    linked = set(GoalLink.objects.filter(note=note).values_list("goal", flat=True))
    goals = {goal.pk: goal for goal in Goal.objects.filter(patient=note.patient_id).open().of_active_plans()}
    goals |= {goal.pk: goal for goal in Goal.objects.filter(pk__in=linked - goals.keys())}
    return list(in_order(tree_of(goals.values()))), linked


def form_choices(nodes: Iterable[Node]) -> list[tuple[UUID, str]]:
    """Each goal with its words, and with what it has become if it is closed."""
    return [
        (
            node.goal.pk,
            node.goal.wording if node.goal.is_open else f"{node.goal.wording} ({node.goal.get_status_display()})",
        )
        for node in nodes
    ]
