"""API endpoints for players that cannot send a token."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from audit.log import record
from sessions_app.access import open_session_to_write
from sessions_app.audit_actions import RECORDING_LINKED
from sessions_app.recordings.access import new_link, open_link
from sessions_app.recordings.serializers import PlaybackLinkSerializer
from sessions_app.recordings.views import playable, recording_response
from therapybridge.core.actor import actor_of, anonymous
from therapybridge.core.api.bodies import expect_no_fields
from therapybridge.core.api.files import RANGE_HEADERS, ranged
from therapybridge.core.api.views import ApiView
from therapybridge.core.links import absolute


class PlaybackLink(ApiView):
    """A link to a recording."""

    @extend_schema(operation_id="sessions_recording_link", request=None, responses=PlaybackLinkSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Make a link for a player that cannot send a token; it lasts 15 minutes, and no longer than the sign-in.

        For therapists who treat the patient. Rights are asked again whenever it is used, and each use is on record as
        listening.
        """
        by = actor_of(request)
        session, access = open_session_to_write(by, pk, RECORDING_LINKED)
        expect_no_fields(request)
        recording = playable(session)
        link, expires_at = new_link(session, by=by)
        record(RECORDING_LINKED, recording, by=access)
        told = {"url": absolute(reverse("api-playback", args=[link])), "expires_at": expires_at}
        return Response(PlaybackLinkSerializer(told).data)


class Playback(ApiView):
    """The recording that a link is about."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(operation_id="playback", parameters=RANGE_HEADERS, responses=ranged("audio/*"), auth=[])
    def get(self, request: Request, link: str) -> HttpResponseBase:
        """Play a recording by its link; 404 `link_gone` once that has ended."""
        return recording_response(request, *open_link(link, caller=anonymous(request)))
