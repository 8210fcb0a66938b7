"""Contexts of the pages of risk reviews."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.urls import reverse

from accounts.care.access import RecordAccess
from accounts.models import User
from sessions_app.choices import SPEAKERS, clock
from sessions_app.models import RiskReview
from sessions_app.risk.choices import KINDS
from sessions_app.risk.forms import AcknowledgeForm, DisposeForm, HandOverForm
from sessions_app.risk.querysets import RiskReviewQuerySet
from therapybridge.core.compiled import objects_for
from therapybridge.core.pages.lists import Choice, Listing

MOST_WAITING = 21  # on Today
SHOWN: dict[str, Callable[[Any], RiskReviewQuerySet]] = {
    "unresolved": lambda rows: RiskReviewQuerySet.unresolved(rows).order_by(),
    "overdue": lambda rows: RiskReviewQuerySet.overdue(rows).order_by(),
    "closed": RiskReviewQuerySet.resolved,
}
REVIEWS = Listing(
    order=("-id",),
    per_page=25,
    choice=Choice(
        "status",
        {"": "All", "unresolved": "Not closed", "overdue": "Overdue", "closed": "Closed"},
        lambda rows, value: SHOWN[value](rows),
    ),
)


def list_context(user: User, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of the reviews on the therapist's patients, newest first, without what was said."""
    rows = RiskReview.objects.visible_to(user).select_related("patient", "owner", "session").without_words()
    return REVIEWS.page(rows, query, reverse("risk_reviews:list")).context()


def risk_items(user: User) -> list[dict[str, Any]]:
    """What waits for the therapist on Today, the most urgent first."""
    return [_item(review) for review in objects_for(user, _waiting)]


def _waiting(reader: User) -> QuerySet[RiskReview]:
    rows = RiskReview.objects.waiting_for(reader).select_related("session", "patient", "owner").without_words()
    return rows[:MOST_WAITING]


def _item(review: RiskReview) -> dict[str, Any]:
    shown = {"patient": review.patient, "session": review.session, "url": review.get_absolute_url()}
    return {"kind": "risk", "review": review, "since": review.opened_at, "action": "Review", **shown}


def detail_context(review: RiskReview, access: RecordAccess, refused: Form | None = None) -> dict[str, Any]:
    """The lines, the history and, for who may act, the forms; `refused` is the one of them that has errors."""
    return {
        "review": review,
        "patient": review.patient,
        "session": review.session,
        "hits": _hits(review.seen),
        "has_session": review.session is not None and review.session.deleted_at is None,
        "history": review.history.select_related("by", "to"),
        "may_act": access.may_write and review.is_unresolved,
        **(_forms(review, refused) if access.may_write and review.is_unresolved else {}),
    }


def _forms(review: RiskReview, refused: Form | None) -> dict[str, Any]:
    made = {
        "acknowledge_form": AcknowledgeForm,
        "dispose_form": DisposeForm,
        "hand_over_form": HandOverForm,
    }
    return {name: refused if type(refused) is form else form(review=review) for name, form in made.items()}


def _hits(seen: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One entry for each quotation, with all that it was listed as."""
    quoted: dict[tuple[Any, ...], dict[str, Any]] = {}
    for hit in seen:
        entry = quoted.setdefault((*hit["segments"], hit["quote"]), _hit(hit))
        entry["kinds"].append(KINDS[hit["type"]])
    return list(quoted.values())


def _hit(hit: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "quote": hit["quote"],
        "question": hit.get("question", ""),
        "kinds": [],
        "clock": clock(hit["start"]),
        "speaker_label": SPEAKERS[hit["speaker"]],
        "line": hit["segments"][0] if hit["segments"] else None,
    }
