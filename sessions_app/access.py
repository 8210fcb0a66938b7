"""The one door to a session named in an address, and to its recording."""

from uuid import UUID

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.access import actor, require_therapist
from audit.log import record
from sessions_app.models import TherapySession
from therapybridge.core.errors import NotFound

PARTS = ("patient", "clinic", "job", "summary__approved_by")


def visible_session(request: HttpRequest | Request, pk: UUID, verb: str) -> TherapySession:
    """The session with patient, clinic, job and summary; NotFound, on record as denied, for who has no access."""
    rows = TherapySession.objects.visible_to(request.user).select_related(*PARTS)
    session: TherapySession | None = rows.filter(pk=pk).first()
    if session is None:
        denied = TherapySession(pk=pk)
        record(verb, by=actor(request), target=denied, outcome="denied", reason="not_found", request=request)
        raise NotFound("There is no such session.")
    return session


def changeable_session(request: HttpRequest | Request, pk: UUID, verb: str) -> TherapySession:
    """The session of a patient whom the therapist treats; Forbidden, on record as denied, for who may only read it."""
    session = visible_session(request, pk, verb)
    require_therapist(request, verb, session.patient_id)
    return session


def may_write(request: HttpRequest, session: TherapySession) -> bool:
    """Whether pages offer buttons that change the session: an emergency access only reads."""
    return session.patient_id not in getattr(request, "emergency_grants", {})
