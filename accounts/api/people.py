"""The API of people."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import services
from accounts.access import actor, require_therapist, visible_patient
from accounts.api.shapes import IDEMPOTENCY_HEADER, validated
from accounts.idempotency import fingerprint_of, idempotent
from accounts.models import PatientProfile, User
from accounts.querysets import UserQuerySet
from accounts.serializers import people as shapes
from audit import log
from therapybridge.core.errors import InvalidInput

MAX_SEARCH = 100


class Me(APIView):
    """Whoever is signed in."""

    @extend_schema(responses=shapes.MeSerializer)
    def get(self, request: Request) -> Response:
        """Show name, role, clinic and time zone."""
        return Response(shapes.MeSerializer(actor(request)).data)

    @extend_schema(request=shapes.MeSerializer, responses=shapes.MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change names or time zone."""
        changes = validated(shapes.MeSerializer(data=request.data, partial=True))
        user = services.update_me(actor(request), request=request, **changes)
        return Response(shapes.MeSerializer(user).data)


class Patients(GenericAPIView[User]):
    """The patients that the reader may see."""

    serializer_class = shapes.PatientRowSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)

    def get_queryset(self) -> UserQuerySet:
        """Visible patients whose name holds every word of `search`; an e-mail address is found as a whole."""
        patients: UserQuerySet = User.objects.patients_visible_to(actor(self.request)).select_related("profile")
        for word in _search_words(self.request):
            patients = patients.filter(_holds(word))
        return patients

    @extend_schema(
        operation_id="patients_list",
        parameters=[OpenApiParameter("search", str)],
        responses=shapes.PatientRowSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List newest first."""
        rows = self.paginate_queryset(self.get_queryset()) or []
        log.record("patient.listed", by=actor(request), ids=[row.pk for row in rows], request=request)
        return self.get_paginated_response(shapes.PatientRowSerializer(rows, many=True).data)

    @extend_schema(
        parameters=[IDEMPOTENCY_HEADER],
        request=shapes.ClinicianPatientSerializer,
        responses={201: shapes.ClinicianPatientSerializer},
    )
    def post(self, request: Request) -> Response:
        """Take on a patient; the therapist who asks becomes the primary one."""
        therapist = require_therapist(request, "patient.created")
        details = _flat(validated(shapes.ClinicianPatientSerializer(data=request.data)))

        def create() -> tuple[int, dict[str, Any]]:
            patient = services.create_patient(by=therapist, request=request, **details)
            return 201, dict(shapes.ClinicianPatientSerializer(patient).data)

        def still_allowed(body: dict[str, Any]) -> None:
            patient = visible_patient(request, UUID(body["id"]), "patient.created")
            log.record("patient.read", by=therapist, target=patient, patient_id=patient.pk, request=request)

        fingerprint = fingerprint_of(dict(request.data))
        return idempotent(request, "patients.create", fingerprint, create, still_allowed=still_allowed)


class Patient(APIView):
    """One patient."""

    @extend_schema(responses=shapes.ClinicianPatientSerializer)
    def get(self, request: Request, patient_id: UUID) -> Response:
        """Show the profile; patients see their own without the clinician's fields."""
        patient = visible_patient(request, patient_id, "patient.read")
        log.record("patient.read", by=actor(request), target=patient, patient_id=patient.pk, request=request)
        shape = shapes.ClinicianPatientSerializer if actor(request).is_therapist else shapes.PatientSerializer
        return Response(shape(patient).data)

    @extend_schema(request=shapes.ClinicianPatientSerializer, responses=shapes.ClinicianPatientSerializer)
    def patch(self, request: Request, patient_id: UUID) -> Response:
        """Change what the body names."""
        patient = visible_patient(request, patient_id, "patient.updated")
        therapist = require_therapist(request, "patient.updated", patient.pk)
        changes = _flat(validated(shapes.ClinicianPatientSerializer(data=request.data, partial=True)))
        patient = services.update_patient(patient, by=therapist, request=request, **changes)
        return Response(shapes.ClinicianPatientSerializer(patient).data)


def _holds(word: str) -> Q:
    """In the names, in the address to sign in with, or the whole address of contact, which is sealed."""
    named = Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
    return named | Q(profile__email_index=PatientProfile.index_of(word)) if "@" in word else named


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Names and profile side by side, as the services take them."""
    profile = values.pop("profile", {})
    return {**values, **profile}


def _search_words(request: Request) -> list[str]:
    text = request.query_params.get("search", "")
    if "\x00" in text or len(text) > MAX_SEARCH:
        raise InvalidInput(errors={"search": [f"Use at most {MAX_SEARCH} plain characters."]})
    return text.split()
