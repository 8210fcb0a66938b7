"""API endpoints for a therapist's private notes. A row answers 404 to everybody but its author."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.care.access import RecordAccess, open_record_to_write
from audit.log import record
from sessions_app.audit_actions import (
    PRIVATE_NOTE_CREATED,
    PRIVATE_NOTE_DELETED,
    PRIVATE_NOTE_LISTED,
    PRIVATE_NOTE_READ,
    PRIVATE_NOTE_SAVED,
)
from sessions_app.models import PrivateNote, TherapySession
from sessions_app.notes.access import open_private_note
from sessions_app.notes.querysets import PrivateNoteQuerySet
from sessions_app.notes.serializers.private import (
    PrivateNoteSerializer,
    SavePrivateNoteSerializer,
    WritePrivateNoteSerializer,
)
from sessions_app.notes.services import private
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.filters import ChangesFilter
from therapybridge.core.api.revisions import IF_MATCH, etag_of, revision_of
from therapybridge.core.api.views import ApiView
from therapybridge.core.errors import InvalidInput
from therapybridge.core.idempotency import fingerprint_of, idempotent


class PrivateNotes(ApiView, GenericAPIView[PrivateNote]):
    """What a therapist wrote about a patient for themselves; colleagues who treat the patient too find their own."""

    item_route = "api-private-note"
    serializer_class = PrivateNoteSerializer
    queryset = PrivateNote.objects.none()  # the schema reads the model from it
    filterset_class = ChangesFilter
    keyset_fields = ("-id",)
    counts_total = True

    def get_queryset(self) -> PrivateNoteQuerySet:
        """The reader's own on the patient in the URL."""
        reader: Any = self.request.user
        rows: PrivateNoteQuerySet = PrivateNote.objects.visible_to(reader).filter(patient=self.kwargs["patient_id"])
        return rows

    @extend_schema(operation_id="private_notes_list", responses=PrivateNoteSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List one's own private notes on a patient whom one treats, newest first."""
        access = open_record_to_write(actor_of(request), patient_id, PRIVATE_NOTE_LISTED)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record(PRIVATE_NOTE_LISTED, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(PrivateNoteSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="private_notes_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=WritePrivateNoteSerializer,
        responses={201: PrivateNoteSerializer},
    )
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Write a private note on a patient whom one treats."""
        by = actor_of(request)
        access = open_record_to_write(by, patient_id, PRIVATE_NOTE_CREATED)
        given = validated(WritePrivateNoteSerializer(data=request.data))
        session = _session_of(access, given.get("session"))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(PrivateNoteSerializer(private.create_private_note(access, given["text"], session)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            note, access = open_private_note(by, UUID(body["id"]), PRIVATE_NOTE_CREATED)
            record(PRIVATE_NOTE_READ, note, by=access)

        route = f"private_notes.create:{patient_id}"
        response = idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response


class OnePrivateNote(ApiView):
    """A private note of one's own."""

    @extend_schema(operation_id="private_notes_retrieve", responses=PrivateNoteSerializer)
    def get(self, request: Request, private_note_id: UUID) -> Response:
        """Show a private note."""
        note, access = open_private_note(actor_of(request), private_note_id, PRIVATE_NOTE_READ)
        record(PRIVATE_NOTE_READ, note, by=access)
        return _answer(note)

    @extend_schema(
        operation_id="private_notes_update",
        parameters=[IF_MATCH],
        request=SavePrivateNoteSerializer,
        responses=PrivateNoteSerializer,
    )
    def patch(self, request: Request, private_note_id: UUID) -> Response:
        """Replace the text of a private note.

        409 `edit_conflict` with what stands there if it was changed since that revision.
        """
        note, access = open_private_note(actor_of(request), private_note_id, PRIVATE_NOTE_SAVED)
        base, given = revision_of(request), validated(SavePrivateNoteSerializer(data=request.data))
        return _answer(private.save_private_note(note, given["text"], base, access=access))

    @extend_schema(operation_id="private_notes_destroy", request=None, responses={204: None})
    def delete(self, request: Request, private_note_id: UUID) -> Response:
        """Delete a private note; for thirty days its page in the portal restores it."""
        note, access = open_private_note(actor_of(request), private_note_id, PRIVATE_NOTE_DELETED)
        expect_no_fields(request)
        private.delete_private_note(note, access=access)
        return Response(status=204)


def _session_of(access: RecordAccess, pk: UUID | None) -> TherapySession | None:
    """The patient's session; InvalidInput for one of anybody else, or one that does not exist."""
    if pk is None:
        return None
    rows = TherapySession.objects.visible_to(access.user).filter(patient=access.patient)
    session: TherapySession | None = rows.filter(pk=pk).first()
    if session is None:
        raise InvalidInput(errors={"session": ["Choose a session of this patient."]})
    return session


def _answer(note: PrivateNote) -> Response:
    """The note, with its revision as ETag."""
    return Response(PrivateNoteSerializer(note).data, headers={"ETag": etag_of(note.revision)})
