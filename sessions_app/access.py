"""Access checks for sessions named in a URL."""

from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to, writable
from audit.audit_actions import Action
from audit.log import deny
from sessions_app.models import TherapySession
from therapybridge.core.actor import Actor
from therapybridge.core.errors import NotFound
from therapybridge.core.queries import only_one

PARTS = ("patient__clinic", "clinic", "job", "summary__changed_by")


def open_session(by: Actor, pk: UUID, action: Action) -> tuple[TherapySession, RecordAccess]:
    """Open a session with patient, clinic, job and summary; NotFound, audited as denied, without access."""
    rows = TherapySession.objects.visible_to(by.user).with_write_access(by.user).select_related(*PARTS)
    session: Any = only_one(rows, pk=pk)
    if session is None:
        deny(action, "not_found", by=by, target=TherapySession(pk=pk))
        raise NotFound("This session does not exist.")
    return session, access_to(by, session.patient, may_write=session.is_writable)


def open_session_to_write(by: Actor, pk: UUID, action: Action) -> tuple[TherapySession, RecordAccess]:
    """Open a session for a therapist who treats the patient; Forbidden, audited, for those who may only read it."""
    session, access = open_session(by, pk, action)
    return session, writable(access, action)
