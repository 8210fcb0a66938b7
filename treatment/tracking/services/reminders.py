"""Reminders to check in: one e-mail a day at most, outside the quiet hours, without a word about what it is for."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.consent.services.requests import address_of
from accounts.mail.services import queue_email
from accounts.models import TherapistPatient, User
from audit.log import record
from therapybridge.core.actor import Actor
from therapybridge.core.batches import delete_in_batches, each_alone
from therapybridge.core.errors import InvalidInput
from therapybridge.core.links import LinkGone, absolute
from treatment.models import ReminderPreference, SentReminder, Tracker
from treatment.tracking.audit_actions import REMINDERS_CHANGED
from treatment.tracking.choices import TrackerKind

SEND_FROM = time(17)  # of the patient's day: until then there is still time to do it unasked
REMEMBERED_FOR = timedelta(days=7)  # which reminders were sent; a day would do, with all time zones three
LEAST_OPEN = timedelta(hours=1)  # without quiet hours: less could fall between two runs of the task
LATE = time(23)  # quiet hours that end later than this leave nothing of the evening
SALT = "treatment.reminders"


def send_reminders(now: datetime | None = None) -> int:
    """Queue a reminder for everybody for whom a check-in is due today; returns how many. Safe to repeat.

    What is remembered of reminders of earlier weeks is deleted.

    RowsFailed, once all others were reminded, if it failed for some.
    """
    now = now or timezone.now()
    delete_in_batches(SentReminder.objects.filter(day__lt=now.date() - REMEMBERED_FOR))
    return each_alone(_asked(), partial(_remind, now=now), event="reminder_not_queued")


def _asked() -> list[Any]:
    """Patients who want to be reminded of something that they are asked, each with all of that in `asked`."""
    latest = Max("entries__day", filter=Q(entries__withdrawn_at=None))
    asked = Tracker.objects.running().filter(asks_patient=True, sends_reminders=True, patient__is_active=True)
    asked = asked.exclude(patient__reminder_preference__wants_reminders=False).annotate(latest=latest)
    asked = asked.exclude(kind=TrackerKind.MEASURE)  # of which patients have no values to send
    asked = asked.filter(Exists(TherapistPatient.objects.active().filter(patient=OuterRef("patient"))))
    rows = asked.select_related("patient__clinic", "patient__profile", "patient__reminder_preference")
    people: dict[Any, Any] = {}
    for tracker in rows.defer("question", "unit").order_by("patient", "id").iterator(chunk_size=500):
        patient = people.setdefault(tracker.patient_id, tracker.patient)
        patient.__dict__.setdefault("asked", []).append(tracker)
    return list(people.values())


def _may_send(patient: User, clock: time) -> bool:
    if not address_of(patient):
        return False
    chosen = getattr(patient, "reminder_preference", None) or ReminderPreference()
    start, end = chosen.quiet_from, chosen.quiet_until
    return clock >= first_time(start, end) and not is_quiet(clock, start, end)


def is_due(tracker: Tracker, latest: date | None, today: date) -> bool:
    """Whether there has been no value for as many days as the rhythm has; never, if it is asked for in sessions."""
    days = tracker.rhythm_days
    return days is not None and (latest is None or today - latest >= timedelta(days=days))


def _remind(patient: Any, *, now: datetime) -> bool:
    """Queue one, if something is due and the patient may be written to at this hour."""
    local = now.astimezone(patient.zone)
    day = local.date()
    if not any(is_due(one, one.latest, day) for one in patient.asked) or not _may_send(patient, local.time()):
        return False
    try:
        with transaction.atomic():
            SentReminder.objects.create(patient=patient, day=day)
            _queue(patient)
    except IntegrityError:
        return False  # queued earlier on that day, perhaps by another worker
    return True


def is_quiet(clock: time, start: time, end: time) -> bool:
    """Whether the time lies in hours that may go over midnight; none, if they start when they end."""
    return start <= clock < end if start <= end else clock >= start or clock < end


def first_time(start: time, end: time) -> time:
    """From when reminders are sent on a day with these quiet hours.

    Five in the afternoon, or an hour before the evening becomes quiet, if that is earlier; but no quiet hour.
    """
    is_over_midnight = start > end
    if not is_over_midnight and end <= LATE:
        return max(SEND_FROM, end) if is_quiet(SEND_FROM, start, end) else SEND_FROM
    hour_before = time(start.hour - 1, start.minute) if start.hour else time(0)
    return max(end if is_over_midnight else time(0), min(SEND_FROM, hour_before))


def _queue(patient: User) -> None:
    clinic = patient.clinic
    name = clinic.name if clinic else "your practice"
    stop = absolute(reverse("reminders:stop", args=[token_of(patient)]))
    lines = [
        f"{name} has a few questions for you. They take a minute.",
        f"If you do not want these e-mails any more, open {stop}",
    ]
    button = ("Sign in", absolute(reverse("portal:home")))
    queue_email("reminder", address_of(patient), f"A reminder from {name}", lines, button=button, clinic=clinic)


def token_of(patient: User) -> str:
    """What the link in an e-mail carries to stop this patient's reminders; it opens nothing else."""
    return signing.dumps(str(patient.pk), salt=SALT)


def patient_of_link(token: str) -> User:
    """Whose reminders a link stops; LinkGone if it is none of ours or the account is closed."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise LinkGone from error
    patient: User | None = User.objects.filter(pk=key, role=User.Role.PATIENT, is_active=True).first()
    if patient is None:
        raise LinkGone
    return patient


def wants_reminders(patient: User) -> bool:
    """Whether the patient has not stopped them."""
    return not ReminderPreference.objects.filter(patient=patient, wants_reminders=False).exists()


def preference_of(patient: User) -> ReminderPreference:
    """What the patient chose, or how it is for those who chose nothing."""
    chosen: ReminderPreference | None = ReminderPreference.objects.filter(patient=patient).first()
    return chosen or ReminderPreference(patient=patient)


def set_reminders(patient: User, *, by: Actor, **chosen: Any) -> ReminderPreference:
    """Start or stop all reminders of a patient (`wants_reminders`), or set the quiet hours (`quiet_from`,
    `quiet_until`), in the patient's time zone; nothing, if that is how it is. InvalidInput if they leave too little.
    """
    with patient.locked():
        held = preference_of(patient)
        changed = sorted(name for name, value in chosen.items() if value != getattr(held, name))
        if not changed:
            return held
        for name in changed:
            setattr(held, name, chosen[name])
        _require_open_hour(held.quiet_from, held.quiet_until)
        held.save()
        record(REMINDERS_CHANGED, patient, by=by, changed=changed)
    return held


def _require_open_hour(start: time, end: time) -> None:
    quiet = datetime.combine(date.min, end) - datetime.combine(date.min, start)
    if start != end and timedelta(days=1) - quiet % timedelta(days=1) < LEAST_OPEN:
        raise InvalidInput(errors={"quiet_until": ["Leave at least an hour of the day, or turn reminders off."]})
