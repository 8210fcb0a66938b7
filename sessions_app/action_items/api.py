"""API endpoints for action items."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import TherapistsView
from accounts.care.access import open_record
from audit.log import record
from sessions_app.action_items.access import open_item, open_item_to_write
from sessions_app.action_items.contexts import agreed_step
from sessions_app.action_items.filters import ActionItemFilter
from sessions_app.action_items.querysets import ActionItemQuerySet
from sessions_app.action_items.serializers import ActionItemSerializer, AgreedStepSerializer, ChangeItemSerializer
from sessions_app.action_items.services.changes import change_item
from sessions_app.audit_actions import ACTION_ITEM_CHANGED, ACTION_ITEM_LISTED, ACTION_ITEM_READ
from sessions_app.models import ActionItem
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import validated
from therapybridge.core.api.revisions import IF_MATCH, etag_of, revision_of
from therapybridge.core.api.views import ApiView


class ActionItems(ApiView, GenericAPIView[ActionItem]):
    """What was agreed with a patient."""

    queryset = ActionItem.objects.none()  # the schema reads the model from it
    serializer_class = ActionItemSerializer
    filterset_class = ActionItemFilter
    keyset_fields = ("-id",)

    def get_queryset(self) -> ActionItemQuerySet:
        """The patient's, as far as the reader may see them."""
        reader: Any = self.request.user
        rows: ActionItemQuerySet = ActionItem.objects.visible_to(reader).filter(patient=self.kwargs["patient_id"])
        return rows.select_related("session")

    @extend_schema(operation_id="action_items_list", responses=ActionItemSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List action items, newest first.

        Patients find what belongs to shared summaries, in fewer fields, and nothing dropped.
        """
        access = open_record(actor_of(request), patient_id, ACTION_ITEM_LISTED)
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record(ACTION_ITEM_LISTED, by=access, ids=[row.pk for row in rows])
        if access.is_own:
            told = AgreedStepSerializer([agreed_step(row) for row in rows], many=True)
            return self.get_paginated_response(told.data)
        return self.get_paginated_response(ActionItemSerializer(rows, many=True).data)


class OneActionItem(TherapistsView):
    """One action item, for therapists."""

    @extend_schema(operation_id="action_items_retrieve", responses=ActionItemSerializer)
    def get(self, request: Request, item_id: UUID) -> Response:
        """Show an action item."""
        item, access = open_item(self.therapist(ACTION_ITEM_READ), item_id, ACTION_ITEM_READ)
        record(ACTION_ITEM_READ, item, by=access)
        return _answer(item)

    @extend_schema(
        operation_id="action_items_update",
        parameters=[IF_MATCH],
        request=ChangeItemSerializer(partial=True),
        responses=ActionItemSerializer,
    )
    def patch(self, request: Request, item_id: UUID) -> Response:
        """Change an action item's status or assignee.

        409 `edit_conflict` says who changed it since that revision, and when.

        A completed or abandoned one has to be `assigned` again first: 409 `item_closed`.
        """
        item, access = open_item_to_write(self.therapist(ACTION_ITEM_CHANGED), item_id, ACTION_ITEM_CHANGED)
        revision = revision_of(request)
        given = validated(ChangeItemSerializer(data=request.data, partial=True))
        return _answer(change_item(item, revision=revision, access=access, **given))


def _answer(item: ActionItem) -> Response:
    """The item, with its revision as ETag."""
    return Response(ActionItemSerializer(item).data, headers={"ETag": etag_of(item.revision)})
