"""Audit actions for consent."""

from audit.audit_actions import declare

CONSENT_GRANTED = declare("consent.granted", "recorded that a consent was given")
CONSENT_DECLINED = declare("consent.declined", "recorded that a consent was declined")
CONSENT_REVOKED = declare("consent.revoked", "recorded that a consent was withdrawn")
CONSENT_RECORDED = declare("consent.recorded", "recorded a consent")
CONSENT_LISTED = declare("consent.listed", "looked at {your} consents", is_read=True)
CONSENT_SIGNED = declare("consent.signed", "signed {your} consent form")
CONSENT_EXPIRED = declare("consent.expired", "ended a consent that had expired")
CONSENT_IMPORTED = declare("consent.imported", "took in {your} consents from elsewhere", is_logged=False)
CONSENT_ATTESTED = declare("consent.attested", "recorded what the consents from before say", is_logged=False)
CONSENT_REQUEST_READ = declare("consent_request.read", "opened {your} consent form", is_read=True)
CONSENT_REQUEST_REVOKED = declare("consent_request.revoked", "revoked the link to {your} consent form")
CONSENT_REQUEST_SENT = declare("consent_request.sent", "sent {your} consent form for signing")
CONSENT_TEMPLATE_CREATED = declare("consent_template.created", "published a consent text")

# Their events vouch for decisions; so does that of a decision about a treatment plan.
ATTESTING = (
    *(CONSENT_GRANTED, CONSENT_DECLINED, CONSENT_REVOKED, CONSENT_SIGNED, CONSENT_EXPIRED, CONSENT_IMPORTED),
    *(CONSENT_ATTESTED, "plan.consent_recorded"),
)
