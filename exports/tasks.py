"""Tasks of the subjects, where Celery looks for them."""

from exports.imports.tasks import run_import, sweep_imports
from exports.jobs.tasks import make_export, remove_orphans, sweep_exports
from exports.schedules.tasks import announce_scheduled_exports, make_scheduled_exports

__all__ = [
    "announce_scheduled_exports",
    "make_export",
    "make_scheduled_exports",
    "remove_orphans",
    "run_import",
    "sweep_exports",
    "sweep_imports",
]
