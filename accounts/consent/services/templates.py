"""A clinic's own consent texts."""

from django.db.models import Max

from accounts.consent.audit_actions import CONSENT_TEMPLATE_CREATED
from accounts.models import ConsentTemplate
from audit.log import record
from therapybridge.core.actor import Actor


def publish_template(template: ConsentTemplate, *, by: Actor) -> ConsentTemplate:
    """Save an unsaved template as the clinic's next version for its type; earlier versions stay unchanged."""
    with template.clinic.locked():  # serializes concurrent publishing
        earlier = ConsentTemplate.objects.filter(clinic=template.clinic_id, consent_type=template.consent_type)
        template.version = (earlier.aggregate(latest=Max("version"))["latest"] or 0) + 1
        template.created_by = by.user
        template.save(force_insert=True)
        record(CONSENT_TEMPLATE_CREATED, template, by=by, changed=["text", "valid_days"])
    return template
