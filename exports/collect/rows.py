"""The rows of a request: what its reader may see, by the querysets of each app, in its period and of its sessions."""

from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from django.db.models import Prefetch

from accounts.models import AccessRequest, ConsentEntry, Disclosure, TherapistPatient
from exports.choices import ExportKind, Extra
from exports.collect.wanted import Request, Wanted
from sessions_app.models import ActionItem, PatientSummary, PrivateNote, RiskReview, SessionNote, TherapySession
from timeline.models import TimelineEvent
from treatment.goals.choices import DROPPED
from treatment.models import (
    Award,
    CheckIn,
    Goal,
    MeasureAssignment,
    MeasureResult,
    MeasureSchedule,
    ReminderPreference,
    Tracker,
    TrackingEntry,
    TreatmentPlan,
)

# Querysets of many models, each with methods of its own.
Rows_ = Any


def within_days(rows: Any, column: str, wanted: Wanted, zone: tzinfo) -> Any:
    """Those whose moment lies in the days of the clinic that are wanted, both included; all, if none are given."""
    start, end = wanted.start, wanted.end
    first = {f"{column}__gte": datetime.combine(start, time(), zone)} if start else {}
    after = datetime.combine(end + timedelta(days=1), time(), zone) if end else None
    return rows.filter(**first, **({f"{column}__lt": after} if after else {}))


class Rows:
    """Each method returns the rows of one part, the oldest first, and events the newest first."""

    def __init__(self, request: Request) -> None:
        wanted, access = request.wanted, request.access
        self.reader, self.patient, self.is_shared = access.user, access.patient, request.is_shared
        self.wanted = wanted
        self.has_private_notes = wanted.has(Extra.PSYCHOTHERAPY_NOTES) and not self.is_shared
        self.has_private_events = wanted.has(Extra.PRIVATE_EVENTS) and not self.is_shared

    # Accounts

    def relations(self) -> Rows_:
        """Who treats and treated the patient."""
        return TherapistPatient.objects.filter(patient=self.patient).order_by("started_at", "id")

    def consents(self) -> Rows_:
        """The consent log."""
        return self._of_patient(ConsentEntry.objects.visible_to(self.reader)).order_by("id")

    def disclosures(self) -> Rows_:
        """Who received the record; patients may ask for the last six years."""
        rows = self._of_patient(Disclosure.objects.visible_to(self.reader)).order_by("disclosed_at", "id")
        return rows.accountable() if self.is_shared else rows

    def access_requests(self) -> Rows_:
        """What the patient asked for."""
        return self._of_patient(AccessRequest.objects.visible_to(self.reader)).order_by("id")

    # Sessions

    def sessions(self) -> Rows_:
        """Meetings; patients know of those with a number."""
        counted, mine = TherapySession.objects.counted(), TherapySession.objects.visible_to(self.reader)
        rows = self._of_moments(self._of_patient(counted if self.is_shared else mine), "session_date")
        chosen = rows.filter(pk__in=self.wanted.sessions) if self.wanted.sessions else rows
        return chosen.order_by("session_date", "id")

    def notes(self) -> Rows_:
        """Notes of these sessions; for patients those that are signed and not withheld."""
        rows = self._signed().filter(withheld_as=None) if self.is_shared else self._all_notes()
        parts = rows.select_related("template_version__template", "author", "clinic", "session")
        return parts.order_by("session__session_date", "id")

    def withheld_notes(self) -> Rows_:
        """Signed notes that the patient cannot read now, if that is whose view it is."""
        rows = self._signed().exclude(withheld_as=None).order_by("id")
        return rows if self.is_shared else rows.none()

    def _signed(self) -> Any:
        return SessionNote.objects.signed_on(self.patient).filter(session__in=self._session_keys())

    def _all_notes(self) -> Any:
        return self._of_patient(SessionNote.objects.visible_to(self.reader)).filter(session__in=self._session_keys())

    def _session_keys(self) -> Rows_:
        return self.sessions().order_by().values("pk")

    def summaries(self) -> Rows_:
        """The texts for the patient; a patient knows of those that were shared."""
        if self.is_shared:
            return PatientSummary.objects.ever_shared_with(self.patient)
        return PatientSummary.objects.visible_to(self.reader).filter(session__patient=self.patient)

    def private_notes(self) -> Rows_:
        """The reader's own psychotherapy notes, if they may leave."""
        return self._own_private_notes() if self.has_private_notes else PrivateNote.objects.none()

    def other_private_notes(self) -> Rows_:
        """All that stay here; nothing but their number leaves."""
        rows = self._of_chosen(PrivateNote.objects.filter(patient=self.patient, deleted_at=None))
        if self.is_shared:
            return rows.none()  # patients learn nothing of these, not even whether there are any
        return rows.exclude(pk__in=self.private_notes().values("pk")) if self.has_private_notes else rows

    def _own_private_notes(self) -> Any:
        return self._of_chosen(self._of_patient(PrivateNote.objects.visible_to(self.reader))).order_by("id")

    def _of_chosen(self, rows: Any) -> Any:
        """Of the sessions that were chosen, or of the period; without a session, by the day on which it was written."""
        wanted = self.wanted
        if not (wanted.sessions or wanted.start or wanted.end):
            return rows
        chosen = rows.filter(session__in=self._session_keys())
        return chosen if wanted.sessions else chosen | self._of_moments(rows.filter(session=None), "created_at")

    def action_items(self) -> Rows_:
        """What was agreed; for patients what they were told of."""
        told, mine = ActionItem.objects.told_to(self.patient), ActionItem.objects.visible_to(self.reader)
        rows = self._of_patient(told if self.is_shared else mine).order_by("id")
        return rows if self.wanted.kind == ExportKind.FULL_RECORD else rows.filter(session__in=self._session_keys())

    def risk_reviews(self) -> Rows_:
        """Reviews of possible risk, which are for therapists alone."""
        rows = RiskReview.objects.none() if self.is_shared else RiskReview.objects.visible_to(self.reader)
        return self._of_patient(rows).prefetch_related("history").order_by("id")

    # Timeline

    def events(self) -> Any:
        """Events that may leave, the newest first."""
        rows = self._all_events()
        return (rows if self.has_private_events else rows.filter(is_private=False)).in_order()

    def private_events(self, *, of_importance: tuple[str, ...] = ()) -> Any:
        """Private events that stay here; nothing but their number leaves, and to patients not even that.

        What somebody wrote: an event that is derived, such as that a note was completed, says nothing of its own.
        """
        rows = self._all_events().filter(is_private=True, related_entity_id=None).of_importance(of_importance)
        return rows.none() if self.is_shared or self.has_private_events else rows

    def _all_events(self) -> Any:
        return self._of_moments(self._of_patient(TimelineEvent.objects.visible_to(self.reader)), "event_date")

    # Treatment

    def plans(self) -> Rows_:
        """Plans; for patients those that were started."""
        return self._treatment(TreatmentPlan).order_by("start_date", "id")

    def goals(self) -> Rows_:
        """Goals, those above before those below; patients read none that were given up or replaced."""
        rows = self._treatment(Goal).order_by("plan__start_date", "plan", "level", "position", "id")
        return rows.exclude(status__in=DROPPED) if self.is_shared else rows

    def trackers(self) -> Rows_:
        """What is followed, with its values."""
        entries = TrackingEntry.objects.order_by("day", "id")
        return self._treatment(Tracker).prefetch_related(Prefetch("entries", entries)).order_by("id")

    def check_ins(self) -> Rows_:
        """What the patient sent."""
        return self._of_days(self._treatment(CheckIn), "day").order_by("day", "id")

    def awards(self) -> Rows_:
        """What goals reached."""
        rows = self._treatment(Award).order_by("awarded_date", "id")
        return rows.filter(goal__in=self.goals().order_by().values("pk")) if self.is_shared else rows

    def schedules(self) -> Rows_:
        """Which questionnaires are assigned again and again; none for patients."""
        return self._treatment(MeasureSchedule).order_by("id")

    def assignments(self) -> Rows_:
        """Which questionnaires were assigned."""
        return self._treatment(MeasureAssignment).order_by("due_date", "id")

    def results(self) -> Rows_:
        """Filled-in questionnaires that count."""
        return self._of_days(self._treatment(MeasureResult).standing(), "taken_date").order_by("taken_date", "id")

    def withdrawn_results(self) -> Rows_:
        """Those that were a mistake; none for patients."""
        return self._treatment(MeasureResult).exclude(withdrawn_at=None).order_by("taken_date", "id")

    def reminders(self) -> Rows_:
        """When the patient wants to be reminded."""
        return ReminderPreference.objects.filter(patient=self.patient)

    def _treatment(self, model: Any) -> Any:
        shared = model.objects.shared_with if self.is_shared else model.objects.visible_to
        return self._of_patient(shared(self.patient if self.is_shared else self.reader))

    # Limits

    def _of_patient(self, rows: Any) -> Any:
        return rows.filter(patient=self.patient)

    def _of_days(self, rows: Any, column: str) -> Any:
        first = {f"{column}__gte": self.wanted.start} if self.wanted.start else {}
        return rows.filter(**first, **({f"{column}__lte": self.wanted.end} if self.wanted.end else {}))

    def _of_moments(self, rows: Any, column: str) -> Any:
        return within_days(rows, column, self.wanted, self.patient.clinic_zone)
