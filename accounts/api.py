"""The API of sign-in, people and consent."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts import serializers as shapes
from accounts import services, tokens
from accounts.access import actor, require_therapist, visible_patient
from accounts.idempotency import HEADER, fingerprint_of, idempotent
from accounts.models import AuthSession, ConsentEntry, User
from accounts.querysets import ConsentQuerySet, UserQuerySet
from accounts.sign_in import user_by_password
from audit import log
from therapybridge.core.errors import InvalidInput

MAX_SEARCH = 100
IDEMPOTENCY_HEADER = OpenApiParameter(HEADER, str, OpenApiParameter.HEADER)


class SignIn(APIView):
    """E-mail and password for a device's first pair of tokens."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @extend_schema(request=shapes.SignInSerializer, responses=shapes.TokenPairSerializer, auth=[])
    def post(self, request: Request) -> Response:
        """Sign in; 401 `invalid_credentials` says nothing about what was wrong."""
        given = _validated(shapes.SignInSerializer(data=request.data))
        user = user_by_password(request, given["email"], given["password"])
        return _pair_response(tokens.open_family(user, request))


class Refresh(APIView):
    """A refresh token for the next pair."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    limits = {"post": "refresh"}

    @extend_schema(request=shapes.RefreshSerializer, responses=shapes.TokenPairSerializer, auth=[])
    def post(self, request: Request) -> Response:
        """Rotate; a token that was used before signs the device out with 401 `token_reused`."""
        given = _validated(shapes.RefreshSerializer(data=request.data))
        return _pair_response(tokens.rotate(given["refresh_token"], request))


class SignOut(APIView):
    """The end of a device's tokens."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Revoke the family of the access token that asks."""
        if isinstance(request.auth, AuthSession):
            tokens.close_family(request.auth, "signed_out")
            log.record("user.signed_out", by=actor(request), target=request.auth, request=request)
        return Response(status=204)


class Me(APIView):
    """Whoever is signed in."""

    @extend_schema(responses=shapes.MeSerializer)
    def get(self, request: Request) -> Response:
        """Show name, role, clinic and time zone."""
        return Response(shapes.MeSerializer(actor(request)).data)

    @extend_schema(request=shapes.MeSerializer, responses=shapes.MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change names or time zone."""
        changes = _validated(shapes.MeSerializer(data=request.data, partial=True))
        user = services.update_me(actor(request), request=request, **changes)
        return Response(shapes.MeSerializer(user).data)


class Patients(GenericAPIView[User]):
    """The patients that the reader may see."""

    serializer_class = shapes.PatientRowSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)

    def get_queryset(self) -> UserQuerySet:
        """Visible patients whose name or e-mail holds every word of `search`."""
        patients: UserQuerySet = User.objects.patients_visible_to(actor(self.request)).select_related("profile")
        for word in _search_words(self.request):
            patients = patients.filter(
                Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
            )
        return patients

    @extend_schema(
        operation_id="patients_list",
        parameters=[OpenApiParameter("search", str)],
        responses=shapes.PatientRowSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List newest first."""
        log.record("patient.listed", by=actor(request), request=request)
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(shapes.PatientRowSerializer(rows, many=True).data)

    @extend_schema(
        parameters=[IDEMPOTENCY_HEADER],
        request=shapes.ClinicianPatientSerializer,
        responses={201: shapes.ClinicianPatientSerializer},
    )
    def post(self, request: Request) -> Response:
        """Take on a patient; the therapist who asks becomes the primary one."""
        therapist = require_therapist(request, "patient.created")
        details = _flat(_validated(shapes.ClinicianPatientSerializer(data=request.data)))

        def create() -> tuple[int, dict[str, Any]]:
            patient = services.create_patient(by=therapist, request=request, **details)
            return 201, dict(shapes.ClinicianPatientSerializer(patient).data)

        return idempotent(request, "patients.create", fingerprint_of(dict(request.data)), create)


class Patient(APIView):
    """One patient."""

    @extend_schema(responses=shapes.ClinicianPatientSerializer)
    def get(self, request: Request, patient_id: UUID) -> Response:
        """Show the profile; patients see their own without the clinician's fields."""
        patient = visible_patient(request, patient_id, "patient.viewed")
        log.record("patient.viewed", by=actor(request), target=patient, patient_id=patient.pk, request=request)
        shape = shapes.ClinicianPatientSerializer if actor(request).is_therapist else shapes.PatientSerializer
        return Response(shape(patient).data)

    @extend_schema(request=shapes.ClinicianPatientSerializer, responses=shapes.ClinicianPatientSerializer)
    def patch(self, request: Request, patient_id: UUID) -> Response:
        """Change what the body names."""
        patient = visible_patient(request, patient_id, "patient.updated")
        therapist = require_therapist(request, "patient.updated", patient.pk)
        changes = _flat(_validated(shapes.ClinicianPatientSerializer(data=request.data, partial=True)))
        patient = services.update_patient(patient, by=therapist, request=request, **changes)
        return Response(shapes.ClinicianPatientSerializer(patient).data)


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
        given = _validated(shapes.RecordConsentSerializer(data=request.data))

        def record() -> tuple[int, dict[str, Any]]:
            entries = services.record_consent(patient, by=therapist, request=request, **given)
            return 201, dict(shapes.RecordedConsentSerializer({"results": entries}).data)

        return idempotent(request, f"consents.create:{patient.pk}", fingerprint_of(dict(request.data)), record)


def _validated(shape: Serializer[Any]) -> dict[str, Any]:
    shape.is_valid(raise_exception=True)
    return dict(shape.validated_data)


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Names and profile side by side, as the services take them."""
    profile = values.pop("profile", {})
    return {**values, **profile}


def _pair_response(pair: tokens.TokenPair) -> Response:
    return Response(shapes.TokenPairSerializer(pair).data)


def _search_words(request: Request) -> list[str]:
    text = request.query_params.get("search", "")
    if "\x00" in text or len(text) > MAX_SEARCH:
        raise InvalidInput(errors={"search": [f"Use at most {MAX_SEARCH} plain characters."]})
    return text.split()
