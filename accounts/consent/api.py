"""API endpoints for the consent log and signing links."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.care.access import open_record, open_record_to_write
from accounts.consent import serializers as consent_serializers
from accounts.consent.access import request_of
from accounts.consent.audit_actions import (
    CONSENT_LISTED,
    CONSENT_RECORDED,
    CONSENT_REQUEST_REVOKED,
    CONSENT_REQUEST_SENT,
)
from accounts.consent.querysets import ConsentQuerySet
from accounts.consent.services import decisions, requests
from accounts.models import ConsentEntry
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.api.views import ApiView
from therapybridge.core.idempotency import fingerprint_of, idempotent


class Consents(ApiView, GenericAPIView[ConsentEntry]):
    """A patient's consent log."""

    limits = {"post": "urgent"}

    serializer_class = consent_serializers.ConsentSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)
    counts_total = True

    def get_queryset(self) -> ConsentQuerySet:
        """The consent log of the patient in the URL."""
        entries: ConsentQuerySet = ConsentEntry.objects.filter(patient=self.kwargs["patient_id"])
        return entries

    @extend_schema(responses=consent_serializers.ConsentSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List decisions about consent, newest first; the latest entry of a type is in force."""
        access = open_record(actor_of(request), patient_id, CONSENT_LISTED)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(CONSENT_LISTED, access.patient, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(consent_serializers.ConsentSerializer(rows, many=True).data)

    @extend_schema(
        parameters=[IDEMPOTENCY_HEADER],
        request=consent_serializers.RecordConsentSerializer,
        responses={201: consent_serializers.RecordedConsentSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Record one decision about one or more types; entries are never changed afterwards."""
        access = open_record_to_write(actor_of(request), patient_id, CONSENT_RECORDED)
        given = validated(consent_serializers.RecordConsentSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            entries = decisions.record_consent(access, **given)
            return 201, dict(consent_serializers.RecordedConsentSerializer({"results": entries}).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(CONSENT_LISTED, access.patient, by=access, ids=[UUID(entry["id"]) for entry in body["results"]])

        route, fingerprint = f"consents.create:{patient_id}", fingerprint_of(dict(request.data))
        return idempotent(request, route, fingerprint, create, before_repeat=before_repeat)


class AskConsent(ApiView):
    """Asks a patient to sign."""

    @extend_schema(
        parameters=[IDEMPOTENCY_HEADER],
        request=consent_serializers.AskConsentSerializer,
        responses={201: consent_serializers.ConsentRequestSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Create a signing link, valid once for seven days, and e-mail it; the patient's earlier open links end."""
        access = open_record_to_write(actor_of(request), patient_id, CONSENT_REQUEST_SENT)
        types = validated(consent_serializers.AskConsentSerializer(data=request.data))["types"]

        def ask() -> tuple[int, dict[str, Any]]:
            row, link = requests.request_consent(access, types)
            told = {"id": row.pk, "types": row.types, "link": link}
            told |= {"expires_at": row.expires_at, "created_at": row.created_at}
            return 201, dict(consent_serializers.ConsentRequestSerializer(told).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(CONSENT_LISTED, access.patient, by=access, ids=[UUID(body["id"])])

        route, fingerprint = f"consents.request:{patient_id}", fingerprint_of(dict(request.data))
        return idempotent(request, route, fingerprint, ask, before_repeat=before_repeat)


class OneConsentRequest(ApiView):
    """One signing link."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, patient_id: UUID, request_id: UUID) -> Response:
        """Revoke an open link."""
        access = open_record_to_write(actor_of(request), patient_id, CONSENT_REQUEST_REVOKED)
        row = request_of(access, request_id, CONSENT_REQUEST_REVOKED)
        requests.revoke_request(row, access=access)
        return Response(status=204)
