"""API endpoints for notes."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.access import require_step_up
from accounts.api import TherapistsView
from audit.audit_actions import Action
from audit.log import record
from sessions_app.access import open_session_to_write
from sessions_app.audit_actions import (
    NOTE_ARCHIVED,
    NOTE_COMPLETED,
    NOTE_COSIGNED,
    NOTE_CREATED,
    NOTE_DELETED,
    NOTE_LISTED,
    NOTE_READ,
    NOTE_REGENERATED,
    NOTE_RESTORED,
    NOTE_SAVED,
    NOTE_SIGNED,
    NOTE_TEMPLATE_CHANGED,
    NOTE_UNARCHIVED,
    NOTE_VERSIONS_READ,
)
from sessions_app.models import SessionNote
from sessions_app.notes.access import (
    audited_refusals,
    open_note,
    open_note_to_write,
    open_removed_note,
    open_template,
)
from sessions_app.notes.filters import NoteFilter
from sessions_app.notes.querysets import NoteQuerySet
from sessions_app.notes.serializers.notes import (
    ArchiveSerializer,
    ChangeNoteTemplateSerializer,
    DeleteNoteSerializer,
    DiffSerializer,
    NewNoteSerializer,
    NoteRowSerializer,
    NoteSerializer,
    RegenerateSerializer,
    SaveNoteSerializer,
    note_rows,
)
from sessions_app.notes.serializers.withholding import SignSerializer
from sessions_app.notes.services import archive, removal, signing, writing
from sessions_app.pipeline.note_templates.content import Content
from sessions_app.pipeline.note_templates.reading import read_fields
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.parsers import LONG_TEXTS
from therapybridge.core.api.revisions import IF_MATCH, etag_of, revision_of
from therapybridge.core.idempotency import fingerprint_of, idempotent

HEADERS = [IF_MATCH, IDEMPOTENCY_HEADER]


class NoteViewSet(TherapistsView, GenericViewSet[SessionNote]):
    """Clinical notes on sessions; only their authors write in them."""

    item_route = "api-note-detail"
    lookup_url_kwarg = "note_id"
    lookup_value_converter = "id"
    serializer_class = NoteSerializer
    filterset_class = NoteFilter
    max_json_bytes = LONG_TEXTS
    keyset_fields = ("-id",)

    def get_queryset(self) -> NoteQuerySet:
        """Notes on the reader's patients."""
        reader: Any = self.request.user
        rows: NoteQuerySet = SessionNote.objects.visible_to(reader)
        return rows

    @extend_schema(responses=NoteRowSerializer(many=True))
    def list(self, request: Request) -> Response:
        """List notes, newest first."""
        by = self.therapist(NOTE_LISTED)
        page = self.paginate_queryset(note_rows(self.filter_queryset(self.get_queryset()))) or []
        # As for sessions, filtering by a patient counts as reading that record.
        among = {row["patient_id"] for row in page}
        named = next(iter(among)) if len(among) == 1 and "patient" in request.query_params else None
        record(NOTE_LISTED, by=by, patient_id=named, ids=[row["id"] for row in page], among=among)
        return self.get_paginated_response(NoteRowSerializer(page, many=True).data)

    @extend_schema(parameters=[IDEMPOTENCY_HEADER], request=NewNoteSerializer, responses={201: NoteSerializer})
    def create(self, request: Request) -> Response:
        """Begin the note of a session, filled from its draft; 409 `has_note` if there is one."""
        by = self.therapist(NOTE_CREATED)
        given = validated(NewNoteSerializer(data=request.data))
        session, access = open_session_to_write(by, given["session"], NOTE_CREATED)
        template = open_template(by, given["template"], NOTE_CREATED)

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(NoteSerializer(writing.create_note(session, template, access=access)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            note, access = open_note(by, UUID(body["id"]), NOTE_CREATED)
            record(NOTE_READ, note, by=access)

        response = idempotent(request, "notes.create", fingerprint_of(given), create, before_repeat=before_repeat)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response

    def retrieve(self, request: Request, note_id: UUID) -> Response:
        """Show a note: each field with its origin and evidence, signatures and addenda."""
        note, access = open_note(self.therapist(NOTE_READ), note_id, NOTE_READ)
        record(NOTE_READ, note, by=access)
        return _answer(note)

    @extend_schema(parameters=[IF_MATCH], request=SaveNoteSerializer, responses=NoteSerializer)
    def partial_update(self, request: Request, note_id: UUID) -> Response:
        """Save some fields; 409 `edit_conflict` if somebody else has changed the same ones since that revision."""
        note, access = self._opened(note_id, NOTE_SAVED)
        base, given = revision_of(request), validated(SaveNoteSerializer(data=request.data))
        with audited_refusals(NOTE_SAVED, note, access):
            return _answer(writing.save_note(note, given["fields"], base, access=access).note)

    def destroy(self, request: Request, note_id: UUID) -> Response:
        """Delete a note that is not signed; the body holds the `reason`."""
        note, access = self._opened(note_id, NOTE_DELETED)
        given = validated(DeleteNoteSerializer(data=request.data))
        with audited_refusals(NOTE_DELETED, note, access):
            removal.delete_note(note, given["reason"], access=access)
        return Response(status=204)

    @extend_schema(request=None, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, note_id: UUID) -> Response:
        """Restore a note that one deleted in the last thirty days."""
        note, access = open_removed_note(self.therapist(NOTE_RESTORED), note_id, NOTE_RESTORED)
        expect_no_fields(request)
        return _answer(removal.restore_note(note, access=access))

    @extend_schema(request=RegenerateSerializer, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def regenerate(self, request: Request, note_id: UUID) -> Response:
        """Fill a note again from the latest draft; what stood there is kept as a version."""
        note, access = self._opened(note_id, NOTE_REGENERATED)
        given = validated(RegenerateSerializer(data=request.data))
        with audited_refusals(NOTE_REGENERATED, note, access):
            return _answer(writing.regenerate(note, given.get("fields"), access=access))

    @extend_schema(request=ChangeNoteTemplateSerializer, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def template(self, request: Request, note_id: UUID) -> Response:
        """Write a note with another template; what has no field there is left over."""
        note, access = self._opened(note_id, NOTE_TEMPLATE_CHANGED)
        given = validated(ChangeNoteTemplateSerializer(data=request.data))
        template = open_template(access.reader, given["template"], NOTE_TEMPLATE_CHANGED)
        with audited_refusals(NOTE_TEMPLATE_CHANGED, note, access):
            return _answer(writing.change_note_template(note, template, access=access))

    @extend_schema(parameters=[IF_MATCH], request=None, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def finalize(self, request: Request, note_id: UUID) -> Response:
        """Complete a note; 400 names required fields without a value."""
        note, access = self._opened(note_id, NOTE_COMPLETED)
        base = revision_of(request)
        expect_no_fields(request)
        with audited_refusals(NOTE_COMPLETED, note, access):
            return _answer(signing.complete_note(note, base, access=access))

    @extend_schema(parameters=[IF_MATCH], request=SignSerializer, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, note_id: UUID) -> Response:
        """Sign the revision that was read; needs a recent proof of identity. Nothing changes it afterwards.

        The patient reads it from then on, unless `withhold` says why not.
        """
        note, access = self._opened(note_id, NOTE_SIGNED)
        require_step_up(access.reader)
        base, given = revision_of(request), validated(SignSerializer(data=request.data))
        with audited_refusals(NOTE_SIGNED, note, access):
            return _answer(signing.sign_note(note, base, access=access, **given))

    @extend_schema(request=None, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def cosign(self, request: Request, note_id: UUID) -> Response:
        """Sign a signed note as the supervisor of the treatment; needs a recent proof of identity."""
        note, access = self._opened(note_id, NOTE_COSIGNED)
        require_step_up(access.reader)
        expect_no_fields(request)
        with audited_refusals(NOTE_COSIGNED, note, access):
            signing.cosign_note(note, access=access)
        return _answer(note)

    @extend_schema(parameters=HEADERS, request=ArchiveSerializer, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, note_id: UUID) -> Response:
        """File a signed note away, out of the lists; any therapist who treats the patient may. 409 `not_signed`."""
        return self._file(note_id, NOTE_ARCHIVED, archive.archive_note)

    @extend_schema(parameters=HEADERS, request=ArchiveSerializer, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def unarchive(self, request: Request, note_id: UUID) -> Response:
        """Take a note out of the archive again; 409 `not_archived`."""
        return self._file(note_id, NOTE_UNARCHIVED, archive.unarchive_note)

    @extend_schema(responses=DiffSerializer)
    @action(detail=True, methods=["get"])
    def diff(self, request: Request, note_id: UUID) -> Response:
        """Compare what the draft proposed with what stands there, word by word."""
        note, access = open_note(self.therapist(NOTE_VERSIONS_READ), note_id, NOTE_VERSIONS_READ)
        record(NOTE_VERSIONS_READ, note, by=access)
        fields = read_fields(note.template_version.parsed, Content.from_json(note.content))
        return Response(DiffSerializer({"revision": note.revision, "fields": fields}).data)

    def _file(self, note_id: UUID, action: Action, service: Any) -> Response:
        note, access = self._opened(note_id, action)
        base, given = revision_of(self.request), validated(ArchiveSerializer(data=self.request.data))

        def file() -> tuple[int, dict[str, Any]]:
            return 200, dict(NoteSerializer(service(note, base, access=access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            record(NOTE_READ, note, by=access)

        fingerprint = fingerprint_of(given, str(base))
        response = idempotent(self.request, f"{action}:{note_id}", fingerprint, file, before_repeat=before_repeat)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response

    def _opened(self, note_id: UUID, action: Action) -> Any:
        return open_note_to_write(self.therapist(action), note_id, action)


def _answer(note: SessionNote) -> Response:
    """The note, with its revision as ETag."""
    return Response(NoteSerializer(note).data, headers={"ETag": etag_of(note.revision)})
