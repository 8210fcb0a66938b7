"""The one way to a session named in an address, with the proof of what the reader may do to the record."""

from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to, writable
from audit.log import deny
from sessions_app.models import TherapySession
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound

PARTS = ("patient__clinic", "clinic", "job", "summary__approved_by")


def open_session(by: Actor, pk: UUID, action: str) -> tuple[TherapySession, RecordAccess]:
    """The session with patient, clinic, job and summary; NotFound, on record as denied, for who has no access."""
    rows = TherapySession.objects.visible_to(by.user).with_write_access(by.user).select_related(*PARTS)
    session: Any = rows.filter(pk=pk).first()
    if session is None:
        deny(action, "not_found", by=by, target=TherapySession(pk=pk))
        raise NotFound("There is no such session.")
    return session, access_to(by, session.patient, may_write=session.is_writable)


def open_session_to_write(by: Actor, pk: UUID, action: str) -> tuple[TherapySession, RecordAccess]:
    """The session of a patient whom the therapist treats; Forbidden, on record as denied, for who may only read it."""
    session, access = open_session(by, pk, action)
    return session, writable(access, action)
