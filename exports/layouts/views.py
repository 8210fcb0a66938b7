"""Pages of a clinic's layouts."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import FORM, POST, page
from accounts.models import User
from audit.log import record
from exports.layouts import audit_actions as actions
from exports.layouts import services
from exports.layouts.access import open_layout
from exports.layouts.forms import ChangeLayoutForm, DeleteLayoutForm, LayoutForm
from exports.layouts.models import ExportLayout
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import perform, require_complete, status_of, submit
from therapybridge.core.pages.lists import Listing, ListPage

THERAPIST = User.Role.THERAPIST
LAYOUTS = Listing(order=("name", "id"))


@page(actions.LAYOUT_LISTED, THERAPIST)
def layout_list(request: HttpRequest) -> HttpResponse:
    """The clinic's layouts by name."""
    by = actor_of(request)
    listed = _listed(by.user, request.GET)
    record(actions.LAYOUT_LISTED, by=by, ids=[row.pk for row in listed])
    return render(request, "exports/layouts.html", {"page": listed})


def _listed(user: User, query: Mapping[str, str]) -> ListPage:
    return LAYOUTS.page(ExportLayout.objects.visible_to(user), query, reverse("layouts:list"))


@page(actions.LAYOUT_CREATED, THERAPIST, methods=FORM)
def new_layout(request: HttpRequest) -> HttpResponse:
    """Add a layout."""
    form = LayoutForm(request.POST or None)
    if submit(form, services.create_layout, by=actor_of(request)):
        messages.success(request, "The layout was added.")
        return redirect("layouts:list")
    return render(request, "exports/layout.html", {"form": form}, status=status_of(form))


@page(actions.LAYOUT_CHANGED, THERAPIST, methods=FORM)
def layout_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read and change a layout."""
    by = actor_of(request)
    is_sent = request.method == "POST"
    layout = open_layout(by, pk, actions.LAYOUT_CHANGED if is_sent else actions.LAYOUT_READ)
    form = ChangeLayoutForm(request.POST or None, layout=layout)
    if submit(form, services.change_layout, layout, by=by):
        messages.success(request, "The layout was changed.")
        return redirect("layouts:list")
    if is_sent:
        layout.refresh_from_db()
        form.data = {**request.POST.dict(), "revision": layout.revision}
    record(actions.LAYOUT_READ, layout, by=by)
    return render(request, "exports/layout.html", {"form": form, "layout": layout}, status=status_of(form))


@page(actions.LAYOUT_DELETED, THERAPIST, methods=POST)
def delete_layout(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete a layout."""
    by = actor_of(request)
    layout = open_layout(by, pk, actions.LAYOUT_DELETED)
    revision = require_complete(DeleteLayoutForm(request.POST))["revision"]
    perform(request, "The layout was deleted.", services.delete_layout, layout, revision=revision, by=by)
    return redirect("layouts:list")
