"""The trail in the admin site: to read, one's own clinic's only."""

from django.contrib import admin

from audit.models import AuditEvent
from audit.staff import ClinicStaffAdmin, tail


@admin.register(AuditEvent)
class AuditEventAdmin(ClinicStaffAdmin):
    """Who did what; ids instead of names."""

    list_display = ("created_at", "action", "outcome", "who", "target", "patient", "ip")
    list_filter = ("outcome", "created_at")
    list_select_related = ("actor",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("action", "request_id")
    search_help_text = "Action, for example patient.viewed, or request id."

    @admin.display(description="actor", empty_value="System")
    def who(self, event: AuditEvent) -> str | None:
        """Role and end of the id."""
        return str(event.actor) if event.actor_id and event.actor else None

    @admin.display(description="target")
    def target(self, event: AuditEvent) -> str:
        """Kind and end of the id."""
        return f"{event.target_type} {tail(event.target_id)}" if event.target_type else "–"  # noqa: RUF001

    @admin.display(description="patient")
    def patient(self, event: AuditEvent) -> str:
        """End of the id."""
        return tail(event.patient_id)
