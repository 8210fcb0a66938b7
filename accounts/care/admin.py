"""Care relations in the admin site; patients appear by number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from accounts.care.services.relations import end_relation, resume_relation
from accounts.models import TherapistPatient, User
from audit.admin.recorded import RecordedAdmin
from audit.admin.staff import is_staff
from therapybridge.core.actor import actor_of
from therapybridge.core.models import short_id


class TherapistChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Offers therapists by name and e-mail address."""

    def label_from_instance(self, obj: User) -> str:
        """Name and e-mail address."""
        return f"{obj.full_name} ({obj.email})"


class PatientIdWidget(ForeignKeyRawIdWidget):
    """A patient id field with a lookup; unlike Django's, it does not reveal whether an id exists."""

    def label_and_url_for_value(self, value: Any) -> tuple[str, str]:
        """No label: Django would look the id up across all clinics."""
        return "", ""


class CareForm(forms.ModelForm):  # type: ignore[type-arg]
    """Pairs a therapist with a patient of the same clinic."""

    def clean(self) -> dict[str, Any] | None:
        """Operators see every clinic, so the two may not match; ending a relation is audited as a change of its own."""
        values = super().clean()
        if len(self.changed_data) > 1 and "is_active" in self.changed_data:
            raise ValidationError("End or resume the relation without changing anything else.")
        therapist, patient = self.cleaned_data.get("therapist"), self.cleaned_data.get("patient")
        if therapist and patient and therapist.clinic_id != patient.clinic_id:
            raise ValidationError("Therapist and patient belong to different clinics.")
        return values


@admin.register(TherapistPatient)
class TherapistPatientAdmin(RecordedAdmin):
    """Care relations, with patients by number."""

    audit_name = "care"
    clinic_path = "therapist__clinic_id"
    form = CareForm
    list_display = ("patient_label", "therapist_label", "relationship_type", "is_active", "started_at", "ended_at")
    list_display_links = ("patient_label",)
    list_filter = ("is_active", "relationship_type")
    list_select_related = ("therapist", "patient")

    @admin.display(description="patient")
    def patient_label(self, relation: TherapistPatient) -> str:
        """A number instead of the name, which administrators do not see."""
        return f"Patient {short_id(relation.patient_id)}"

    @admin.display(description="therapist")
    def therapist_label(self, relation: TherapistPatient) -> str:
        return relation.therapist.full_name

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return is_staff(request)

    def get_readonly_fields(self, request: HttpRequest, obj: TherapistPatient | None = None) -> tuple[str, ...]:
        """The two people cannot be changed: another pair is another relation."""
        return () if obj is None else ("therapist_label", "patient_label")

    def get_fields(self, request: HttpRequest, obj: TherapistPatient | None = None) -> tuple[str, ...]:
        """Labels instead of choices for an existing relation; a new one is always active."""
        if obj is None:
            return ("therapist", "patient", "relationship_type")
        return ("therapist_label", "patient_label", "relationship_type", "is_active")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        role = User.Role(db_field.name)
        people = User.objects.filter(is_active=True, role=role)
        kwargs["queryset"] = self.of_clinic(request, people, "clinic_id")
        if role == User.Role.THERAPIST:
            kwargs["form_class"] = TherapistChoice
        else:
            kwargs["widget"] = PatientIdWidget(db_field.remote_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: TherapistPatient, form: forms.ModelForm[TherapistPatient], change: bool
    ) -> None:
        """Leave ending and resuming to their services; saving without changes does nothing."""
        if change and "is_active" in form.changed_data:
            stored = TherapistPatient.objects.select_related("therapist").get(pk=obj.pk)
            switch = resume_relation if obj.is_active else end_relation
            switch(stored, by=actor_of(request))
        elif form.changed_data:
            super().save_model(request, obj, form, change)
