"""Forms on the page of an action item; each carries the revision that was read."""

from typing import Any

from django import forms

from sessions_app.action_items.services.changes import MAX_REASON
from sessions_app.models import ActionItem
from therapybridge.core.pages.forms import NOT_IN_PORTAL, LinesField


class RevisionForm(forms.Form):
    """A button that needs nothing else: that it is done, or to be shown to the patient."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ChangeItemForm(forms.Form):
    """Who does an open item, and how far it has come."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    assigned_to = forms.ChoiceField(label="Who does it", widget=forms.RadioSelect)
    status = forms.ChoiceField(choices=ActionItem.Status.choices, label="Status", widget=forms.RadioSelect)
    reason = LinesField(
        label="Why it is dropped",
        required=False,
        max_length=MAX_REASON,
        help_text=f"Only if it is dropped. {NOT_IN_PORTAL}",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, item: ActionItem, **kwargs: Any) -> None:
        held = {"revision": item.revision, "assigned_to": item.assigned_to, "status": item.status}
        super().__init__(*args, **{"initial": held} | kwargs)
        people = {"patient": item.patient.full_name, "therapist": "Therapist"}
        self.fields["assigned_to"].choices = list(people.items())  # type: ignore[attr-defined]
