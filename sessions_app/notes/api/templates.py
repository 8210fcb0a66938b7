"""API endpoints for templates of notes."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import TherapistsView
from audit.log import record
from sessions_app.audit_actions import (
    TEMPLATE_ARCHIVED,
    TEMPLATE_CHANGED,
    TEMPLATE_CREATED,
    TEMPLATE_LISTED,
    TEMPLATE_READ,
)
from sessions_app.models import NoteTemplate
from sessions_app.notes.access import open_own_template, open_template
from sessions_app.notes.filters import TemplateFilter
from sessions_app.notes.querysets import TemplateQuerySet
from sessions_app.notes.serializers.templates import (
    DuplicateTemplateSerializer,
    TemplateRowSerializer,
    TemplateSerializer,
    WriteTemplateSerializer,
)
from sessions_app.notes.services import templates
from therapybridge.core.actor import Actor
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.parsers import LONG_TEXTS
from therapybridge.core.api.revisions import IF_MATCH, etag_of, revision_of
from therapybridge.core.idempotency import fingerprint_of, idempotent


class TemplateViewSet(TherapistsView, GenericViewSet[NoteTemplate]):
    """Templates of the product, of the clinic and one's own."""

    item_route = "api-template-detail"
    lookup_url_kwarg = "template_id"
    lookup_value_converter = "id"
    serializer_class = TemplateSerializer
    filterset_class = TemplateFilter
    max_json_bytes = LONG_TEXTS
    keyset_fields = ("name", "id")
    counts_total = True

    def get_queryset(self) -> TemplateQuerySet:
        """Templates that the therapist may use or has archived."""
        reader: Any = self.request.user
        rows: TemplateQuerySet = NoteTemplate.objects.visible_to(reader)
        return rows

    @extend_schema(responses=TemplateRowSerializer(many=True))
    def list(self, request: Request) -> Response:
        """List templates by name."""
        by = self.therapist(TEMPLATE_LISTED)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset().with_usage(by.user))) or []
        record(TEMPLATE_LISTED, by=by, ids=[row.pk for row in rows])
        return self.get_paginated_response(TemplateRowSerializer(rows, many=True, context={"reader": by.user}).data)

    def retrieve(self, request: Request, template_id: UUID) -> Response:
        """Show a template with its latest definition."""
        by = self.therapist(TEMPLATE_READ)
        template = open_template(by, template_id, TEMPLATE_READ)
        record(TEMPLATE_READ, template, by=by)
        return _answer(template, by)

    @extend_schema(
        parameters=[IDEMPOTENCY_HEADER], request=WriteTemplateSerializer, responses={201: TemplateSerializer}
    )
    def create(self, request: Request) -> Response:
        """Add a template of one's own; 400 names each place of the definition that is wrong."""
        by = self.therapist(TEMPLATE_CREATED)
        given = validated(WriteTemplateSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, self._reread(templates.create_template(by=by, **given), by)

        response = idempotent(request, "templates.create", fingerprint_of(given), create, before_repeat=None)
        response.headers["ETag"] = etag_of(response.data["revision"])
        return response

    @extend_schema(parameters=[IF_MATCH], request=WriteTemplateSerializer, responses=TemplateSerializer)
    def partial_update(self, request: Request, template_id: UUID) -> Response:
        """Change a template of one's own; notes keep the version that they were written with.

        409 `edit_conflict` with what stands there if name, description or definition was changed since that revision.
        """
        by = self.therapist(TEMPLATE_CHANGED)
        template = open_own_template(by, template_id, TEMPLATE_CHANGED)
        base, changes = revision_of(request), validated(WriteTemplateSerializer(data=request.data, partial=True))
        return _answer(templates.change_template(template, changes, by=by, revision=base), by)

    @extend_schema(
        parameters=[IDEMPOTENCY_HEADER], request=DuplicateTemplateSerializer, responses={201: TemplateSerializer}
    )
    @action(detail=True, methods=["post"])
    def duplicate(self, request: Request, template_id: UUID) -> Response:
        """Copy the latest version as a template of one's own."""
        by = self.therapist(TEMPLATE_CREATED)
        template = open_template(by, template_id, TEMPLATE_CREATED)
        given = validated(DuplicateTemplateSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, self._reread(templates.duplicate_template(template, by=by, **given), by)

        route = f"templates.duplicate:{template_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=None)

    @extend_schema(request=None, responses=TemplateSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, template_id: UUID) -> Response:
        """Offer a template of one's own for new notes no longer."""
        by = self.therapist(TEMPLATE_ARCHIVED)
        template = open_own_template(by, template_id, TEMPLATE_ARCHIVED)
        expect_no_fields(request)
        templates.archive_template(template, by=by)
        return Response(_shown(template, by))

    def _reread(self, template: NoteTemplate, by: Actor) -> dict[str, Any]:
        return _shown(self.get_queryset().with_usage(by.user).get(pk=template.pk), by)


def _answer(template: NoteTemplate, by: Actor) -> Response:
    """The template, with its revision as ETag."""
    return Response(_shown(template, by), headers={"ETag": etag_of(template.revision)})


def _shown(template: NoteTemplate, by: Actor) -> dict[str, Any]:
    return dict(TemplateSerializer(template, context={"reader": by.user}).data)
