"""API endpoints for filled-in questionnaires."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.care.access import RecordAccess, open_record, open_record_to_write
from accounts.models import User
from audit.log import record
from sessions_app.models import TherapySession
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.api.views import ApiView
from therapybridge.core.errors import InvalidInput
from therapybridge.core.idempotency import fingerprint_of, idempotent
from treatment.measures.access import open_result, open_result_to_write
from treatment.measures.audit_actions import MEASURE_LISTED, MEASURE_READ, MEASURE_TAKEN, MEASURE_WITHDRAWN
from treatment.measures.filters import ResultFilter
from treatment.measures.querysets import ResultQuerySet
from treatment.measures.serializers import (
    OwnResultSerializer,
    ResultSerializer,
    TakeSerializer,
    WithdrawSerializer,
    answers_of,
)
from treatment.measures.services.results import Filled, take_with_patient
from treatment.measures.services.withdrawing import withdraw_result
from treatment.models import MeasureResult


def shown(result: MeasureResult, access: RecordAccess) -> dict[str, Any]:
    """The result as the reader may see it."""
    form = OwnResultSerializer if access.is_own else ResultSerializer
    return dict(form(result).data)


class Results(ApiView, GenericAPIView[MeasureResult]):
    """A patient's results."""

    item_route = "api-measure"
    queryset = MeasureResult.objects.none()  # the schema reads the model from it
    serializer_class = ResultSerializer
    filterset_class = ResultFilter
    keyset_fields = ("-taken_date", "-id")

    def get_queryset(self) -> ResultQuerySet:
        """The patient's, as far as the reader may see them."""
        reader: Any = self.request.user
        rows = MeasureResult.objects
        mine: ResultQuerySet = rows.shared_with(reader) if reader.is_patient else rows.visible_to(reader)
        return mine.filter(patient=self.kwargs["patient_id"])

    @extend_schema(operation_id="measures_list", responses=ResultSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List results, newest first, withdrawn ones included; patients find theirs that stand, in fewer fields."""
        access = open_record(actor_of(request), patient_id, MEASURE_LISTED)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record(MEASURE_LISTED, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response([shown(row, access) for row in rows])

    @extend_schema(
        operation_id="measures_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=TakeSerializer,
        responses={201: ResultSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Record what was filled in with the patient; if this questionnaire waits, it waits no more.

        An answer other than "not at all" about thoughts of death opens a risk review.
        """
        access = open_record_to_write(actor_of(request), patient_id, MEASURE_TAKEN)
        given = validated(TakeSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, shown(take_with_patient(access, _filled(given, access)), access)

        def before_repeat(body: dict[str, Any]) -> None:
            record(MEASURE_READ, MeasureResult(pk=UUID(body["id"]), patient=access.patient), by=access)

        route = f"measures.create:{patient_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)


class OneResult(ApiView):
    """One result."""

    @extend_schema(operation_id="measures_retrieve", responses=ResultSerializer)
    def get(self, request: Request, measure_id: UUID) -> Response:
        """Show a result with all answers; to its patient in fewer fields."""
        result, access = open_result(actor_of(request), measure_id, MEASURE_READ)
        record(MEASURE_READ, result, by=access)
        return Response(shown(result, access))


class WithdrawResult(ApiView):
    """Withdraws a mistake."""

    @extend_schema(operation_id="measures_withdraw", request=WithdrawSerializer, responses=ResultSerializer)
    def post(self, request: Request, measure_id: UUID) -> Response:
        """Withdraw a result, which counts no more.

        Its assignment opens again. 409 `measure_withdrawn` if that was done before.
        """
        result, access = open_result_to_write(actor_of(request), measure_id, MEASURE_WITHDRAWN)
        given = validated(WithdrawSerializer(data=request.data))
        return Response(shown(withdraw_result(result, access=access, **given), access))


def _filled(given: dict[str, Any], access: RecordAccess) -> Filled:
    rest = {name: given[name] for name in ("instrument", "total", "taken_date", "sent_key") if name in given}
    session = _session(given["session"], access.user, access.patient) if "session" in given else None
    return Filled(answers=answers_of(given.get("answers", [])), session=session, **rest)


def _session(pk: UUID, reader: User, patient: User) -> TherapySession:
    found: TherapySession | None = TherapySession.objects.visible_to(reader).filter(patient=patient, pk=pk).first()
    if found is None:
        raise InvalidInput(errors={"session": ["Choose a session of this patient."]})
    return found
