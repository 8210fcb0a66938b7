"""The evidence gate: what a draft says is compared with what was said, statement by statement."""

from sessions_app.pipeline.evidence.gate import Judged, judge

__all__ = ["Judged", "judge"]
