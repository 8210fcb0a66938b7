"""Access to recordings by a link, for players that cannot send a token."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from accounts.authentication.services.session_links import read_signed, sign_for
from accounts.care.access import RecordAccess
from sessions_app.access import open_session
from sessions_app.audit_actions import RECORDING_READ
from sessions_app.models import TherapySession
from therapybridge.core.actor import Actor

LINK_SECONDS = 15 * 60
PURPOSE = "recording.playback"


def new_link(session: TherapySession, *, by: Actor) -> tuple[str, datetime]:
    """A secret by which the recording can be played without a token, and when it ends."""
    ends_at = timezone.now() + timedelta(seconds=LINK_SECONDS)
    return sign_for(by, session.pk.hex, purpose=PURPOSE), ends_at


def open_link(link: str, *, caller: Actor) -> tuple[TherapySession, RecordAccess]:
    """The session that the link is about, if its person may still read it; SessionLinkGone or NotFound otherwise."""
    value, by = read_signed(link, purpose=PURPOSE, seconds=LINK_SECONDS, caller=caller)
    return open_session(by, UUID(value), RECORDING_READ)
