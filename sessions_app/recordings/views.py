"""Streaming of recordings."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from accounts.care.access import RecordAccess
from audit.log import record
from sessions_app.audit_actions import RECORDING_MEASURED, RECORDING_READ
from sessions_app.models import Recording, TherapySession
from therapybridge.core.errors import NotFound
from therapybridge.core.http.ranges import ranged_file_response


def playable(session: TherapySession) -> Recording:
    """The session's recording; NotFound if there is none, or it was deleted."""
    recording: Recording | None = Recording.objects.filter(session=session, deleted_at=None).first()
    if recording is None:
        raise NotFound("This session has no recording.", code="no_recording")
    return recording


def recording_response(
    request: HttpRequest | Request, session: TherapySession, access: RecordAccess
) -> HttpResponseBase:
    """Serve a recording for playback; every request is audited, as listening if it hands out any of the sound."""
    recording = playable(session)

    def audit(is_heard: bool) -> None:
        record(RECORDING_READ if is_heard else RECORDING_MEASURED, recording, by=access)

    return ranged_file_response(request, recording.player_file, recording.player_mime, before_answer=audit)
