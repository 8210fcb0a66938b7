"""Whose turn it is: a clinic with many jobs holds up no other, and alone uses all workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, Exists, Min, Q, Value, When
from django.db.models.functions import Now

if TYPE_CHECKING:
    from therapybridge.core.jobs import LeasedQuerySet

RECENT = 50  # jobs; a clinic that has none among so many that were begun last has waited longest
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Turn:
    """The job to begin next, as long as `condition` holds."""

    job: UUID
    condition: Q


def next_turn(jobs: LeasedQuerySet, wanted: UUID, *, stays: bool = False) -> Turn | None:
    """The oldest due job of the clinic that has the fewest running ones and, among equals, whose turn is longest ago.

    If no other clinic waits, the `wanted` job comes first; with `stays`, also among equals. None if nothing is due.
    """
    column = jobs.model.CLINIC
    waiting = dict(jobs.due().order_by().values_list(column).annotate(Min("next_attempt_at")))
    if not waiting:
        return None
    clinic, condition, is_alone = next(iter(waiting)), Q(), len(waiting) == 1
    if not is_alone:
        clinic, running = _first_clinic(jobs, waiting, wanted if stays else None)
        # Another worker may begin one of the same clinic in the meantime.
        condition = Q() if running else ~Q(Exists(_running(jobs).filter(**{column: clinic})))
    preferred = Case(When(pk=wanted if stays or is_alone else None, then=Value(0)), default=Value(1))
    due = jobs.due().filter(**{column: clinic}).order_by(preferred, "next_attempt_at", "pk")
    first = due.values_list("pk", flat=True).first()
    return Turn(first, condition) if first else None


def _running(jobs: LeasedQuerySet) -> LeasedQuerySet:
    return jobs.filter(lease_until__gte=Now()).order_by()


def _first_clinic(jobs: LeasedQuerySet, waiting: Mapping[UUID, datetime], wanted: UUID | None) -> tuple[UUID, int]:
    """The clinic, and how many of its jobs are running."""
    column = jobs.model.CLINIC
    running = Counter(_running(jobs).values_list(column, flat=True))
    begun = jobs.filter(stage_started_at__isnull=False).order_by("-stage_started_at")
    # The oldest first, so that the latest of each clinic is kept.
    latest = dict(reversed(begun.values_list(column, "stage_started_at")[:RECENT]))
    own = jobs.filter(pk=wanted).values_list(column, flat=True).first() if wanted else None
    clinic = min(waiting, key=lambda one: (running[one], one != own, latest.get(one, NEVER), waiting[one]))
    return clinic, running[clinic]
