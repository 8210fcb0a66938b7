"""Pages of action items: therapists change them, patients read what they were told of."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.access import POST, page
from accounts.care.access import open_own_record, open_record
from accounts.models import User
from audit.log import record
from sessions_app.action_items import contexts
from sessions_app.action_items.access import open_item, open_item_to_write
from sessions_app.action_items.forms import ChangeItemForm, RevisionForm
from sessions_app.action_items.services.changes import change_item
from sessions_app.action_items.services.telling import show_item
from sessions_app.audit_actions import ACTION_ITEM_CHANGED, ACTION_ITEM_LISTED, ACTION_ITEM_READ
from sessions_app.models import ActionItem
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import perform, require_complete, status_of, submit


@page(ACTION_ITEM_LISTED, User.Role.THERAPIST)
def item_list(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """List what was agreed with a patient, with chips for what is open; also in an emergency."""
    access = open_record(actor_of(request), patient_id, ACTION_ITEM_LISTED)
    context = contexts.list_context(access, request.GET, request.path)
    record(ACTION_ITEM_LISTED, by=access, ids=[row.pk for row in context["page"]])
    return render(request, "sessions_app/action_items.html", context)


@page(ACTION_ITEM_READ, User.Role.THERAPIST)
def item_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an item, and the form that changes it."""
    item, access = open_item(actor_of(request), pk, ACTION_ITEM_READ)
    record(ACTION_ITEM_READ, item, by=access)
    return render(request, "sessions_app/action_item.html", contexts.detail_context(item, access))


@page(ACTION_ITEM_CHANGED, User.Role.THERAPIST, methods=POST)
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give it to somebody, or say how far it has come."""
    item, access = open_item_to_write(actor_of(request), pk, ACTION_ITEM_CHANGED)
    form = ChangeItemForm(request.POST, item=item)
    if submit(form, change_item, item, access=access):
        messages.success(request, "The action item was changed.")
        return redirect("action_items:list", item.patient_id)
    record(ACTION_ITEM_READ, item, by=access)
    # The page shows the item as it is now, so that the next attempt builds on that.
    form.data = {**request.POST.dict(), "revision": item.revision}
    context = contexts.detail_context(item, access, form)
    return render(request, "sessions_app/action_item.html", context, status=status_of(form))


@page(ACTION_ITEM_CHANGED, User.Role.THERAPIST, methods=POST)
def done(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tick it off, and go back to the page from which that was done."""
    item, access = open_item_to_write(actor_of(request), pk, ACTION_ITEM_CHANGED)
    revision = require_complete(RevisionForm(request.POST))["revision"]
    given = {"revision": revision, "status": ActionItem.Status.COMPLETED, "access": access}
    perform(request, "Ticked off.", change_item, item, **given)
    return redirect(_place(request, item))


@page(ACTION_ITEM_CHANGED, User.Role.THERAPIST, methods=POST)
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the patient read what a draft took from them."""
    item, access = open_item_to_write(actor_of(request), pk, ACTION_ITEM_CHANGED)
    revision = require_complete(RevisionForm(request.POST))["revision"]
    done = "The patient can read it with the summary of its session."
    perform(request, done, show_item, item, revision=revision, access=access)
    return redirect(item)


@page(ACTION_ITEM_LISTED, User.Role.PATIENT)
def agreed(request: HttpRequest) -> HttpResponse:
    """What the patient and their therapist agreed, as far as it belongs to shared summaries."""
    access = open_own_record(actor_of(request), ACTION_ITEM_LISTED)
    context = contexts.agreed_context(access.patient, request.GET)
    record(ACTION_ITEM_LISTED, by=access, ids=[row.pk for row in context["page"]])
    return render(request, "sessions_app/portal_agreed.html", context)


def _place(request: HttpRequest, item: ActionItem) -> str:
    """Where the button stood; the patient's page, unless the form says otherwise."""
    if request.POST.get("from") == "session":
        return item.session.get_items_url()
    view = "action_items:list" if request.POST.get("from") == "list" else "patients:detail"
    return reverse(view, args=[item.patient_id])
