"""API endpoints for the goals of notes, and for what is missing in plans."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import TherapistsView
from accounts.models import User
from audit.log import record
from sessions_app.models import SessionNote
from sessions_app.notes.access import open_note, open_note_to_write
from therapybridge.core.api.bodies import validated
from therapybridge.core.api.revisions import IF_MATCH, etag_of, version_of_request
from treatment.plans.access import open_plan
from treatment.thread.audit_actions import GAPS_LISTED, NOTE_GOALS_READ, NOTE_GOALS_SET
from treatment.thread.models import GoalLink
from treatment.thread.serializers import GapSerializer, GapsSerializer, NoteGoalsSerializer, SetGoalsSerializer
from treatment.thread.services.gaps import gaps_in, gaps_of
from treatment.thread.services.lacking import patients_with_gaps
from treatment.thread.services.links import reason_of, set_goals, version_of


class NoteGoals(TherapistsView):
    """The goals that a note serves."""

    @extend_schema(operation_id="note_goals_retrieve", responses=NoteGoalsSerializer)
    def get(self, request: Request, note_id: UUID) -> Response:
        """Show the goals that a note serves, or why there are none."""
        note, access = open_note(self.therapist(NOTE_GOALS_READ), note_id, NOTE_GOALS_READ)
        record(NOTE_GOALS_READ, note, by=access)
        return _answer(note)

    @extend_schema(
        operation_id="note_goals_set",
        parameters=[IF_MATCH],
        request=SetGoalsSerializer,
        responses=NoteGoalsSerializer,
    )
    def put(self, request: Request, note_id: UUID) -> Response:
        """Say which open goals a note serves, or why none; also of a signed note, which stays as it was signed.

        409 `edit_conflict` says who has said something else since the version that was read, and when.
        """
        note, access = open_note_to_write(self.therapist(NOTE_GOALS_SET), note_id, NOTE_GOALS_SET)
        version = version_of_request(request)
        set_goals(note, version=version, access=access, **validated(SetGoalsSerializer(data=request.data)))
        return _answer(note)


def _answer(note: SessionNote) -> Response:
    links: Any = GoalLink.objects.filter(note=note).order_by("id").values_list("goal", flat=True)
    shown = {"goals": list(links), "reason": reason_of(note) or None}
    return Response(NoteGoalsSerializer(shown).data, headers={"ETag": etag_of(version_of(note))})


class PlanGaps(TherapistsView):
    """What is missing in a plan."""

    @extend_schema(operation_id="plan_gaps_list", responses=GapsSerializer)
    def get(self, request: Request, plan_id: UUID) -> Response:
        """List goals without notes, notes without goals, and what is overdue; nothing unless the plan is active."""
        plan, access = open_plan(self.therapist(GAPS_LISTED), plan_id, GAPS_LISTED)
        gaps = gaps_in([plan])
        record(GAPS_LISTED, plan, by=access, ids=[gap.id for gap in gaps])
        return Response(GapsSerializer({"gaps": gaps}).data)


class Gaps(TherapistsView, GenericAPIView[User]):
    """What is missing in the plans of all whom the reader treats."""

    queryset = User.objects.none()  # the schema reads the model from it
    serializer_class = GapSerializer
    filter_backends: list[Any] = []
    keyset_fields = ("sort_name", "id")

    @extend_schema(operation_id="treatment_gaps_list", responses=GapSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List gaps in treatment, of each page the oldest first; `limit` counts the patients who have any."""
        by = self.therapist(GAPS_LISTED)
        gaps = gaps_of(self.paginate_queryset(patients_with_gaps(by.user)) or [])
        record(GAPS_LISTED, by=by, ids=[gap.id for gap in gaps], among=[gap.patient.pk for gap in gaps])
        return self.get_paginated_response(GapSerializer(gaps, many=True).data)
