"""What every page of the admin site has in common: open to a clinic's administrators, closed to other clinics."""

from typing import Any, NoReturn

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

# How the filters beside a list ask.
OFFERED = ("exact", "isnull", "gte", "lt")


class ClinicStaffAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rights follow the role, not permission rows; rows follow the clinic, except for operators of the installation.

    `clinic_path` leads from a row to its clinic's id. Nothing is ever deleted here.
    """

    clinic_path = "clinic_id"
    actions = None
    view_on_site = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows of the reader's clinic."""
        return self.of_clinic(request, super().get_queryset(request), self.clinic_path)

    def of_clinic(self, request: HttpRequest, rows: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Narrow `rows` to the reader's clinic; an operator sees all, a person without a clinic none."""
        if is_operator(request):
            return rows
        clinic_id = getattr(request.user, "clinic_id", None)
        return rows.filter(**{path: clinic_id}) if clinic_id else rows.none()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the page's filters offer: an address with `?last_name=` would answer questions, and a regular
        expression keep the database busy.
        """
        return lookup in {f"{name}__{how}" for name in self.list_filter for how in OFFERED}

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Django lets dates at the ends of the calendar reach the database."""
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> NoReturn:
        raise Http404

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the app shows up at all."""
        return is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Reading is open to staff; `get_queryset` says which rows."""
        return is_staff(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Off unless a page opens it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Off unless a page opens it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Off: people are deactivated, relations are ended, the trail stays."""
        return False


def is_staff(request: HttpRequest) -> bool:
    """An active administrator of a clinic, or an operator."""
    return bool(request.user.is_active and getattr(request.user, "is_staff", False))


def is_operator(request: HttpRequest) -> bool:
    """Someone who runs the installation and belongs to no clinic's staff alone."""
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))
