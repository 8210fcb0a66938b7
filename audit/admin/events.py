"""The audit trail in the admin site: read-only, limited to the reader's clinic; reading it is audited too."""

from typing import Any

import auditlog.admin  # noqa: F401 (registers a page that shows every clinic's field history to everyone)
from auditlog.models import LogEntry
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from audit import contexts as statistics
from audit import log
from audit.admin.changelist import CappedPaginator, TrailChangeList
from audit.admin.staff import ClinicStaffAdmin, is_staff
from audit.audit_actions import AUDIT_COUNTED, AUDIT_EXPORTED, AUDIT_LISTED, AUDIT_READ
from audit.filters import TrailFilter
from audit.models import AuditEvent, AuditLink
from audit.services.csv_export import csv_lines
from therapybridge.core import limits
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import InvalidInput
from therapybridge.core.models import short_id, uuid7

MOST_EXPORTED = 100_000
admin.site.unregister(LogEntry)


@admin.register(AuditEvent)
class AuditEventAdmin(ClinicStaffAdmin):
    """Lists audit events, with ids instead of patients' names."""

    change_list_template = "admin/audit/auditevent/change_list.html"
    paginator = CappedPaginator
    list_display = ("created_at", "action", "outcome", "who", "target", "patient", "is_emergency", "ip")
    list_per_page = 50
    list_max_show_all = 0
    sortable_by = ()
    show_full_result_count = False
    fields = (
        *("id", "created_at", "who", "action", "outcome", "reason", "target_type", "target_id", "patient_id", "ids"),
        *("changed", "grant_id", "request_id", "ip", "user_agent", "place"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """Prefetch the actors: a join would lose the rows of deleted ones."""
        rows: QuerySet[AuditEvent] = super().get_queryset(request).prefetch_related("actor")
        return rows

    @admin.display(description="actor", empty_value="System")
    def who(self, event: AuditEvent) -> str | None:
        """Role and the end of the actor's id."""
        return str(event.actor) if event.actor_id and event.actor else None

    @admin.display(description="target")
    def target(self, event: AuditEvent) -> str:
        """Model and the end of the target's id."""
        return f"{event.target_type} {short_id(event.target_id)}" if event.target_type else "–"  # noqa: RUF001

    @admin.display(description="patient")
    def patient(self, event: AuditEvent) -> str:
        """The end of the patient's id."""
        return short_id(event.patient_id)

    @admin.display(description="emergency")
    def is_emergency(self, event: AuditEvent) -> str:
        """Whether it happened under emergency access; None instead of False, which would show a red cross."""
        return "Yes" if event.grant_id else "–"  # noqa: RUF001

    @admin.display(description="in the chain")
    def place(self, event: AuditEvent) -> str:
        """The event's position, once it has been chained."""
        link = AuditLink.objects.filter(event_id=event.pk).first()
        return f"Position {link.position}" if link else "Not chained yet"

    def get_urls(self) -> list[Any]:
        """Add the statistics and export pages, before the URL of a single row."""
        ours: list[URLPattern] = [
            path("export", self.admin_site.admin_view(self.export_view), name="audit_auditevent_export"),
            path("statistics", self.admin_site.admin_view(self.statistics_view), name="audit_auditevent_statistics"),
        ]
        return [*ours, *super().get_urls()]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[TrailChangeList]:
        return TrailChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list; the ids of its rows are audited."""
        response = super().changelist_view(request, extra_context)
        changelist = getattr(response, "context_data", {}).get("cl")
        if changelist is not None:
            ids = [event.pk for event in changelist.result_list]
            log.record(AUDIT_LISTED, by=actor_of(request), ids=ids)
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show one event, audited."""
        response = super().change_view(request, object_id, form_url, extra_context)
        shown = getattr(response, "context_data", {}).get("original")
        if shown is not None:
            log.record(AUDIT_READ, shown, by=actor_of(request))
        return response

    def statistics_view(self, request: HttpRequest) -> HttpResponse:
        """Show statistics of the last thirty days."""
        self._only_reading(request)
        log.record(AUDIT_COUNTED, by=actor_of(request))
        context = {
            **self.admin_site.each_context(request),
            **statistics.collect(self.get_queryset(request)),
            "title": "Thirty days of the audit trail",
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/audit/auditevent/statistics.html", context)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Download the filtered rows as CSV; later rows are left out, so that the audited count is right."""
        self._only_reading(request)
        by = actor_of(request)
        limits.check("export", limits.requester(by))
        rows = self._filtered(request).filter(pk__lt=uuid7())
        count = rows.order_by()[: MOST_EXPORTED + 1].count()
        if count > MOST_EXPORTED:
            raise InvalidInput(f"There are more than {MOST_EXPORTED:,} rows. Choose fewer days.")
        log.record(AUDIT_EXPORTED, by=by, reason=f"{count} rows")
        name = f"audit-{timezone.localdate():%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8", headers=headers)

    def _filtered(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        narrowed = TrailFilter(request.GET, queryset=self.get_queryset(request))
        if not narrowed.is_valid():
            raise InvalidInput(errors=narrowed.errors)
        rows: QuerySet[AuditEvent] = narrowed.qs.prefetch_related(None)
        return rows

    def _only_reading(self, request: HttpRequest) -> None:
        if not is_staff(request) or request.method not in limits.SAFE_METHODS:
            raise PermissionDenied
