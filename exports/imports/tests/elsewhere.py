"""Records from another installation: made here, and undone, so that nothing of them is left."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from exports.builders.json import build
from exports.choices import ExportKind
from exports.imports.models import RecordImport
from exports.imports.services import files, running
from exports.records.record import Record
from exports.tests.collecting import EXTRAS, collected
from exports.tests.everything import Scene, everything_about


@contextmanager
def undone() -> Iterator[None]:
    """What is written in it was never there."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def exported_elsewhere(seed: int = 0, **more: Any) -> Record:
    """The full record of a patient with everything whom nobody here knows."""
    with undone():
        scene = everything_about(seed, **more)
        return of_scene(scene)


def of_scene(scene: Scene) -> Record:
    """With all that its therapist may let out."""
    return collected(scene.therapist, scene.patient, ExportKind.FULL_RECORD, *EXTRAS)


def as_file(record: Record) -> bytes:
    """As a download has it."""
    file = BytesIO()
    build(record, file)
    return file.getvalue()


def come_in(record: Record, importer: User) -> User:
    """As a worker takes in a file that was confirmed."""
    sealed = files.keep(SimpleUploadedFile("record.json", as_file(record)))
    job = RecordImport.objects.create(
        clinic=importer.clinic,
        requested_by=importer,
        status="importing",
        path=files.stored_path(sealed),
        file_key=sealed.key.hex(),
        size=sealed.size,
        sha256=sealed.sha256,
        expires_at=timezone.now() + timedelta(days=1),
    )
    running.run(RecordImport.claim(job.pk))
    job = RecordImport.objects.get(pk=job.pk)
    assert (job.status, job.error_code, job.error_detail) == ("completed", "", "")
    return User.objects.get(pk=job.patient_id)


def again(importer: User, patient: UUID) -> Record:
    """The full record of a patient who came in."""
    return collected(importer, User.objects.get(pk=patient), ExportKind.FULL_RECORD, *EXTRAS)


def closed(request: Any) -> Any:
    """As it is once it was made to another practice."""
    is_open = request.status in ("received", "in_progress", "withdrawn")
    return replace(request, status="withdrawn", closed_at=None, answer=None) if is_open else request


def at_rest(session: Any) -> Any:
    """As it is where no recording of it is expected."""
    if session.status in ("processed", "failed"):
        return session
    return replace(session, status="processed" if session.drafts else "held")


def comparable(record: Record, importer: User | None = None) -> Record:
    """Without what an import changes: see docs/exports.md."""
    own = importer.pk if importer else None
    kept = {one.id for one in record.consents if own is None or one.recorded_by != own}
    reminders = record.treatment.reminders
    return replace(
        record,
        practice=replace(record.practice, id=UUID(int=0), name="", jurisdiction="", time_zone=""),
        staff=[one for one in record.staff if one.id != own],
        relations=[replace(one, is_active=False, ended_at=None) for one in record.relations if one.therapist != own],
        consents=[one for one in record.consents if one.id in kept],
        private_notes=[],
        access_requests=[closed(one) for one in record.access_requests],
        sessions=[at_rest(one) for one in record.sessions],
        withheld=[],
        origins=record.origins[:-1] if own else record.origins,
        treatment=replace(record.treatment, reminders=replace(reminders, wants_reminders=False) if reminders else None),
    )
