"""API endpoint of the therapist's own drafting style."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import TherapistsView
from audit.log import record
from sessions_app.audit_actions import DRAFTING_STYLE_CHANGED, DRAFTING_STYLE_READ
from sessions_app.notes.serializers.style import StyleSerializer
from sessions_app.notes.services.style import change_style, style_of
from therapybridge.core.api.bodies import validated


class OwnStyle(TherapistsView):
    """How drafts of one's own sessions are written."""

    @extend_schema(operation_id="drafting_style_retrieve", responses=StyleSerializer)
    def get(self, request: Request) -> Response:
        """Show one's drafting style; the default if nothing was chosen yet."""
        by = self.therapist(DRAFTING_STYLE_READ)
        record(DRAFTING_STYLE_READ, by=by)
        return Response(StyleSerializer(style_of(by.user.pk)).data)

    @extend_schema(operation_id="drafting_style_update", request=StyleSerializer, responses=StyleSerializer)
    def put(self, request: Request) -> Response:
        """Replace one's drafting style, for drafts from now on."""
        by = self.therapist(DRAFTING_STYLE_CHANGED)
        wanted = validated(StyleSerializer(data=request.data))
        return Response(StyleSerializer(change_style(**wanted, by=by)).data)
