"""API endpoints for what patients read of signed notes."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import TherapistsView
from accounts.care.access import open_record
from audit.log import record
from sessions_app.audit_actions import (
    NOTE_READ,
    NOTE_RELEASED,
    NOTE_REVIEW_MOVED,
    NOTE_WITHHELD,
    SIGNED_NOTE_READ,
    SIGNED_NOTES_LISTED,
)
from sessions_app.models import SessionNote
from sessions_app.notes.access import open_note_to_write, open_signed_note
from sessions_app.notes.contexts.signed import note_text, patient_note, signed_rows
from sessions_app.notes.serializers.signed import SignedNoteSerializer, SignedNoteTextSerializer
from sessions_app.notes.serializers.withholding import ReviewDateSerializer, WithholdingSerializer
from sessions_app.notes.services import release
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.views import ApiView
from therapybridge.core.idempotency import fingerprint_of, idempotent


class Withholding(TherapistsView):
    """Whether a signed note is withheld from its patient; any therapist who treats the patient decides."""

    @extend_schema(
        operation_id="note_withhold",
        parameters=[IDEMPOTENCY_HEADER],
        request=WithholdingSerializer,
        responses={201: WithholdingSerializer},
    )
    def post(self, request: Request, note_id: UUID) -> Response:
        """Withhold a note from now on; 409 `already_withheld`, or `not_signed`."""
        note, access = open_note_to_write(self.therapist(NOTE_WITHHELD), note_id, NOTE_WITHHELD)
        given = validated(WithholdingSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(WithholdingSerializer(release.withhold_note(note, access=access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(NOTE_READ, note, by=access)

        route = f"notes.withholding:{note_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)

    @extend_schema(operation_id="note_move_review", request=ReviewDateSerializer, responses=WithholdingSerializer)
    def patch(self, request: Request, note_id: UUID) -> Response:
        """Change the day on which withholding a note is looked at again; 409 `not_withheld`."""
        note, access = open_note_to_write(self.therapist(NOTE_REVIEW_MOVED), note_id, NOTE_REVIEW_MOVED)
        given = validated(ReviewDateSerializer(data=request.data))
        return Response(WithholdingSerializer(release.move_review(note, access=access, **given)).data)

    @extend_schema(operation_id="note_release", request=None, responses={204: None})
    def delete(self, request: Request, note_id: UUID) -> Response:
        """Release a withheld note: the patient reads it from now on; 409 `not_withheld`."""
        note, access = open_note_to_write(self.therapist(NOTE_RELEASED), note_id, NOTE_RELEASED)
        expect_no_fields(request)
        release.release_note(note, access=access)
        return Response(status=204)


class SignedNotes(ApiView, GenericAPIView[SessionNote]):
    """Signed notes as their patient reads them."""

    serializer_class = SignedNoteSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("-id",)

    @extend_schema(operation_id="signed_notes_list", responses=SignedNoteSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List signed notes, newest first, for the patient and whoever reads the record.

        Withheld ones are named as such.
        """
        access = open_record(actor_of(request), patient_id, SIGNED_NOTES_LISTED)
        page = self.paginate_queryset(signed_rows(access.patient)) or []
        rows = [patient_note(row) for row in page]
        record(SIGNED_NOTES_LISTED, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(SignedNoteSerializer(rows, many=True).data)


class OneSignedNote(ApiView):
    """A signed note as its patient reads it."""

    @extend_schema(operation_id="signed_notes_retrieve", responses=SignedNoteTextSerializer)
    def get(self, request: Request, patient_id: UUID, note_id: UUID) -> Response:
        """Show a signed note in full; of a withheld one, only on which ground it is withheld."""
        access = open_record(actor_of(request), patient_id, SIGNED_NOTE_READ)
        note = open_signed_note(access, note_id, SIGNED_NOTE_READ)
        record(SIGNED_NOTE_READ, note, by=access)
        return Response(SignedNoteTextSerializer(note_text(note)).data)
