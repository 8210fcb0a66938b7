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
class PatientTold:
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


def told_rows(patient: User) -> SummaryQuerySet:
    """What the patient was told, with the sessions; the caller has opened the record."""
    rows: SummaryQuerySet = PatientSummary.objects.told_to(patient)
    return rows.select_related("session")


def list_context(patient: User, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of the patient's own summaries, latest session first."""
    page = SUMMARIES.page(told_rows(patient), query, reverse("portal_summaries:list"))
    return {"page": replace(page, rows=[patient_told(row) for row in page])}


def latest_shared(patient: User) -> PatientTold | None:
    """The summary of the latest session that has one to read."""
    row = told_rows(patient).shared().order_by(*SUMMARIES.order).first()
    return patient_told(row) if row else None


def patient_told(summary: PatientSummary) -> PatientTold:
    """A row of `told_to` for the patient."""
    return PatientTold(
        pk=summary.pk,
        session_title=summary.session.title,
        session_date=summary.session.session_date,
        status=summary.status,
        text=summary.text if summary.is_shared else "",
        shared_at=summary.approved_at,
        withdrawn_at=summary.withdrawn_at,
    )
