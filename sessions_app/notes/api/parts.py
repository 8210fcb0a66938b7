"""API endpoints for the versions and addenda of a note."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import require_step_up
from accounts.api import TherapistsView
from audit.log import record
from sessions_app.audit_actions import NOTE_AMENDED, NOTE_READ, NOTE_VERSIONS_READ
from sessions_app.models import NoteAddendum, NoteVersion
from sessions_app.notes.access import open_note, open_note_to_write
from sessions_app.notes.querysets import NotePartQuerySet
from sessions_app.notes.serializers.notes import AddendumSerializer, VersionRowSerializer, VersionSerializer
from sessions_app.notes.services import signing
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.errors import NotFound
from therapybridge.core.idempotency import fingerprint_of, idempotent


class NoteVersions(TherapistsView, GenericAPIView[NoteVersion]):
    """Earlier versions of a note, and texts that were refused in a conflict."""

    serializer_class = VersionRowSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-number",)
    counts_total = True

    def get_queryset(self) -> NotePartQuerySet:
        """Versions of the note in the URL, without their contents."""
        rows: NotePartQuerySet = NoteVersion.objects.filter(note=self.kwargs["note_id"]).defer("content")
        return rows

    @extend_schema(operation_id="note_versions_list", responses=VersionRowSerializer(many=True))
    def get(self, request: Request, note_id: UUID) -> Response:
        """List a note's versions, the latest first."""
        note, access = open_note(self.therapist(NOTE_VERSIONS_READ), note_id, NOTE_VERSIONS_READ)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(NOTE_VERSIONS_READ, note, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(VersionRowSerializer(rows, many=True).data)


class OneNoteVersion(TherapistsView):
    """One version of a note."""

    @extend_schema(operation_id="note_versions_retrieve", responses=VersionSerializer)
    def get(self, request: Request, note_id: UUID, number: int) -> Response:
        """Show the content of a version."""
        note, access = open_note(self.therapist(NOTE_VERSIONS_READ), note_id, NOTE_VERSIONS_READ)
        rows = NoteVersion.objects.filter(note=note, number=number).select_related("template_version__template")
        version = rows.first()
        if version is None:
            raise NotFound("This note has no such version.", code="no_version")
        record(NOTE_VERSIONS_READ, note, by=access, ids=[version.pk])
        return Response(VersionSerializer(version).data)


class Addenda(TherapistsView, GenericAPIView[NoteAddendum]):
    """What was added to a signed note."""

    serializer_class = AddendumSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)
    counts_total = True

    def get_queryset(self) -> NotePartQuerySet:
        """Addenda of the note in the URL."""
        rows: NotePartQuerySet = NoteAddendum.objects.filter(note=self.kwargs["note_id"])
        return rows

    @extend_schema(operation_id="note_addenda_list", responses=AddendumSerializer(many=True))
    def get(self, request: Request, note_id: UUID) -> Response:
        """List a note's addenda, newest first."""
        note, access = open_note(self.therapist(NOTE_READ), note_id, NOTE_READ)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(NOTE_READ, note, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(AddendumSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="note_addenda_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=AddendumSerializer,
        responses={201: AddendumSerializer},
    )
    def post(self, request: Request, note_id: UUID) -> Response:
        """Add to a signed note, as any therapist who treats the patient; needs a recent proof of identity."""
        note, access = open_note_to_write(self.therapist(NOTE_AMENDED), note_id, NOTE_AMENDED)
        require_step_up(access.reader)
        given = validated(AddendumSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(AddendumSerializer(signing.add_addendum(note, access=access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(NOTE_READ, note, by=access)

        route = f"notes.addenda:{note_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)
