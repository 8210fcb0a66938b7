"""Who may have an export, and whether it may leave: one rule for the request, the worker and each download.

A therapist who treats the patient, or the patient by a request that the practice takes up. No emergency opens one.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.care.access import RecordAccess, access_to, is_treated_by
from accounts.consent.choices import ConsentType
from accounts.consent.services.decisions import labels
from accounts.identity.choices import STAFF_ROLES
from accounts.models import AccessRequest, ConsentEntry, PatientProfile, User
from accounts.rights.choices import FOR_A_COPY, AccessRequestStatus, Basis
from audit.audit_actions import Action
from audit.log import deny
from exports.jobs.models import ExportJob
from therapybridge.core.actor import Actor
from therapybridge.core.errors import ConsentRequired, DomainError, Forbidden, NotFound
from therapybridge.core.queries import only_one

# On these grounds a record leaves only with the patient's consent to share it; the others are law, or stay within.
NEED_CONSENT = (Basis.AUTHORISATION, Basis.TREATMENT, Basis.PAYMENT)
# 42 CFR Part 2 knows neither: it names its exceptions (2.51 to 2.53, and orders of a court in subpart E).
NEED_CONSENT_UNDER_PART_2 = (*NEED_CONSENT, Basis.LAW, Basis.PUBLIC_HEALTH, Basis.THREAT)
# For how long after the answer to a request a copy can still be made.
AFTER_THE_ANSWER = timedelta(days=30)


class AccessEnded(Forbidden):
    """Who asked for the export may not have it any more."""

    code = "access_ended"
    title = "You may not have this export any more: the treatment, the account or the request that allowed it has ended"


class ExportExpired(DomainError):
    """The file was deleted when its time was over."""

    code = "export_expired"
    status = 410
    title = "This export has expired and its file was deleted. Make a new one"


def open_export(by: Actor, pk: UUID, action: Action) -> tuple[ExportJob, RecordAccess]:
    """Open an export for whoever asked for it and is entitled to it; NotFound, audited as denied, for all others."""
    rows = ExportJob.objects.visible_to(by.user).select_related("patient__clinic", "clinic")
    job: ExportJob | None = only_one(rows, pk=pk)
    if job is None:
        was_mine = ExportJob.objects.filter(pk=pk, requested_by=by.user.pk).first()
        deny(action, AccessEnded.code if was_mine else "not_found", by=by, target=was_mine or ExportJob(pk=pk))
        raise NotFound("This export does not exist.")
    return job, access_to(by, job.patient, may_write=by.user.is_therapist)


@contextmanager
def refusals_audited(action: Action, by: RecordAccess, target: ExportJob | None = None) -> Iterator[None]:
    """Put a refusal on record; around the transaction, which takes back what is written inside."""
    try:
        yield
    except (Forbidden, ExportExpired) as error:
        deny(action, error.code, by=by, target=target)
        raise


def requests_for_a_copy(patient: User) -> Any:
    """Requests by which the patient may have a copy now: taken up, or fulfilled a short time ago."""
    lately = Q(status=AccessRequestStatus.FULFILLED, closed_at__gt=Now() - AFTER_THE_ANSWER)
    made = AccessRequest.objects.filter(patient=patient, kind__in=FOR_A_COPY)
    mine = made.exclude(patient__imports__completed_at__gte=F("created_at"))  # those were made to another practice
    return mine.filter(Q(status=AccessRequestStatus.IN_PROGRESS) | lately).order_by("-id")


def require_entitlement(job: ExportJob, by: Actor) -> RecordAccess:
    """The access by which an export is made or handed out, by the rows of now.

    AccessEnded without the relation, the account or the request; ConsentRequired without a consent that it needs.
    """
    requester = User.objects.select_related("clinic").filter(pk=job.requested_by_id, is_active=True).first()
    if requester is None or not _is_entitled(requester, job):
        raise AccessEnded
    require_consents(job.patient, job.basis, job.parameters.get("extras", ()))
    return access_to(by.acting_as(requester), job.patient, may_write=requester.is_therapist)


def _is_entitled(requester: User, job: ExportJob) -> bool:
    if requester.is_therapist:
        return is_treated_by(requester, job.patient_id)
    is_own = requester.is_patient and requester.pk == job.patient_id
    return is_own and requests_for_a_copy(requester).filter(pk=job.access_request_id).exists()


def require_consents(patient: User, basis: str, extras: Collection[str]) -> None:
    """ConsentRequired, naming what is missing, unless all consents that it needs are live.

    The ground needs the consent to share, and each extra an authorisation of its own.
    """
    grounds = NEED_CONSENT_UNDER_PART_2 if is_part_2(patient) else NEED_CONSENT
    needed = {*extras, *([ConsentType.DATA_SHARING.value] if basis in grounds else ())}
    missing = needed - live_consents(patient, needed)
    if missing:
        told = f"The patient's consent is missing: {labels(missing)}."
        raise ConsentRequired(told, errors={"consent": sorted(missing)})


def stays_inside(patient: User, basis: str, recipient: str) -> bool:
    """Whether an export on the ground of the practice's own use is for the practice, or somebody who works there.

    By name, since a recipient is told in words; it is asked for a warning, and refuses nothing. Other grounds let a
    record out.
    """
    if basis != Basis.PRACTICE or patient.clinic is None:
        return True
    staff = User.objects.filter(clinic=patient.clinic, role__in=STAFF_ROLES, is_active=True)
    names = [patient.clinic.name, *(one.full_name for one in staff)]
    return any(name and name.casefold() in recipient.casefold() for name in names)


def is_part_2(patient: User) -> bool:
    """Whether the record is of the treatment of a substance use disorder, under 42 CFR Part 2."""
    profile = PatientProfile.objects.filter(patient=patient).only("is_part_2").first()
    return bool(profile and profile.is_part_2)


def live_consents(patient: User, types: Collection[str]) -> set[str]:
    """Which of these consents are live."""
    if not types:
        return set()
    mine = ConsentEntry.objects.filter(patient=patient, consent_type__in=types)
    return set(mine.live().values_list("consent_type", flat=True))
