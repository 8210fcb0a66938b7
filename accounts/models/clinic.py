"""The clinic: the workspace that everything belongs to."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models

from therapybridge.core.models import BaseModel


def validate_time_zone(name: str) -> None:
    """Refuse a name that the IANA database does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("This is not a time zone, for example Europe/Berlin.")


class Clinic(BaseModel):
    """A practice; a therapist working alone is a clinic of one."""

    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    jurisdiction = models.CharField(max_length=10, blank=True, help_text="For example US-IL or DE.")
    external_ai_allowed = models.BooleanField(default=True)
    emotion_inference = models.BooleanField(default=True)
    show_access_log = models.BooleanField(default=True, help_text="Patients see who opened their record.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
