"""The clinic's library of interventions in the admin site. Plans and goals are no business of its staff."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest

from audit.admin.staff import ClinicStaffAdmin, is_staff
from therapybridge.core.actor import actor_of
from therapybridge.core.errors import InvalidInput
from therapybridge.core.pages.forms import ComposedField, LinesField, TidyField
from treatment.goals.models import Intervention
from treatment.goals.services import library

FIELDS = ("name", "modality", "description", "aliases", "evidence_level", "evidence_source")


class LibraryForm(forms.ModelForm):  # type: ignore[type-arg]
    """An entry of the clinic's library."""

    name = TidyField(max_length=library.MAX_NAME)
    modality = TidyField(required=False, max_length=library.MAX_MODALITY)
    description = LinesField(required=False, max_length=library.MAX_DESCRIPTION)
    aliases = ComposedField(label="Other names", required=False, max_length=2_000, help_text="With commas between them")
    evidence_source = ComposedField(required=False, max_length=library.MAX_SOURCE)

    class Meta:
        model = Intervention
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["aliases"] = ", ".join(self.instance.aliases or [])

    def clean_aliases(self) -> list[str]:
        """Each name by itself."""
        try:
            return library.other_names(self.cleaned_data["aliases"].split(","))
        except InvalidInput as error:
            raise ValidationError(list((error.errors or {}).get("aliases", []))) from error


@admin.register(Intervention)
class InterventionAdmin(ClinicStaffAdmin):
    """The clinic's own entries; operators also see the product's, which nobody changes."""

    form = LibraryForm
    list_display = ("name", "modality", "evidence_level", "retired_at")
    list_filter = ("evidence_level",)
    fields = FIELDS
    ordering = ("name", "id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Administrators add entries of their clinic."""
        return is_staff(request) and getattr(request.user, "clinic_id", None) is not None

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """All but the product's and retired ones can be changed."""
        is_open = not isinstance(obj, Intervention) or (not obj.is_system and obj.retired_at is None)
        return is_staff(request) and is_open

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """A form that refuses names that the clinic's therapists find already."""
        form = super().get_form(request, obj, change, **kwargs)
        clinic_id = obj.clinic_id if obj else getattr(request.user, "clinic_id", None)

        class Named(form):  # type: ignore[misc,valid-type]
            def clean_name(self) -> str:
                name: str = self.cleaned_data["name"]
                if library.is_taken(name, clinic_id, but=obj):
                    raise ValidationError("There is an intervention of this name already.")
                return name

        return Named

    def save_model(self, request: HttpRequest, obj: Intervention, form: Any, change: bool) -> None:
        """By the services of the library, audited."""
        given, by = form.cleaned_data, actor_of(request)
        if change:
            library.change_intervention(obj, revision=obj.revision, by=by, **given)
        else:
            obj.pk = library.create_intervention(by=by, **given).pk
