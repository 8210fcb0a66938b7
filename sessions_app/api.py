"""API endpoints for sessions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.access import SAFE
from accounts.care.access import RecordAccess, open_record_to_write
from accounts.identity.services.storage import require_room
from audit.audit_actions import Action
from audit.log import record
from sessions_app.access import open_session, open_session_to_write
from sessions_app.audit_actions import (
    NOTES_READ,
    RECORDING_READ,
    RECORDING_UPLOADED,
    SESSION_CANCELLED,
    SESSION_CREATED,
    SESSION_LISTED,
    SESSION_PROGRESS_READ,
    SESSION_READ,
    SESSION_REDRAFTED,
    SESSION_RETRIED,
    SPEAKERS_IDENTIFIED,
    SPEAKERS_SWAPPED,
    STATEMENT_DELETED,
    STATEMENT_KEPT,
    SUMMARY_APPROVED,
    SUMMARY_DECLINED,
    SUMMARY_WITHDRAWN,
    TRANSCRIPT_LINES_REASSIGNED,
    TRANSCRIPT_READ,
    TRANSCRIPT_UPLOADED,
)
from sessions_app.choices import StatementDecision
from sessions_app.contexts.listed import read_sessions
from sessions_app.filters import SessionFilter
from sessions_app.models import Extraction, TherapySession, Transcript
from sessions_app.notes.services import decisions, summaries
from sessions_app.pipeline.transcripts import MAX_BYTES
from sessions_app.processing.api import progress_response
from sessions_app.processing.serializers import SessionProgressSerializer
from sessions_app.processing.services import control
from sessions_app.querysets import SessionQuerySet
from sessions_app.recordings import services as recordings_services
from sessions_app.recordings.views import recording_response
from sessions_app.serializers import (
    ApproveSummarySerializer,
    DecideSerializer,
    DeclineSummarySerializer,
    NewSessionSerializer,
    NotesSerializer,
    SessionSerializer,
    SpeakerLinesSerializer,
    StatementReviewSerializer,
    SummarySerializer,
    TranscriptFileSerializer,
    TranscriptSerializer,
    UploadSerializer,
    VoicesSerializer,
    WithdrawSummarySerializer,
    session_rows,
)
from sessions_app.services import sessions, speakers, transcripts
from therapybridge.core.actor import Actor, actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.files import RANGE_HEADERS, ranged
from therapybridge.core.api.views import ApiView
from therapybridge.core.changes import settled_until
from therapybridge.core.errors import NotFound
from therapybridge.core.http.bodies import announced_bytes, takes_file
from therapybridge.core.idempotency import fingerprint_of, idempotent
from therapybridge.core.pagination import KeysetPagination, envelope

# The audit action of a refused request, by view action and whether it only reads.
VERBS = {
    ("retrieve", True): SESSION_READ,
    ("transcript", True): TRANSCRIPT_READ,
    ("transcript", False): TRANSCRIPT_UPLOADED,
    ("speakers", False): SPEAKERS_IDENTIFIED,
    ("swap_speakers", False): SPEAKERS_SWAPPED,
    ("reassign_lines", False): TRANSCRIPT_LINES_REASSIGNED,
    ("notes", True): NOTES_READ,
    ("recording", True): RECORDING_READ,
    ("progress", True): SESSION_PROGRESS_READ,
    ("retry", False): SESSION_RETRIED,
    ("cancel", False): SESSION_CANCELLED,
    ("extract_notes", False): SESSION_REDRAFTED,
    ("approve_summary", False): SUMMARY_APPROVED,
    ("decline_summary", False): SUMMARY_DECLINED,
    ("withdraw_summary", False): SUMMARY_WITHDRAWN,
    ("keep_statement", False): STATEMENT_KEPT,
    ("delete_statement", False): STATEMENT_DELETED,
}


def _read_again(by: Actor, action: Action) -> Callable[[dict[str, Any]], None]:
    """Puts on record that the answer to the request that made a session is read again; NotFound if it is deleted."""

    def again(body: dict[str, Any]) -> None:
        session, access = open_session(by, UUID(body["id"]), action)
        record(SESSION_READ, session, by=access)

    return again


class SessionViewSet(ApiView, GenericViewSet[TherapySession]):
    """Sessions of the therapist's patients; patients read their timeline instead."""

    item_route = "api-session-detail"
    lookup_value_converter = "id"
    serializer_class = SessionSerializer
    filterset_class = SessionFilter
    paginator: KeysetPagination
    limits = {"upload": "upload"}

    def get_queryset(self) -> SessionQuerySet:
        """Sessions of the reader's own patients."""
        return TherapySession.objects.visible_to(self.request.user)

    def _session(self) -> tuple[TherapySession, RecordAccess]:
        opened = open_session if self.request.method in SAFE else open_session_to_write
        return opened(actor_of(self.request), self.kwargs["pk"], self._verb())

    def _verb(self) -> Action:
        return VERBS[self.action, self.request.method in SAFE]

    def _shown(self, pk: UUID) -> dict[str, Any]:
        row = session_rows(self.get_queryset().filter(pk=pk)).first()
        if row is None:
            raise NotFound("This session does not exist.")
        return SessionSerializer(row).data

    def list(self, request: Request) -> Response:
        """List sessions newest first."""
        settled = settled_until()
        page = read_sessions(actor_of(request).user, request.query_params, self.paginator.limit(request))
        # Filtering by a patient counts as reading that record; a patient whom the reader may not see is not audited.
        among = {row["patient_id"] for row in page.rows}
        named = next(iter(among)) if len(among) == 1 and "patient" in request.query_params else None
        ids = [row["id"] for row in page.rows]
        record(SESSION_LISTED, by=actor_of(request), patient_id=named, ids=ids, among=among)
        rows = SessionSerializer(page.rows, many=True).data
        return Response(envelope(request, rows, page.next_cursor, None, settled))

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show a session with its progress and, if it failed, the reason."""
        session, access = self._session()
        record(SESSION_READ, session, by=access)
        return Response(self._shown(pk))

    @extend_schema(parameters=[IDEMPOTENCY_HEADER], request=NewSessionSerializer, responses={201: SessionSerializer})
    def create(self, request: Request) -> Response:
        """Add an empty session; its transcript follows."""
        data = validated(NewSessionSerializer(data=request.data))
        fingerprint = fingerprint_of(data)
        access = open_record_to_write(actor_of(request), data.pop("patient"), SESSION_CREATED)

        def create() -> tuple[int, dict[str, Any]]:
            return 201, self._shown(sessions.create_session(access, **data).pk)

        again = _read_again(actor_of(request), SESSION_CREATED)
        return idempotent(request, "sessions.create", fingerprint, create, before_repeat=again)

    @extend_schema(parameters=[IDEMPOTENCY_HEADER], request=UploadSerializer, responses={202: SessionSerializer})
    @action(detail=False, methods=["post"])
    @takes_file(settings.MAX_RECORDING_BYTES)
    def upload(self, request: Request) -> Response:
        """Upload a recording and start processing it: 202 with the new session."""
        require_room(actor_of(request).user.clinic, announced_bytes(request.META))  # before it is read
        given = validated(UploadSerializer(data=request.data))
        date, upload = given["session_date"], given["file"]
        access = open_record_to_write(actor_of(request), given["patient"], RECORDING_UPLOADED)
        recordings_services.check_upload(access, upload.size)
        with recordings_services.received(upload) as file:

            def create() -> tuple[int, dict[str, Any]]:
                return 202, self._shown(recordings_services.add_recording(access, date, file).pk)

            fingerprint = fingerprint_of({"patient": access.patient.pk, "session_date": date}, file.stored.sha256)
            again = _read_again(actor_of(request), RECORDING_UPLOADED)
            return idempotent(request, "sessions.upload", fingerprint, create, before_repeat=again)

    @extend_schema(methods=["GET"], description="Show the transcript.", responses=TranscriptSerializer)
    @extend_schema(
        methods=["POST"],
        description="Add a transcript (VTT, SRT, SBV, TXT, JSON) instead of a recording.",
        request=TranscriptFileSerializer,
        responses={202: SessionSerializer},
    )
    @action(detail=True, methods=["get", "post"])
    @takes_file(MAX_BYTES)
    def transcript(self, request: Request, pk: UUID) -> Response:
        """GET: the transcript. POST: add a transcript (VTT, SRT, SBV, TXT, JSON) instead of a recording."""
        session, access = self._session()
        if request.method == "POST":
            file = validated(TranscriptFileSerializer(data=request.data))["file"]
            transcripts.add_transcript(session, file.read(MAX_BYTES + 1), file.name, access=access)
            return Response(self._shown(pk), status=202)
        transcript = Transcript.objects.filter(session=session).first()
        if transcript is None:
            raise NotFound("This session has no transcript yet.", code="no_transcript")
        record(TRANSCRIPT_READ, session, by=access)
        return Response(TranscriptSerializer(transcript).data)

    @extend_schema(request=VoicesSerializer, responses=TranscriptSerializer)
    @action(detail=True, methods=["post"])
    def speakers(self, request: Request, pk: UUID) -> Response:
        """Say who each voice is; a note that waited for it (progress stage `speakers`) is drafted."""
        said = validated(VoicesSerializer(data=request.data))["voices"]
        session, access = self._session()
        roles = {voice["voice"]: voice["speaker"] for voice in said}
        names = {voice["voice"]: voice["name"] for voice in said if "name" in voice}
        return Response(TranscriptSerializer(speakers.identify_speakers(session, roles, names, access=access)).data)

    @extend_schema(request=None, responses=TranscriptSerializer)
    @action(detail=True, methods=["post"], url_path="speakers/swap")
    def swap_speakers(self, request: Request, pk: UUID) -> Response:
        """Swap therapist and patient in the whole transcript."""
        session, access = self._session()
        expect_no_fields(request)
        return Response(TranscriptSerializer(speakers.swap_speakers(session, access=access)).data)

    @extend_schema(request=SpeakerLinesSerializer, responses=TranscriptSerializer)
    @action(detail=True, methods=["post"], url_path="speakers/lines")
    def reassign_lines(self, request: Request, pk: UUID) -> Response:
        """Correct who said single lines."""
        said = validated(SpeakerLinesSerializer(data=request.data))
        session, access = self._session()
        return Response(TranscriptSerializer(speakers.reassign_lines(session, access=access, **said)).data)

    @extend_schema(responses=NotesSerializer)
    @action(detail=True, methods=["get"])
    def notes(self, request: Request, pk: UUID) -> Response:
        """Show the latest draft note with the evidence for each statement."""
        session, access = self._session()
        extraction = Extraction.objects.filter(session=session).select_related("session__summary").first()
        if extraction is None:
            raise NotFound("This session has no notes yet.", code="no_notes")
        record(NOTES_READ, session, by=access)
        return Response(NotesSerializer(extraction).data)

    @extend_schema(parameters=RANGE_HEADERS, responses=ranged("audio/*"))
    @action(detail=True, methods=["get"])
    def recording(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Stream the recording; Range requests get 206, and 304 says that it has not changed."""
        return recording_response(request, *self._session())

    @extend_schema(responses={200: SessionProgressSerializer, 304: OpenApiResponse(description="Nothing has changed.")})
    @action(detail=True, methods=["get"])
    def progress(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Tell how far processing is; made for polling: ETag, Retry-After, and no audit row."""
        session, _ = self._session()
        return progress_response(request, session)

    @extend_schema(request=None, responses={202: SessionSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: UUID) -> Response:
        """Continue a failed session where it stopped."""
        session, access = self._session()
        expect_no_fields(request)
        control.retry_processing(session, access=access)
        return Response(self._shown(pk), status=202)

    @extend_schema(request=None, responses={200: SessionSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Cancel processing; the recording is kept."""
        session, access = self._session()
        expect_no_fields(request)
        control.cancel_processing(session, access=access)
        return Response(self._shown(pk))

    @extend_schema(request=None, responses={202: SessionSerializer})
    @action(detail=True, methods=["post"], url_path="extract-notes")
    def extract_notes(self, request: Request, pk: UUID) -> Response:
        """Redraft the note from the current transcript."""
        session, access = self._session()
        expect_no_fields(request)
        control.redraft_notes(session, access=access)
        return Response(self._shown(pk), status=202)

    @extend_schema(request=ApproveSummarySerializer, responses=SummarySerializer)
    @action(detail=True, methods=["post"], url_path="approve-summary")
    def approve_summary(self, request: Request, pk: UUID) -> Response:
        """Share the patient's summary, as drafted or with `text` instead; a `version` must be current.

        The patient is told of the action items in `items` and of no others; 409 `items_changed` if one may not be told.
        """
        given = validated(ApproveSummarySerializer(data=request.data))
        session, access = self._session()
        summary = summaries.approve_summary(
            session, given.get("text"), given.get("version"), given.get("items", ()), access=access
        )
        return Response(SummarySerializer(summary).data)

    @extend_schema(request=DeclineSummarySerializer, responses=SummarySerializer)
    @action(detail=True, methods=["post"], url_path="decline-summary")
    def decline_summary(self, request: Request, pk: UUID) -> Response:
        """Decide not to share the summary; `text` is kept. 409 `not_declinable` once it was shared or declined."""
        given = validated(DeclineSummarySerializer(data=request.data))
        session, access = self._session()
        summary = summaries.decline_summary(session, given.get("text"), given.get("version"), access=access)
        return Response(SummarySerializer(summary).data)

    @extend_schema(request=WithdrawSummarySerializer, responses=SummarySerializer)
    @action(detail=True, methods=["post"], url_path="withdraw-summary")
    def withdraw_summary(self, request: Request, pk: UUID) -> Response:
        """Take a shared summary back: the patient sees that and when, and no text. 409 `not_shared`."""
        given = validated(WithdrawSummarySerializer(data=request.data))
        session, access = self._session()
        summary = summaries.withdraw_summary(session, given.get("version"), access=access)
        return Response(SummarySerializer(summary).data)

    @extend_schema(request=DecideSerializer, responses=StatementReviewSerializer)
    @action(detail=True, methods=["post"], url_path="statements/<slug:statement>/keep")
    def keep_statement(self, request: Request, pk: UUID, statement: str) -> Response:
        """Keep a statement to check as the therapist's own; 409 if it was deleted or the draft is outdated."""
        return self._decided(request, statement, StatementDecision.KEPT)

    @extend_schema(request=DecideSerializer, responses=StatementReviewSerializer)
    @action(detail=True, methods=["post"], url_path="statements/<slug:statement>/delete")
    def delete_statement(self, request: Request, pk: UUID, statement: str) -> Response:
        """Delete a statement to check; it stays counted. 409 if it was kept or the draft is outdated."""
        return self._decided(request, statement, StatementDecision.DELETED)

    def _decided(self, request: Request, statement: str, decision: StatementDecision) -> Response:
        version = validated(DecideSerializer(data=request.data))["version"]
        session, access = self._session()
        review = decisions.decide_statement(session, statement, decision, version, access=access)
        return Response(StatementReviewSerializer(review).data)
