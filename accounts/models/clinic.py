"""The clinic: the workspace that everything belongs to."""

import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError
from django.db import models

from therapybridge.core.models import BaseModel

# The database also knows files that are no zone of a place, such as Factory, localtime or Etc/GMT+5.
AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def time_zones() -> frozenset[str]:
    """The names that people may choose: UTC, and those of places."""
    places = (name for name in zoneinfo.available_timezones() if name.partition("/")[0] in AREAS and "/" in name)
    return frozenset({"UTC", *places})


def validate_time_zone(name: str) -> None:
    """Refuse what is neither UTC nor the IANA name of a place."""
    if name not in time_zones():
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
