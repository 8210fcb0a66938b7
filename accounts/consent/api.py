"""The API of the consent ledger."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import actor, require_therapist, visible_patient
from accounts.consent import serializers as shapes
from accounts.consent.querysets import ConsentQuerySet
from accounts.consent.services import decisions, requests
from accounts.models import ConsentEntry, ConsentRequest
from audit import log
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.errors import NotFound
from therapybridge.core.idempotency import fingerprint_of, idempotent


class Consents(GenericAPIView[ConsentEntry]):
    """A patient's ledger of consent."""

    serializer_class = shapes.ConsentSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)

    def get_queryset(self) -> ConsentQuerySet:
        """Entries of the patient in the address, if the reader may see them."""
        entries: ConsentQuerySet = ConsentEntry.objects.visible_to(actor(self.request))
        return entries.filter(patient=self.kwargs["patient_id"])

    @extend_schema(responses=shapes.ConsentSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List newest first; the latest entry of a type is in force."""
        patient = visible_patient(request, patient_id, "consent.listed")
        rows = self.paginate_queryset(self.get_queryset()) or []
        ids = [row.pk for row in rows]
        log.record("consent.listed", by=actor(request), target=patient, patient_id=patient.pk, ids=ids, request=request)
        return self.get_paginated_response(shapes.ConsentSerializer(rows, many=True).data)

    @extend_schema(
        parameters=[IDEMPOTENCY_HEADER],
        request=shapes.RecordConsentSerializer,
        responses={201: shapes.RecordedConsentSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Record one decision about one or more types; entries are never changed afterwards."""
        patient = visible_patient(request, patient_id, "consent.recorded")
        therapist = require_therapist(request, "consent.recorded", patient.pk)
        given = validated(shapes.RecordConsentSerializer(data=request.data))

        def record() -> tuple[int, dict[str, Any]]:
            entries = decisions.record_consent(patient, by=therapist, request=request, **given)
            return 201, dict(shapes.RecordedConsentSerializer({"results": entries}).data)

        return idempotent(request, f"consents.create:{patient.pk}", fingerprint_of(dict(request.data)), record)


class AskConsent(APIView):
    """Asking a patient to sign."""

    @extend_schema(
        parameters=[IDEMPOTENCY_HEADER],
        request=shapes.AskConsentSerializer,
        responses={201: shapes.ConsentRequestSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Make a signing link, good once for seven days, and mail it; earlier open links of the patient end."""
        patient = visible_patient(request, patient_id, "consent_request.sent")
        therapist = require_therapist(request, "consent_request.sent", patient.pk)
        types = validated(shapes.AskConsentSerializer(data=request.data))["types"]

        def ask() -> tuple[int, dict[str, Any]]:
            row, link = requests.request_consent(patient, types, by=therapist, request=request)
            told = {"id": row.pk, "types": row.types, "link": link}
            told |= {"expires_at": row.expires_at, "created_at": row.created_at}
            return 201, dict(shapes.ConsentRequestSerializer(told).data)

        return idempotent(request, f"consents.request:{patient.pk}", fingerprint_of(dict(request.data)), ask)


class OneConsentRequest(APIView):
    """One signing link."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, patient_id: UUID, request_id: UUID) -> Response:
        """Revoke an open link."""
        patient = visible_patient(request, patient_id, "consent_request.revoked")
        therapist = require_therapist(request, "consent_request.revoked", patient.pk)
        row = ConsentRequest.objects.filter(patient=patient, pk=request_id).first()
        if row is None:
            denied = ConsentRequest(pk=request_id, patient=patient)
            action = "consent_request.revoked"
            log.record(action, by=therapist, target=denied, outcome="denied", reason="not_found", request=request)
            raise NotFound
        requests.revoke_request(row, by=therapist, request=request)
        return Response(status=204)
