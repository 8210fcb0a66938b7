"""The form of a layout."""

from typing import Any

from django import forms

from exports.layouts.choices import Part
from exports.layouts.models import ExportLayout
from exports.layouts.services import MAX_LETTERHEAD, MAX_NAME
from therapybridge.core.pages.forms import LinesField, TidyField

PLACES = [("0", "Leave out"), *((str(place), f"{place}.") for place in range(1, len(Part) + 1))]


class LayoutForm(forms.Form):
    """A name to choose it by, the head of the paper, and what a document holds in which order."""

    name = TidyField(max_length=MAX_NAME)
    letterhead = LinesField(
        required=False,
        max_length=MAX_LETTERHEAD,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Below the name of the clinic: address, telephone, licence",
    )
    is_newest_first = forms.BooleanField(label="The newest session first", required=False)
    shows_empty_fields = forms.BooleanField(label="Name what nobody filled in", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = (kwargs.get("initial") or {}).get("parts", Part.values)
        for part in Part:
            place = shown.index(part.value) + 1 if part.value in shown else 0
            choices = PLACES[1:] if part == Part.NOTES else PLACES
            self.fields[f"place_{part.value}"] = forms.ChoiceField(
                label=f"Place of: {part.label.lower()}", choices=choices, initial=str(place)
            )
        self.order_fields(["name", "letterhead", *(f"place_{part.value}" for part in Part)])

    def clean(self) -> dict[str, Any]:
        """The parts in the order of their places."""
        cleaned: dict[str, Any] = super().clean() or {}
        places = {part.value: int(cleaned.pop(f"place_{part.value}", 0)) for part in Part}
        kept = {part: place for part, place in places.items() if place}
        if len(set(kept.values())) != len(kept):
            raise forms.ValidationError("Give each part a place of its own.")
        return cleaned | {"parts": sorted(kept, key=kept.__getitem__)}


class ChangeLayoutForm(LayoutForm):
    """A layout as it stands, and the revision that was read."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, layout: ExportLayout, **kwargs: Any) -> None:
        names = ("name", "letterhead", "parts", "is_newest_first", "shows_empty_fields", "revision")
        super().__init__(*args, **{"initial": {name: getattr(layout, name) for name in names}} | kwargs)


class DeleteLayoutForm(forms.Form):
    """The revision that was read."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
