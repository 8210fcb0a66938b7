"""How each patient of the demonstration consented: in writing, aloud, by a link, not yet, and not any more."""

from datetime import timedelta

from accounts.care.access import by_link
from accounts.consent.services import consent_log, decisions, requests
from accounts.models import ConsentEntry, ConsentRequest
from sessions_app.processing.services.control import stop_for_consent
from therapybridge.core.actor import SYSTEM
from therapybridge.demo.people import Case

Type, Decision, Method = ConsentEntry.Type, ConsentEntry.Status, ConsentEntry.Method
GRANTED = (Type.TREATMENT, Type.HIPAA_NOTICE, Type.DATA_PROCESSING, Type.RECORDING, Type.AI_PROCESSING)
CENTURY = timedelta(days=36_500)
BY_HAND = {"written": Method.WRITTEN, "spoken": Method.VERBAL}


def record_consent(case: Case) -> None:
    """Record the patient's decision before the first meeting, or ask for it."""
    method = case.person.consent["method"]
    if method in BY_HAND:
        decisions.record_consent(case.access, GRANTED, Decision.GRANTED, BY_HAND[method])
        return
    asked, _ = requests.request_consent(case.access, GRANTED)
    if method == "electronic":
        _sign(case, asked)


def _sign(case: Case, asked: ConsentRequest) -> None:
    # The database's clock decides whether a link is still open, and it knows nothing of the story's time.
    ends, later = asked.expires_at, asked.expires_at + CENTURY
    ConsentRequest.objects.filter(pk=asked.pk).update(expires_at=later)
    asked.expires_at = later
    requests.sign(
        asked,
        dict.fromkeys(asked.types, Decision.GRANTED.value),
        access=by_link(SYSTEM, case.patient),
        digest=consent_log.digest_of(requests.texts_of(asked)),
        signer_role=ConsentEntry.SignerRole.PATIENT,
        signer_name=case.patient.full_name,
    )
    ConsentRequest.objects.filter(pk=asked.pk).update(expires_at=ends)


def withdraw_consent(case: Case) -> None:
    """Record what the patient withdrew aloud; what still waits to be drafted is stopped."""
    types = case.person.consent["withdrawn"]
    decisions.record_consent(case.access, types, Decision.REVOKED, Method.VERBAL)
    stop_for_consent(case.patient, dict.fromkeys(types, Decision.REVOKED.value))
