"""Audit actions for links to forms."""

from audit.audit_actions import declare

FORM_LINK_CREATED = declare("form_link.created", "made a link to a form", is_logged=False)
FORM_LINK_REVOKED = declare("form_link.revoked", "ended a link to a form", is_logged=False)
