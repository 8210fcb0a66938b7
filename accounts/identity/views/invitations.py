"""Pages for inviting people."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, is_stepped_up, page, to_step_up
from accounts.care.access import open_record_to_write
from accounts.care.audit_actions import PATIENT_DETAILS_READ
from accounts.identity.access import INVITERS, open_invitation
from accounts.identity.audit_actions import INVITATION_LISTED, INVITATION_REVOKED, INVITATION_SENT
from accounts.identity.forms import InviteColleagueForm, InvitePatientForm
from accounts.identity.services import invitations as invitation_services
from accounts.models import Invitation, User
from audit import log
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import status_of, submit
from therapybridge.core.pages.lists import Listing

INVITATIONS = Listing(order=("-id",), per_page=50)


@page(INVITATION_LISTED, *INVITERS, methods=FORM)
def invitations(request: HttpRequest) -> HttpResponse:
    """List invitations, and invite a colleague."""
    by = actor_of(request)
    form = InviteColleagueForm(request.POST or None, may_invite_admins=by.user.is_clinic_admin)
    if form.is_valid() and form.cleaned_data["role"] == User.Role.ADMIN and not is_stepped_up(by):
        return to_step_up(request)
    if submit(form, invitation_services.invite_colleague, by=by):
        messages.success(request, "The invitation has been sent.")
        return redirect("accounts:invitations")
    rows = Invitation.objects.visible_to(by.user).select_related("patient", "invited_by")
    shown = INVITATIONS.page(rows, request.GET, request.path)
    log.record(INVITATION_LISTED, by=by, ids=[row.pk for row in shown])
    return render(request, "accounts/invitations.html", {"form": form, "page": shown}, status=status_of(form))


@page(INVITATION_REVOKED, *INVITERS, methods=POST)
def revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Revoke an invitation."""
    found, handler = open_invitation(actor_of(request), invitation_id, INVITATION_REVOKED)
    invitation_services.revoke_invitation(found, by=handler)
    messages.success(request, "The invitation no longer works.")
    return redirect("accounts:invitations")


@page(INVITATION_SENT, User.Role.THERAPIST, methods=FORM)
def invite_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Invite a patient; the form is prefilled with the contact address."""
    access = open_record_to_write(actor_of(request), patient_id, INVITATION_SENT)
    patient = access.patient
    known = {"email": patient.profile.email if hasattr(patient, "profile") else None}
    form = InvitePatientForm(request.POST or None, initial=known)
    if submit(form, invitation_services.invite_patient, access):
        messages.success(request, "The invitation has been sent.")
        return redirect("patients:detail", patient.pk)
    log.record(PATIENT_DETAILS_READ, patient, by=access)
    context = {"form": form, "patient": patient}
    return render(request, "accounts/invitation_form.html", context, status=status_of(form))
