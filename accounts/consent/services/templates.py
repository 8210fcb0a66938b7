"""A clinic's own words for its consents."""

from django.db.models import Max
from django.http import HttpRequest

from accounts.models import ConsentTemplate, User
from audit import log


def publish_template(template: ConsentTemplate, *, by: User, request: HttpRequest | None = None) -> ConsentTemplate:
    """Save an unsaved template as the clinic's next version for its type; the versions before it stay as they are."""
    with template.clinic.locked():  # of two at once one is the next version
        earlier = ConsentTemplate.objects.filter(clinic=template.clinic_id, consent_type=template.consent_type)
        template.version = (earlier.aggregate(latest=Max("version"))["latest"] or 0) + 1
        template.created_by = by
        template.save(force_insert=True)
        log.record("consent_template.created", by=by, target=template, changed=["text", "valid_days"], request=request)
    return template
