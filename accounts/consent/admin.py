"""The clinic's consent texts: new versions are added, earlier ones can be read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from accounts.consent.services.templates import publish_template
from accounts.models import ConsentEntry, ConsentTemplate
from audit.admin.staff import ClinicStaffAdmin, is_operator, is_staff
from therapybridge.core.actor import actor_of


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """A type, its text, and how long a consent holds; the version is counted."""

    consent_type = forms.ChoiceField(choices=ConsentEntry.Type.choices, label="About")
    text = forms.CharField(
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="What the patient reads before deciding. Once saved it stays; a changed text is a new version.",
    )
    valid_days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=36_500,
        label="Valid for (days)",
        help_text="Empty: until it is withdrawn.",
    )

    class Meta:
        model = ConsentTemplate
        fields = ("consent_type", "text", "valid_days")


@admin.register(ConsentTemplate)
class ConsentTemplateAdmin(ClinicStaffAdmin):
    """Add and read; what patients agreed to is never edited."""

    form = TemplateForm
    list_display = ("label", "version", "valid_days", "created_at")
    list_display_links = ("label",)
    list_filter = ("consent_type",)

    @admin.display(description="about", ordering="consent_type")
    def label(self, template: ConsentTemplate) -> str:
        """The type's name for people."""
        return str(ConsentEntry.Type(template.consent_type).label)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Staff write for their clinic."""
        return is_staff(request)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """An operator says which clinic; a version that exists shows its number."""
        if obj is not None:
            return ["consent_type", "version", "text", "valid_days", "created_at"]
        return [*(["clinic"] if is_operator(request) else []), "consent_type", "text", "valid_days"]

    def save_model(self, request: HttpRequest, obj: ConsentTemplate, form: Any, change: bool) -> None:
        """Publish as the next version, on record."""
        if not is_operator(request):
            obj.clinic_id = actor_of(request).user.clinic_id
        publish_template(obj, by=actor_of(request))
