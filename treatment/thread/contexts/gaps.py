"""What is missing in plans, in words, by patient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from sessions_app.models import SessionNote
from therapybridge.core.dates import day
from treatment.goals.models import Goal
from treatment.instruments import INSTRUMENTS
from treatment.measures.models import MeasureAssignment
from treatment.plans.models import TreatmentPlan
from treatment.thread.choices import GapKind
from treatment.thread.services.gaps import Gap


@dataclass(frozen=True, slots=True)
class GapLine:
    """A gap as it is read: what to look at, and why."""

    kind: GapKind
    text: str
    url: str
    gap: Gap


def lines_of(gaps: Iterable[Gap]) -> list[GapLine]:
    """In words, with the page on which each is mended."""
    return [GapLine(gap.kind, *_told(gap.row), gap) for gap in gaps]


def by_patient(gaps: Iterable[Gap]) -> list[dict[str, Any]]:
    """The gaps of each patient, who has the oldest one first."""
    found: dict[Any, dict[str, Any]] = {}
    for line in lines_of(gaps):
        entry = found.setdefault(line.gap.patient.pk, {"patient": line.gap.patient, "lines": []})
        entry["lines"].append(line)
    return list(found.values())


def _told(row: Any) -> tuple[str, str]:
    """What is missing, and the page on which that is mended."""
    if isinstance(row, TreatmentPlan):
        due = f"The review was due on {day(row.next_review_date)}." if row.next_review_date else ""
        return due, row.get_absolute_url()
    if isinstance(row, Goal):
        return row.wording, row.get_absolute_url()
    if isinstance(row, SessionNote):
        return f"{row.session.title}, {day(row.session.session_date)}", reverse("thread:note_goals", args=[row.pk])
    return _questionnaire(row)


def _questionnaire(row: MeasureAssignment) -> tuple[str, str]:
    known = INSTRUMENTS.get(row.instrument)
    name = known.name if known else row.instrument
    return f"{name}, due {day(row.due_date)}", reverse("measures:list", args=[row.patient_id])
