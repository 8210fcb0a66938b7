"""The page on which a patient signs, without an account: whoever has the link, once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.consent.forms import SignForm
from accounts.consent.services import requests
from accounts.models import ConsentRequest
from audit import log
from therapybridge.core import limits
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import Conflict, InvalidInput
from therapybridge.core.pages.forms import UNPROCESSABLE, status_of, submit


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the texts and take the decisions; only signing uses the link up, not the look of a program at it."""
    limits.check("signing", f"ip:{actor_of(request).network}")
    row = requests.open_request(secret)
    form = SignForm(request.POST or None, words=requests.words_of(row))
    try:
        if submit(form, requests.sign, row, request=request, catch=(InvalidInput,)):
            return redirect("accounts:signed")
    except Conflict as error:
        return _sign_page(request, row, SignForm(words=requests.words_of(row)), changed=error.detail)
    return _sign_page(request, row, form)


def _sign_page(request: HttpRequest, row: ConsentRequest, form: SignForm, changed: str = "") -> HttpResponse:
    form.initial["digest"] = requests.digest_of(form.words)
    log.record("consent_request.read", by=None, target=row.patient, patient_id=row.patient_id, request=request)
    context = {"form": form, "clinic": row.patient.clinic, "first_name": row.patient.first_name, "changed": changed}
    status = UNPROCESSABLE if changed else status_of(form)
    return render(request, "accounts/sign.html", context, status=status)


@require_safe
def signed(request: HttpRequest) -> HttpResponse:
    """Thanks; it holds nothing about anyone."""
    return render(request, "accounts/sign_done.html")
