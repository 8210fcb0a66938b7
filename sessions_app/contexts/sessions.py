"""Context of the list of sessions."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse

from accounts.models import User
from sessions_app.models import TherapySession
from sessions_app.querysets import SessionQuerySet
from therapybridge.core.pages.lists import Choice, Listing

# Filters of the list and their rows; the labels are those of the status pills.
SHOWN: dict[str, tuple[str, Callable[[SessionQuerySet], SessionQuerySet]]] = {
    "to_review": ("To review", SessionQuerySet.awaiting_approval),
    "shared": ("Shared", SessionQuerySet.shared),
    "kept_back": ("Not shared", SessionQuerySet.kept_back),
    "failed": ("Failed", SessionQuerySet.failed),
    "not_drafted": ("Not drafted yet", SessionQuerySet.not_drafted),
}
SESSIONS = Listing(
    order=("-session_date", "-id"),
    per_page=25,
    search=SessionQuerySet.named,
    choice=Choice(
        "status",
        {"": "All"} | {value: label for value, (label, _) in SHOWN.items()},
        lambda rows, value: SHOWN[value][1](rows),
    ),
)


def list_context(user: User, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of sessions, with search and chips from the query string."""
    sessions = TherapySession.objects.visible_to(user).with_sharing().select_related("patient")
    return SESSIONS.page(sessions, query, reverse("sessions:list")).context()
