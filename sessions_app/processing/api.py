"""The API's answer about the progress of processing, made to be asked often."""

from hashlib import sha256
from typing import Any

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.request import Request
from rest_framework.response import Response

from sessions_app.contexts.progress import progress_of
from sessions_app.models import TherapySession
from sessions_app.processing.serializers import SessionProgressSerializer
from therapybridge.core.errors import NotFound

RUNNING_SECONDS, WAITING_SECONDS = 2, 15


def progress_response(request: Request, session: TherapySession) -> HttpResponseBase:
    """The progress, with Retry-After while something is to come; 304 if nothing but the clock has changed since."""
    found = progress_of(session)
    if found is None:
        raise NotFound("This session was never processed.", code="no_progress")
    data = SessionProgressSerializer({"session": session, "progress": found}).data
    response = Response(data)
    etag = _etag(data, session)
    answer = get_conditional_response(request._request, etag=etag, response=response) or response
    answer.headers["ETag"] = etag
    if session.is_running and not found.waits_for:
        answer.headers["Retry-After"] = str(RUNNING_SECONDS)
    elif session.is_running or session.is_asking:
        answer.headers["Retry-After"] = str(WAITING_SECONDS)
    return answer


def _etag(data: dict[str, Any], session: TherapySession) -> str:
    """A weak one: the seconds left, which always change, are replaced by the moment that they count down to."""
    told = {**data, "eta_seconds": session.job.finish_expected_at}
    return f'W/"{sha256(repr(told).encode()).hexdigest()[:32]}"'
