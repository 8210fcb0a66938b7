"""The one door to a patient named in an address: the row, or a 404 that is on record."""

from uuid import UUID

from django.http import HttpRequest

from accounts.models import User
from audit import log
from therapybridge.core.errors import Forbidden, NotFound


def actor(request: HttpRequest) -> User:
    """Who asks; for code behind a sign-in check."""
    if not isinstance(request.user, User):
        raise Forbidden
    return request.user


def visible_patient(request: HttpRequest, patient_id: UUID, action: str) -> User:
    """The patient with clinic and profile; NotFound, with a denied audit row for `action`, without access."""
    reader = actor(request)
    people = User.objects.patients_visible_to(reader).select_related("clinic", "profile")
    patient: User | None = people.filter(pk=patient_id).first()
    if patient is None:
        log.record(action, by=reader, patient_id=patient_id, outcome="denied", reason="not_found", request=request)
        raise NotFound
    return patient


def require_therapist(request: HttpRequest, action: str, patient_id: UUID | None = None) -> User:
    """The therapist who asks; Forbidden, with a denied audit row for `action`, for any other role."""
    reader = actor(request)
    if not reader.is_therapist:
        log.record(action, by=reader, patient_id=patient_id, outcome="denied", reason="role", request=request)
        raise Forbidden
    return reader
