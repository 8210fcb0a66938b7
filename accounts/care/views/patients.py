"""Page for adding a patient."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, page
from accounts.care.audit_actions import PATIENT_CREATED
from accounts.care.forms import PatientForm
from accounts.care.services import patients
from accounts.models import User
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
