"""The one door to a session named in an address, and to its recording."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from accounts.models import User
from audit.log import record
from sessions_app.models import Recording, TherapySession
from therapybridge.core.errors import NotFound
from therapybridge.core.http.ranges import ranged_file_response


def recording_response(request: HttpRequest | Request, session: TherapySession, *, by: User) -> HttpResponseBase:
    """Serve the player's copy of a recording; each request for bytes is on record."""
    recording = Recording.objects.filter(session=session, deleted_at=None).first()
    if recording is None:
        raise NotFound("This session has no recording.", code="no_recording")
    record("recording.read", by=by, target=recording, patient_id=session.patient_id, request=request)
    return ranged_file_response(request, recording.player_file, recording.mime)
