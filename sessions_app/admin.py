"""Admin pages of this app, from its subjects."""

from sessions_app.processing.admin import EngineCircuitAdmin

__all__ = ["EngineCircuitAdmin"]
