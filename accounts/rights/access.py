"""The doors to single rows of emergency access and of patients' rights: 404 or 403, on record."""

from uuid import UUID

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.access import actor, require_therapist, visible_patient
from accounts.care.querysets import PatientOwnedQuerySet
from accounts.models import AccessRequest, User
from audit import log
from therapybridge.core.errors import Forbidden, NotFound


def own_request(request: HttpRequest | Request, request_id: UUID, action: str) -> AccessRequest:
    """A patient's own request; NotFound, on record, for anyone else's."""
    return _visible_request(request, request_id, action, AccessRequest.objects.filter(patient=actor(request).pk))


def handled_request(request: HttpRequest | Request, request_id: UUID, action: str) -> AccessRequest:
    """A request that the person may answer: of a patient whom they treat."""
    rows = AccessRequest.objects.visible_to(actor(request))
    found = _visible_request(request, request_id, action, rows)
    require_therapist(request, action, found.patient_id)
    return found


def _visible_request(
    request: HttpRequest | Request, request_id: UUID, action: str, rows: PatientOwnedQuerySet
) -> AccessRequest:
    found: AccessRequest | None = rows.select_related("patient__clinic").filter(pk=request_id).first()
    if found is None:
        denied = AccessRequest(pk=request_id)
        log.record(action, by=actor(request), target=denied, outcome="denied", reason="not_found", request=request)
        raise NotFound
    return found


def rights_of(request: HttpRequest | Request, patient_id: UUID, action: str) -> User:
    """The patient whose rights are read: by the patient, or by who treats them; an emergency does not open these."""
    patient = visible_patient(request, patient_id, action)
    reader = actor(request)
    if reader.pk != patient.pk and not User.objects.patients_treated_by(reader).filter(pk=patient.pk).exists():
        log.record(action, by=reader, patient_id=patient.pk, outcome="denied", reason="emergency", request=request)
        raise Forbidden("Emergency access opens the clinical record only.", code="clinical_record_only")
    return patient


def may_see_log(patient: User) -> bool:
    """Whether the clinic shows its patients who opened their record."""
    return bool(patient.clinic and patient.clinic.show_access_log)


def deny_log(request: HttpRequest | Request, patient: User) -> None:
    """Put on record that a patient asked for the log while the clinic keeps it closed."""
    log.record("access_log.read", by=patient, patient_id=patient.pk, outcome="denied", reason="closed", request=request)
