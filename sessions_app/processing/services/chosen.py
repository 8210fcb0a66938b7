"""The engines that may work on a session."""

from dataclasses import replace

from sessions_app.models import TherapySession
from sessions_app.pipeline.engines import base, registry


def chosen_for(session: TherapySession) -> base.EngineSettings:
    """The operator's engines, without servers unless the clinic allows external ones."""
    chosen = registry.from_settings()
    if session.clinic.external_ai_allowed:
        return chosen
    return replace(chosen, transcribe_base_url="", transcribe_api_key="", llm_base_url="", llm_api_key="")
