"""The admin site for clinics and accounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from accounts.access import is_stepped_up, require_step_up, to_step_up
from accounts.authentication.services import passwords
from accounts.identity.choices import STAFF_ROLES
from accounts.identity.services import staff, storage
from accounts.models import Clinic, User
from audit.admin.recorded import RecordedAdmin
from audit.admin.staff import is_operator, is_staff
from therapybridge.core.actor import actor_of


@admin.register(Clinic)
class ClinicAdmin(RecordedAdmin):
    """The clinic itself; operators add new ones."""

    audit_name = "clinic"
    clinic_path = "pk"
    list_display = ("name", "time_zone", "jurisdiction")
    fields = (
        *("name", "time_zone", "jurisdiction", "external_ai_allowed", "emotion_inference", "show_access_log"),
        *("risk_review_hours", "grave_risk_review_hours", "several_active_plans", "storage_quota_gb", "storage_used"),
    )
    readonly_fields = ("storage_used",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only operators add clinics."""
        return is_operator(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Staff may change their own clinic."""
        return is_staff(request)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        """Only operators say how much a clinic may store."""
        return self.readonly_fields if is_operator(request) else (*self.readonly_fields, "storage_quota_gb")

    @admin.display(description="storage used")
    def storage_used(self, clinic: Clinic) -> str:
        """By recordings, exports and imports, and how much of it there may be."""
        return str(storage.usage_of(clinic)) if clinic.pk else ""


STAFF_FIELDS = ("first_name", "last_name", "role", "time_zone", "is_active")
PATIENT_FIELDS = ("is_active",)
# Each is a separate operation with its own audit row.
APART = ("role", "is_active")


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]
    """Edits a therapist or administrator, but not their address: whoever sets it could take over the account."""

    class Meta:
        model = User
        fields = STAFF_FIELDS

    def clean(self) -> dict[str, Any] | None:
        """Allow only one such change at a time."""
        values = super().clean()
        if len(self.changed_data) > 1 and set(APART) & set(self.changed_data):
            raise ValidationError("Change either the role or whether the account is active, and nothing else.")
        return values


class PatientAccessForm(forms.ModelForm):  # type: ignore[type-arg]
    """Opens or closes a patient's account, the only thing that administrators may change."""

    class Meta:
        model = User
        fields = PATIENT_FIELDS


@admin.register(User)
class UserAdmin(RecordedAdmin):
    """Edits roles and closes or reopens accounts; new colleagues are invited on our own page."""

    audit_name = "user"
    form = StaffForm
    change_form_template = "admin/accounts/user/change_form.html"
    list_display = ("label", "role", "staff_email", "is_active")
    list_display_links = ("label",)
    list_filter = ("role", "is_active")
    search_fields = ("email",)
    search_help_text = "E-mail address of a therapist or administrator, or anyone's ID."
    ordering = ("role", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Only operators see operators."""
        people = super().get_queryset(request).select_related("clinic")
        return people if is_operator(request) else people.filter(is_superuser=False)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Never search patients' addresses: administrators must not learn whether one is known here."""
        term = search_term.strip()
        if not term:
            return queryset, False
        by_address = Q(email__icontains=term) & ~Q(role=User.Role.PATIENT)
        return queryset.filter(by_address | Q(pk=_uuid_or_none(term))), False

    @admin.display(description="person", ordering="id")
    def label(self, person: User) -> str:
        """Role and the end of the id, since administrators do not see patients' names."""
        return str(person)

    @admin.display(description="e-mail", empty_value="–")  # noqa: RUF001
    def staff_email(self, person: User) -> str | None:
        """Only staff addresses are shown."""
        return None if person.is_patient else person.email

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow the add button, which leads to the invitations page."""
        return is_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Staff may change people of their clinic."""
        return is_staff(request)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Redirect to the invitations page: nobody sets a colleague's password or learns which addresses are known."""
        return redirect("accounts:invitations")

    def get_urls(self) -> list[URLPattern]:
        """Add the route that sends a password reset e-mail."""
        view = self.admin_site.admin_view(self.send_reset)
        return [path("<uuid:person_id>/reset/", view, name="accounts_user_reset"), *super().get_urls()]

    def send_reset(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        """Send a colleague the same reset e-mail that they could request themselves."""
        person = self.get_object(request, str(person_id))
        if not is_staff(request):
            raise PermissionDenied
        if person is None or person.is_patient or request.method != "POST":
            raise Http404
        passwords.ask_reset(person.email or "", by=actor_of(request))
        messages.success(request, "If the account is active and has a password, an e-mail has been sent.")
        return redirect("admin:accounts_user_change", person.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Changing a role requires step-up."""
        person = self.get_object(request, unquote(object_id))
        if person is not None and _changes_role(request, person) and not is_stepped_up(actor_of(request)):
            messages.info(request, "Nothing has been changed yet. Confirm it's you, then choose the role again.")
            return to_step_up(request)
        context = {"may_send_reset": person is not None and not person.is_patient, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form for the person's role."""
        kwargs["form"] = PatientAccessForm if obj is not None and obj.is_patient else StaffForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """For a patient, only whether the account is active."""
        return PATIENT_FIELDS if obj is not None and obj.is_patient else ("staff_email", *STAFF_FIELDS)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody changes their own role or status, and the operator role cannot be given here."""
        fixed = obj is not None and (obj.pk == actor_of(request).user.pk or obj.is_superuser)
        return ("staff_email", *(APART if fixed else ()))

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Staff cannot be turned into patients."""
        if db_field.name == "role":
            kwargs["choices"] = [(role.value, role.label) for role in STAFF_ROLES]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool) -> None:
        """Pass each change to its service; without changes, do nothing."""
        by, stored = actor_of(request), User.objects.select_related("clinic").get(pk=obj.pk)
        if "role" in form.changed_data:
            require_step_up(by)
            staff.change_role(stored, obj.role, by=by)
        elif "is_active" in form.changed_data:
            change_access = staff.reactivate_user if obj.is_active else staff.deactivate_user
            change_access(stored, by=by)
        elif form.changed_data:
            super().save_model(request, obj, form, change)


def _changes_role(request: HttpRequest, person: User) -> bool:
    wanted = request.POST.get("role")
    return request.method == "POST" and not person.is_patient and wanted not in {None, person.role}


def _uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
