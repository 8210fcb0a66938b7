"""Access checks for patients' rights, which emergency access does not cover; refusals are audited."""

from typing import Any
from uuid import UUID

from accounts.care.access import RecordAccess, access_to, open_record, writable
from accounts.models import AccessRequest
from audit.audit_actions import Action
from audit.log import deny
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Forbidden, NotFound

RequestAccess = tuple[AccessRequest, RecordAccess]


def own_request(by: Actor, request_id: UUID, action: Action) -> RequestAccess:
    """A patient's own request; NotFound, audited, for anyone else's."""
    asked = AccessRequest.objects.filter(patient=by.user.pk, pk=request_id).select_related("patient__clinic").first()
    if asked is None:
        raise _not_found(by, action, pk=request_id)
    return asked, access_to(by, asked.patient, may_write=False)


def handled_request(by: Actor, request_id: UUID, action: Action, patient_id: UUID | None = None) -> RequestAccess:
    """A request that the person may answer, from a patient they treat (and from `patient_id`, if given)."""
    rows = AccessRequest.objects.visible_to(by.user).with_write_access(by.user).select_related("patient__clinic")
    named = {"pk": request_id} | ({"patient_id": patient_id} if patient_id else {})
    asked: Any = rows.filter(**named).first()
    if asked is None:
        raise _not_found(by, action, **named)
    return asked, writable(access_to(by, asked.patient, may_write=asked.is_writable), action)


def _not_found(by: Actor, action: Action, **named: UUID) -> NotFound:
    deny(action, "not_found", by=by, target=AccessRequest(**named))
    return NotFound()


def rights_of(by: Actor, patient_id: UUID, action: Action) -> RecordAccess:
    """Access to a patient's requests, disclosures and access log, for the patient and for their therapists."""
    access = open_record(by, patient_id, action)
    if not access.is_own and not access.may_write:
        deny(action, "emergency", by=access)
        raise Forbidden("Emergency access covers only the clinical record.", code="clinical_record_only")
    return access


def may_see_log(access: RecordAccess) -> bool:
    """Whether the reader may see who opened the record; a clinic can hide this from its patients."""
    clinic = access.patient.clinic
    return not access.is_own or bool(clinic and clinic.show_access_log)
