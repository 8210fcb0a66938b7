"""Contexts of the pages of imports."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from accounts.care.access import RecordAccess
from accounts.models import User
from exports.collect.counts import in_words
from exports.imports.forms import UploadForm
from exports.imports.models import RecordImport
from exports.records.record import Origin
from sessions_app.models import SessionNote
from therapybridge.core.pages.lists import Listing

IMPORTS = Listing(order=("-id",), per_page=25)
# What models are called on the page.
NAMES = {
    "User": "The patient",
    "Account": "People of the staff who have an account here",
    "SessionNote": "Session notes",
    "TherapySession": "Sessions",
    "TimelineEvent": "Events",
    "TreatmentPlan": "Treatment plans",
    "ConsentEntry": "Consents",
    "NoteTemplate": "Forms of notes",
}
OTHERS = "Other rows"


def list_context(user: User, query: Mapping[str, str], path: str, form: UploadForm | None = None) -> dict[str, Any]:
    """The therapist's imports, and the form for another one."""
    page = IMPORTS.page(RecordImport.objects.visible_to(user), query, path)
    return {"form": form or UploadForm()} | page.context()


def detail_context(job: RecordImport, user: User) -> dict[str, Any]:
    """What is in the file, and what stands in its way; possible duplicates are named to those who treat them."""
    source = job.source or {}
    duplicates = source.get("possible_duplicates", [])
    born, made_at = source.get("date_of_birth"), source.get("made_at")
    return {
        "job": job,
        "source": source,
        "born": date.fromisoformat(born) if born else None,
        "made_at": datetime.fromisoformat(made_at) if made_at else None,
        "counts": in_words(job.counts),
        "conflicts": _named(job.conflicts),
        "has_duplicates": bool(duplicates),
        "duplicates": list(User.objects.patients_treated_by(user).filter(pk__in=duplicates)) if duplicates else [],
    }


def patient_origin_context(access: RecordAccess) -> dict[str, Any]:
    """The exports of other practices from which the record was imported, the latest first."""
    return {
        "patient": access.patient,
        "stages": _stages(_origins(access.patient)),
        "title": "Where this record comes from",
    }


def note_origin_context(note: SessionNote, access: RecordAccess) -> dict[str, Any]:
    """The export in which a note came, and who had signed it."""
    origins = [one for one in _origins(access.patient) if note.created_at < one.imported_at]
    signatures = note.signatures.filter(signed_at__lt=origins[-1].imported_at).order_by("id") if origins else ()
    return {
        "patient": access.patient,
        "note": note,
        "stages": _stages(origins),
        "signatures": list(signatures),
        "title": "Where this note comes from",
    }


def _origins(patient: User) -> list[Origin]:
    found = RecordImport.objects.completed().filter(patient=patient).first()
    return found.origins if found else []


def _stages(origins: list[Origin]) -> list[tuple[Origin, str]]:
    """The latest first, each with the name of the practice that imported it then; empty for this one."""
    takers = [*(one.practice_name for one in origins[1:]), ""]
    return list(zip(origins, takers, strict=False))[::-1]


def _named(conflicts: list[dict[str, Any]]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for one in conflicts:
        name = NAMES.get(one["what"], OTHERS)
        found[name] = found.get(name, 0) + one["count"]
    return sorted(found.items(), key=lambda one: one[0] == OTHERS)
