"""A patient's whole record as FHIR R4."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from exports.builders.fhir import bundle
from exports.fhir.access import open_whole_record
from exports.fhir.audit_actions import RECORD_READ_AS_FHIR
from exports.fhir.serializers import BundleSerializer
from exports.fhir.services import read_whole_record
from therapybridge.core.actor import actor_of
from therapybridge.core.api.renderers import OrjsonRenderer
from therapybridge.core.api.views import ApiView


class FhirRenderer(OrjsonRenderer):
    """JSON by the name that FHIR gives it."""

    media_type = "application/fhir+json"


class PatientFhirView(ApiView):
    """What the operation $everything of FHIR stands for, for one patient."""

    renderer_classes = [FhirRenderer]
    limits = {"get": "whole_record"}

    @extend_schema(operation_id="patient_fhir", responses=BundleSerializer)
    def get(self, request: Request, patient_id: UUID) -> Response:
        """Read the whole record: by therapists who treat the patient, and by patients whose request is taken up.

        413 `record_too_large` beyond 50 sessions.
        """
        access = open_whole_record(actor_of(request), patient_id, RECORD_READ_AS_FHIR)
        return Response(bundle(read_whole_record(access)))
