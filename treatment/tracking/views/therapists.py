"""Pages on which therapists set up what is tracked, and see the values."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import POST, page
from accounts.care.access import open_record
from accounts.models import User
from audit.log import record
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import perform, require_complete, status_of, submit
from therapybridge.core.pages.fragments import wants_fragment
from treatment.goals.access import open_goal, open_goal_to_write
from treatment.models import Tracker
from treatment.tracking import contexts
from treatment.tracking.access import open_check_in, open_entry_to_write, open_tracker, open_tracker_to_write
from treatment.tracking.audit_actions import (
    CHECK_IN_LISTED,
    ENTRY_ADDED,
    ENTRY_WITHDRAWN,
    TRACKER_ADDED,
    TRACKER_CHANGED,
    TRACKER_ENDED,
    TRACKER_LISTED,
    TRACKER_READ,
)
from treatment.tracking.forms import ChangeTrackerForm, EndForm, EntryForm, TrackerForm
from treatment.tracking.services.entries import add_entry, withdraw_entry
from treatment.tracking.services.trackers import add_tracker, change_tracker, end_tracker

THERAPIST = User.Role.THERAPIST


@page(TRACKER_LISTED, THERAPIST)
def tracker_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is tracked for a goal; the goal's page takes the values alone."""
    goal, access = open_goal(actor_of(request), pk, TRACKER_LISTED)
    context = contexts.goal_context(goal, access)
    record(TRACKER_LISTED, by=access, ids=context["ids"])
    name = "treatment/_goal_numbers.html" if wants_fragment(request) else "treatment/trackers.html"
    return render(request, name, context)


@page(CHECK_IN_LISTED, THERAPIST)
def check_ins(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What the patient sent, latest first; also in an emergency."""
    access = open_record(actor_of(request), patient_id, CHECK_IN_LISTED)
    context = contexts.check_ins_context(access, request.GET, request.path)
    record(CHECK_IN_LISTED, by=access, ids=[row.pk for row in context["page"]])
    return render(request, "treatment/check_ins.html", context)


@page(CHECK_IN_LISTED, THERAPIST)
def check_in_of_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lead from a risk review to the check-in whose note it is about."""
    return redirect(open_check_in(actor_of(request), pk, CHECK_IN_LISTED))


@page(TRACKER_ADDED, THERAPIST, methods=POST)
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Track something new for a goal."""
    goal, access = open_goal_to_write(actor_of(request), pk, TRACKER_ADDED)
    form = TrackerForm(request.POST)
    added = submit(form, add_tracker, goal, access=access)
    if added:
        messages.success(request, "It is tracked from now on.")
        return redirect("trackers:detail", added.result.pk)
    context = contexts.goal_context(goal, access, form)
    record(TRACKER_LISTED, by=access, ids=context["ids"])
    return render(request, "treatment/trackers.html", context, status=status_of(form))


@page(TRACKER_READ, THERAPIST)
def tracker_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A tracker with its chart and values."""
    tracker, access = open_tracker(actor_of(request), pk, TRACKER_READ)
    record(TRACKER_READ, tracker, by=access)
    return render(
        request, "treatment/tracker.html", contexts.tracker_context(tracker, access, request.GET, request.path)
    )


@page(TRACKER_CHANGED, THERAPIST, methods=POST)
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the question, how often it is asked, and reminders."""
    tracker, access = open_tracker_to_write(actor_of(request), pk, TRACKER_CHANGED)
    form = ChangeTrackerForm(request.POST, tracker=tracker)
    if submit(form, change_tracker, tracker, access=access):
        messages.success(request, "It was changed.")
        return redirect("trackers:detail", pk)
    return _again(request, tracker, change_form=form)


@page(TRACKER_ENDED, THERAPIST, methods=POST)
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask no more."""
    tracker, access = open_tracker_to_write(actor_of(request), pk, TRACKER_ENDED)
    given = require_complete(EndForm(request.POST))
    perform(request, "It is not tracked any more.", end_tracker, tracker, access=access, **given)
    return redirect("trackers:detail", pk)


@page(ENTRY_ADDED, THERAPIST, methods=POST)
def enter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter the value of a day."""
    tracker, access = open_tracker_to_write(actor_of(request), pk, ENTRY_ADDED)
    form = EntryForm(request.POST, tracker=tracker)
    if submit(form, add_entry, tracker, access=access):
        messages.success(request, "The value was entered.")
        return redirect("trackers:detail", pk)
    return _again(request, tracker, entry_form=form)


@page(ENTRY_WITHDRAWN, THERAPIST, methods=POST)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back a value that was entered by mistake."""
    entry, access = open_entry_to_write(actor_of(request), pk, ENTRY_WITHDRAWN)
    perform(request, "The value was withdrawn.", withdraw_entry, entry, access=access)
    return redirect("trackers:detail", entry.tracker_id)


def _again(
    request: HttpRequest, tracker: Tracker, **refused: TrackerForm | EntryForm | ChangeTrackerForm
) -> HttpResponse:
    """The page with a form that was refused."""
    tracker, access = open_tracker(actor_of(request), tracker.pk, TRACKER_READ)
    record(TRACKER_READ, tracker, by=access)
    context = contexts.tracker_context(tracker, access, {}, request.path) | refused
    [form] = refused.values()
    return render(request, "treatment/tracker.html", context, status=status_of(form))
