"""Base of all admin pages: open to a clinic's administrators, limited to their clinic."""

from typing import Any, NoReturn

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

# Lookups used by the filters beside a list.
OFFERED = ("exact", "isnull", "gte", "lt")


class ClinicStaffAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Permissions follow the role, not permission rows. Rows are limited to the clinic, except for operators.

    `clinic_path` is the lookup from a row to its clinic's id. Nothing is ever deleted here.
    """

    clinic_path = "clinic_id"
    actions: Any = None
    view_on_site = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows of the reader's clinic."""
        return self.of_clinic(request, super().get_queryset(request), self.clinic_path)

    def of_clinic(self, request: HttpRequest, rows: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Limit `rows` to the reader's clinic; operators see all, people without a clinic none."""
        if is_operator(request):
            return rows
        clinic_id = getattr(request.user, "clinic_id", None)
        return rows.filter(**{path: clinic_id}) if clinic_id else rows.none()

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Allow only lookups of the page's filters: others could reveal hidden columns or, as regular expressions, keep
        the database busy.
        """
        return lookup in {f"{name}__{how}" for name in self.list_filter for how in OFFERED}

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Reject dates at the ends of the calendar, which Django would pass to the database."""
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> NoReturn:
        raise Http404

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the app to staff."""
        return is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Staff may read; `get_queryset` limits the rows."""
        return is_staff(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Denied unless a page allows it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Denied unless a page allows it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never: people are deactivated, relations are ended, and the trail stays."""
        return False


def is_staff(request: HttpRequest) -> bool:
    """Whether the person is an active administrator of a clinic, or an operator."""
    return bool(request.user.is_active and getattr(request.user, "is_staff", False))


def is_operator(request: HttpRequest) -> bool:
    """Whether the person is an operator, who runs the installation across clinics."""
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))
