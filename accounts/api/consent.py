"""The API of the consent ledger."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.access import actor, require_therapist, visible_patient
from accounts.api.shapes import IDEMPOTENCY_HEADER, validated
from accounts.idempotency import fingerprint_of, idempotent
from accounts.models import ConsentEntry
from accounts.querysets import ConsentQuerySet
from accounts.serializers import consent as shapes
from audit import log


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
        log.record("consent.listed", by=actor(request), target=patient, patient_id=patient.pk, request=request)
        rows = self.paginate_queryset(self.get_queryset())
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
            entries = services.record_consent(patient, by=therapist, request=request, **given)
            return 201, dict(shapes.RecordedConsentSerializer({"results": entries}).data)

        return idempotent(request, f"consents.create:{patient.pk}", fingerprint_of(dict(request.data)), record)
