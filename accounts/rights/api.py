"""The API of patients' rights."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import actor, require_role, require_therapist, visible_patient
from accounts.care.querysets import PatientOwnedQuerySet
from accounts.models import AccessRequest, Disclosure, User
from accounts.rights import access as rights_access
from accounts.rights import serializers as shapes
from accounts.rights.querysets import DisclosureQuerySet
from accounts.rights.services import access_report
from accounts.rights.services import requests as services
from audit import log
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.errors import Forbidden
from therapybridge.core.idempotency import fingerprint_of, idempotent


class AccessRequests(GenericAPIView[AccessRequest]):
    """A patient's requests about the own record."""

    serializer_class = shapes.AccessRequestSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)

    def get_queryset(self) -> PatientOwnedQuerySet:
        """Of the patient in the address."""
        rows: PatientOwnedQuerySet = AccessRequest.objects.filter(patient=self.kwargs["patient_id"])
        return rows

    @extend_schema(operation_id="access_requests_list", responses=shapes.AccessRequestSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List newest first, for the patient and for who treats them."""
        patient = rights_access.rights_of(request, patient_id, "access_request.listed")
        rows = self.paginate_queryset(self.get_queryset()) or []
        ids = [row.pk for row in rows]
        log.record("access_request.listed", by=actor(request), patient_id=patient.pk, ids=ids, request=request)
        return self.get_paginated_response(shapes.AccessRequestSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="access_requests_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=shapes.NewAccessRequestSerializer,
        responses={201: shapes.AccessRequestSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Ask for something; patients only, and each for themselves."""
        patient = visible_patient(request, patient_id, "access_request.created")
        require_role(request, "access_request.created", User.Role.PATIENT, patient_id=patient.pk)
        given = validated(shapes.NewAccessRequestSerializer(data=request.data))

        def act() -> tuple[int, dict[str, Any]]:
            asked = services.create_access_request(patient, request=request, **given)
            return 201, dict(shapes.AccessRequestSerializer(asked).data)

        return idempotent(request, f"access_requests.create:{patient.pk}", fingerprint_of(given), act)


class WithdrawAccessRequest(APIView):
    """The patient's change of mind."""

    @extend_schema(operation_id="access_requests_withdraw", request=None, responses=shapes.AccessRequestSerializer)
    def post(self, request: Request, request_id: UUID) -> Response:
        """No longer ask for it."""
        patient = require_role(request, "access_request.withdrawn", User.Role.PATIENT)
        asked = rights_access.own_request(request, request_id, "access_request.withdrawn")
        services.withdraw_access_request(asked, by=patient, request=request)
        return Response(shapes.AccessRequestSerializer(asked).data)


class HandleAccessRequest(APIView):
    """The therapist's part of a request."""

    @extend_schema(
        operation_id="access_requests_handle",
        request=shapes.HandleAccessRequestSerializer,
        responses=shapes.AccessRequestSerializer,
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        """Take it up, fulfil or deny it; the patient gets a letter."""
        require_role(request, "access_request.handled", User.Role.THERAPIST)
        asked = rights_access.handled_request(request, request_id, "access_request.handled")
        given = validated(shapes.HandleAccessRequestSerializer(data=request.data))
        services.handle_access_request(asked, by=actor(request), request=request, **given)
        return Response(shapes.AccessRequestSerializer(asked).data)


class Disclosures(GenericAPIView[Disclosure]):
    """To whom a record went in the last six years."""

    serializer_class = shapes.DisclosureSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-disclosed_at", "-id")

    def get_queryset(self) -> DisclosureQuerySet:
        """Of the patient in the address."""
        rows: DisclosureQuerySet = Disclosure.objects.filter(patient=self.kwargs["patient_id"]).accountable()
        return rows

    @extend_schema(operation_id="disclosures_list", responses=shapes.DisclosureSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List newest first, for the patient and for who treats them."""
        patient = rights_access.rights_of(request, patient_id, "disclosure.listed")
        rows = self.paginate_queryset(self.get_queryset()) or []
        ids = [row.pk for row in rows]
        log.record("disclosure.listed", by=actor(request), patient_id=patient.pk, ids=ids, request=request)
        return self.get_paginated_response(shapes.DisclosureSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="disclosures_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=shapes.DisclosureSerializer,
        responses={201: shapes.DisclosureSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Note one; therapists who treat the patient only."""
        patient = visible_patient(request, patient_id, "disclosure.recorded")
        therapist = require_therapist(request, "disclosure.recorded", patient.pk)
        given = validated(shapes.DisclosureSerializer(data=request.data))
        given["why"] = given.get("why") or ""

        def act() -> tuple[int, dict[str, Any]]:
            row = services.record_disclosure(patient, by=therapist, request=request, **given)
            return 201, dict(shapes.DisclosureSerializer(row).data)

        return idempotent(request, f"disclosures.create:{patient.pk}", fingerprint_of(given), act)


class AccessLog(APIView):
    """Who opened a record."""

    @extend_schema(
        operation_id="access_log",
        parameters=[OpenApiParameter("before", str, description="An ISO date: only days before it.")],
        responses=shapes.AccessLogSerializer,
    )
    def get(self, request: Request, patient_id: UUID) -> Response:
        """30 days, the latest first; for patients unless their clinic has closed it, and for who treats them."""
        patient = rights_access.rights_of(request, patient_id, "access_log.read")
        reader = actor(request)
        if reader.is_patient and not rights_access.may_see_log(reader):
            rights_access.deny_log(request, reader)
            raise Forbidden("Please ask your clinic who opened your record.", code="access_log_closed")
        before = access_report.parse_before(request.query_params.get("before"))
        shown = access_report.read_access_log(patient, before, for_patient=reader.is_patient)
        log.record("access_log.read", by=reader, patient_id=patient.pk, request=request)
        return Response(shapes.AccessLogSerializer(shown).data)
