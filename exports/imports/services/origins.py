"""Where a record comes from, as the row of its import keeps it and as later exports say it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from accounts.models import Clinic, PatientProfile, User
from exports.imports.models import ORIGINS, RecordImport
from exports.records.people import Patient
from exports.records.record import Origin, Record, Withheld

WITHHELD: TypeAdapter[list[Withheld]] = TypeAdapter(list[Withheld])


def source_of(record: Record) -> dict[str, Any]:
    """Whose record it is, from where and of when, and what that export left out."""
    born = record.patient.date_of_birth
    return {
        "patient": record.patient.name,
        "date_of_birth": born.isoformat() if born else None,
        "practice": record.practice.name,
        "practice_id": str(record.practice.id),
        "made_at": record.about.made_at.isoformat(),
        "made_by": record.about.made_by,
        "withheld": WITHHELD.dump_python(_left_out(record), mode="json"),
    }


def possible_duplicates(patient: Patient, clinic: Clinic | None) -> list[User]:
    """Patients of the clinic who have the same name, in any spelling, and the same day of birth."""
    if patient.date_of_birth is None:
        return []
    named = User.objects.patients().filter(clinic=clinic).with_full_name(patient.first_name, patient.last_name)
    born = patient.date_of_birth.isoformat()
    profiles = PatientProfile.objects.filter(patient__in=named).select_related("patient").order_by("patient")
    return [one.patient for one in profiles if one.date_of_birth == born]


def origins_with(job: RecordImport, record: Record, *, by: str, at: datetime) -> list[Any]:
    """Where the record was before, and last this import, as JSON."""
    this = Origin(
        id=job.pk,
        practice=record.practice.id,
        practice_name=record.practice.name,
        exported_at=record.about.made_at,
        exported_by=record.about.made_by,
        imported_at=at,
        imported_by=by,
        sha256=job.sha256,
        left_out=_left_out(record),
    )
    stored: list[Any] = ORIGINS.dump_python([*record.origins, this], mode="json")
    return stored


def _left_out(record: Record) -> list[Withheld]:
    """Without ids: their rows never came here."""
    return [replace(one, ids=[]) for one in record.withheld]
