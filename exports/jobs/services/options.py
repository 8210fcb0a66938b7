"""What somebody asks to have exported: checked, and turned into what is collected."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess
from accounts.rights.choices import Basis
from exports.choices import ExportFormat, ExportKind, Extra
from exports.collect import Request, Wanted
from exports.collect.reports import in_period
from exports.collect.rows import within_days
from exports.collect.wanted import MOST_SESSIONS
from exports.jobs.access import is_part_2
from exports.jobs.models import ExportJob
from exports.layouts.services import layout_for
from exports.records.record import About, Layout
from sessions_app.models import TherapySession
from therapybridge.core.errors import InvalidInput

Errors = dict[str, list[str]]
FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """A kind of export, limited to days of the clinic (both included) or to sessions."""

    kind: str
    basis: str
    format: str = ExportFormat.JSON
    start: date | None = None
    end: date | None = None
    sessions: Sequence[UUID] = ()
    extras: Collection[str] = ()
    layout: UUID | None = None

    def parameters(self) -> dict[str, Any]:
        """As a row keeps them: ids, days and names of choices."""
        given = {
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "sessions": [str(one) for one in self.sessions],
            "extras": sorted(self.extras),
            "layout": str(self.layout) if self.layout else None,
        }
        return {name: value for name, value in given.items() if value}

    def wanted(self) -> Wanted:
        """What to collect."""
        return Wanted(self.kind, self.start, self.end, tuple(self.sessions), frozenset(self.extras))


def options_of(job: ExportJob) -> ExportOptions:
    """What an export was asked to be."""
    told = job.parameters
    return ExportOptions(
        kind=job.kind,
        basis=job.basis,
        format=job.format,
        start=job.start,
        end=job.end,
        sessions=[UUID(one) for one in told.get("sessions", ())],
        extras=told.get("extras", ()),
        layout=UUID(told["layout"]) if told.get("layout") else None,
    )


def checked(access: RecordAccess, options: ExportOptions) -> ExportOptions:
    """The options, with the usual period for a report without one; InvalidInput names each field that cannot be."""
    errors = _of_choices(options) | _of_days(options) | _of_basis(access, options) | _of_extras(access, options)
    if errors:
        raise InvalidInput(errors=errors)
    asked = Request(access, options.wanted())
    asked.wanted.require_valid()
    period = in_period(asked).wanted
    options = replace(options, start=period.start, end=period.end)
    if options.kind == ExportKind.SESSION_NOTES and (errors := _of_sessions(access, options)):
        raise InvalidInput(errors=errors)
    return options


def _of_choices(options: ExportOptions) -> Errors:
    known = {"kind": ExportKind.values, "format": ExportFormat.values, "basis": Basis.values}
    return {name: ["Choose one of the list."] for name, values in known.items() if getattr(options, name) not in values}


def _of_days(options: ExportOptions) -> Errors:
    days = {name: day for name in ("start", "end") if (day := getattr(options, name))}
    return {name: ["Enter a valid date."] for name, day in days.items() if not FIRST <= day <= LAST}


def _of_basis(access: RecordAccess, options: ExportOptions) -> Errors:
    is_other = access.is_own and options.basis != Basis.PATIENT
    return {"basis": ["What you ask for yourself is given to the patient."]} if is_other else {}


def _of_extras(access: RecordAccess, options: ExportOptions) -> Errors:
    if not set(options.extras) <= set(Extra.values):
        return {"extras": ["Choose one of the list."]}
    if options.extras and (access.is_own or options.basis == Basis.PATIENT):
        return {"extras": ["What patients receive holds neither private notes nor private events."]}
    return {}


def _of_sessions(access: RecordAccess, options: ExportOptions) -> Errors:
    """An export of notes covers at most a hundred sessions, all of them the patient's."""
    rows = TherapySession.objects.filter(patient=access.patient, deleted_at=None)
    if options.sessions:
        is_known = rows.filter(pk__in=options.sessions).count() == len(set(options.sessions))
        return {} if is_known else {"sessions": ["Choose sessions of this patient."]}
    rows = within_days(rows, "session_date", options.wanted(), access.patient.clinic_zone)
    if rows[: MOST_SESSIONS + 1].count() > MOST_SESSIONS:
        return {"start": [f"These are more than {MOST_SESSIONS} sessions: choose a shorter period."]}
    return {}


def request_of(access: RecordAccess, options: ExportOptions) -> Request:
    """What to collect; what is given to patients holds what is shared with them."""
    return Request(access, replace(options.wanted(), for_patient=options.basis == Basis.PATIENT))


def about_of(access: RecordAccess, options: ExportOptions, *, recipient: str, purpose: str, made_at: datetime) -> About:
    """What the export says of itself."""
    patient = access.patient
    is_for_patient = options.basis == Basis.PATIENT
    return About(
        kind=options.kind,
        made_at=made_at,
        made_by=access.user.full_name,
        recipient=recipient,
        purpose=purpose,
        start=options.start,
        end=options.end,
        time_zone=str(patient.clinic_zone),
        is_for_patient=is_for_patient,
        # The law limits what others do with it (42 CFR 2.32).
        is_part_2=is_part_2(patient) and not is_for_patient,
        layout=_layout(access, options),
    )


def _layout(access: RecordAccess, options: ExportOptions) -> Layout:
    clinic_id = access.patient.clinic_id
    return layout_for(clinic_id, str(options.layout)) if clinic_id and options.layout else Layout()
