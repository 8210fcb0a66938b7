"""How the API is described: settings of drf-spectacular. Settings import this module."""

SPECTACULAR_SETTINGS = {
    "TITLE": "TherapyBridge API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    # A file is bytes in a request and a URL in a response; read-only fields are not part of requests.
    "COMPONENT_SPLIT_REQUEST": True,
    "PATH_CONVERTER_OVERRIDES": {"id": {"type": "string", "format": "uuid"}, "secret": {"type": "string"}},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "therapybridge.core.api.openapi.complete",
        "therapybridge.core.api.examples.add_examples",
    ],
    # In addition to those named after the classes of the apps' choices.
    "ENUM_NAME_OVERRIDES": {
        "InvitedRoleEnum": "accounts.identity.serializers.COLLEAGUES",
        "TemplateFieldTypeEnum": "sessions_app.pipeline.note_templates.definition.FIELD_TYPES",
        "DraftSourceEnum": "sessions_app.pipeline.note_templates.definition.SOURCES",
        "QualityEnum": "sessions_app.choices.QUALITY_NOTICES",
        "StatementStateEnum": "sessions_app.notes.serializers.draft.STATES",
        "StrategyStatusEnum": "sessions_app.notes.serializers.draft.STRATEGY_STATUSES",
        "TriggerSeverityEnum": "sessions_app.notes.serializers.draft.TRIGGER_SEVERITIES",
        "MoodEnum": "sessions_app.notes.serializers.draft.MOODS",
        "TrajectoryEnum": "sessions_app.notes.serializers.draft.TRAJECTORIES",
        "RiskTypeEnum": "sessions_app.notes.serializers.draft.RISK_TYPES",
        "RiskSeverityEnum": "sessions_app.notes.serializers.draft.RISK_SEVERITIES",
        "RiskSourceEnum": "sessions_app.notes.serializers.draft.RISK_SOURCES",
    },
}
