"""Signing links about a plan: the patient reads the text and decides on a device of their own."""

from collections.abc import Sequence

from accounts.care.access import RecordAccess
from accounts.consent.choices import OF_A_PLAN
from accounts.consent.services.requests import create_request
from accounts.models import ConsentEntry, ConsentRequest
from treatment.models import PlanConsent, PlanConsentRequest, TreatmentPlan
from treatment.plans.services.consents import require_decidable
from treatment.plans.services.locks import held


def request_plan_consent(
    plan: TreatmentPlan, *, version: int, access: RecordAccess, by_mail: bool = True
) -> tuple[ConsentRequest, str]:
    """Create a signing link about the version that the patient was shown, and e-mail it unless told otherwise.

    EditConflict if the plan has another version by now, Conflict if it was never started or ended. Nothing of the plan
    stands on the link's page: whoever opens it has no account.
    """
    with held(plan, access):
        require_decidable(plan, version)
        row, link = create_request(access, [OF_A_PLAN], by_mail=by_mail)
        PlanConsentRequest.objects.create(plan=plan, version=version, request=row)
    return row, link


def keep_signed(request: ConsentRequest, entries: Sequence[ConsentEntry]) -> None:
    """Tie what was signed to the version that was asked about, even if the plan has a later one by now."""
    asked: PlanConsentRequest | None = PlanConsentRequest.objects.filter(request=request).first()
    if asked is None:
        return
    for entry in entries:
        if entry.consent_type == OF_A_PLAN:
            PlanConsent.objects.create(plan=asked.plan, version=asked.version, entry=entry)


def open_request(plan: TreatmentPlan) -> ConsentRequest | None:
    """The link about this plan that still waits for an answer."""
    asked = PlanConsentRequest.objects.filter(plan=plan).values("request")
    found: ConsentRequest | None = ConsentRequest.objects.open().filter(pk__in=asked).first()
    return found
