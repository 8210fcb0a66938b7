"""Pages for taking over data from another system."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import FORM, POST, page
from accounts.care.access import RecordAccess, open_record_to_write
from accounts.care.audit_actions import PATIENT_LISTED
from accounts.models import User
from audit.log import deny, record
from exports.transfers.audit_actions import TRANSFER_DONE, TRANSFER_PREVIEWED
from exports.transfers.choices import TransferKind
from exports.transfers.forms import TakeOverForm, TransferForm
from exports.transfers.services.previews import Preview
from exports.transfers.services.tables import MAX_BYTES
from exports.transfers.services.transfers import Given, content_of, preview, take_over
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import ConsentRequired, InvalidInput, Unprocessable
from therapybridge.core.http.bodies import takes_file
from therapybridge.core.pages.forms import require_complete, status_of, submit

REFUSALS = (InvalidInput, Unprocessable, ConsentRequired)
THERAPIST = User.Role.THERAPIST


@takes_file(3 * MAX_BYTES)  # in UTF-8; counted in characters
@page(TRANSFER_PREVIEWED, THERAPIST, methods=FORM)
def transfer(request: HttpRequest) -> HttpResponse:
    """Choose a file, and see what would become of it."""
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = TransferForm(*sent, user=actor_of(request).user)
    if shown := submit(form, _show, request, catch=REFUSALS):
        return render(request, "exports/transfer_preview.html", shown.result)
    if request.method == "POST":
        _note_stranger(request, form)
    else:
        record(PATIENT_LISTED, by=actor_of(request), ids=form.patient_ids)
    return render(request, "exports/transfer.html", {"form": form}, status=status_of(form))


@sensitive_post_parameters()
@page(TRANSFER_DONE, THERAPIST, methods=POST)
def confirm(request: HttpRequest) -> HttpResponse:
    """Add exactly what was shown."""
    by = actor_of(request)
    asked = require_complete(TakeOverForm(request.POST, user=by.user))
    patient = _whose(asked["kind"], asked["patient"])
    given = Given(asked["kind"], asked["content"], asked["day_first"], _access(request, patient))
    messages.success(request, f"Added: {take_over(given, asked['digest'], by=by)}.")
    return redirect("patients:detail", patient.pk) if patient else redirect("patients:list")


def _note_stranger(request: HttpRequest, form: TransferForm) -> None:
    """Audit the choice of a patient whom the therapist does not treat; the form itself rejects it."""
    if form.has_error("patient", "invalid_choice"):
        with suppress(ValueError):
            named = UUID(request.POST["patient"])
            deny(TRANSFER_PREVIEWED, "not_found", by=actor_of(request), patient_id=named)


def _show(request: HttpRequest, *, kind: str, file: Any, patient: User | None, day_first: bool) -> dict[str, Any]:
    by = actor_of(request)
    content = content_of(kind, file.read(MAX_BYTES * 3))
    given = Given(kind, content, day_first, _access(request, _whose(kind, patient)))
    found = preview(given, by=by)
    return {"preview": found, "form": _confirming(given, found, by.user), "kind": TransferKind(kind)}


def _confirming(given: Given, found: Preview, user: User) -> TakeOverForm:
    told = {"kind": given.kind, "content": given.content, "day_first": given.day_first, "digest": found.digest}
    whose = given.access.patient.pk if given.access else None
    return TakeOverForm(initial=told | {"patient": whose}, user=user)


def _whose(kind: str, patient: User | None) -> User | None:
    """Only transcripts are of a patient who was chosen."""
    return patient if kind == TransferKind.TRANSCRIPTS else None


def _access(request: HttpRequest, patient: User | None) -> RecordAccess | None:
    return open_record_to_write(actor_of(request), patient.pk, TRANSFER_DONE) if patient else None
