"""Break-glass access: a therapist without a care relation reads a record for a few hours; someone else reviews it."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.care.access import GrantAccess
from accounts.care.audit_actions import EMERGENCY_ENDED, EMERGENCY_OPENED, EMERGENCY_REVIEWED
from accounts.care.models import LONGEST
from accounts.care.services import reviews
from accounts.models import BreakGlassGrant, User
from audit.log import deny, record
from therapybridge.core import limits
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from therapybridge.core.text import written, wrong_length

MIN_JUSTIFICATION, MAX_JUSTIFICATION = 20, 2000  # characters
MAX_NOTE = 2000
MAX_HOURS = LONGEST // timedelta(hours=1)
REVIEW_WITHIN = timedelta(hours=72)
NO_MATCH = "No patient matches. Check the spelling and the date of birth, or use the patient's ID."
NOTE_FIELD = BreakGlassGrant._meta.get_field("review_note")


@dataclass(frozen=True, slots=True)
class Lookup:
    """Identifies a patient without a list to browse: by id, or by full name and date of birth."""

    patient_id: UUID | None = None
    first_name: str = ""
    last_name: str = ""
    date_of_birth: date | None = None


LOOKUP_FIELDS = tuple(field.name for field in fields(Lookup))


def find_patient(lookup: Lookup, *, by: Actor) -> User:
    """The one patient of the therapist's clinic whom `lookup` identifies.

    NotFound does not say what was wrong and is audited; too many attempts are RateLimited. Call it outside of a
    transaction: the audit row of a refusal must not be rolled back.
    """
    limits.check("emergency", limits.requester(by))
    found = _matches(lookup, by.user)
    if len(found) != 1:
        deny(EMERGENCY_OPENED, "no_match", by=by)
        raise NotFound(NO_MATCH)
    return found[0]


def _matches(lookup: Lookup, by: User) -> list[User]:
    people = User.objects.patients().filter(clinic=by.clinic_id).select_related("clinic", "profile")
    if lookup.patient_id:
        return list(people.filter(pk=lookup.patient_id))
    if not (lookup.first_name and lookup.date_of_birth):
        return []
    named = people.with_full_name(lookup.first_name, lookup.last_name)
    born = lookup.date_of_birth.isoformat()
    return [person for person in named if _born(person) == born]


def _born(person: User) -> str | None:
    profile = getattr(person, "profile", None)
    return profile.date_of_birth if profile else None


def open_emergency_access(
    patient: User, *, by: Actor, reason: str, justification: str, hours: int = 1
) -> BreakGlassGrant:
    """Open a record to a colleague for 1 to 4 hours and notify the reviewers.

    Conflict for a therapist who treats the patient or already has emergency access.
    """
    if not by.user.is_therapist:
        raise Forbidden("Only a therapist can do this.")
    text = _checked(reason, justification, hours)
    with patient.locked():
        _refuse_needless(patient, by.user)
        now = timezone.now()
        grant = BreakGlassGrant.objects.create(
            patient=patient,
            therapist=by.user,
            reason=reason,
            justification=text,
            started_at=now,
            expires_at=now + timedelta(hours=hours),
            review_due_at=now + REVIEW_WITHIN,
        )
        # This action is the first under the grant.
        record(EMERGENCY_OPENED, grant, by=by.with_grant(patient.pk, grant.pk))
        reviews.tell_opened(grant)
    return grant


def _checked(reason: str, justification: str, hours: int) -> str:
    errors: dict[str, list[str]] = {}
    if reason not in BreakGlassGrant.Reason.values:
        errors["reason"] = ["Choose a reason."]
    if wrong := wrong_length(justification, MAX_JUSTIFICATION, least=MIN_JUSTIFICATION):
        errors["justification"] = wrong
    if not 1 <= hours <= MAX_HOURS:
        errors["hours"] = [f"Choose between 1 and {MAX_HOURS} hours."]
    if errors:
        raise InvalidInput(errors=errors)
    return written("justification", justification, MAX_JUSTIFICATION)


def _refuse_needless(patient: User, by: User) -> None:
    if patient.clinic_id != by.clinic_id or not patient.is_patient:
        raise NotFound(NO_MATCH)
    if User.objects.patients_treated_by(by).filter(pk=patient.pk).exists():
        raise Conflict("You treat this patient, so you can already open the record.", code="already_related")
    if BreakGlassGrant.objects.live().filter(therapist=by, patient=patient).exists():
        raise Conflict("You already have emergency access to this record.", code="already_open")


def end_emergency_access(access: GrantAccess) -> BreakGlassGrant:
    """End an emergency access early; only the holder can, once."""
    if not access.may_end:
        raise Forbidden("Only the holder can end it.")
    access.grant.move_to("ended", action=EMERGENCY_ENDED, by=access)
    return access.grant


def review_emergency_access(access: GrantAccess, *, verdict: str, note: str = "") -> BreakGlassGrant:
    """Record the verdict, once. An access that is still open can only be found unjustified, which ends it at once.

    Forbidden for the holder.
    """
    if not access.may_review:
        raise Forbidden("You cannot review your own emergency access.", code="own_access")
    if verdict not in BreakGlassGrant.Verdict.values:
        raise InvalidInput(errors={"verdict": ["Choose a verdict."]})
    text = written("note", note, MAX_NOTE, least=0)
    with transaction.atomic():
        _judge(access, verdict, text)
        record(EMERGENCY_REVIEWED, access.grant, by=access, changed=["verdict"])
    access.grant.refresh_from_db()
    return access.grant


def _judge(access: GrantAccess, verdict: str, note: str) -> None:
    this, now = BreakGlassGrant.objects.filter(pk=access.grant.pk), timezone.now()
    if verdict == BreakGlassGrant.Verdict.JUSTIFIED and this.live().exists():
        raise Conflict("This access is still open. Review it when it has ended.", code="still_open")
    judged = {"verdict": verdict, "reviewed_by": access.reader.user, "reviewed_at": now}
    sealed = NOTE_FIELD.seal(note or None, access.grant.pk)
    if not this.awaiting_review().update(**judged, review_note=sealed):
        raise Conflict("This access has already been reviewed.", code="already_reviewed")
    BreakGlassGrant.end_all(this.live(), "ended", action=EMERGENCY_ENDED, by=access)
