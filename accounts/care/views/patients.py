"""Pages that take patients on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, actor, page
from accounts.care.forms import PatientForm
from accounts.care.services import patients
from accounts.models import User
from therapybridge.core.errors import InvalidInput
from therapybridge.core.pages.forms import show_errors, status_of


@page("patient.created", User.Role.THERAPIST, methods=FORM)
def patient_new(request: HttpRequest) -> HttpResponse:
    """Take on a patient, then ask for consent."""
    therapist = actor(request)
    form = PatientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        patient = _created(request, therapist, form)
        if patient is not None:
            messages.success(request, f"{patient.full_name} is now your patient.")
            return redirect("accounts:consent", patient.pk)
    return render(request, "accounts/patient_form.html", {"form": form}, status=status_of(form))


def _created(request: HttpRequest, therapist: User, form: PatientForm) -> User | None:
    try:
        return patients.create_patient(by=therapist, request=request, **form.cleaned_data)
    except InvalidInput as error:
        show_errors(form, error)
        return None
