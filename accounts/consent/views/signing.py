"""The signing page: no account needed, works once for anyone who holds the link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.care.access import RecordAccess
from accounts.consent.access import open_signing_link
from accounts.consent.audit_actions import CONSENT_REQUEST_READ
from accounts.consent.forms import SignForm
from accounts.consent.services import consent_log, requests
from audit.log import record
from therapybridge.core import limits
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import Conflict, InvalidInput
from therapybridge.core.pages.forms import UNPROCESSABLE, status_of, submit


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the texts and record the decisions; only a POST consumes the link, so that link scanners do no harm."""
    by = actor_of(request)
    limits.check("signing", f"ip:{by.network}")
    row, access = open_signing_link(by, secret)
    form = SignForm(request.POST or None, texts=requests.texts_of(row))
    try:
        if submit(form, requests.sign, row, access=access, device_user=by.user, catch=(InvalidInput,)):
            return redirect("accounts:signed")
    except Conflict as error:
        return _sign_page(request, access, SignForm(texts=requests.texts_of(row)), changed=error.detail)
    return _sign_page(request, access, form)


def _sign_page(request: HttpRequest, access: RecordAccess, form: SignForm, changed: str = "") -> HttpResponse:
    patient = access.patient
    form.initial["digest"] = consent_log.digest_of(form.texts)
    record(CONSENT_REQUEST_READ, patient, by=access)
    context = {"form": form, "clinic": patient.clinic, "first_name": patient.first_name, "changed": changed}
    status = UNPROCESSABLE if changed else status_of(form)
    return render(request, "accounts/sign.html", context, status=status)


@require_safe
def signed(request: HttpRequest) -> HttpResponse:
    """The thank-you page; it contains no personal data."""
    return render(request, "accounts/sign_done.html")
