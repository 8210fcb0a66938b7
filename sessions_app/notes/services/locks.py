"""What a signed note locks: nothing is added to its session, and nothing that it rests on is changed."""

from sessions_app.models import SessionNote, TherapySession
from therapybridge.core.errors import Conflict


def is_locked(session: TherapySession) -> bool:
    """Whether the session's note is signed."""
    return SessionNote.objects.filter(session=session).signed().exists()


def require_unlocked(session: TherapySession) -> None:
    """Conflict if the session's note is signed. Call it while the session is locked."""
    if is_locked(session):
        raise Conflict("The note of this session is signed, so the session is closed.", code="session_locked")
