"""Taking a record in: as a new patient of the therapist's clinic, whom they treat. All of it or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.care.choices import RelationType
from accounts.consent.audit_actions import CONSENT_IMPORTED
from accounts.consent.services.attestation import content_of
from accounts.consent.services.consent_log import record_expiry
from accounts.models import Clinic, ConsentEntry, PatientProfile, TherapistPatient, User
from audit.log import record as audit
from exports.imports.services.contents import require_contents
from exports.imports.services.inserting import insert
from exports.imports.services.library import (
    add_forms,
    add_people,
    interventions_here,
    require_names,
    taken_forms,
    taken_interventions,
    taken_people,
)
from exports.imports.services.references import require_references
from exports.imports.services.refusals import ImportRefused
from exports.imports.services.rows import Into, tables
from exports.imports.services.timeline import restore_events
from exports.records.record import Record
from sessions_app.models import NoteTemplate, SessionNote, TherapySession
from sessions_app.notes.services.signing import is_intact
from therapybridge.core.actor import Actor
from therapybridge.core.models import uuid7
from treatment.models import Intervention

MOST_NAMED = 10
PROFILE = (
    *("email", "date_of_birth", "phone", "address", "emergency_contact", "medical_history", "pronouns", "diagnosis"),
    *("medication", "safety_plan", "next_step", "tags"),
)
# How rows of a model belong to a clinic.
OF_CLINIC = {"clinic": "clinic", "patient": "patient__clinic"}
TAKEN = "Rows with these ids are here already. Nothing is overwritten."


@dataclass(frozen=True, slots=True)
class Taken:
    """Ids of the file that rows here have: of what, how many, and the first of them."""

    what: str
    count: int
    ids: list[str]


def require_whole(record: Record) -> None:
    """ImportRefused for a record that refers to what it does not hold, or stores what the product would not."""
    with _refusing():
        require_references(record)
        require_contents(record)
        _require_past(record)


def conflicts(record: Record, clinic: Clinic) -> list[Taken]:
    """Every id that is taken here, by what it is of."""
    into = Into(clinic, record.patient.id, timezone.now(), _same_interventions(record))
    found: dict[str, tuple[Any, list[UUID]]] = {
        "User": (User, list(User.objects.filter(pk=record.patient.id).values_list("pk", flat=True))),
        "Account": (User, list(taken_people(record, clinic))),
        "NoteTemplate": (NoteTemplate, list(taken_forms(record, clinic))),
        "Intervention": (Intervention, list(taken_interventions(record, clinic))),
    }
    with _refusing():
        for model, rows in tables(record, into):
            held = list(_held(model, [row["id"] for row in rows]))
            found[model.__name__] = (model, found.get(model.__name__, (model, []))[1] + held)
    return [Taken(name, len(ids), _of_clinic(model, ids, clinic)) for name, (model, ids) in found.items() if ids]


def _of_clinic(model: Any, ids: list[UUID], clinic: Clinic) -> list[str]:
    """The first of them, if they are the own clinic's: nobody learns which ids others hold."""
    names = {one.name for one in model._meta.concrete_fields}
    path = next((path for name, path in OF_CLINIC.items() if name in names), None)
    own = model._base_manager.filter(pk__in=ids[:MOST_NAMED], **{path: clinic}) if path else model.objects.none()
    return [str(pk) for pk in own.values_list("pk", flat=True)]


def _held(model: Any, ids: list[UUID]) -> Iterator[UUID]:
    for start in range(0, len(ids), 500):
        yield from model._base_manager.filter(pk__in=ids[start : start + 500]).values_list("pk", flat=True)


def _same_interventions(record: Record) -> dict[UUID, UUID]:
    uses = [use.intervention for goal in record.treatment.goals for use in goal.interventions]
    return dict(zip(uses, uses, strict=True))


def rehearse(record: Record, *, by: Actor) -> None:
    """Take it in and undo that: ImportRefused for whatever the database would refuse."""
    with transaction.atomic():
        take_in(record, by=by)
        transaction.set_rollback(True)


def take_in(record: Record, *, by: Actor) -> User:
    """The new patient. The caller's transaction holds everything; ImportRefused leaves nothing of it."""
    now = timezone.now()
    with _refusing(), transaction.atomic():
        # One import of a clinic at a time, so that what is not here now stays away until the end.
        clinic = Clinic.objects.select_for_update(no_key=True).get(pk=by.user.clinic_id)
        if conflicts(record, clinic):
            raise ImportRefused("import_conflicts", TAKEN)
        add_people(record, clinic)
        add_forms(record, clinic, now)
        patient = _add_patient(record, clinic)
        into = Into(clinic, patient.pk, now, interventions_here(record, clinic, now))
        for model, rows in tables(record, into):
            insert(model, rows)
        _treat(patient, by)
        TherapySession.objects.renumber(patient.pk)
        _require_signatures(record, patient)
        _end_consents(patient, by)
        restore_events(patient)
    return patient


def _add_patient(record: Record, clinic: Clinic) -> User:
    told = record.patient
    names = {"first_name": told.first_name, "last_name": told.last_name, "time_zone": told.time_zone}
    patient = User(pk=told.id, clinic=clinic, role=User.Role.PATIENT, **names)
    require_names(patient)
    patient.clean_fields(exclude={"password", "email", "folded_name", "sort_name"})
    patient.set_unusable_password()
    patient.save(force_insert=True)
    insert(PatientProfile, [_profile(record)])
    return patient


def _profile(record: Record) -> dict[str, Any]:
    told = record.patient
    born = told.date_of_birth.isoformat() if told.date_of_birth else None
    values = {name: getattr(told, name) for name in PROFILE} | {"date_of_birth": born, "tags": told.tags or None}
    index = PatientProfile.index_of(told.email or "")
    part_2 = {"is_part_2": int(told.is_part_2)} if told.is_part_2 else {}
    return {"id": uuid7(), "patient_id": told.id, "email_index": index, **values, **part_2}


def _treat(patient: User, by: Actor) -> None:
    """By the therapist who imports, from now on; what the file says of relations is history."""
    TherapistPatient.objects.create(patient=patient, therapist=by.user, relationship_type=RelationType.PRIMARY)


def _require_signatures(record: Record, patient: User) -> None:
    """Each note is as intact as the file says: what was signed is what came in."""
    notes = SessionNote.objects.filter(patient=patient).select_related("template_version").prefetch_related("addenda")
    found = {note.pk: not note.is_locked or is_intact(note) for note in notes}
    for at, note in enumerate(record.notes):
        if found[note.id] != note.is_intact:
            raise ImportRefused("signature_broken", "A signed note is not what was signed.", f"notes.{at}")


def _require_past(record: Record) -> None:
    """The latest entry by id is the one in force, so none may have an id of the future. What was made before the import
    was made elsewhere, so nothing that says so may be of the future.
    """
    if any(one.id >= uuid7() for one in record.consents):
        raise ImportRefused("invalid_value", "A consent has an id that was never given.", "consents")
    now = timezone.now()
    for place, at in _made(record):
        if at and at > now:
            raise ImportRefused("invalid_value", "Something was made in the future.", place)


def _made(record: Record) -> Iterator[tuple[str, datetime | None]]:
    yield "about.made_at", record.about.made_at
    yield from (("access_requests", one.made_at) for one in record.access_requests)
    yield from (("origins", one.imported_at) for one in record.origins)
    for at, note in enumerate(record.notes):
        yield f"notes.{at}.made_at", note.made_at
        for parts in (note.signatures, note.addenda):
            yield from ((f"notes.{at}.signed_at", one.signed_at) for one in parts)


def _end_consents(patient: User, by: Actor) -> None:
    """What was agreed with another practice is history: this one asks for its own consents."""
    if taken := list(ConsentEntry.objects.filter(patient=patient)):
        audit(CONSENT_IMPORTED, patient, by=by, ids=[entry.pk for entry in taken], reason=content_of(taken))
    for grant in ConsentEntry.objects.in_force().filter(patient=patient, status=ConsentEntry.Status.GRANTED):
        entry = ConsentEntry.objects.create(
            patient=patient,
            consent_type=grant.consent_type,
            status=ConsentEntry.Status.EXPIRED,
            method=grant.method,
            version=grant.version,
            text=grant.text,
            signer_role=grant.signer_role,
            recorded_by=by.user,
        )
        record_expiry(entry, by)


@contextmanager
def _refusing() -> Iterator[None]:
    """What the database or a type refuses is a refusal of the file."""
    try:
        yield
    except (DatabaseError, ValueError, OverflowError) as error:
        raise ImportRefused("inconsistent", "Its parts do not fit together.", type(error).__name__) from error
