"""The clinic's own page."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.admin.recorded import RecordedAdmin
from accounts.models import Clinic
from audit.staff import is_operator, is_staff


@admin.register(Clinic)
class ClinicAdmin(RecordedAdmin):
    """The clinic itself; operators add new ones."""

    audit_name = "clinic"
    clinic_path = "pk"
    list_display = ("name", "time_zone", "jurisdiction")
    fields = ("name", "time_zone", "jurisdiction", "external_ai_allowed", "emotion_inference", "show_access_log")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operators only."""
        return is_operator(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Staff change their own."""
        return is_staff(request)
