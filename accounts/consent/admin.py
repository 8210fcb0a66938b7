"""The clinic's consent texts: versions can be added and read, never changed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from accounts.consent.services.templates import publish_template
from accounts.models import ConsentEntry, ConsentTemplate
from audit.admin.staff import ClinicStaffAdmin, is_operator, is_staff
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import ComposedField


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """Adds a consent text for a type; the version number is assigned."""

    consent_type = forms.ChoiceField(choices=ConsentEntry.Type.choices, label="About")
    text = ComposedField(
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="What the patient reads before deciding. It cannot be changed once saved; add a new version instead.",
    )
    valid_days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=36_500,
        label="Valid for (days)",
        help_text="Leave empty if it is valid until withdrawn.",
    )

    class Meta:
        model = ConsentTemplate
        fields = ("consent_type", "text", "valid_days")


@admin.register(ConsentTemplate)
class ConsentTemplateAdmin(ClinicStaffAdmin):
    """Add and view only: what patients agreed to is never edited."""

    form = TemplateForm
    list_display = ("label", "version", "valid_days", "created_at")
    list_display_links = ("label",)
    list_filter = ("consent_type",)

    @admin.display(description="about", ordering="consent_type")
    def label(self, template: ConsentTemplate) -> str:
        return str(ConsentEntry.Type(template.consent_type).label)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_staff(request)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Operators also choose the clinic; existing versions also show their number."""
        if obj is not None:
            return ["consent_type", "version", "text", "valid_days", "created_at"]
        return [*(["clinic"] if is_operator(request) else []), "consent_type", "text", "valid_days"]

    def save_model(self, request: HttpRequest, obj: ConsentTemplate, form: Any, change: bool) -> None:
        """Publish as the next version, audited."""
        if not is_operator(request):
            obj.clinic_id = actor_of(request).user.clinic_id
        publish_template(obj, by=actor_of(request))
