"""API endpoints for the questionnaires that there are."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.api.views import ApiView
from therapybridge.core.errors import NotFound
from therapybridge.core.pagination import envelope
from treatment.instruments import INSTRUMENTS
from treatment.measures.audit_actions import INSTRUMENT_LISTED, INSTRUMENT_READ
from treatment.measures.serializers import InstrumentRowSerializer, InstrumentSerializer, InstrumentsSerializer


class Instruments(ApiView):
    """The questionnaires."""

    @extend_schema(operation_id="instruments_list", responses=InstrumentsSerializer)
    def get(self, request: Request) -> Response:
        """List all questionnaires, without their items."""
        record(INSTRUMENT_LISTED, by=actor_of(request))
        rows = InstrumentRowSerializer(list(INSTRUMENTS.values()), many=True).data
        return Response(envelope(request, rows, None, len(rows)))


class OneInstrument(ApiView):
    """One questionnaire."""

    @extend_schema(operation_id="instruments_retrieve", responses=InstrumentSerializer)
    def get(self, request: Request, key: str) -> Response:
        """Show a questionnaire with its items and answers."""
        if key not in INSTRUMENTS:
            raise NotFound("This questionnaire does not exist.")
        record(INSTRUMENT_READ, by=actor_of(request))
        return Response(InstrumentSerializer(INSTRUMENTS[key]).data)
