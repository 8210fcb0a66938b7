"""Adding sessions, each numbered among the patient's others."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.models import Clinic, User
from audit.log import record
from sessions_app.audit_actions import SESSION_CREATED
from sessions_app.models import TherapySession
from therapybridge.core.api.moments import EARLIEST
from therapybridge.core.errors import Forbidden, InvalidInput


def _clinic_of(therapist: User) -> Clinic:
    """The clinic that a therapist's sessions belong to; Forbidden for one without."""
    if therapist.clinic is None:
        raise Forbidden("Your account belongs to no clinic.")
    return therapist.clinic


def create_session(
    access: RecordAccess,
    session_date: datetime,
    *,
    modality: str = TherapySession.Modality.IN_PERSON,
    kind: str = TherapySession.Kind.INDIVIDUAL,
    status: str = TherapySession.Status.PENDING,
) -> TherapySession:
    """Add an empty session: its recording or transcript follows, or is not expected (`status` HELD)."""
    with access.patient.locked():
        session = new_session(access, session_date, modality=modality, kind=kind, status=status)
        record(SESSION_CREATED, session, by=access)
    return session


def new_session(access: RecordAccess, session_date: datetime, **details: str) -> TherapySession:
    """Insert and number a session; the caller locks the patient and writes the audit row."""
    patient, therapist = access.patient, access.user
    access.require_write(patient.pk)
    _check_date(session_date)
    session = TherapySession.objects.create(
        clinic=_clinic_of(therapist),
        patient=patient,
        therapist=therapist,
        session_date=session_date,
        **details,
    )
    session.number = TherapySession.objects.renumber(patient.pk)[session.pk]
    return session


def _check_date(session_date: datetime) -> None:
    """Require a date since 1900 and at most a day ahead, to allow for inaccurate clocks."""
    if session_date < EARLIEST:
        raise InvalidInput(errors={"session_date": ["This date is out of range."]})
    if session_date > timezone.now() + timedelta(days=1):
        raise InvalidInput(errors={"session_date": ["The session cannot be in the future."]})
