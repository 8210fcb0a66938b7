"""Every column of a model that records hold is a field of its part, or is left out with a reason in docs/exports.md."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from accounts.models import Clinic, PatientProfile, User
from exports.records import columns
from exports.records.people import Patient, Person, Practice
from exports.records.sessions import NoteTemplate as Form
from exports.records.treatment import GoalIntervention
from exports.tests.test_collect import MODELS
from sessions_app.models import NoteTemplate, TemplateVersion
from treatment.models import Intervention

# Of any model: whose row it is or in which part it is nested, when it was written, and how often and by whom last.
COMMON = {
    *("patient_id", "clinic_id", "session_id", "note_id", "plan_id", "goal_id", "tracker_id", "extraction_id"),
    *("item_id", "review_id", "created_at", "updated_at", "revision", "changed_by_id"),
}
# The reasons are in docs/exports.md.
LEFT_OUT = {
    "TherapySession": {"deleted_at", "error_code", "error_detail", "error_retriable"},
    "Extraction": {"prompt_tokens", "completion_tokens", "second_pass_at", "second_pass_failures"},
    "SessionNote": {"deleted_at", "deletion_reason"},
    "PrivateNote": {"deleted_at"},
    "TimelineEvent": {"deleted_at"},
    "RiskReview": {"escalate_at"},
    "CheckIn": {"sent_key"},
    "MeasureResult": {"sent_key"},
    "User": {"password", "last_login", "is_active", "is_superuser", "is_verified", "folded_name", "sort_name", "email"},
    "PatientProfile": {"id", "email_index"},
    "NoteTemplate": {"archived_at", "description", "is_shared", "key", "owner_id", "id"},
    "TemplateVersion": {"created_by_id", "template_id"},
    "Intervention": {"id", "aliases", "description", "evidence_level", "evidence_source", "retired_at"},
    "Clinic": {
        *("emotion_inference", "external_ai_allowed", "grave_risk_review_hours", "risk_review_hours"),
        *("several_active_plans", "show_access_log", "storage_quota_gb"),
    },
}
# Fields of a part that stand for a column of another name.
MEANT = {
    "Transcript": {"segments", "word_count"},
    "SessionNote": {"template_version_id"},
    "TreatmentPlan": {"codes"},
    "ReminderPreference": {"quiet_from", "quiet_until"},
}


def _names(*parts: type) -> set[str]:
    return {one.name for part in parts for one in fields(part)}


def _told() -> dict[type, set[str]]:
    """The columns of each model that records hold."""
    shapes = [one for one in vars(columns).values() if isinstance(one, columns.Columns)]
    held: dict[type, set[str]] = {}
    for shape in shapes:
        if shape.part.__name__ in MODELS:  # lines of a transcript are no rows
            model = apps.get_model(MODELS[shape.part.__name__][0])
            held[model] = set(shape.by_field.values())
    return held | {
        User: _names(Patient, Person),
        PatientProfile: _names(Patient) - {"id"},
        Clinic: _names(Practice),
        NoteTemplate: _names(Form) - {"id"},
        TemplateVersion: _names(Form),
        Intervention: _names(GoalIntervention) - {"id"},
    }


def _columns_of(model: Any) -> set[str]:
    return {one.attname for one in model._meta.concrete_fields}


@pytest.mark.parametrize(("model", "told"), _told().items(), ids=lambda one: getattr(one, "__name__", ""))
def test_every_column_is_in_a_record_or_left_out_with_a_reason(model, told):
    name = model.__name__
    left_out = LEFT_OUT.get(name, set())
    assert _columns_of(model) - told - MEANT.get(name, set()) - COMMON - left_out == set()
    assert left_out <= _columns_of(model), "left out is what there is not any more"


def test_every_model_with_rows_in_a_record_is_compared():
    compared = {one.__name__ for one in _told()}
    assert {label.split(".")[1] for label, _ in MODELS.values()} <= compared
    assert set(LEFT_OUT) | set(MEANT) <= compared


def test_the_documentation_says_why_each_is_left_out():
    text = (Path(__file__).resolve().parents[2] / "docs" / "exports.md").read_text()
    assert [name for names in LEFT_OUT.values() for name in sorted(names) if f"`{name}`" not in text] == []
