"""Summaries as their patients read them: plain values, without the text of a withdrawn one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.models import User
from sessions_app.models import PatientSummary
from sessions_app.notes.querysets import SummaryQuerySet
from therapybridge.core.pages.excerpts import excerpt
from therapybridge.core.pages.lists import Listing

SUMMARIES = Listing(order=("-session__session_date", "-id"))
EXCERPT = 200  # characters


@dataclass(frozen=True, slots=True)
class SharedSummary:
    """A summary that was shared with the patient; a withdrawn one has no text, and the date instead."""

    pk: UUID
    session_title: str
    session_date: datetime
    status: str
    text: str
    shared_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def excerpt(self) -> str:
        """Its beginning, for lists."""
        return excerpt(self.text, EXCERPT)


def ever_shared_rows(patient: User) -> SummaryQuerySet:
    """Shared and withdrawn summaries with their sessions; the caller has opened the record."""
    rows: SummaryQuerySet = PatientSummary.objects.ever_shared_with(patient)
    return rows.select_related("session")


def list_context(patient: User, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of the patient's own summaries, latest session first."""
    page = SUMMARIES.page(ever_shared_rows(patient), query, reverse("portal_summaries:list"))
    return {"page": replace(page, rows=[shared_summary(row) for row in page])}


def latest_shared(patient: User) -> SharedSummary | None:
    """The summary of the latest session that has one to read."""
    row = ever_shared_rows(patient).shared().order_by(*SUMMARIES.order).first()
    return shared_summary(row) if row else None


def shared_summary(summary: PatientSummary) -> SharedSummary:
    """A row of `ever_shared_with` for the patient."""
    return SharedSummary(
        pk=summary.pk,
        session_title=summary.session.title,
        session_date=summary.session.session_date,
        status=summary.status,
        text=summary.text if summary.is_shared else "",
        shared_at=summary.approved_at,
        withdrawn_at=summary.withdrawn_at,
    )
