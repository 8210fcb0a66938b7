"""Forms on the page of a risk review; each carries the revision that was read."""

from typing import Any

from django import forms

from accounts.models import User
from sessions_app.models import RiskReview
from sessions_app.risk.choices import Disposition
from sessions_app.risk.services.decisions import MAX_REASON, possible_owners
from therapybridge.core.pages.forms import NOT_IN_PORTAL, LinesField


class _ReviewForm(forms.Form):
    """About one review; several of these forms stand on its page."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, review: RiskReview, **kwargs: Any) -> None:
        prefix = type(self).__name__.lower()
        super().__init__(*args, **{"auto_id": f"{prefix}_%s", "initial": {"revision": review.revision}} | kwargs)


class AcknowledgeForm(_ReviewForm):
    """That the lines were seen."""


class DisposeForm(_ReviewForm):
    """What came of it, and why that closes the review."""

    disposition = forms.ChoiceField(choices=Disposition.choices, label="What came of it", widget=forms.RadioSelect)
    reason = LinesField(
        label="Reason",
        max_length=MAX_REASON,
        help_text=f"What you found and did, for whoever reads this later. {NOT_IN_PORTAL}",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class HandOverForm(_ReviewForm):
    """Who takes care of it from now on."""

    owner = forms.ChoiceField(label="To")

    def __init__(self, *args: Any, review: RiskReview, **kwargs: Any) -> None:
        super().__init__(*args, review=review, **kwargs)
        self.people: list[User] = list(possible_owners(review))
        self.fields["owner"].choices = [(str(one.pk), one.full_name) for one in self.people]  # type: ignore[attr-defined]
