"""Pages on which people are invited."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, POST, actor, is_stepped_up, page, require_therapist, to_step_up, visible_patient
from accounts.identity.forms import InviteColleagueForm, InvitePatientForm
from accounts.identity.services import invitations as services_invitations
from accounts.models import Invitation, User
from audit import log
from therapybridge.core.errors import NotFound
from therapybridge.core.pages.forms import status_of, submit
from therapybridge.core.pages.lists import Listing

INVITATIONS = Listing(order=("-id",), per_page=50)
INVITERS = (User.Role.THERAPIST, User.Role.ADMIN)


@page("invitation.listed", *INVITERS, methods=FORM)
def invitations(request: HttpRequest) -> HttpResponse:
    """List who was invited, and invite a colleague."""
    inviter = actor(request)
    form = InviteColleagueForm(request.POST or None, may_invite_admins=inviter.is_clinic_admin)
    if form.is_valid() and form.cleaned_data["role"] == User.Role.ADMIN and not is_stepped_up(request):
        return to_step_up(request)
    if submit(form, services_invitations.invite_colleague, by=inviter, request=request):
        messages.success(request, "The invitation is on its way.")
        return redirect("accounts:invitations")
    rows = Invitation.objects.visible_to(inviter).select_related("patient", "invited_by")
    shown = INVITATIONS.page(rows, request.GET, request.path)
    log.record("invitation.listed", by=inviter, ids=[row.pk for row in shown], request=request)
    return render(request, "accounts/invitations.html", {"form": form, "page": shown}, status=status_of(form))


@page("invitation.revoked", *INVITERS, methods=POST)
def revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Make an invitation's link useless."""
    inviter = actor(request)
    services_invitations.revoke_invitation(visible_invitation(request, invitation_id), by=inviter, request=request)
    messages.success(request, "The invitation does not work any more.")
    return redirect("accounts:invitations")


def visible_invitation(request: HttpRequest, invitation_id: UUID) -> Invitation:
    """The invitation; NotFound, on record, for who may not see it."""
    inviter = actor(request)
    found = Invitation.objects.visible_to(inviter).filter(pk=invitation_id).first()
    if found is None:
        log.record("invitation.revoked", by=inviter, outcome="denied", reason="not_found", request=request)
        raise NotFound
    return found


@page("invitation.sent", User.Role.THERAPIST, methods=FORM)
def invite_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Ask for the address, filled in with the one on record, and send the invitation."""
    patient = visible_patient(request, patient_id, "invitation.sent")
    therapist = require_therapist(request, "invitation.sent", patient.pk)
    known = {"email": patient.profile.email if hasattr(patient, "profile") else None}
    form = InvitePatientForm(request.POST or None, initial=known)
    if submit(form, services_invitations.invite_patient, patient, by=therapist, request=request):
        messages.success(request, "The invitation is on its way.")
        return redirect("patients:detail", patient.pk)
    log.record("patient.read", by=therapist, target=patient, patient_id=patient.pk, request=request)
    context = {"form": form, "patient": patient}
    return render(request, "accounts/invitation_form.html", context, status=status_of(form))
