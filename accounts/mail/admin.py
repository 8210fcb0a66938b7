"""E-mails that were not sent, without their addresses and words."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern

from accounts.mail.services import send_again, unsent
from accounts.models import OutgoingMail
from audit.admin.staff import ClinicStaffAdmin, is_operator
from therapybridge.core.actor import actor_of


@admin.register(OutgoingMail)
class UnsentMailAdmin(ClinicStaffAdmin):
    """A list for operators, who can have e-mails sent again once the cause is mended; there are no other pages."""

    list_display = ("created_at", "kind", "status", "attempts", "last_error", "next_attempt_at")
    list_display_links = None
    list_filter = ("status", "kind")
    ordering = ("-id",)
    actions = ("send_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those that were given up, and those on which an attempt failed."""
        return unsent().order_by(*self.ordering)

    def get_urls(self) -> list[URLPattern]:
        """The list alone."""
        return [one for one in super().get_urls() if str(one.name).endswith("_changelist")]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Only operators: e-mails belong to no clinic."""
        return is_operator(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Only operators."""
        return is_operator(request)

    @admin.action(description="Send again")
    def send_again(self, request: HttpRequest, emails: QuerySet[OutgoingMail]) -> None:
        """Have the chosen ones sent as if they were new."""
        number = send_again(emails, by=actor_of(request))
        messages.success(request, f"E-mails that will be sent again: {number}")
