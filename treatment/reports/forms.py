"""The period of a report."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from therapybridge.core.pages.forms import DATE

LONGEST = timedelta(days=3 * 366)
FIRST, LAST = date(1990, 1, 1), date(2100, 1, 1)
BOUNDS = [MinValueValidator(FIRST), MaxValueValidator(LAST)]


class PeriodForm(forms.Form):
    """From when to when, both days included."""

    start = forms.DateField(label="From", widget=DATE, validators=BOUNDS)
    end = forms.DateField(label="To", widget=DATE, validators=BOUNDS)

    def clean(self) -> dict[str, Any]:
        """The end is not before the start."""
        given = dict(super().clean() or {})
        if given.get("start") and given.get("end") and given["end"] < given["start"]:
            self.add_error("end", "The end is before the start.")
        if given.get("end") and given["end"] - given.get("start", given["end"]) > LONGEST:
            self.add_error("end", "A report covers at most three years.")
        return given
