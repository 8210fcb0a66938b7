"""Turns the rows that a reader is entitled to into a record, once; whatever is left out is named there."""

from collections.abc import Callable
from typing import Any

from exports.choices import ExportKind
from exports.collect.counts import Counts, counts, sizes_of
from exports.collect.notes import collected_notes, templates_of
from exports.collect.origins import origins_of
from exports.collect.people import identity_of, patient_of, practice_of, relations_of, rights_of, staff_of
from exports.collect.reports import in_period, reported_treatment, summarised_treatment
from exports.collect.rows import Rows
from exports.collect.sessions import (
    action_items,
    bare_sessions,
    private_notes,
    risk_reviews,
    told_sessions,
    whole_sessions,
)
from exports.collect.timeline import TURNING_POINTS, events
from exports.collect.treatment import all_treatment
from exports.collect.wanted import Request, Wanted
from exports.collect.withheld import withheld
from exports.records.record import About, Record

__all__ = ["Counts", "Request", "Wanted", "collect", "counts", "sizes_of"]

Parts = dict[str, Any]


def collect(request: Request, about: About) -> Record:
    """The record; the number of queries does not grow with its rows.

    Forbidden for readers by emergency access, InvalidInput for what cannot be wanted. The caller has opened the record,
    and checked that every extra is authorised.
    """
    request.require_entitled()
    request.wanted.require_valid()
    kind, patient = request.wanted.kind, request.access.patient
    asked = in_period(request)
    rows = Rows(asked)
    parts: Parts = {"patient": identity_of(patient)} | COLLECTORS[kind](asked, rows)
    named: Parts = {"staff": staff_of(parts.values()), "withheld": withheld(rows), "origins": origins_of(rows)}
    return Record(about=about, practice=practice_of(patient), **parts, **named)


def _session_notes(request: Request, rows: Rows) -> Parts:
    return {
        "sessions": told_sessions(rows),
        "notes": collected_notes(rows),
        "private_notes": private_notes(rows),
        "action_items": action_items(rows),
    }


def _timeline(request: Request, rows: Rows) -> Parts:
    return {"events": events(rows)}


def _progress_report(request: Request, rows: Rows) -> Parts:
    return {"sessions": bare_sessions(rows), "treatment": reported_treatment(request, rows)}


def _treatment_summary(request: Request, rows: Rows) -> Parts:
    return {
        "patient": identity_of(rows.patient) if rows.is_shared else patient_of(rows.patient),
        "relations": relations_of(rows),
        "sessions": bare_sessions(rows),
        "events": events(rows, of_importance=TURNING_POINTS),
        "treatment": summarised_treatment(rows),
    }


def _full_record(request: Request, rows: Rows) -> Parts:
    notes = collected_notes(rows, with_history=True)
    return {
        "patient": identity_of(rows.patient) if rows.is_shared else patient_of(rows.patient),
        **rights_of(rows),
        "sessions": whole_sessions(rows),
        "notes": notes,
        "templates": [] if rows.is_shared else templates_of(notes),
        "private_notes": private_notes(rows),
        "action_items": action_items(rows),
        "risk_reviews": risk_reviews(rows),
        "events": events(rows),
        "treatment": all_treatment(rows),
    }


COLLECTORS: dict[str, Callable[[Request, Rows], Parts]] = {
    ExportKind.SESSION_NOTES: _session_notes,
    ExportKind.TIMELINE: _timeline,
    ExportKind.PROGRESS_REPORT: _progress_report,
    ExportKind.TREATMENT_SUMMARY: _treatment_summary,
    ExportKind.FULL_RECORD: _full_record,
}
