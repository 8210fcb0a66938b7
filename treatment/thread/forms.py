"""The form beside a note: the goals that it serves, or why none."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms

from therapybridge.core.pages.forms import NOT_IN_PORTAL, ComposedField
from treatment.thread.services.links import MAX_REASON


class NoteGoalsForm(forms.Form):
    """Goals of the patient's plan, those below another set in."""

    goals = forms.TypedMultipleChoiceField(
        label="This note serves", required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    reason = ComposedField(
        label="Or why it serves none",
        required=False,
        max_length=MAX_REASON,
        help_text=f"For example: a crisis outside the plan. {NOT_IN_PORTAL}",
    )

    version = forms.CharField(max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Collection[tuple[Any, str]], **kwargs: Any) -> None:
        # The form stands beside others, whose fields have the usual ids.
        super().__init__(*args, **{"auto_id": "goals_%s"} | kwargs)
        self.fields["goals"].choices = list(choices)  # type: ignore[attr-defined]
