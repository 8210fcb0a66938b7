"""Statistics of the last thirty days, from a handful of grouped queries."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from audit.filters import since

DAYS = 30
MOST = 20
REFUSED = Q(outcome__in=["denied", "failed"])
FAILED_SIGN_IN = REFUSED & Q(action__in=["user.signed_in", "second_factor.failed"])
BAR_WIDTH, BAR_STEP, HEIGHT = 16, 20, 120


@dataclass(frozen=True)
class Bar:
    """One day: its numbers, and its bar in the chart, in SVG units."""

    day: date
    total: int
    refused: int
    x: int
    y: int
    height: int
    refused_y: int
    refused_height: int


def collect(rows: Any) -> dict[str, Any]:
    """The statistics page's context, from a queryset of events."""
    first = timezone.localdate() - timedelta(days=DAYS - 1)
    recent = since(rows.order_by(), first)
    return {
        "totals": recent.aggregate(
            all=Count("pk"),
            denied=Count("pk", filter=Q(outcome="denied")),
            failed_sign_ins=Count("pk", filter=FAILED_SIGN_IN),
            emergency=Count("pk", filter=Q(grant_id__isnull=False)),
        ),
        "bars": _bars(recent, first),
        "width": DAYS * BAR_STEP,
        "height": HEIGHT,
        "actions": _top(recent, "action"),
        "actors": _with_labels(_top(recent, "actor_id")),
    }


def _top(recent: Any, column: str) -> list[dict[str, Any]]:
    counted = recent.values(column).annotate(total=Count("pk"), refused=Count("pk", filter=REFUSED))
    return list(counted.order_by("-total", column)[:MOST])


def _with_labels(counted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add labels: role and the end of the id, or only the latter for deleted people."""
    people = get_user_model()._default_manager.in_bulk([row["actor_id"] for row in counted if row["actor_id"]])
    for row in counted:
        key = row["actor_id"]
        row["label"] = str(people.get(key, f"Someone {str(key)[-8:]}")) if key else "System"
    return counted


def _bars(recent: Any, first: date) -> list[Bar]:
    counted = (
        recent.annotate(day=TruncDate("created_at"))
        .values("day")
        .annotate(total=Count("pk"), refused=Count("pk", filter=REFUSED))
    )
    by_day = {row["day"]: (row["total"], row["refused"]) for row in counted}
    days = [first + timedelta(days=n) for n in range(DAYS)]
    most = max((total for total, _ in by_day.values()), default=0) or 1
    return [_bar(n, day, *by_day.get(day, (0, 0)), most) for n, day in enumerate(days)]


def _bar(number: int, day: date, total: int, refused: int, most: int) -> Bar:
    height, refused_height = (-(-count * HEIGHT // most) for count in (total, refused))
    x = number * BAR_STEP
    return Bar(day, total, refused, x, HEIGHT - height, height, HEIGHT - refused_height, refused_height)
