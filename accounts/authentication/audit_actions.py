"""Audit actions for signing in and for authentication sessions."""

from audit.audit_actions import declare

USER_SIGNED_IN = declare("user.signed_in", "signed in")
USER_SIGNED_OUT = declare("user.signed_out", "signed out")
USER_PASSWORD_ACCEPTED = declare("user.password_accepted", "entered the password, before the second factor")
USER_STEPPED_UP = declare("user.stepped_up", "confirmed their identity")
USER_TOKEN_REFRESH = declare("user.token_refresh", "renewed an app's tokens")
USER_PASSWORD_CHANGED = declare("user.password_changed", "changed a password")
USER_PASSWORD_RESET = declare("user.password_reset", "reset their password by e-mail")
USER_RESET_ASKED = declare("user.reset_asked", "asked for a password reset")
SESSION_EXTENDED = declare("session.extended", "stayed signed in")
DEVICE_LISTED = declare("device.listed", "looked at their devices", is_read=True)
DEVICE_REVOKED = declare("device.revoked", "signed a device out")
DEVICE_ALL_REVOKED = declare("device.all_revoked", "signed out everywhere")
