"""Context for every page of a signed-in person."""

from typing import Any

from django.http import HttpRequest

from accounts.models import BreakGlassGrant
from therapybridge.core.actor import actor_of


def emergency(request: HttpRequest) -> dict[str, Any]:
    """The reader's live emergency grants, and whose records they open, which lists mark.

    Queries the database only if there are any.
    """
    open_now = actor_of(request).grants
    if not open_now:
        return {}
    grants = BreakGlassGrant.objects.live().filter(pk__in=open_now.values()).select_related("patient")
    return {"emergency_grants": list(grants.order_by("expires_at")), "emergency_patients": set(open_now)}
