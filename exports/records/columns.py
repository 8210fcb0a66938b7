"""Which column each field of a part is in: one table for both ways, out of the database and back into it."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cached_property
from typing import Any, get_type_hints
from uuid import UUID

from exports.records import people, sessions, timeline, treatment

REFERENCE = (UUID, UUID | None)


class Columns:
    """The columns of a part. A field is called like its column unless it is `renamed`, and one that holds an id like
    the column of a foreign key. What is `apart` comes from somewhere else, or is worked out.
    """

    def __init__(self, part: type, *, apart: str = "", **renamed: str) -> None:
        self.part, self.renamed, self.apart = part, renamed, frozenset(apart.split())

    @cached_property
    def by_field(self) -> Mapping[str, str]:
        """The column of each field."""
        hints = get_type_hints(self.part)
        named = [one.name for one in fields(self.part) if one.name not in self.apart]
        return {name: self.renamed.get(name) or self._column(name, hints[name]) for name in named}

    @staticmethod
    def _column(name: str, hint: Any) -> str:
        return f"{name}_id" if hint in REFERENCE and name != "id" else name

    def read(self, row: Any, **apart: Any) -> Any:
        """The part of a row."""
        return self.part(**{name: getattr(row, column) for name, column in self.by_field.items()}, **apart)

    def written(self, part: Any) -> dict[str, Any]:
        """What of a part is in its row, by column."""
        return {column: getattr(part, name) for name, column in self.by_field.items()}


RELATION = Columns(people.Relation, kind="relationship_type")
CONSENT = Columns(people.Consent, kind="consent_type")
DISCLOSURE = Columns(people.Disclosure)
ACCESS_REQUEST = Columns(people.AccessRequest, made_at="created_at")

SESSION = Columns(sessions.Session, held_at="session_date", apart="title transcript drafts summary")
TRANSCRIPT = Columns(sessions.Transcript, apart="lines")
LINE = Columns(sessions.Line)
SUMMARY = Columns(sessions.Summary)
DRAFT = Columns(sessions.Draft, made_at="created_at", apart="decisions reviews")
DECISION = Columns(sessions.Decision, decided_at="created_at")
NOTE = Columns(
    sessions.Note,
    made_at="created_at",
    apart="template sections is_intact is_ai_assisted signatures addenda corrections versions goals without_goal "
    "withholdings archive_steps goal_links no_goal",
)
SIGNATURE = Columns(sessions.Signature)
ADDENDUM = Columns(sessions.Addendum)
CORRECTION = Columns(sessions.Correction, made_at="created_at")
NOTE_VERSION = Columns(
    sessions.NoteVersion, made_at="created_at", made_by="created_by_id", template="template_version_id"
)
WITHHOLDING = Columns(sessions.Withholding, withheld_at="created_at")
ARCHIVE_STEP = Columns(sessions.ArchiveStep)
GOAL_LINK = Columns(sessions.GoalLink, linked_at="created_at")
WITHOUT_GOAL = Columns(sessions.WithoutGoal, said_at="created_at")
PRIVATE_NOTE = Columns(sessions.PrivateNote, written_at="created_at")
ACTION_ITEM = Columns(sessions.ActionItem, draft="extraction_id", apart="closings")
CLOSING = Columns(sessions.Closing)
RISK_REVIEW = Columns(sessions.RiskReview, apart="history")
RISK_STEP = Columns(sessions.RiskStep)

EVENT = Columns(
    timeline.Event,
    kind="event_type",
    subtype="event_subtype",
    happened_at="event_date",
    day="event_day",
    source_type="related_entity_type",
    source="related_entity_id",
    apart="label",
)

PLAN = Columns(treatment.Plan, apart="codes milestones reviews versions consents")
REVIEW = Columns(treatment.Review)
MILESTONE = Columns(treatment.Milestone)
PLAN_VERSION = Columns(treatment.PlanVersion, made_at="created_at")
PLAN_CONSENT = Columns(treatment.PlanConsent)
GOAL = Columns(treatment.Goal, set_at="created_at", apart="ratings interventions")
RATING = Columns(treatment.Rating, day="rated_date")
GOAL_INTERVENTION = Columns(treatment.GoalIntervention, apart="key name modality")
AWARD = Columns(treatment.Award, day="awarded_date")
TRACKER = Columns(treatment.Tracker, apart="entries withdrawn")
ENTRY = Columns(treatment.Entry)
CHECK_IN = Columns(treatment.CheckIn)
SCHEDULE = Columns(treatment.Schedule)
ASSIGNMENT = Columns(treatment.Assignment)
RESULT = Columns(treatment.Result, day="taken_date", apart="name")
REMINDERS = Columns(treatment.Reminders, apart="quiet_from quiet_until")
