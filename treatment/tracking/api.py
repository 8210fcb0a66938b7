"""API endpoints for what is tracked for goals, and for check-ins."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import TherapistsView
from accounts.care.access import open_own_record, open_record
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.api.bodies import IDEMPOTENCY_HEADER, expect_no_fields, validated
from therapybridge.core.api.revisions import IF_MATCH, etag_of, revision_of
from therapybridge.core.api.views import ApiView
from therapybridge.core.idempotency import fingerprint_of, idempotent
from treatment.goals.access import open_goal, open_goal_to_write
from treatment.models import CheckIn, Tracker, TrackingEntry
from treatment.tracking.access import open_entry_to_write, open_tracker, open_tracker_to_write
from treatment.tracking.audit_actions import (
    CHECK_IN_LISTED,
    CHECK_IN_SENT,
    ENTRY_ADDED,
    ENTRY_WITHDRAWN,
    REMINDERS_CHANGED,
    TRACKER_ADDED,
    TRACKER_CHANGED,
    TRACKER_ENDED,
    TRACKER_LISTED,
    TRACKER_READ,
)
from treatment.tracking.contexts import series_of
from treatment.tracking.querysets import EntryQuerySet
from treatment.tracking.serializers import (
    AddEntrySerializer,
    AddTrackerSerializer,
    ChangeTrackerSerializer,
    CheckInSerializer,
    EntrySerializer,
    OwnEntrySerializer,
    RemindersSerializer,
    SendCheckInSerializer,
    SeriesSerializer,
    TrackerSerializer,
)
from treatment.tracking.services.check_ins import send_check_in
from treatment.tracking.services.entries import add_entry, withdraw_entry
from treatment.tracking.services.reminders import preference_of, set_reminders
from treatment.tracking.services.trackers import add_tracker, change_tracker, end_tracker


class GoalTrackers(TherapistsView, GenericAPIView[Tracker]):
    """What is tracked for a goal, for therapists."""

    item_route = "api-tracker"
    queryset = Tracker.objects.none()
    serializer_class = TrackerSerializer
    keyset_fields = ("-id",)

    @extend_schema(operation_id="trackers_list", responses=TrackerSerializer(many=True))
    def get(self, request: Request, goal_id: UUID) -> Response:
        """List a goal's trackers, newest first, also ended ones."""
        goal, access = open_goal(self.therapist(TRACKER_LISTED), goal_id, TRACKER_LISTED)
        rows = self.paginate_queryset(Tracker.objects.filter(goal=goal)) or []
        record(TRACKER_LISTED, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(TrackerSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="trackers_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=AddTrackerSerializer,
        responses={201: TrackerSerializer},
    )
    def post(self, request: Request, goal_id: UUID) -> Response:
        """Follow a number for the goal; at most one tracker of a goal moves it."""
        goal, access = open_goal_to_write(self.therapist(TRACKER_ADDED), goal_id, TRACKER_ADDED)
        given = validated(AddTrackerSerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(TrackerSerializer(add_tracker(goal, access=access, **given)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            tracker, again = open_tracker(actor_of(request), UUID(body["id"]), TRACKER_ADDED)
            record(TRACKER_READ, tracker, by=again)

        route = f"trackers.create.{goal_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)


class OneTracker(ApiView):
    """One tracker."""

    @extend_schema(operation_id="trackers_retrieve", responses=TrackerSerializer)
    def get(self, request: Request, tracker_id: UUID) -> Response:
        """Show a tracker."""
        tracker, access = open_tracker(actor_of(request), tracker_id, TRACKER_READ)
        record(TRACKER_READ, tracker, by=access)
        return _tracker(tracker)

    @extend_schema(
        operation_id="trackers_update",
        parameters=[IF_MATCH],
        request=ChangeTrackerSerializer(partial=True),
        responses=TrackerSerializer,
    )
    def patch(self, request: Request, tracker_id: UUID) -> Response:
        """Change question, rhythm or reminders; kind and scale stay, since the values were given on them."""
        tracker, access = open_tracker_to_write(actor_of(request), tracker_id, TRACKER_CHANGED)
        revision = revision_of(request)
        given = validated(ChangeTrackerSerializer(data=request.data, partial=True))
        return _tracker(change_tracker(tracker, revision=revision, access=access, **given))


class EndTracker(ApiView):
    """Asking no more."""

    @extend_schema(operation_id="trackers_end", parameters=[IF_MATCH], request=None, responses=TrackerSerializer)
    def post(self, request: Request, tracker_id: UUID) -> Response:
        """End a tracker; its values stay."""
        tracker, access = open_tracker_to_write(actor_of(request), tracker_id, TRACKER_ENDED)
        expect_no_fields(request)
        return _tracker(end_tracker(tracker, revision=revision_of(request), access=access))


class TrackerSeries(ApiView):
    """The values of a tracker as a chart shows them."""

    @extend_schema(operation_id="trackers_series", responses=SeriesSerializer)
    def get(self, request: Request, tracker_id: UUID) -> Response:
        """Show a tracker's values of up to 500 days with trend and streak."""
        tracker, access = open_tracker(actor_of(request), tracker_id, TRACKER_READ)
        record(TRACKER_READ, tracker, by=access)
        [series] = series_of([tracker], access.patient)
        return Response(SeriesSerializer(series).data)


class TrackerEntries(ApiView, GenericAPIView[TrackingEntry]):
    """The values of a tracker."""

    queryset = TrackingEntry.objects.none()
    serializer_class = EntrySerializer
    keyset_fields = ("-day", "-id")

    @extend_schema(operation_id="tracker_entries_list", responses=EntrySerializer(many=True))
    def get(self, request: Request, tracker_id: UUID) -> Response:
        """List a tracker's values, newest first, for therapists also withdrawn ones.

        Patients read what they wrote, not what others did.
        """
        tracker, access = open_tracker(actor_of(request), tracker_id, TRACKER_READ)
        entries = TrackingEntry.objects.filter(tracker=tracker)
        rows = self.paginate_queryset(entries.standing() if access.is_own else entries) or []
        record(TRACKER_READ, tracker, by=access, ids=[row.pk for row in rows])
        shape = OwnEntrySerializer if access.is_own else EntrySerializer
        return self.get_paginated_response(shape(rows, many=True).data)

    @extend_schema(
        operation_id="tracker_entries_create",
        parameters=[IDEMPOTENCY_HEADER],
        request=AddEntrySerializer,
        responses={201: EntrySerializer},
    )
    def post(self, request: Request, tracker_id: UUID) -> Response:
        """Enter the value of a day, for therapists; patients send check-ins."""
        tracker, access = open_tracker_to_write(actor_of(request), tracker_id, ENTRY_ADDED)
        given = validated(AddEntrySerializer(data=request.data))

        def create() -> tuple[int, dict[str, Any]]:
            return 201, dict(EntrySerializer(add_entry(tracker, **given, access=access)).data)

        def before_repeat(body: dict[str, Any]) -> None:
            again, opened = open_tracker(actor_of(request), tracker_id, ENTRY_ADDED)
            record(TRACKER_READ, again, by=opened)

        route = f"tracker_entries.create.{tracker_id}"
        return idempotent(request, route, fingerprint_of(given), create, before_repeat=before_repeat)


class WithdrawEntry(TherapistsView):
    """Taking back a value."""

    @extend_schema(operation_id="tracker_entries_withdraw", request=None, responses=EntrySerializer)
    def post(self, request: Request, entry_id: UUID) -> Response:
        """Withdraw a value that was entered by mistake."""
        entry, access = open_entry_to_write(self.therapist(ENTRY_WITHDRAWN), entry_id, ENTRY_WITHDRAWN)
        expect_no_fields(request)
        return Response(EntrySerializer(withdraw_entry(entry, access=access)).data)


class PatientCheckIns(ApiView, GenericAPIView[CheckIn]):
    """The check-ins of a patient."""

    queryset = CheckIn.objects.none()
    serializer_class = CheckInSerializer
    keyset_fields = ("-day", "-id")

    def get_queryset(self) -> EntryQuerySet:
        """With their values."""
        rows: EntryQuerySet = CheckIn.objects.filter(patient=self.kwargs["patient_id"])
        return rows.prefetch_related("entries")

    @extend_schema(operation_id="check_ins_list", responses=CheckInSerializer(many=True))
    def get(self, request: Request, patient_id: UUID) -> Response:
        """List check-ins, newest first."""
        access = open_record(actor_of(request), patient_id, CHECK_IN_LISTED)
        rows = self.paginate_queryset(self.get_queryset()) or []
        record(CHECK_IN_LISTED, by=access, ids=[row.pk for row in rows])
        return self.get_paginated_response(CheckInSerializer(rows, many=True).data)


class CheckIns(ApiView):
    """Checking in, for patients."""

    @extend_schema(
        operation_id="check_ins_create",
        request=SendCheckInSerializer,
        responses={200: CheckInSerializer, 201: CheckInSerializer},
    )
    def post(self, request: Request) -> Response:
        """Send values, mood and note together. A repeated `sent_key` counts once: 200 instead of 201."""
        access = open_own_record(actor_of(request), CHECK_IN_SENT)
        given = validated(SendCheckInSerializer(data=request.data))
        sent, is_new = send_check_in(access, **{"values": {}} | given)
        return Response(CheckInSerializer(sent).data, status=201 if is_new else 200)


class Reminders(ApiView):
    """The patient's own reminders."""

    @extend_schema(operation_id="reminders_retrieve", responses=RemindersSerializer)
    def get(self, request: Request) -> Response:
        """Show whether and when the patient is reminded of check-ins."""
        access = open_own_record(actor_of(request), REMINDERS_CHANGED)
        return Response(RemindersSerializer(preference_of(access.patient)).data)

    @extend_schema(
        operation_id="reminders_update", request=RemindersSerializer(partial=True), responses=RemindersSerializer
    )
    def patch(self, request: Request) -> Response:
        """Turn reminders on or off, or set the quiet hours, which leave at least an hour of the day."""
        access = open_own_record(actor_of(request), REMINDERS_CHANGED)
        given = validated(RemindersSerializer(data=request.data, partial=True))
        return Response(RemindersSerializer(set_reminders(access.patient, by=access.reader, **given)).data)


def _tracker(tracker: Tracker) -> Response:
    """The tracker, with its revision as ETag."""
    return Response(TrackerSerializer(tracker).data, headers={"ETag": etag_of(tracker.revision)})
