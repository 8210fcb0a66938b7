"""Trackers of goals with their entries, check-ins of patients, awards and reminders."""

from __future__ import annotations

import math
from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from sessions_app.models import TherapySession
from therapybridge.core.errors import InvalidInput
from therapybridge.core.fields import EncryptedJSONField, EncryptedTextField
from therapybridge.core.models import BaseModel, one_of
from treatment.goals.models import Goal
from treatment.tracking.choices import AwardKind, Better, Rhythm, TrackerKind
from treatment.tracking.querysets import EntryQuerySet, TrackerQuerySet


class Tracker(BaseModel):
    """One number that is followed for a goal, and how often its patient is asked for it."""

    Kind = TrackerKind

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="trackers")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="trackers")
    kind = models.CharField(max_length=9, choices=TrackerKind)
    rhythm = models.CharField(max_length=7, choices=Rhythm, default=Rhythm.DAILY)
    every_days = models.PositiveSmallIntegerField(null=True)  # of a custom rhythm
    better = models.CharField(max_length=6, choices=Better, default=Better.HIGHER)
    question = EncryptedTextField(purpose="tracker.question")  # as the patient reads it
    unit = EncryptedTextField(purpose="tracker.unit")
    lowest = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    highest = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    instrument = models.CharField(max_length=20, blank=True)  # the key of the questionnaire
    asks_patient = models.BooleanField(default=True)
    # Whether its newest value is the current value of the goal, which then makes progress.
    moves_goal = models.BooleanField(default=False)
    sends_reminders = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = TrackerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["patient", "id"], name="tracker_running", condition=Q(ended_at=None))]
        constraints = [
            one_of("kind", TrackerKind, "tracker_kind"),
            one_of("rhythm", Rhythm, "tracker_rhythm"),
            one_of("better", Better, "tracker_better"),
            models.CheckConstraint(
                condition=Q(rhythm="custom", every_days__gte=1, every_days__lte=90)
                | (~Q(rhythm="custom") & Q(every_days=None)),
                name="tracker_custom_rhythm",
            ),
            models.CheckConstraint(
                condition=~Q(kind="scale") | Q(lowest__isnull=False, highest__gt=models.F("lowest")),
                name="tracker_scale",
            ),
            models.CheckConstraint(
                condition=Q(kind="measure") & ~Q(instrument="") | (~Q(kind="measure") & Q(instrument="")),
                name="tracker_instrument",
            ),
            models.UniqueConstraint(
                fields=["goal"], condition=Q(moves_goal=True, ended_at=None), name="tracker_one_moves_goal"
            ),
        ]

    def __str__(self) -> str:
        return f"Tracker {str(self.pk)[-8:]}"

    @property
    def is_running(self) -> bool:
        """Whether values are still entered."""
        return self.ended_at is None

    @property
    def rhythm_days(self) -> int | None:
        """After how many days the next value is due; None if it is asked for in sessions."""
        return {Rhythm.DAILY: 1, Rhythm.WEEKLY: 7, Rhythm.CUSTOM: self.every_days}.get(Rhythm(self.rhythm))

    def words_for(self, value: float) -> str:
        """The value as people read it, with its unit."""
        if self.kind == TrackerKind.BINARY:
            return "Yes" if value else "No"
        return f"{value:,.10g} {self.unit}".strip()

    def checked(self, value: float) -> float:
        """The value, if it can be one of this tracker; InvalidInput says what it may be.

        A scale takes whole numbers within its ends; times are whole numbers, minutes at most those of a day.
        """
        lowest, highest, whole = self._bounds()
        if not math.isfinite(value) or not lowest <= value <= highest or (whole and value != int(value)):
            what = "a whole number" if whole else "a number"
            raise InvalidInput(errors={"value": [f"Enter {what} from {lowest:g} to {highest:g}."]})
        return int(value) if value == int(value) else value

    def _bounds(self) -> tuple[float, float, bool]:
        """The lowest and highest value, and whether only whole numbers count."""
        if self.kind == TrackerKind.MEASURE:
            raise InvalidInput(errors={"value": ["These values come from the questionnaire."]})
        if self.kind == TrackerKind.SCALE:
            return float(self.lowest or 0), float(self.highest or 0), True
        return {
            TrackerKind.BINARY: (0.0, 1.0, True),
            TrackerKind.FREQUENCY: (0.0, 1_000.0, True),
            TrackerKind.DURATION: (0.0, 1_440.0, False),
        }[TrackerKind(self.kind)]


class CheckIn(BaseModel):
    """What a patient sent at once: entries, mood and note. `sent_key` is made by the sender, so that what is sent twice
    counts once.
    """

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="check_ins")
    day = models.DateField()  # of the patient's time zone
    sent_key = models.CharField(max_length=64)
    mood = EncryptedJSONField(purpose="check_in.mood", null=True)  # 1 to 10
    note = EncryptedTextField(purpose="check_in.note")
    # When the worker looked in the note for phrases of possible risk.
    searched_at = models.DateTimeField(null=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["patient", "-day", "-id"], name="check_in_patient"),
            models.Index(fields=["id"], name="check_in_to_search", condition=Q(searched_at=None)),
        ]
        constraints = [models.UniqueConstraint(fields=["patient", "sent_key"], name="check_in_once")]

    def __str__(self) -> str:
        return f"Check-in {str(self.pk)[-8:]}"

    def get_absolute_url(self) -> str:
        """The patient's check-ins, at this one."""
        return f"{reverse('trackers:check_ins', args=[self.patient_id])}#check-in-{self.pk}"


class TrackingEntry(BaseModel):
    """One value of a tracker, of a day, entered by a therapist or sent with a check-in."""

    tracker = models.ForeignKey(Tracker, on_delete=models.CASCADE, related_name="entries", db_index=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    value = EncryptedJSONField(purpose="tracking_entry.value")  # a number
    note = EncryptedTextField(purpose="tracking_entry.note")
    check_in = models.ForeignKey(CheckIn, null=True, on_delete=models.CASCADE, related_name="entries")
    session = models.ForeignKey(TherapySession, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)  # entered by mistake

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["tracker", "-day", "-id"], name="tracking_entry_series")]
        constraints = [
            models.UniqueConstraint(
                fields=["check_in", "tracker"], condition=Q(check_in__isnull=False), name="tracking_entry_once"
            )
        ]

    def __str__(self) -> str:
        return f"Entry {str(self.pk)[-8:]}"

    @property
    def words(self) -> str:
        """The value as people read it."""
        return self.tracker.words_for(self.value)


class Award(BaseModel):
    """A threshold that a goal reached, awarded once; `threshold` is in per cent or days."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="awards")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=AwardKind)
    threshold = models.PositiveSmallIntegerField()
    awarded_date = models.DateField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-awarded_date", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "kind", "threshold"], name="award_once"),
            one_of("kind", AwardKind, "award_kind"),
        ]

    def __str__(self) -> str:
        return f"Award {str(self.pk)[-8:]}"


class ReminderPreference(BaseModel):
    """Whether and when a patient wants to be reminded of check-ins and questionnaires; hours of their time zone."""

    patient = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_preference"
    )
    wants_reminders = models.BooleanField(default=True)
    quiet_from = models.TimeField(default=time(20))
    quiet_until = models.TimeField(default=time(8))

    def __str__(self) -> str:
        return f"Reminders {str(self.pk)[-8:]}"


class SentReminder(BaseModel):
    """A reminder that was queued for a patient: one a day, whatever it reminds of."""

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()  # of the patient's time zone

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["patient", "day"], name="sent_reminder_once_a_day")]

    def __str__(self) -> str:
        return f"Reminder {str(self.pk)[-8:]}"
