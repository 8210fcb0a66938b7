"""Pages for adding a patient, and for reading and changing their details."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, SAFE, page
from accounts.care.access import open_record, open_record_to_write
from accounts.care.audit_actions import PATIENT_CREATED, PATIENT_DETAILS_READ, PATIENT_UPDATED
from accounts.care.contexts.details import details_context, form_values
from accounts.care.forms import EditPatientForm, PatientForm
from accounts.care.services import patients
from accounts.models import User
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import status_of, submit


@page(PATIENT_CREATED, User.Role.THERAPIST, methods=FORM)
def patient_new(request: HttpRequest) -> HttpResponse:
    """Add a patient, then continue with consent."""
    form = PatientForm(request.POST or None)
    if created := submit(form, patients.create_patient, by=actor_of(request)):
        messages.success(request, f"{created.result.full_name} is now your patient.")
        return redirect("accounts:consent", created.result.pk)
    return render(request, "accounts/patient_form.html", {"form": form}, status=status_of(form))


@page(PATIENT_DETAILS_READ, User.Role.THERAPIST)
def patient_details(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """All that is stored about a patient, and the history of its changes; also in an emergency."""
    access = open_record(actor_of(request), patient_id, PATIENT_DETAILS_READ)
    context = details_context(access, request.GET, request.path)
    record(PATIENT_DETAILS_READ, access.patient, by=access)
    return render(request, "accounts/patient_details.html", context)


@page(PATIENT_UPDATED, User.Role.THERAPIST, methods=FORM)
def patient_edit(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Change what is stored about a patient."""
    access = open_record_to_write(actor_of(request), patient_id, PATIENT_UPDATED)
    form = EditPatientForm(request.POST or None, initial=form_values(access.patient))
    if submit(form, patients.update_patient, access):
        messages.success(request, "The details were saved.")
        return redirect("accounts:patient_details", patient_id)
    if request.method in SAFE:
        record(PATIENT_DETAILS_READ, access.patient, by=access)
    return render(
        request, "accounts/patient_form.html", {"form": form, "patient": access.patient}, status=status_of(form)
    )
