"""The clinic's administration: who works here and who treats whom, without a patient's name on any page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import admin_rights  # noqa: F401 (registers itself)
from accounts.access import actor
from accounts.models import Clinic, TherapistPatient, User
from audit import log
from audit.staff import ClinicStaffAdmin, is_operator, is_staff, tail

STAFF_ROLES = [choice for choice in User.Role.choices if choice[0] != User.Role.PATIENT]
STAFF_FIELDS = ("email", "first_name", "last_name", "role", "time_zone", "is_active", "is_verified")
PATIENT_FIELDS = ("is_active",)
REDIRECT = 302

# Addresses and the secrets of second factors have their own pages, of the people themselves.
admin.site.unregister([Group, EmailAddress, Authenticator])


class RecordedAdmin(ClinicStaffAdmin):
    """Writes one audit row with each save, in its transaction."""

    audit_name = ""

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        """Save and record the names of what changed."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            action = f"{self.audit_name}.{'updated' if change else 'created'}"
            log.record(
                action, by=request.user, target=obj, changed=form.changed_data, reason="admin site", request=request
            )


@admin.register(Clinic)
class ClinicAdmin(RecordedAdmin):
    """The clinic itself; operators add new ones."""

    audit_name = "clinic"
    clinic_path = "pk"
    list_display = ("name", "time_zone", "jurisdiction")
    fields = ("name", "time_zone", "jurisdiction", "external_ai_allowed", "emotion_inference", "show_access_log")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Operators only."""
        return is_operator(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Staff change their own."""
        return is_staff(request)


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]
    """A therapist or an administrator; neither patients nor operators are made here."""

    role = forms.ChoiceField(choices=STAFF_ROLES)
    email = forms.EmailField(label="E-mail", max_length=254)

    class Meta:
        model = User
        fields = STAFF_FIELDS

    def clean_email(self) -> str:
        """Lower-case, as it is stored."""
        return str(self.cleaned_data["email"]).strip().lower()


class NewStaffForm(StaffForm):
    """Someone new with a first password."""

    new_password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False, max_length=128
    )

    def clean_new_password(self) -> str:
        """Long, uncommon and unlike the person's own data; the field comes after those it is compared with."""
        password = str(self.cleaned_data["new_password"])
        names = ("email", "first_name", "last_name")
        validate_password(password, User(**{name: self.cleaned_data.get(name, "") for name in names}))
        return password

    def save(self, commit: bool = True) -> Any:
        """Hash the password on the way."""
        self.instance.set_password(self.cleaned_data["new_password"])
        return super().save(commit)


class PatientAccessForm(forms.ModelForm):  # type: ignore[type-arg]
    """All that the administration may change of a patient: whether the account is open."""

    class Meta:
        model = User
        fields = PATIENT_FIELDS


@admin.register(User)
class UserAdmin(RecordedAdmin, DjangoUserAdmin):  # type: ignore[type-arg]
    """People of the clinic: staff with address, patients as a number."""

    audit_name = "user"
    form = StaffForm
    add_form = NewStaffForm
    list_display = ("label", "role", "staff_email", "is_active")
    list_display_links = ("label",)
    list_filter = ("role", "is_active")
    search_fields = ("email",)
    search_help_text = "E-mail address of a therapist or administrator, or the id of anyone."
    ordering = ("role", "-id")
    filter_horizontal = ()
    readonly_fields = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Operators are for operators."""
        people = super().get_queryset(request).select_related("clinic")
        return people if is_operator(request) else people.filter(is_superuser=False)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Never by a patient's address: whether it is known here is for the therapist alone."""
        term = search_term.strip()
        if not term:
            return queryset, False
        by_address = Q(email__icontains=term) & ~Q(role=User.Role.PATIENT)
        return queryset.filter(by_address | Q(pk=_uuid_or_none(term))), False

    @admin.display(description="person", ordering="id")
    def label(self, person: User) -> str:
        """Role and end of the id."""
        return str(person)

    @admin.display(description="e-mail", empty_value="–")  # noqa: RUF001
    def staff_email(self, person: User) -> str | None:
        """Of staff only."""
        return None if person.is_patient else person.email

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Staff add colleagues."""
        return is_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Staff change people of their clinic."""
        return is_staff(request)

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        """By the person's role, never with fields beyond it."""
        kwargs["form"] = self._form_for(obj)
        kwargs["fields"] = self._field_names(request, obj)
        return admin.ModelAdmin.get_form(self, request, obj, change=change, **kwargs)

    def _form_for(self, obj: User | None) -> type[forms.ModelForm[User]]:
        if obj is None:
            return self.add_form
        return PatientAccessForm if obj.is_patient else StaffForm

    def _field_names(self, request: HttpRequest, obj: User | None) -> list[str]:
        if obj is not None:
            return list(PATIENT_FIELDS if obj.is_patient else STAFF_FIELDS)
        return [*STAFF_FIELDS, "new_password", *(["clinic"] if is_operator(request) else [])]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """One plain set."""
        return [(None, {"fields": self._field_names(request, obj)})]

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool) -> None:
        """A colleague joins the clinic of whoever adds them."""
        if not change and not is_operator(request):
            obj.clinic_id = actor(request).clinic_id
        super().save_model(request, obj, form, change)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """An operator must say which clinic."""
        return super().formfield_for_foreignkey(db_field, request, required=True, **kwargs)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Django's page, for staff only and on record; tokens and sessions end with the old password."""
        person = self.get_object(request, unquote(id))
        if person is not None and person.is_patient:
            raise PermissionDenied
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == REDIRECT and person is not None:
                log.record("user.password_set", by=request.user, target=person, reason="admin site", request=request)
        return response

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """As for any other row."""
        return admin.ModelAdmin.response_add(self, request, obj, post_url_continue)


class TherapistChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Therapists by name and address."""

    def label_from_instance(self, obj: User) -> str:
        """Readable to whoever assigns."""
        return f"{obj.full_name} ({obj.email})"


class PatientIdWidget(ForeignKeyRawIdWidget):
    """A box for an id with a list to choose from; it does not say whether the id in it belongs to anyone."""

    def label_and_url_for_value(self, value: Any) -> tuple[str, str]:
        """Nothing: Django would look the id up in every clinic."""
        return "", ""


class CareForm(forms.ModelForm):  # type: ignore[type-arg]
    """A therapist and a patient of one clinic."""

    def clean(self) -> dict[str, Any] | None:
        """Operators see all clinics and could mix them."""
        values = super().clean()
        therapist, patient = self.cleaned_data.get("therapist"), self.cleaned_data.get("patient")
        if therapist and patient and therapist.clinic_id != patient.clinic_id:
            raise ValidationError("Therapist and patient belong to different clinics.")
        return values


@admin.register(TherapistPatient)
class TherapistPatientAdmin(RecordedAdmin):
    """Who treats whom, patients by number."""

    audit_name = "care"
    clinic_path = "therapist__clinic_id"
    form = CareForm
    list_display = ("patient_label", "therapist_label", "relationship_type", "is_active", "started_at", "ended_at")
    list_display_links = ("patient_label",)
    list_filter = ("is_active", "relationship_type")
    list_select_related = ("therapist", "patient")
    fields = ("therapist", "patient", "relationship_type", "is_active")

    @admin.display(description="patient")
    def patient_label(self, relation: TherapistPatient) -> str:
        """A number instead of a name."""
        return f"Patient {tail(relation.patient_id)}"

    @admin.display(description="therapist")
    def therapist_label(self, relation: TherapistPatient) -> str:
        """Name of the colleague."""
        return relation.therapist.full_name

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Staff assign patients."""
        return is_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Staff end and resume relations."""
        return is_staff(request)

    def get_readonly_fields(self, request: HttpRequest, obj: TherapistPatient | None = None) -> tuple[str, ...]:
        """The pair of a relation stays; another pair is another relation."""
        return () if obj is None else ("therapist_label", "patient_label")

    def get_fields(self, request: HttpRequest, obj: TherapistPatient | None = None) -> tuple[str, ...]:
        """An existing pair is shown, not offered."""
        pair = ("therapist", "patient") if obj is None else ("therapist_label", "patient_label")
        return (*pair, "relationship_type", "is_active")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only people of the clinic can be chosen."""
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
        """Keep the end's date in step with the switch."""
        obj.ended_at = None if obj.is_active else obj.ended_at or timezone.now()
        super().save_model(request, obj, form, change)


def _uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
