"""The JSON Schema of a record: its shape is that of the dataclasses; what each field means is what the tables say of
it, and the codes that it may hold are those of the column that it comes from.
"""

import re
from functools import cache
from typing import Any

from django.apps import apps

from exports.builders.csv import TABLES
from exports.choices import ExportKind, Extra
from exports.records import columns, people, record, sessions, timeline, treatment
from sessions_app.notes.choices import WithholdingException

# The table in which each part is described, and the model whose rows it holds.
PARTS: dict[type, tuple[str, str]] = {
    record.About: ("about", ""),
    record.Withheld: ("withheld", ""),
    record.Origin: ("origins", ""),
    people.Patient: ("patient", ""),
    people.Person: ("staff", ""),
    people.Relation: ("relations", "accounts.TherapistPatient"),
    people.Consent: ("consents", "accounts.ConsentEntry"),
    people.Disclosure: ("disclosures", "accounts.Disclosure"),
    people.AccessRequest: ("access_requests", "accounts.AccessRequest"),
    sessions.Session: ("sessions", "sessions_app.TherapySession"),
    sessions.Transcript: ("transcripts", "sessions_app.Transcript"),
    sessions.Line: ("transcript_lines", ""),
    sessions.Draft: ("drafts", "sessions_app.Extraction"),
    sessions.Decision: ("draft_decisions", "sessions_app.StatementReview"),
    sessions.Summary: ("summaries", "sessions_app.PatientSummary"),
    sessions.Note: ("notes", "sessions_app.SessionNote"),
    sessions.NoteTemplate: ("note_templates", ""),
    sessions.NoteVersion: ("note_versions", "sessions_app.NoteVersion"),
    sessions.Signature: ("signatures", "sessions_app.NoteSignature"),
    sessions.Addendum: ("addenda", "sessions_app.NoteAddendum"),
    sessions.Correction: ("corrections", "sessions_app.AmendmentRequest"),
    sessions.Withholding: ("withholdings", "sessions_app.NoteWithholding"),
    sessions.ArchiveStep: ("archive_steps", "sessions_app.ArchiveStep"),
    sessions.GoalLink: ("goal_links", "treatment.GoalLink"),
    sessions.WithoutGoal: ("without_goals", "treatment.NoteWithoutGoal"),
    sessions.PrivateNote: ("private_notes", "sessions_app.PrivateNote"),
    sessions.ActionItem: ("action_items", "sessions_app.ActionItem"),
    sessions.Closing: ("closings", "sessions_app.ActionItemClosing"),
    sessions.RiskReview: ("risk_reviews", "sessions_app.RiskReview"),
    sessions.RiskStep: ("risk_review_steps", "sessions_app.RiskReviewEntry"),
    timeline.Event: ("events", "timeline.TimelineEvent"),
    treatment.Plan: ("plans", "treatment.TreatmentPlan"),
    treatment.Code: ("plan_codes", ""),
    treatment.Milestone: ("milestones", "treatment.PlanMilestone"),
    treatment.Review: ("plan_reviews", "treatment.PlanReview"),
    treatment.PlanVersion: ("plan_versions", "treatment.PlanVersion"),
    treatment.PlanConsent: ("plan_consents", "treatment.PlanConsent"),
    treatment.Goal: ("goals", "treatment.Goal"),
    treatment.Rating: ("ratings", "treatment.GoalRating"),
    treatment.GoalIntervention: ("interventions", "treatment.GoalIntervention"),
    treatment.Award: ("awards", "treatment.Award"),
    treatment.Tracker: ("trackers", "treatment.Tracker"),
    treatment.Entry: ("entries", "treatment.TrackingEntry"),
    treatment.CheckIn: ("check_ins", "treatment.CheckIn"),
    treatment.Reminders: ("reminders", "treatment.ReminderPreference"),
    treatment.Schedule: ("schedules", "treatment.MeasureSchedule"),
    treatment.Assignment: ("assignments", "treatment.MeasureAssignment"),
    treatment.Result: ("results", "treatment.MeasureResult"),
    treatment.Series: ("series", ""),
}
# What no table has a column for.
MEANINGS = {
    ("About", "layout"): "How the clinic wants its documents; of no meaning for data",
    ("Practice", "id"): "Id of the practice",
    ("Practice", "name"): "Its name",
    ("Practice", "time_zone"): "Its time zone (IANA); days of the record are days there",
    ("Practice", "jurisdiction"): "Where it practises: an ISO 3166 country or subdivision",
    ("Layout", "letterhead"): "What stands below the practice's name",
    ("Layout", "parts"): "The parts of a document of session notes, in their order",
    ("Layout", "is_newest_first"): "Whether the latest session stands first",
    ("Layout", "shows_empty_fields"): "Whether fields that nobody filled in are named",
    ("Section", "title"): "Title of the section",
    ("Section", "fields"): "Its fields",
    ("Field", "label"): "Label of the field",
    ("Field", "text"): "Its text; empty if nobody filled it in",
    ("Series", "points"): "Day and total of each result, the oldest first",
    ("Tracker", "withdrawn"): "Values that were entered by mistake",
    ("Treatment", "withdrawn"): "Results that were filled in by mistake",
}
# Codes that come from no column.
CODES = {
    ("About", "kind"): ExportKind.values,
    ("Withheld", "exception"): [*WithholdingException.values, *Extra.values, "not_found"],
}
# What a table says only because it is one.
_OF_TABLES = re.compile(r" \(JSON\)|: yes, no$|: yes or no$")


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with what each field means, and the codes that it may hold."""
    parts = {"Record": schema, **schema["$defs"]}
    for part, described in parts.items():
        for name, field in described["properties"].items():
            meaning = _meanings().get((part, name)) or _of_nested(field, schema["$defs"])
            if meaning:
                field["description"] = meaning
            if codes := _codes().get((part, name)):
                field["enum"] = [*codes, *([""] if field.get("default") == "" and "" not in codes else [])]
    return schema


@cache
def _meanings() -> dict[tuple[str, str], str]:
    tables = {one.name: one.columns for one in TABLES}
    told = {
        (part.__name__, name): _OF_TABLES.sub("", meaning)
        for part, (table, _) in PARTS.items()
        for name, meaning in tables[table].items()
    }
    return told | MEANINGS


def _of_nested(field: dict[str, Any], parts: dict[str, Any]) -> str:
    """What the part says of itself that a field holds, or a list of it."""
    held = field.get("items", field)
    refs = [one["$ref"] for one in (held, *held.get("anyOf", ())) if "$ref" in one]
    return str(parts[refs[0].rpartition("/")[2]].get("description", "")) if refs else ""


@cache
def _codes() -> dict[tuple[str, str], list[str]]:
    shapes = {one.part: one.by_field for one in vars(columns).values() if isinstance(one, columns.Columns)}
    found = dict(CODES)
    for part, (_, label) in PARTS.items():
        fields = {one.attname: one for one in apps.get_model(label)._meta.fields} if label else {}
        for name, column in shapes.get(part, {}).items():
            choices = [str(code) for code, _ in getattr(fields.get(column), "choices", None) or ()]
            if choices:
                found[(part.__name__, name)] = [*choices, *([""] if fields[column].blank else [])]
    return found
