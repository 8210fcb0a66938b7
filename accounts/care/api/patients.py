"""API endpoints for patients."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import require_role
from accounts.care import serializers as care_serializers
from accounts.care.access import open_record, open_record_to_write
from accounts.care.audit_actions import PATIENT_CREATED, PATIENT_DETAILS_READ, PATIENT_LISTED, PATIENT_UPDATED
from accounts.care.contexts.listed import Listed, read_patients
from accounts.care.filters import PatientFilter
from accounts.care.services import patients
from accounts.identity.querysets import UserQuerySet
from accounts.models import User
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.api.revisions import MAY_MATCH, etag_of, version_in
from therapybridge.core.api.views import ApiView
from therapybridge.core.changes import settled_until
from therapybridge.core.idempotency import fingerprint_of, idempotent
from therapybridge.core.pagination import KeysetPagination, envelope


class Patients(ApiView, GenericAPIView[User]):
    """The patients that the reader may see."""

    item_route = "api-patient"
    queryset = User.objects.none()
    serializer_class = care_serializers.PatientRowSerializer
    filterset_class = PatientFilter
    keyset_fields = ("-id",)
    counts_total = True
    paginator: KeysetPagination

    def get_queryset(self) -> UserQuerySet:
        """Visible patients with their profiles, which hold the contact address."""
        reader = actor_of(self.request).user
        rows: UserQuerySet = User.objects.patients_visible_to(reader).select_related("profile")
        return rows

    @extend_schema(operation_id="patients_list", responses=care_serializers.PatientRowSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List patients, newest first."""
        by = actor_of(request)
        settled = settled_until()
        page, total = self._listed(by.user, request)
        ids = [row.pk for row in page.rows]
        record(PATIENT_LISTED, by=by, ids=ids, among=ids)
        rows = care_serializers.PatientRowSerializer(page.rows, many=True).data
        return Response(envelope(request, rows, page.next_cursor, total, settled))

    def _listed(self, reader: User, request: Request) -> Listed:
        """Words to search for are of too many forms for SQL that is built once; changes are asked for now and then."""
        if not any(request.query_params.get(name) for name in PatientFilter.base_filters):
            return read_patients(reader, request.query_params, self.paginator.limit(request))
        self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return Listed(self.paginator.page, self.paginator.total_count or 0)

    @extend_schema(
        parameters=[IDEMPOTENCY_HEADER],
        request=care_serializers.ClinicianPatientSerializer,
        responses={201: care_serializers.ClinicianPatientSerializer},
    )
    def post(self, request: Request) -> Response:
        """Add a patient; the therapist becomes the primary one."""
        by = actor_of(request)
        require_role(by, PATIENT_CREATED, User.Role.THERAPIST)
        details = _flat(validated(care_serializers.ClinicianPatientSerializer(data=request.data)))

        def create() -> tuple[int, dict[str, Any]]:
            patient = patients.create_patient(by=by, **details)
            return 201, dict(care_serializers.ClinicianPatientSerializer(patient).data)

        def before_repeat(body: dict[str, Any]) -> None:
            access = open_record(by, UUID(body["id"]), PATIENT_CREATED)
            record(PATIENT_DETAILS_READ, access.patient, by=access)

        fingerprint = fingerprint_of(dict(request.data))
        return idempotent(request, "patients.create", fingerprint, create, before_repeat=before_repeat)


class Patient(ApiView):
    """One patient."""

    @extend_schema(responses=care_serializers.ClinicianPatientSerializer)
    def get(self, request: Request, patient_id: UUID) -> Response:
        """Show the profile; patients see their own, without the clinicians' fields."""
        access = open_record(actor_of(request), patient_id, PATIENT_DETAILS_READ)
        record(PATIENT_DETAILS_READ, access.patient, by=access)
        if access.is_own:
            return Response(care_serializers.PatientSerializer(access.patient).data)
        return _answer(access.patient)

    @extend_schema(
        parameters=[MAY_MATCH],
        request=care_serializers.ClinicianPatientSerializer,
        responses=care_serializers.ClinicianPatientSerializer,
    )
    def patch(self, request: Request, patient_id: UUID) -> Response:
        """Change a patient's details that the body names.

        With If-Match, 409 `edit_conflict` says who changed the patient since that version, and when.
        """
        access = open_record_to_write(actor_of(request), patient_id, PATIENT_UPDATED)
        version = version_in(request)
        changes = _flat(validated(care_serializers.ClinicianPatientSerializer(data=request.data, partial=True)))
        return _answer(patients.update_patient(access, version=version, **changes))


def _answer(patient: User) -> Response:
    """The patient for therapists, with the version as ETag."""
    headers = {"ETag": etag_of(patients.version_of(patient))}
    return Response(care_serializers.ClinicianPatientSerializer(patient).data, headers=headers)


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Names and profile in one dictionary, as the services expect."""
    profile = values.pop("profile", {})
    return {**values, **profile}
