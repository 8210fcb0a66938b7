"""Audit actions for accounts, clinics and invitations."""

from audit.audit_actions import declare

CLINIC_UPDATED = declare("clinic.updated", "changed the clinic's settings")
CLINIC_CREATED = declare("clinic.created", "added a clinic")
CLINIC_DEMONSTRATION_SEEDED = declare("clinic.demonstration_seeded", "filled the clinic with demonstration data")
INVITATION_ACCEPTED = declare("invitation.accepted", "accepted the invitation to {your} portal")
INVITATION_REVOKED = declare("invitation.revoked", "revoked the invitation to {your} portal")
INVITATION_SENT = declare("invitation.sent", "sent the invitation to {your} portal")
INVITATION_LISTED = declare("invitation.listed", "looked at the list of invitations", is_read=True)
USER_CREATED = declare("user.created", "added an account")
USER_UPDATED = declare("user.updated", "changed an account")
USER_SIGNED_UP = declare("user.signed_up", "created an account")
USER_EMAIL_CONFIRMED = declare("user.email_confirmed", "confirmed an e-mail address")
USER_EMAIL_CHANGE_ASKED = declare("user.email_change_asked", "asked to change an e-mail address")
USER_EMAIL_CHANGED = declare("user.email_changed", "changed an e-mail address")
USER_ROLE_CHANGED = declare("user.role_changed", "changed a role")
USER_DEACTIVATED = declare("user.deactivated", "closed {your} account")
USER_REACTIVATED = declare("user.reactivated", "reopened {your} account")
