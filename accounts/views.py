"""Pages of sign-in, new patients and consent."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import consent_texts, demo, services
from accounts.access import require_therapist, visible_patient
from accounts.forms import ConsentForm, PatientForm, SignInForm
from accounts.models import ConsentEntry, User
from accounts.sign_in import user_by_password
from accounts.tokens import InvalidCredentials
from audit import log
from therapybridge.core.errors import Forbidden, InvalidInput
from therapybridge.core.limits import limited

UNPROCESSABLE = 422


@sensitive_post_parameters("password")
@limited("write")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password; a signed-in person goes on to where they wanted."""
    target = _safe_next(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _signed_in(request, form):
        return HttpResponseRedirect(target)
    context = {
        "form": form,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "demo_logins": demo.sign_ins(),
        "demo_password": "" if settings.IS_PRODUCTION else settings.DEMO_PASSWORD,
    }
    return render(request, "accounts/sign_in.html", context, status=_status_of(form))


def _signed_in(request: HttpRequest, form: SignInForm) -> bool:
    try:
        user = user_by_password(request, form.cleaned_data["email"], form.cleaned_data["password"])
    except InvalidCredentials as error:
        form.add_error(None, f"{error.detail}.")
        return False
    login(request, user)
    return True


def _safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: only to a page of this site."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    here = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=here, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the browser session."""
    if isinstance(request.user, User):
        log.record("user.signed_out", by=request.user, target=request.user, request=request)
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Stands at /admin/login/: there is one door, and a signed-in person who comes here has no business inside."""
    if request.user.is_authenticated:
        raise Forbidden("Clinic administration is open to the clinic's administrators only.")
    return redirect_to_login(request.GET.get("next") or resolve_url("admin:index"))


@login_required
@limited("write")
@require_http_methods(["GET", "HEAD", "POST"])
def patient_new(request: HttpRequest) -> HttpResponse:
    """Take on a patient, then ask for consent."""
    therapist = require_therapist(request, "patient.created")
    form = PatientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        patient = _created(request, therapist, form)
        if patient is not None:
            messages.success(request, f"{patient.full_name} is now your patient.")
            return redirect("accounts:consent", patient.pk)
    return render(request, "accounts/patient_form.html", {"form": form}, status=_status_of(form))


def _created(request: HttpRequest, therapist: User, form: PatientForm) -> User | None:
    try:
        return services.create_patient(by=therapist, request=request, **form.cleaned_data)
    except InvalidInput as error:
        _show_errors(form, error)
        return None


@login_required
@limited("write")
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Record what a patient decided about recording, AI processing and the rest."""
    patient = visible_patient(request, patient_id, "consent.record")
    therapist = require_therapist(request, "consent.record", patient.pk)
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.record_consent(patient, by=therapist, request=request, **form.cleaned_data)
        messages.success(request, "The decision was recorded.")
        return redirect("patients:detail", patient.pk)
    log.record("consent.viewed", by=therapist, target=patient, patient_id=patient.pk, request=request)
    context: dict[str, Any] = {
        "form": form,
        "patient": patient,
        "consent_text": consent_texts.joined(services.RECORDING_CONSENTS),
        "consents": ConsentEntry.objects.visible_to(therapist).filter(patient=patient).in_force(),
    }
    return render(request, "accounts/consent_form.html", context, status=_status_of(form))


def _show_errors(form: Form, error: InvalidInput) -> None:
    for name, sentences in (error.errors or {"": [error.detail]}).items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def _status_of(form: Form) -> int:
    """422 for a form that came back with errors, so that no tool takes it for done."""
    return UNPROCESSABLE if form.is_bound and form.errors else 200
