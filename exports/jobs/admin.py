"""Exports in the admin site: what became of them, without names, words or recipients."""

from django.contrib import admin

from audit.admin.staff import ClinicStaffAdmin
from exports.jobs.models import ExportJob
from therapybridge.core.models import short_id


@admin.register(ExportJob)
class ExportJobAdmin(ClinicStaffAdmin):
    """Read-only list of exports, to see whether they are made, and why not."""

    list_display = ("label", "kind", "format", "status", "error_code", "created_at")
    list_display_links = ("label",)
    list_filter = ("status", "kind", "format")
    fields = (
        *("label", "kind", "format", "status", "error_code", "attempts", "size", "downloads"),
        *("created_at", "completed_at", "expires_at"),
    )
    ordering = ("-id",)

    @admin.display(description="patient")
    def label(self, job: ExportJob) -> str:
        """A number instead of the name, which administrators do not see."""
        return f"Patient {short_id(job.patient_id)}"
