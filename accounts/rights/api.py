"""API endpoints for patients' rights."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import require_role
from accounts.care.access import open_record, open_record_to_write
from accounts.care.querysets import PatientOwnedQuerySet
from accounts.models import AccessRequest, Disclosure, User
from accounts.rights import serializers as rights_serializers
from accounts.rights.access import handled_request, may_see_log, own_request, rights_of
from accounts.rights.audit_actions import (
    ACCESS_LOG_READ,
    ACCESS_REQUEST_CREATED,
    ACCESS_REQUEST_HANDLED,
    ACCESS_REQUEST_LISTED,
    ACCESS_REQUEST_WITHDRAWN,
    DISCLOSURE_LISTED,
    DISCLOSURE_RECORDED,
)
from accounts.rights.querysets import DisclosureQuerySet
from accounts.rights.services import access_report, requests
from audit.log import deny, record
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.views import ApiView
from therapybridge.core.errors import Forbidden
from therapybridge.core.idempotency import fingerprint_of, idempotent


class AccessRequests(ApiView, GenericAPIView[AccessRequest]):
    """A patient's requests about their own record."""

    serializer_class = rights_serializers.AccessRequestSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)
    counts_total = True

    def get_queryset(self) -> PatientOwnedQuerySet:
        """Rows of the patient in the URL."""
        rows: PatientOwnedQuerySet = AccessRequest.objects.filter(patient=self.kwargs["patient_id"])
        return rows

    @extend_schema(operation_id="access_requests_list", responses=rights_serializers.AccessRequestSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List requests about the record, newest first, for the patient and their therapists."""
        access = rights_of(actor_of(request), patient_id, ACCESS_REQUEST_LISTED)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(ACCESS_REQUEST_LISTED, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(rights_serializers.AccessRequestSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="access_requests_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=rights_serializers.NewAccessRequestSerializer,
        responses={201: rights_serializers.AccessRequestSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Make a request about the record; only patients, for their own record."""
        by = actor_of(request)
        access = open_record(by, patient_id, ACCESS_REQUEST_CREATED)
        require_role(by, ACCESS_REQUEST_CREATED, User.Role.PATIENT, patient_id=patient_id)
        given = validated(rights_serializers.NewAccessRequestSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            asked = requests.create_access_request(access, **given)
            return 201, dict(rights_serializers.AccessRequestSerializer(asked).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(ACCESS_REQUEST_LISTED, by=access, ids=[UUID(body["id"])])

        route = f"access_requests.create:{patient_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)


class WithdrawAccessRequest(ApiView):
    """Withdraws a patient's request."""

    @extend_schema(
        operation_id="access_requests_withdraw", request=None, responses=rights_serializers.AccessRequestSerializer
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        """Withdraw the request."""
        by = actor_of(request)
        require_role(by, ACCESS_REQUEST_WITHDRAWN, User.Role.PATIENT)
        asked, access = own_request(by, request_id, ACCESS_REQUEST_WITHDRAWN)
        expect_no_fields(request)
        requests.withdraw_access_request(asked, access=access)
        return Response(rights_serializers.AccessRequestSerializer(asked).data)


class HandleAccessRequest(ApiView):
    """Handles a patient's request."""

    @extend_schema(
        operation_id="access_requests_handle",
        request=rights_serializers.HandleAccessRequestSerializer,
        responses=rights_serializers.AccessRequestSerializer,
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        """Start, fulfil or deny a request about the record; the patient gets an e-mail."""
        by = actor_of(request)
        require_role(by, ACCESS_REQUEST_HANDLED, User.Role.THERAPIST)
        asked, access = handled_request(by, request_id, ACCESS_REQUEST_HANDLED)
        given = validated(rights_serializers.HandleAccessRequestSerializer(data=request.data))
        requests.handle_access_request(asked, access=access, **given)
        return Response(rights_serializers.AccessRequestSerializer(asked).data)


class Disclosures(ApiView, GenericAPIView[Disclosure]):
    """Who received a patient's record in the last six years."""

    serializer_class = rights_serializers.DisclosureSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-disclosed_at", "-id")
    counts_total = True

    def get_queryset(self) -> DisclosureQuerySet:
        """Rows of the patient in the URL."""
        rows: DisclosureQuerySet = Disclosure.objects.filter(patient=self.kwargs["patient_id"]).accountable()
        return rows

    @extend_schema(operation_id="disclosures_list", responses=rights_serializers.DisclosureSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List disclosures, newest first, for the patient and their therapists."""
        access = rights_of(actor_of(request), patient_id, DISCLOSURE_LISTED)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(DISCLOSURE_LISTED, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(rights_serializers.DisclosureSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="disclosures_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=rights_serializers.DisclosureSerializer,
        responses={201: rights_serializers.DisclosureSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Record a disclosure; only therapists who treat the patient."""
        access = open_record_to_write(actor_of(request), patient_id, DISCLOSURE_RECORDED)
        given = validated(rights_serializers.DisclosureSerializer(data=request.data))
        given["why"] = given.get("why") or ""

        def create() -> tuple[int, dict[str, Any]]:
            row = requests.record_disclosure(access, **given)
            return 201, dict(rights_serializers.DisclosureSerializer(row).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(DISCLOSURE_LISTED, by=access, ids=[UUID(body["id"])])

        route = f"disclosures.create:{patient_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)


class AccessLog(ApiView):
    """Who opened a record."""

    query_parameters = frozenset({"before"})

    @extend_schema(
        operation_id="access_log",
        parameters=[OpenApiParameter("before", str, description="An ISO date; only days before it are listed.")],
        responses=rights_serializers.AccessLogSerializer,
    )
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List who opened the record on 30 days, latest first.

        For the patient's therapists and, unless their clinic hides it, the patient.
        """
        access = rights_of(actor_of(request), patient_id, ACCESS_LOG_READ)
        if not may_see_log(access):
            deny(ACCESS_LOG_READ, "closed", by=access)
            raise Forbidden("Please ask your clinic who opened your record.", code="access_log_closed")
        before = access_report.parse_before(request.query_params.get("before"))
        shown = access_report.read_access_log(access, before)
        record(ACCESS_LOG_READ, access.patient, by=access)
        return Response(rights_serializers.AccessLogSerializer(shown).data)
