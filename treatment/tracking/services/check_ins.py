"""Check-ins: what a patient sends at once."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.care.access import RecordAccess
from accounts.models import User
from audit.log import record
from therapybridge.core.errors import Conflict, InvalidInput
from treatment.models import CheckIn, FormLink, Tracker, TrackingEntry
from treatment.patient_forms.access import require_reader
from treatment.patient_forms.services.links import use_up
from treatment.tracking.audit_actions import CHECK_IN_SENT
from treatment.tracking.services.entries import written_note
from treatment.tracking.services.following import follow

LATEST = timedelta(days=7)  # a check-in can be made up for
MOODS = range(1, 11)
MOST_A_DAY = 20


def send_check_in(
    access: RecordAccess,
    *,
    sent_key: str,
    values: Mapping[UUID, float],
    mood: int | None = None,
    note: str = "",
    day: date | None = None,
) -> tuple[CheckIn, bool]:
    """Keep values by tracker, mood (1 to 10) and note, all or nothing; and whether this was the first time.

    What was sent before with the same key is returned; Conflict if it was something else, or if one of the trackers is
    not asked for any more; NobodyTreats if nobody would read it. `day` is one of the last week in the patient's time
    zone. InvalidInput for a value that cannot be.
    """
    text, patient = written_note(note), access.patient
    with patient.locked():
        known: CheckIn | None = CheckIn.objects.filter(patient=patient, sent_key=sent_key).first()
        if known:
            _require_same(known, values, mood, text)
            return known, False
        require_reader(patient)
        _require_few(patient)
        checked = _checked(patient, values)
        if not checked and mood is None and not text:
            raise InvalidInput("Answer at least one question.")
        sent: CheckIn = CheckIn.objects.create(
            patient=patient, day=_day(patient, day), sent_key=sent_key, mood=_mood(mood), note=text
        )
        rows = [
            TrackingEntry(tracker=one, patient=patient, day=sent.day, value=value, check_in=sent, entered_by=patient)
            for one, value in checked.items()
        ]
        TrackingEntry.objects.bulk_create(rows)
        record(CHECK_IN_SENT, sent, by=access)
        for tracker in checked:
            follow(tracker, access=access)
    return sent, True


def check_in_by_link(access: RecordAccess, link: FormLink, **given: Any) -> None:
    """Keep what was sent through a link, and use it up; what is sent through it twice counts once."""
    access.require_patient(link.patient_id)
    with access.patient.locked():
        if not was_sent(link):
            use_up(link)
        send_check_in(access, sent_key=_key_of(link), **given)


def was_sent(link: FormLink) -> bool:
    """Whether a check-in has come through this link."""
    return CheckIn.objects.filter(patient=link.patient_id, sent_key=_key_of(link)).exists()


def _require_same(known: CheckIn, values: Mapping[UUID, float], mood: int | None, text: str) -> None:
    kept = {entry.tracker_id: entry.value for entry in known.entries.all()}
    if (kept, known.mood, known.note) != (dict(values), mood, text):
        raise Conflict("Something else was sent with this key before.", code="sent_key_used")


def _require_few(patient: User) -> None:
    since = timezone.now() - timedelta(days=1)
    if CheckIn.objects.filter(patient=patient, created_at__gt=since).count() >= MOST_A_DAY:
        raise Conflict("You have checked in very often today. Please wait until tomorrow.", code="too_many_check_ins")


def _key_of(link: FormLink) -> str:
    return f"link:{link.pk}"


def _checked(patient: User, values: Mapping[UUID, float]) -> dict[Tracker, float]:
    asked = Tracker.objects.running().filter(patient=patient, asks_patient=True, pk__in=values)
    found = {tracker.pk: tracker for tracker in asked.select_related("goal")}
    if values.keys() - found.keys():
        raise Conflict("Your questions have changed. Open the page again.", code="check_in_changed")
    wrong: dict[str, list[str]] = {}
    checked = {}
    for pk, tracker in sorted(found.items()):
        try:
            checked[tracker] = tracker.checked(values[pk])
        except InvalidInput as error:
            wrong[f"values.{pk}"] = list((error.errors or {}).get("value", []))
    if wrong:
        raise InvalidInput(errors=wrong)
    return checked


def _mood(mood: int | None) -> int | None:
    if mood is not None and mood not in MOODS:
        raise InvalidInput(errors={"mood": [f"Choose a number from {MOODS[0]} to {MOODS[-1]}."]})
    return mood


def _day(patient: User, day: date | None) -> date:
    today = patient.own_day
    if day and not today - LATEST < day <= today:
        raise InvalidInput(errors={"day": ["Choose one of the last seven days."]})
    return day or today
