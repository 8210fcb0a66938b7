"""Engines in the admin site: which are away, and what an operator can do about it."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from audit.admin.staff import ClinicStaffAdmin, is_operator
from sessions_app.models import EngineCircuit, ProcessingJob
from sessions_app.processing.services import circuits, control
from therapybridge.core.actor import actor_of


@admin.register(EngineCircuit)
class EngineCircuitAdmin(ClinicStaffAdmin):
    """Engines that have failed, for operators: they serve all clinics."""

    list_display = ("kind", "state", "error_code", "opened_at", "next_probe_at", "waiting")
    fields = ("kind", "state", "error_code", "opened_at", "failures", "next_probe_at", "answered_at")
    ordering = ("kind",)
    actions = ("try_again", "retry_sessions")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_operator(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return is_operator(request)

    def of_clinic(self, request: HttpRequest, rows: models.QuerySet[Any], path: str) -> models.QuerySet[Any]:
        """They belong to no clinic."""
        return rows if is_operator(request) else rows.none()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With the number of sessions that wait for each."""
        jobs = ProcessingJob.objects.filter(waits_for=OuterRef("kind")).order_by().values("waits_for")
        number = Subquery(jobs.annotate(number=Count("pk")).values("number"))
        engines: models.QuerySet[Any] = super().get_queryset(request)
        counted: models.QuerySet[Any] = engines.annotate(waiting_number=Coalesce(number, 0))
        return counted

    @admin.display(description="sessions waiting")
    def waiting(self, circuit: Any) -> int:
        return int(circuit.waiting_number)

    @admin.action(description="Try again now")
    def try_again(self, request: HttpRequest, engines: models.QuerySet[EngineCircuit]) -> None:
        """Let one waiting session call the engine; if that succeeds, all go on."""
        chosen = EngineCircuit.objects.filter(pk__in=[engine.pk for engine in engines])
        tried = circuits.probe_now(chosen, by=actor_of(request))
        messages.success(request, f"To be tried within seconds: {tried}.")

    @admin.action(description="Retry all sessions that failed because of it")
    def retry_sessions(self, request: HttpRequest, engines: models.QuerySet[EngineCircuit]) -> None:
        """Retry failed sessions of all clinics for which that may help."""
        stages = [stage for engine in engines for stage in circuits.STAGES[EngineCircuit.Kind(engine.kind)]]
        retried = control.retry_all(control.sessions_to_retry(stages), by=actor_of(request))
        messages.success(request, f"Sessions that are processed again: {retried}.")
