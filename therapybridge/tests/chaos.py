"""A worker that dies at a chosen moment, started as `celery --app therapybridge.tests.chaos worker`."""

import os
import signal
from pathlib import Path
from typing import Any

from sessions_app.signals import stage_reached
from therapybridge.celery import app

__all__ = ["app"]
PLAN = Path(os.environ["VAR_DIR"]) / "chaos"


def die_as_planned(sender: type, job: Any, stage: str, moment: str, **kwargs: Any) -> None:
    """Kill the whole worker, parent and children, the first time a planned job reaches its moment."""
    plan = PLAN / str(job.session_id)
    if plan.exists() and plan.read_text() == f"{stage} {moment}":
        plan.unlink()
        os.killpg(0, signal.SIGKILL)


stage_reached.connect(die_as_planned, dispatch_uid="chaos")
