"""The schema of a draft as the API shows it: what an engine extracted, with the state of each statement.

The draft is stored and served as it is; these classes describe it and serialize nothing.
"""

from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sessions_app.choices import SPEAKERS
from sessions_app.pipeline.drafting import schema

STATES = ["supported", "check", "kept"]
STRATEGY_STATUSES = list(get_args(schema.StrategyStatus))
TRIGGER_SEVERITIES = list(get_args(schema.TriggerSeverity))
MOODS = list(get_args(schema.MoodValue))
TRAJECTORIES = list(get_args(schema.TrajectoryValue))
RISK_TYPES = list(get_args(schema.RiskType))
RISK_SEVERITIES = list(get_args(schema.RiskSeverity))
RISK_SOURCES = list(get_args(schema.RiskSource))


class EvidenceSerializer(serializers.Serializer[Any]):
    """The lines of the transcript that support a statement, by index, and the exact words."""

    segments = serializers.ListField(child=serializers.IntegerField())
    quote = serializers.CharField()


class _Statement(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="Names the statement in the paths that keep or delete it.")
    state = serializers.ChoiceField(STATES)
    reason = serializers.CharField(help_text="Why it is to check; else empty.")
    evidence = EvidenceSerializer()
    kept_by = serializers.CharField(required=False, help_text="Who kept it; only of kept statements.")
    kept_at = serializers.DateTimeField(required=False)


class DraftTopicSerializer(_Statement):
    """A subject of the session, or of a later one."""

    topic = serializers.CharField()


class DraftPassageSerializer(_Statement):
    """A sentence, or a short text."""

    text = serializers.CharField()


class DraftStrategySerializer(_Statement):
    """A coping strategy and its status in this session."""

    name = serializers.CharField()
    category = serializers.CharField()
    status = serializers.ChoiceField(STRATEGY_STATUSES)
    context = serializers.CharField()  # type: ignore[assignment]  # declared fields are no attributes


class DraftThemeSerializer(_Statement):
    """An emotion that was named."""

    theme = serializers.CharField()


class DraftTriggerSerializer(_Statement):
    """A trigger; `severity` is null unless the patient's words grade it."""

    trigger = serializers.CharField()
    context = serializers.CharField()  # type: ignore[assignment]  # declared fields are no attributes
    severity = serializers.ChoiceField(TRIGGER_SEVERITIES, allow_null=True)


class DraftActionItemSerializer(_Statement):
    """Something to do before the next session."""

    task = serializers.CharField()
    category = serializers.CharField()
    details = serializers.CharField()


class DraftQuoteSerializer(_Statement):
    """A quote of the patient; `start` in seconds, null without times."""

    quote = serializers.CharField()
    context = serializers.CharField()  # type: ignore[assignment]  # declared fields are no attributes
    start = serializers.FloatField(allow_null=True)


class DraftMoodSerializer(_Statement):
    """The mood expressed in the session; `score` is 0 to 10, null unless the patient gave a number."""

    value = serializers.ChoiceField(MOODS)
    score = serializers.FloatField(allow_null=True)


class DraftTrajectorySerializer(_Statement):
    """How the mood moved within the session."""

    value = serializers.ChoiceField(TRAJECTORIES)


class DraftConcernSerializer(_Statement):
    """A concern of the patient that remained open."""

    concern = serializers.CharField()


class DraftTechniqueSerializer(_Statement):
    """A therapeutic technique."""

    name = serializers.CharField()
    modality = serializers.CharField()
    definition = serializers.CharField()


class DraftRiskFlagSerializer(serializers.Serializer[Any]):
    """A phrase to review; `severity` grades the phrase, never the patient. `start` in seconds."""

    type = serializers.ChoiceField(RISK_TYPES)
    severity = serializers.ChoiceField(RISK_SEVERITIES)
    source = serializers.ChoiceField(RISK_SOURCES)  # type: ignore[assignment]
    speaker = serializers.ChoiceField(list(SPEAKERS))
    start = serializers.FloatField(allow_null=True)
    evidence = EvidenceSerializer()


class DraftTextSerializer(serializers.Serializer[Any]):
    """A text as statements, to be joined with spaces."""

    statements = DraftPassageSerializer(many=True)


class DraftSerializer(serializers.Serializer[Any]):
    """Everything that was drafted about a session; null means "not assessed"."""

    key_topics = DraftTopicSerializer(many=True)
    topic_summary = DraftPassageSerializer(allow_null=True)
    strategies = DraftStrategySerializer(many=True)
    emotional_themes = DraftThemeSerializer(many=True)
    triggers = DraftTriggerSerializer(many=True)
    action_items = DraftActionItemSerializer(many=True)
    significant_quotes = DraftQuoteSerializer(many=True)
    session_mood = DraftMoodSerializer(allow_null=True)
    mood_trajectory = DraftTrajectorySerializer(allow_null=True)
    follow_up_topics = DraftTopicSerializer(many=True)
    unresolved_concerns = DraftConcernSerializer(many=True)
    risk_flags = DraftRiskFlagSerializer(many=True)
    breakthrough = DraftPassageSerializer(allow_null=True)
    techniques = DraftTechniqueSerializer(many=True)
    therapist_summary = DraftTextSerializer()
    patient_summary = DraftTextSerializer()
    risk_not_looked_for = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Languages that the list of phrases does not know (ISO 639-1; `und` if none was recognised).",
    )


@extend_schema_field(DraftSerializer)
class DraftField(serializers.JSONField):
    """A draft as it is stored."""
