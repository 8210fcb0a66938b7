"""API endpoints for a therapist's own text snippets."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import TherapistsView
from audit.log import record
from sessions_app.audit_actions import (
    SNIPPET_CHANGED,
    SNIPPET_CREATED,
    SNIPPET_DELETED,
    SNIPPET_LISTED,
    SNIPPET_READ,
)
from sessions_app.models import TextSnippet
from sessions_app.notes.access import open_snippet
from sessions_app.notes.querysets import SnippetQuerySet
from sessions_app.notes.serializers.snippets import SnippetSerializer, WriteSnippetSerializer
from sessions_app.notes.services import snippets
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, validated
from therapybridge.core.api.filters import ChangesFilter
from therapybridge.core.api.revisions import IF_MATCH, etag_of, revision_of
from therapybridge.core.idempotency import fingerprint_of, idempotent


class SnippetViewSet(TherapistsView, GenericViewSet[TextSnippet]):
    """Words that the therapist uses again and again; nobody else sees them."""

    item_route = "api-snippet-detail"
    lookup_url_kwarg = "snippet_id"
    lookup_value_converter = "id"
    serializer_class = SnippetSerializer
    queryset = TextSnippet.objects.none()  # the schema reads the model from it
    filterset_class = ChangesFilter
    keyset_fields = ("-id",)
    counts_total = True

    def get_queryset(self) -> SnippetQuerySet:
        """The therapist's own."""
        reader: Any = self.request.user
        rows: SnippetQuerySet = TextSnippet.objects.visible_to(reader)
        return rows

    @extend_schema(responses=SnippetSerializer(many=True))
    def list(self, request: Request) -> Response:
        """List one's own snippets, newest first: names are encrypted, so that no database can sort by them."""
        by = self.therapist(SNIPPET_LISTED)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record(SNIPPET_LISTED, by=by, ids=[row.pk for row in rows])
        return self.get_paginated_response(SnippetSerializer(rows, many=True).data)

    def retrieve(self, request: Request, snippet_id: UUID) -> Response:
        """Show a snippet."""
        by = self.therapist(SNIPPET_READ)
        snippet = open_snippet(by, snippet_id, SNIPPET_READ)
        record(SNIPPET_READ, snippet, by=by)
        return _answer(snippet)

    @extend_schema(parameters=[IDEMPOTENCY_HEADER], request=WriteSnippetSerializer, responses={201: SnippetSerializer})
    def create(self, request: Request) -> Response:
        """Add a snippet; 409 `too_many` if there are a hundred."""
        by = self.therapist(SNIPPET_CREATED)
        given = validated(WriteSnippetSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(SnippetSerializer(snippets.create_snippet(by=by, **given)).data)

        response = idempotent(request, "snippets.create", fingerprint_of(given), create, before_repeat=None)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response

    @extend_schema(parameters=[IF_MATCH], request=WriteSnippetSerializer, responses=SnippetSerializer)
    def partial_update(self, request: Request, snippet_id: UUID) -> Response:
        """Change name or text; 409 `edit_conflict` with what stands there if it was changed since that revision."""
        by = self.therapist(SNIPPET_CHANGED)
        snippet = open_snippet(by, snippet_id, SNIPPET_CHANGED)
        base, changes = revision_of(request), validated(WriteSnippetSerializer(data=request.data, partial=True))
        return _answer(snippets.change_snippet(snippet, changes, base, by=by))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, snippet_id: UUID) -> Response:
        """Delete a snippet."""
        by = self.therapist(SNIPPET_DELETED)
        snippets.delete_snippet(open_snippet(by, snippet_id, SNIPPET_DELETED), by=by)
        return Response(status=204)


def _answer(snippet: TextSnippet) -> Response:
    """The snippet, with its revision as ETag."""
    return Response(SnippetSerializer(snippet).data, headers={"ETag": etag_of(snippet.revision)})
