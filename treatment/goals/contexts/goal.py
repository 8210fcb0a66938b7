"""Contexts of the page of a goal, of its forms, and of the library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.forms import Form
from django.urls import reverse

from accounts.care.access import RecordAccess
from accounts.models import User
from therapybridge.core.pages.lists import Choice, Listing
from treatment.goals import forms
from treatment.goals.choices import GoalTerm
from treatment.goals.contexts.drawn import pill_of
from treatment.goals.contexts.tree import Node, in_order, tree_of
from treatment.goals.models import Goal, Intervention
from treatment.goals.querysets import InterventionQuerySet
from treatment.goals.services.changes import RANKS, SMART
from treatment.plans.models import TreatmentPlan
from treatment.thread.contexts.evidence import evidence_of

RATINGS, NOTES, QUOTES = 10, 10, 5  # shown on the page of a goal


def goal_context(goal: Goal, access: RecordAccess, refused: Form | None = None) -> dict[str, Any]:
    """A goal with its ratings, interventions and notes, and the forms of who may change it; `refused` has errors."""
    evidence = evidence_of([goal], notes=NOTES, quotes=QUOTES)[goal.pk]
    may_change = access.may_write and goal.plan.is_open
    below = list(goal.children.order_by("position", "id"))
    return {
        "goal": goal,
        "pill": pill_of(goal),
        "plan": goal.plan,
        "patient": goal.patient,
        "evidence": evidence,
        "parts": below,
        "is_rated": not any(part.counts for part in below),
        "ratings": goal.ratings.select_related("rated_by")[:RATINGS],
        "smart": [(name.capitalize(), goal.smart[name]) for name in SMART if goal.smart.get(name)],
        "may_change": may_change,
        **(_forms(goal, access, evidence.uses, refused) if may_change else {"used": _used(evidence.uses, None)}),
    }


def _forms(goal: Goal, access: RecordAccess, uses: list[Any], refused: Form | None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "step_form": lambda: forms.StepForm(goal=goal),
        "rate_form": lambda: forms.RateForm(goal=goal),
        "place_form": lambda: forms.PlaceForm(goal=goal, goals=places_for(goal)),
        "discontinue_form": lambda: forms.DiscontinueForm(goal=goal),
        "reopen_form": lambda: forms.ReopenForm(goal=goal),
        "use_form": lambda: forms.NewUseForm(offered=offered(access.user)),
    }
    shown = {name: refused if _is(refused, name) else make() for name, make in made.items()}
    return shown | {"used": _used(uses, refused)}


def _is(refused: Form | None, name: str) -> bool:
    kinds = {
        "rate_form": forms.RateForm,
        "place_form": forms.PlaceForm,
        "discontinue_form": forms.DiscontinueForm,
        "reopen_form": forms.ReopenForm,
        "use_form": forms.NewUseForm,
    }
    return name in kinds and type(refused) is kinds[name]


def _used(uses: list[Any], refused: Form | None) -> list[dict[str, Any]]:
    """Each intervention of the goal with the form that changes it."""
    held = refused if isinstance(refused, forms.ChangeUseForm) else None
    return [
        {"use": use, "form": held if held and held.use.pk == use.pk else forms.ChangeUseForm(use=use)} for use in uses
    ]


def offered(user: User) -> InterventionQuerySet:
    """What can be linked to a goal."""
    rows: InterventionQuerySet = Intervention.objects.visible_to(user).offered()
    return rows


def places_for(goal: Goal) -> list[tuple[UUID, str]]:
    """The open goals below which it may stand: none of its own branch."""
    nodes = list(in_order(tree_of(Goal.objects.filter(plan=goal.plan_id))))
    own = next((node for node in nodes if node.goal.pk == goal.pk), Node(goal))
    branch = {node.goal.pk for node in in_order([own])}
    return _open([node for node in nodes if node.goal.pk not in branch], goal.term)


def parents_in(plan: TreatmentPlan) -> list[tuple[UUID, str]]:
    """The open goals below which a new one may stand."""
    return _open(list(in_order(tree_of(plan.goals.all()))), "objective")


def _open(nodes: list[Node], term: str) -> list[tuple[UUID, str]]:
    """As the choices of a form; a goal of a longer term only."""
    return [
        (one.goal.pk, one.goal.wording)
        for one in nodes
        if one.goal.is_open and RANKS[GoalTerm(one.goal.term)] < RANKS[GoalTerm(term)]
    ]


SHOWN = {"own": Q(clinic__isnull=False), "system": Q(clinic=None)}
LIBRARY = Listing(
    order=("name", "id"),
    per_page=25,
    search=lambda rows, words: rows.named(words),
    choice=Choice(
        "show",
        {"": "All", "own": "Practice's own", "system": "Built in"},
        lambda rows, value: rows.filter(SHOWN[value]),
    ),
)


def library_context(user: User, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of the library, by name."""
    return LIBRARY.page(offered(user), query, reverse("interventions:list")).context()
