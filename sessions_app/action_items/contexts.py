"""Contexts of the pages that show action items, for therapists and for patients."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.care.access import RecordAccess
from accounts.models import User
from sessions_app.action_items.choices import Assignee
from sessions_app.action_items.forms import ChangeItemForm
from sessions_app.action_items.querysets import ActionItemQuerySet
from sessions_app.action_items.services.drafted import may_be_shown
from sessions_app.action_items.services.telling import MAX_TOLD
from sessions_app.models import ActionItem, TherapySession
from therapybridge.core.pages.lists import Choice, Listing

MOST = 20  # beside the story and on the portal's home page; the rest is behind a link
SHOWN: dict[str, Callable[[Any], ActionItemQuerySet]] = {
    "open": ActionItemQuerySet.open,
    "closed": ActionItemQuerySet.closed,
}
ITEMS = Listing(
    order=("-id",),
    per_page=25,
    choice=Choice(
        "status",
        {"": "All", "open": "Open", "closed": "Done or dropped"},
        lambda rows, value: SHOWN[value](rows),
    ),
)
AGREED = Listing(order=("-id",), per_page=25)


@dataclass(frozen=True, slots=True)
class AgreedStep:
    """An action item as its patient reads it."""

    pk: UUID
    task: str
    assigned_to: str
    status: str
    session_title: str
    session_date: datetime
    closed_at: datetime | None

    @property
    def is_done(self) -> bool:
        """Whether it was ticked off."""
        return self.closed_at is not None

    @property
    def is_for_therapist(self) -> bool:
        """Whether the therapist does it."""
        return self.assigned_to == Assignee.THERAPIST


def agreed_rows(patient: User) -> ActionItemQuerySet:
    """What the patient may read, with its sessions; the caller has opened the record."""
    rows: ActionItemQuerySet = ActionItem.objects.told_to(patient)
    return rows.select_related("session").defer("details", "reason")


def agreed_step(item: ActionItem) -> AgreedStep:
    """A row of `agreed_rows` for the patient."""
    return AgreedStep(
        pk=item.pk,
        task=item.task,
        assigned_to=item.assigned_to,
        status=item.status,
        session_title=item.session.title,
        session_date=item.session.session_date,
        closed_at=item.closed_at,
    )


def agreed_now(patient: User) -> list[AgreedStep]:
    """What is still to be done, latest first."""
    return [agreed_step(row) for row in agreed_rows(patient).open().order_by("-id")[:MOST]]


def agreed_in(patient: User, session: TherapySession) -> list[AgreedStep]:
    """What was agreed in one session."""
    return [agreed_step(row) for row in agreed_rows(patient).filter(session=session).order_by("id")]


def agreed_context(patient: User, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of all that the patient may read, done or not."""
    page = AGREED.page(agreed_rows(patient), query, reverse("portal_agreed:list"))
    return {"page": replace(page, rows=[agreed_step(row) for row in page])}


def list_context(access: RecordAccess, query: Mapping[str, str], path: str) -> dict[str, Any]:
    """A page of a patient's items, latest first."""
    page = ITEMS.page(_of_patient(access), query, path)
    return {"patient": access.patient, "may_write": access.may_write} | page.context()


def open_items(access: RecordAccess) -> dict[str, Any]:
    """What is still to be done, latest first, and whether there is more than is shown."""
    rows = list(_of_patient(access).open().order_by("-id")[: MOST + 1])
    return {"open_action_items": rows[:MOST], "has_more_action_items": len(rows) > MOST}


def session_items(session: TherapySession) -> dict[str, Any]:
    """The items of a session: all, those that go along if the summary is shared now, and those that the patient reads
    while it is.
    """
    rows = ActionItem.objects.filter(session=session).select_related("changed_by").order_by("id")
    items: list[ActionItem] = list(rows)
    for item in items:
        item.session = session
    tellable = [item for item in items if item.is_for_patient and item.status != ActionItem.Status.ABANDONED]
    told = [item for item in tellable if item.told_at]
    return {"action_items": items, "tellable_items": tellable[:MAX_TOLD], "told_items": told}


def detail_context(item: ActionItem, access: RecordAccess, refused: ChangeItemForm | None = None) -> dict[str, Any]:
    """An item, and for who may change it the form, which may have errors."""
    return {
        "item": item,
        "patient": item.patient,
        "session": item.session,
        "line": item.segments[0] if item.segments else None,
        "may_write": access.may_write,
        **_reading(item),
        "closings": item.closings.select_related("closed_by"),
        "form": refused or ChangeItemForm(item=item),
    }


def _reading(item: ActionItem) -> dict[str, Any]:
    """What the patient reads of it, and whether a therapist can let them."""
    is_shared = TherapySession.objects.shared().filter(pk=item.session_id).exists()
    is_read = item.is_for_patient and bool(item.told_at) and is_shared and item.status != ActionItem.Status.ABANDONED
    return {
        "is_read": is_read,
        "would_be_read": bool(item.told_at) and is_shared,
        "may_be_shown": not item.is_for_patient and may_be_shown(item),
    }


def _of_patient(access: RecordAccess) -> ActionItemQuerySet:
    rows: ActionItemQuerySet = ActionItem.objects.filter(patient=access.patient, session__deleted_at=None)
    return rows.select_related("session", "changed_by")
