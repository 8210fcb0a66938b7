"""A worker that dies at a chosen moment, as a whole or one process of it."""

import os
import signal
from pathlib import Path
from typing import Any

from exports.imports.signals import import_reached
from exports.jobs.signals import export_reached
from sessions_app.signals import stage_reached
from therapybridge.celery import app

__all__ = ["app"]
PLAN = Path(os.environ["VAR_DIR"]) / "chaos"


def die_as_planned(sender: type, job: Any, stage: str, moment: str, **kwargs: Any) -> None:
    """Kill what is planned the first time the work on a session reaches its moment."""
    _die(str(job.session_id), f"{stage} {moment}")


def die_with_a_file(sender: type, job: Any, moment: str, **kwargs: Any) -> None:
    """The same for exports and imports."""
    _die(str(job.pk), moment)


def _die(name: str, moment: str) -> None:
    """Kill this process, which the worker replaces, or parent and children: a plan is "moment[, alone]"."""
    plan = PLAN / name
    if not plan.exists():
        return
    planned, _, alone = plan.read_text().partition(", ")
    if planned == moment:
        plan.unlink()
        (os.kill if alone else os.killpg)(os.getpid() if alone else 0, signal.SIGKILL)


stage_reached.connect(die_as_planned, dispatch_uid="chaos")
export_reached.connect(die_with_a_file, dispatch_uid="chaos.exports")
import_reached.connect(die_with_a_file, dispatch_uid="chaos.imports")
