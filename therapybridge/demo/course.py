"""What is written about the treatment of a patient, and its rows once there are some."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from accounts.care.access import RecordAccess
from therapybridge.demo.people import Case
from therapybridge.demo.script import Table
from timeline.services.treatment_events import refresh_treatment_events
from treatment.models import Goal, Tracker, TreatmentPlan


@dataclass(slots=True)
class Course:
    """The treatment of one patient. Goals and trackers are known by the names that the file gives them."""

    case: Case
    goals: dict[str, UUID] = field(default_factory=dict)
    trackers: dict[str, UUID] = field(default_factory=dict)
    schedules: dict[str, UUID] = field(default_factory=dict)  # by instrument

    @property
    def written(self) -> Table:
        """The file's content; nothing for a patient without treatment so far."""
        return self.case.person.treatment

    @property
    def access(self) -> RecordAccess:
        """The therapist's access."""
        return self.case.access

    @property
    def plan(self) -> TreatmentPlan:
        """The latest, as it stands now."""
        plans = TreatmentPlan.objects.select_related("clinic").filter(patient=self.case.patient)
        row: TreatmentPlan = plans.latest("created_at")
        return row

    def tell(self, source: str, ids: Iterable[UUID]) -> None:
        """Put it on the timeline at its moment: the receivers, which follow the commit, would do so much later."""
        refresh_treatment_events(source, self.case.patient.pk, ids)

    def goal(self, name: str) -> Goal:
        """As it stands now."""
        row: Goal = Goal.objects.select_related("plan__clinic").get(pk=self.goals[name])
        return row

    def tracker(self, name: str) -> Tracker:
        """As it stands now."""
        row: Tracker = Tracker.objects.select_related("goal__plan").get(pk=self.trackers[name])
        return row
