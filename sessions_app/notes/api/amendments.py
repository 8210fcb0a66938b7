"""API endpoints for corrections of signed notes."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import require_role, require_step_up
from accounts.api import TherapistsView
from accounts.care.access import open_record
from accounts.models import User
from accounts.rights.access import rights_of
from audit.audit_actions import Action
from audit.log import record
from sessions_app.audit_actions import (
    AMENDMENT_ACCEPTED,
    AMENDMENT_ASKED,
    AMENDMENT_DENIED,
    AMENDMENT_DISPUTED,
    AMENDMENT_EXTENDED,
    AMENDMENT_LISTED,
)
from sessions_app.models import AmendmentRequest
from sessions_app.notes.access import handled_amendment, open_signed_note, own_amendment
from sessions_app.notes.filters import AmendmentFilter
from sessions_app.notes.querysets import AmendmentQuerySet
from sessions_app.notes.serializers.amendments import (
    AcceptAmendmentSerializer,
    AmendmentSerializer,
    AskAmendmentSerializer,
    DenyAmendmentSerializer,
    DisputeSerializer,
    ExtendAmendmentSerializer,
)
from sessions_app.notes.services import amendments
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.api.views import ApiView
from therapybridge.core.idempotency import fingerprint_of, idempotent


class NoteAmendments(ApiView, GenericAPIView[AmendmentRequest]):
    """Corrections of one note."""

    serializer_class = AmendmentSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)
    counts_total = True

    def get_queryset(self) -> AmendmentQuerySet:
        """Requests on the note in the URL, if it is the patient's."""
        of_both = {"note": self.kwargs["note_id"], "patient": self.kwargs["patient_id"]}
        rows: AmendmentQuerySet = AmendmentRequest.objects.filter(**of_both)
        return rows

    @extend_schema(operation_id="note_amendments_list", responses=AmendmentSerializer(many=True))
    def get(self, request: Request, patient_id: UUID, note_id: UUID) -> Response:
        """List corrections asked of a note, newest first, for the patient and their therapists."""
        access = rights_of(actor_of(request), patient_id, AMENDMENT_LISTED)
        open_signed_note(access, note_id, AMENDMENT_LISTED)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(AMENDMENT_LISTED, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(AmendmentSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="note_amendments_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=AskAmendmentSerializer,
        responses={201: AmendmentSerializer},
    )
    def post(self, request: Request, patient_id: UUID, note_id: UUID) -> Response:
        """Ask for a correction; only patients, in notes that they can read: else 409 `note_withheld`."""
        by = actor_of(request)
        access = open_record(by, patient_id, AMENDMENT_ASKED)
        require_role(by, AMENDMENT_ASKED, User.Role.PATIENT, patient_id=patient_id)
        note = open_signed_note(access, note_id, AMENDMENT_ASKED)
        given = validated(AskAmendmentSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(AmendmentSerializer(amendments.ask_amendment(note, access=access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(AMENDMENT_LISTED, by=access, ids=[UUID(body["id"])])

        route = f"notes.amendments:{note_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)


class Amendments(TherapistsView, GenericAPIView[AmendmentRequest]):
    """Corrections that the therapist's patients ask for."""

    serializer_class = AmendmentSerializer
    filterset_class = AmendmentFilter
    keyset_fields = ("-id",)

    def get_queryset(self) -> AmendmentQuerySet:
        """Requests of patients whom the reader treats."""
        treated = User.objects.patients_treated_by(actor_of(self.request).user)
        rows: AmendmentQuerySet = AmendmentRequest.objects.filter(patient__in=treated)
        return rows

    @extend_schema(operation_id="amendments_list", responses=AmendmentSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List asked corrections, newest first."""
        by = self.therapist(AMENDMENT_LISTED)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record(AMENDMENT_LISTED, by=by, ids=[row.pk for row in rows])
        return self.get_paginated_response(AmendmentSerializer(rows, many=True).data)


class _Answer(TherapistsView):
    """An answer of a therapist who treats the patient."""

    def answered(
        self, action: Action, amendment_id: UUID, body: Any, service: Any, *, proven: bool = False
    ) -> Response:
        """Run the service with the body's fields."""
        asked, access = handled_amendment(self.therapist(action), amendment_id, action)
        if proven:
            require_step_up(access.reader)
        given = validated(body(data=self.request.data))
        return Response(AmendmentSerializer(service(asked, access=access, **given)).data)


class AcceptAmendment(_Answer):
    """Accepts a correction."""

    @extend_schema(operation_id="amendments_accept", request=AcceptAmendmentSerializer, responses=AmendmentSerializer)
    def post(self, request: Request, amendment_id: UUID) -> Response:
        """Correct the note by an addendum; needs a recent proof of identity."""
        service = amendments.accept_amendment
        return self.answered(AMENDMENT_ACCEPTED, amendment_id, AcceptAmendmentSerializer, service, proven=True)


class DenyAmendment(_Answer):
    """Denies a correction."""

    @extend_schema(operation_id="amendments_deny", request=DenyAmendmentSerializer, responses=AmendmentSerializer)
    def post(self, request: Request, amendment_id: UUID) -> Response:
        """Deny a correction on one of the grounds."""
        return self.answered(AMENDMENT_DENIED, amendment_id, DenyAmendmentSerializer, amendments.deny_amendment)


class ExtendAmendment(_Answer):
    """Puts off the answer."""

    @extend_schema(operation_id="amendments_extend", request=ExtendAmendmentSerializer, responses=AmendmentSerializer)
    def post(self, request: Request, amendment_id: UUID) -> Response:
        """Put off the answer to an asked correction by thirty days, once; 409 `not_extendable`."""
        return self.answered(AMENDMENT_EXTENDED, amendment_id, ExtendAmendmentSerializer, amendments.extend_amendment)


class DisputeAmendment(ApiView):
    """The patient's statement of disagreement."""

    @extend_schema(operation_id="amendments_dispute", request=DisputeSerializer, responses=AmendmentSerializer)
    def post(self, request: Request, amendment_id: UUID) -> Response:
        """Add a statement to a denied request, once; from then on it stands with the note."""
        by = actor_of(request)
        require_role(by, AMENDMENT_DISPUTED, User.Role.PATIENT)
        asked, access = own_amendment(by, amendment_id, AMENDMENT_DISPUTED)
        given = validated(DisputeSerializer(data=request.data))
        return Response(AmendmentSerializer(amendments.dispute_denial(asked, access=access, **given)).data)
