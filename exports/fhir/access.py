"""Who may read a whole record as data."""

from uuid import UUID

from accounts.care.access import RecordAccess, open_record
from audit.audit_actions import Action
from audit.log import deny
from exports.jobs.access import requests_for_a_copy
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Forbidden

WITHOUT_REQUEST = (
    "Ask for a copy of your record first: you can read it like this as soon as the practice takes that up."
)


def open_whole_record(by: Actor, patient_id: UUID, action: Action) -> RecordAccess:
    """Open the record for a therapist who treats the patient, and for the patient whose request for a copy is taken up.

    Forbidden, audited, for others who may look at it.
    """
    access = open_record(by, patient_id, action)
    if access.may_write or (access.is_own and requests_for_a_copy(access.patient).exists()):
        return access
    deny(action, "no_request" if access.is_own else "read_only", by=access)
    if access.is_own:
        raise Forbidden(WITHOUT_REQUEST)
    raise Forbidden("Emergency access lets nothing leave.", code="read_only_access")
