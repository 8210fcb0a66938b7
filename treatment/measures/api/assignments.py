"""API endpoints for giving out questionnaires."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.care.access import RecordAccess, open_record, open_record_to_write
from accounts.models import User
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.views import ApiView
from therapybridge.core.errors import Conflict, DomainError, Unprocessable
from therapybridge.core.idempotency import InProgress, fingerprint_of, idempotent
from treatment.measures.access import open_assignment_to_answer, open_assignment_to_write
from treatment.measures.api.results import shown
from treatment.measures.audit_actions import (
    MEASURE_ASSIGNED,
    MEASURE_CANCELLED,
    MEASURE_LISTED,
    MEASURE_READ,
    MEASURE_TAKEN,
)
from treatment.measures.filters import AssignmentFilter
from treatment.measures.querysets import AssignmentQuerySet
from treatment.measures.serializers import (
    AnswersSerializer,
    AssignmentSerializer,
    AssignSerializer,
    ResultSerializer,
    answers_of,
)
from treatment.measures.services.assigning import assign, cancel_assignment
from treatment.measures.services.results import Filled, answer_assignment
from treatment.measures.services.risk import review_unrecorded
from treatment.models import MeasureAssignment, MeasureResult
from treatment.patient_forms.access import NobodyTreats


def _shown(assignment: MeasureAssignment, patient: User) -> dict[str, Any]:
    return dict(AssignmentSerializer(assignment, context={"today": patient.clinic_day}).data)


class Assignments(ApiView, GenericAPIView[MeasureAssignment]):
    """The questionnaires that were given out to a patient."""

    queryset = MeasureAssignment.objects.none()
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilter
    keyset_fields = ("-due_date", "-id")

    def get_queryset(self) -> AssignmentQuerySet:
        """The patient's, as far as the reader may see them."""
        reader: Any = self.request.user
        rows = MeasureAssignment.objects
        mine: AssignmentQuerySet = rows.shared_with(reader) if reader.is_patient else rows.visible_to(reader)
        return mine.filter(patient=self.kwargs["patient_id"])

    @extend_schema(operation_id="measure_assignments_list", responses=AssignmentSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List assigned questionnaires by due date, the latest first; patients find theirs that were not cancelled."""
        access = open_record(actor_of(request), patient_id, MEASURE_LISTED)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record(MEASURE_LISTED, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response([_shown(row, access.patient) for row in rows])

    @extend_schema(
        operation_id="measure_assignments_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=AssignSerializer,
        responses={201: AssignmentSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Ask for a questionnaire by a day; 409 `measure_already_assigned` while the same one waits."""
        access = open_record_to_write(actor_of(request), patient_id, MEASURE_ASSIGNED)
        given = validated(AssignSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, _shown(assign(access, **given), access.patient)

        def before_repeat(body: dict[str, Any]) -> None:
            record(MEASURE_LISTED, by=access, ids=[UUID(body["id"])])

        route = f"measure_assignments.create:{patient_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)


class CancelAssignment(ApiView):
    """Takes a questionnaire back."""

    @extend_schema(operation_id="measure_assignments_cancel", request=None, responses=AssignmentSerializer)
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Cancel an assigned questionnaire; 409 `measure_not_open` if it was filled in or cancelled before."""
        assignment, access = open_assignment_to_write(actor_of(request), assignment_id, MEASURE_CANCELLED)
        expect_no_fields(request)
        return Response(_shown(cancel_assignment(assignment, access=access), access.patient))


class AnswerAssignment(ApiView):
    """Fills in a questionnaire that was given out."""

    item_route = "api-measure"

    @extend_schema(
        operation_id="measure_assignments_answer",
        parameters=[IDEMPOTENCY_HEADER],
        request=AnswersSerializer,
        responses={201: ResultSerializer},
    )
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Send the answers, as its patient or as their therapist; patients get fewer fields back.

        409 `measure_not_open` if it was filled in or cancelled before; the same `sent_key` gets the same result again.
        409 `nobody_treats` for a patient whom nobody treats. An answer other than "not at all" about thoughts of death
        opens a risk review even where the answers are refused, by 409 or for a key that was used, and `detail` says so.
        """
        by = actor_of(request)
        assignment, access = open_assignment_to_answer(by, assignment_id, MEASURE_TAKEN)
        given = validated(AnswersSerializer(data=request.data))
        filled = Filled(assignment.instrument, answers_of(given["answers"]), sent_key=given.get("sent_key", ""))

        def answer() -> tuple[int, dict[str, Any]]:
            return 201, shown(answer_assignment(access, assignment, filled), access)

        def before_repeat(body: dict[str, Any]) -> None:
            record(MEASURE_READ, MeasureResult(pk=UUID(body["id"]), patient=access.patient), by=access)

        route = f"measures.answer:{assignment_id}"
        try:
            return idempotent(request, route, fingerprint_of(given), answer, before_repeat=before_repeat)
        except (NobodyTreats, InProgress):
            raise
        except (Conflict, Unprocessable) as error:
            raise _told(error, access, review_unrecorded(access, assignment, filled.answers)) from None


def _told(error: DomainError, access: RecordAccess, item: int | None) -> DomainError:
    """The refusal; if a therapist is asked to look at an answer all the same, its patient is told so."""
    if item and access.is_own:
        passed_on = f"Your therapist is asked to look at your answer to question {item}, and may not see it today."
        error.detail = f"{error.detail.rstrip('.')}. {passed_on}"
    return error
