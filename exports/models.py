"""All models of this app, from its subjects."""

from exports.imports.models import RecordImport
from exports.jobs.models import ExportJob
from exports.layouts.models import ExportLayout
from exports.schedules.models import ExportSchedule, ScheduledExport

__all__ = ["ExportJob", "ExportLayout", "ExportSchedule", "RecordImport", "ScheduledExport"]
