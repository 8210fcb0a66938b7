"""Pages of the consent ledger."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import consent_texts, services
from accounts.access import FORM, page, require_therapist, visible_patient
from accounts.forms.consent import ConsentForm
from accounts.models import ConsentEntry, User
from accounts.views.shapes import status_of
from audit import log


@page("consent.listed", User.Role.THERAPIST, methods=FORM)
def consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Record what a patient decided about recording, AI processing and the rest."""
    patient = visible_patient(request, patient_id, "consent.recorded")
    therapist = require_therapist(request, "consent.recorded", patient.pk)
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.record_consent(patient, by=therapist, request=request, **form.cleaned_data)
        messages.success(request, "The decision was recorded.")
        return redirect("patients:detail", patient.pk)
    log.record("consent.listed", by=therapist, target=patient, patient_id=patient.pk, request=request)
    context: dict[str, Any] = {
        "form": form,
        "patient": patient,
        "consent_text": consent_texts.joined(services.RECORDING_CONSENTS),
        "consents": ConsentEntry.objects.visible_to(therapist).filter(patient=patient).in_force(),
    }
    return render(request, "accounts/consent_form.html", context, status=status_of(form))
