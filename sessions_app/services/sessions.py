"""What people do with sessions. Each act checks consent, writes its audit row, and commits as a whole."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from accounts.care.services.relations import require_care
from accounts.models import Clinic, User
from audit.log import record
from sessions_app.models import TherapySession
from therapybridge.core.api.moments import EARLIEST
from therapybridge.core.errors import Forbidden, InvalidInput

Status = TherapySession.Status


def _clinic_of(therapist: User) -> Clinic:
    """The clinic that a therapist's sessions belong to; Forbidden for one without."""
    if therapist.clinic is None:
        raise Forbidden("Your account belongs to no clinic.")
    return therapist.clinic


def check_date(session_date: datetime) -> None:
    """A session lies in the past, since 1900, or, clocks being clocks, at most a day ahead."""
    if session_date < EARLIEST:
        raise InvalidInput(errors={"session_date": ["This date is too far away."]})
    if session_date > timezone.now() + timedelta(days=1):
        raise InvalidInput(errors={"session_date": ["The session cannot be in the future."]})


def create_session(
    patient: User,
    session_date: datetime,
    *,
    by: User,
    modality: str = TherapySession.Modality.IN_PERSON,
    kind: str = TherapySession.Kind.INDIVIDUAL,
    request: HttpRequest | None = None,
) -> TherapySession:
    """Add an empty session of a patient whom `by` treats; its recording or transcript follows."""
    with patient.locked():
        session = new_session(patient, session_date, by=by, modality=modality, kind=kind)
        record("session.created", by=by, target=session, request=request)
    return session


def new_session(patient: User, session_date: datetime, *, by: User, **details: str) -> TherapySession:
    """A row for a meeting, numbered among the patient's others; lock and audit row are the caller's to see to."""
    require_care(patient.pk, by=by)
    check_date(session_date)
    session = TherapySession.objects.create(
        clinic=_clinic_of(by),
        patient=patient,
        therapist=by,
        session_date=session_date,
        **details,
    )
    TherapySession.objects.renumber(patient.pk)
    session.refresh_from_db(fields=["number"])
    return session
