"""The patient's consent to one version of a plan, kept in the consent log."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.consent.choices import OF_A_PLAN, MethodByHand
from accounts.consent.services import consent_log
from accounts.consent.services.attestation import content_of
from accounts.models import ConsentEntry
from audit.log import record
from therapybridge.core.errors import Conflict, EditConflict, InvalidInput
from treatment.models import PlanConsent, TreatmentPlan
from treatment.plans.audit_actions import PLAN_CONSENT_RECORDED
from treatment.plans.choices import Agreement
from treatment.plans.services.locks import held

Status, Method = ConsentEntry.Status, ConsentEntry.Method
DECISIONS = (Status.GRANTED, Status.DECLINED)
REFUSALS: dict[str, Agreement] = {
    Status.DECLINED: Agreement.DECLINED,
    Status.REVOKED: Agreement.WITHDRAWN,
    Status.EXPIRED: Agreement.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class PlanAgreement:
    """The state of a plan's consent; `entry` is the decision that it rests on, `version` the one that it was about."""

    state: str
    entry: ConsentEntry | None = None
    version: int | None = None

    @property
    def label(self) -> str:
        """For therapists."""
        return str(Agreement(self.state).label)

    @property
    def is_given(self) -> bool:
        """Whether the patient agreed to the plan as it is now."""
        return self.state == Agreement.GIVEN


def text_for(plan: TreatmentPlan) -> consent_log.ConsentText:
    """What is read aloud before the patient decides: the clinic's text, else the standard one."""
    return consent_log.current_texts(plan.clinic_id, [OF_A_PLAN])[OF_A_PLAN]


def record_plan_consent(
    plan: TreatmentPlan,
    *,
    version: int,
    access: RecordAccess,
    status: str = Status.GRANTED,
    method: str = Method.VERBAL,
    digest: str = "",
) -> PlanConsent:
    """Add the patient's decision on the version of the plan that they were shown, spoken or on paper.

    EditConflict if the plan has another version by now, Conflict if it was never started or ended, or if the text with
    this `digest` was changed since it was shown. The therapist is the witness of a spoken decision.
    """
    _check(status, method)
    with held(plan, access):
        require_decidable(plan, version)
        text = text_for(plan)
        if digest:
            consent_log.require_same([text], digest)
        entry = _add_entry(access, status, method, text)
        linked: PlanConsent = plan.consents.create(version=version, entry=entry)
        record(PLAN_CONSENT_RECORDED, plan, by=access, changed=["consent"], ids=[entry.pk], reason=content_of([entry]))
    return linked


def require_decidable(plan: TreatmentPlan, version: int) -> None:
    """While it is `held`: EditConflict if it has another version, Conflict if it was never started or has ended."""
    if plan.version != version:
        raise EditConflict(plan, "plan")
    if not (plan.is_open and plan.was_started):
        raise Conflict("A patient decides about a plan that was started and has not ended.", code="plan_not_open")


def _check(status: str, method: str) -> None:
    if status not in DECISIONS:
        raise InvalidInput(errors={"status": ["Choose whether the patient agrees."]})
    if method not in MethodByHand.values:
        raise InvalidInput(errors={"method": ["Choose how the decision was given."]})


def _add_entry(access: RecordAccess, status: str, method: str, text: consent_log.ConsentText) -> ConsentEntry:
    signature = consent_log.Signature(
        method=method,
        signed_at=timezone.now(),
        witness_name=access.user.full_name if method == Method.VERBAL else None,
        ip=access.reader.address,
    )
    decided, texts = {str(OF_A_PLAN): status}, {str(OF_A_PLAN): text}
    return consent_log.record_decisions(access.patient, decided, signature, recorded_by=access.user, texts=texts)[0]


def agreement_of(plan: TreatmentPlan) -> PlanAgreement:
    """What the patient has decided about the plan as it is now; a later withdrawal in the consent log counts too."""
    latest = plan.consents.select_related("entry__recorded_by").order_by("-entry_id").first()
    if latest is None:
        return PlanAgreement(Agreement.NOT_ASKED)
    entry: ConsentEntry = latest.entry
    if entry.status != Status.GRANTED:
        return PlanAgreement(REFUSALS[entry.status], entry, latest.version)
    if refusal := _later_refusal(plan, entry):
        return PlanAgreement(REFUSALS[refusal.status], refusal, latest.version)
    if entry.expires_at and entry.expires_at <= timezone.now():
        return PlanAgreement(Agreement.EXPIRED, entry, latest.version)
    state = Agreement.GIVEN if latest.version == plan.version else Agreement.OUTDATED
    return PlanAgreement(state, entry, latest.version)


def _later_refusal(plan: TreatmentPlan, entry: ConsentEntry) -> ConsentEntry | None:
    """A decision that was not about one plan: withdrawn on the consent page, or expired."""
    later = ConsentEntry.objects.filter(patient=plan.patient_id, consent_type=OF_A_PLAN, pk__gt=entry.pk)
    unlinked = later.exclude(status=Status.GRANTED).filter(~Exists(PlanConsent.objects.filter(entry=OuterRef("pk"))))
    return unlinked.select_related("recorded_by").order_by("-pk").first()
