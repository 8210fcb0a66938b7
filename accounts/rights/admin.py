"""Patients' requests in the admin site: kind, status and due date, without names or texts."""

from django.contrib import admin

from accounts.models import AccessRequest
from audit.admin.staff import ClinicStaffAdmin
from therapybridge.core.models import short_id


@admin.register(AccessRequest)
class AccessRequestAdmin(ClinicStaffAdmin):
    """Read-only list of requests, to see whether the clinic answers in time; therapists answer them."""

    clinic_path = "patient__clinic_id"
    list_display = ("label", "kind", "status", "due_at", "overdue")
    list_display_links = ("label",)
    list_filter = ("status", "kind")
    fields = ("label", "kind", "status", "due_at", "overdue", "closed_at")
    ordering = ("-id",)

    @admin.display(description="patient")
    def label(self, asked: AccessRequest) -> str:
        """A number instead of the name, which administrators do not see."""
        return f"Patient {short_id(asked.patient_id)}"

    @admin.display(boolean=True)
    def overdue(self, asked: AccessRequest) -> bool:
        """Whether the answer is overdue."""
        return asked.is_overdue
