"""Access checks for patient records, made once and passed on to services as proof.

RecordAccess is created only here. Services that read or change a patient's record take it instead of asking the
database again. Strangers get NotFound, readers who may not write get Forbidden; both are audited.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.care.choices import RelationType
from accounts.models import BreakGlassGrant, TherapistPatient, User
from audit import log
from audit.audit_actions import Action
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Forbidden, NotFound
from therapybridge.core.queries import only_one

REVIEWERS = (User.Role.THERAPIST, User.Role.ADMIN)


@dataclass(frozen=True, slots=True)
class RecordAccess:
    """What `reader` may do with the record of `patient`: read it, and write to it if `may_write`."""

    reader: Actor
    patient: User
    may_write: bool

    @property
    def user(self) -> User:
        user: User = self.reader.user
        return user

    @property
    def is_own(self) -> bool:
        """Whether the patient is reading their own record."""
        return self.user.pk == self.patient.pk

    def require_patient(self, patient_id: UUID) -> None:
        """Raise Forbidden unless this access is for this patient."""
        if self.patient.pk != patient_id:
            raise Forbidden

    def require_write(self, patient_id: UUID) -> None:
        """Raise Forbidden unless this access is for this patient and allows writing."""
        self.require_patient(patient_id)
        if not self.may_write:
            raise Forbidden("Only a therapist who treats the patient can do this.", code="read_only_access")


def access_to(by: Actor, patient: User, *, may_write: bool) -> RecordAccess:
    """The access of a reader for whom a scoped query has just found a row of the patient."""
    return RecordAccess(by, patient, may_write=may_write)


def by_link(by: Actor, patient: User) -> RecordAccess:
    """The access of an anonymous holder of a link sent to the patient; it does not open the record."""
    return RecordAccess(by.acting_as(None), patient, may_write=False)


def open_record(by: Actor, patient_id: UUID, action: Action) -> RecordAccess:
    """Open a patient's record, with clinic and profile; NotFound, audited as a denied `action`, without access."""
    people = User.objects.patients_visible_to(by.user).with_write_access(by.user).select_related("clinic", "profile")
    patient: Any = only_one(people, pk=patient_id)
    if patient is None:
        log.deny(action, "not_found", by=by, patient_id=patient_id)
        raise NotFound
    return access_to(by, patient, may_write=patient.is_writable)


def open_own_record(by: Actor, action: Action) -> RecordAccess:
    """Open the patient's own record; Forbidden, audited, for anyone else. It needs no query."""
    if not by.user.is_patient:
        log.deny(action, "role", by=by)
        raise Forbidden
    return access_to(by, by.user, may_write=False)


def open_record_to_write(by: Actor, patient_id: UUID, action: Action) -> RecordAccess:
    """Open a record for a therapist who treats the patient; Forbidden, audited, for those who may only read it."""
    return writable(open_record(by, patient_id, action), action)


def writable(access: RecordAccess, action: Action) -> RecordAccess:
    """Return the access; Forbidden, audited as a denied `action`, if it is read-only."""
    if access.may_write:
        return access
    if not access.user.is_therapist:
        log.deny(action, "role", by=access)
        raise Forbidden
    log.deny(action, "read_only", by=access)
    raise Forbidden("Emergency access is read-only.", code="read_only_access")


def is_treated_by(person: User | None, patient_id: UUID) -> bool:
    """Whether the person still treats the patient; links that they sent end with the care relation."""
    return person is not None and User.objects.patients_treated_by(person).filter(pk=patient_id).exists()


def who_treats(patient_id: UUID, first: Iterable[User | None] = ()) -> User | None:
    """The first of these people who treats the patient, else who does, the primary therapist first; None if nobody."""
    for person in first:
        if is_treated_by(person, patient_id):
            return person
    relations = TherapistPatient.objects.active().filter(patient=patient_id).select_related("therapist__clinic")
    found = sorted(relations, key=lambda one: (one.relationship_type != RelationType.PRIMARY, one.pk))
    return found[0].therapist if found else None


@dataclass(frozen=True, slots=True)
class GrantAccess:
    """What `reader` may do with an emergency access: its holder may end it, others may review it."""

    reader: Actor
    grant: BreakGlassGrant
    may_review: bool
    may_end: bool

    @property
    def patient(self) -> User:
        """Whose record it opened."""
        return self.grant.patient


def open_grant(by: Actor, grant_id: UUID, action: Action) -> GrantAccess:
    """Open an emergency access that the person holds or may review; NotFound, audited, for anyone else."""
    reviewable = Q(pk__in=BreakGlassGrant.objects.reviewable_by(by.user).values("pk"))
    mine = BreakGlassGrant.objects.filter(Q(therapist=by.user.pk) | reviewable)
    rows = mine.select_related("patient", "therapist", "reviewed_by")
    grant: BreakGlassGrant | None = only_one(rows, pk=grant_id)
    if grant is None:
        log.deny(action, "not_found", by=by, target=BreakGlassGrant(pk=grant_id))
        raise NotFound
    is_holder = grant.therapist_id == by.user.pk
    return GrantAccess(by, grant, may_review=not is_holder, may_end=is_holder)


def open_grant_to_review(by: Actor, grant_id: UUID, action: Action) -> GrantAccess:
    """Open an emergency access for review; Forbidden, audited, for its holder."""
    access = open_grant(by, grant_id, action)
    if not access.may_review:
        log.deny(action, "own", by=by, target=access.grant)
        raise Forbidden("You cannot review your own emergency access.", code="own_access")
    return access


def open_grant_to_end(by: Actor, grant_id: UUID, action: Action) -> GrantAccess:
    """Open an emergency access for its holder to end; Forbidden, audited, for reviewers."""
    access = open_grant(by, grant_id, action)
    if not access.may_end:
        log.deny(action, "not_holder", by=by, target=access.grant)
        raise Forbidden("Only the holder can end it; a verdict of unjustified ends it too.")
    return access
