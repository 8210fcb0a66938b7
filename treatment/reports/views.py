"""The page of a progress report, made to be printed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import page
from accounts.care.access import open_record
from accounts.models import User
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import status_of
from treatment.reports.audit_actions import PROGRESS_REPORT_READ
from treatment.reports.contexts import Period, report_context, usual_period
from treatment.reports.forms import PeriodForm


@page(PROGRESS_REPORT_READ, User.Role.THERAPIST)
def progress_report(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What the chosen period brought; without one, the last ninety days."""
    access = open_record(actor_of(request), patient_id, PROGRESS_REPORT_READ)
    usual = usual_period(access.patient)
    form = PeriodForm(request.GET if request.GET else {"start": usual.start, "end": usual.end})
    period = Period(**form.cleaned_data) if form.is_valid() else usual
    context = report_context(access, period)
    record(PROGRESS_REPORT_READ, by=access, ids=context["goal_ids"])
    return render(request, "treatment/report.html", context | {"form": form}, status=status_of(form))
