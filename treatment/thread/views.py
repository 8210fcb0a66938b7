"""Pages and fragments of the thread between plans, goals and notes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, page
from accounts.care.access import RecordAccess
from accounts.models import User
from audit.log import record
from sessions_app.models import SessionNote
from sessions_app.notes.access import open_note, open_note_to_write
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import status_of, submit
from therapybridge.core.pages.fragments import wants_fragment
from therapybridge.core.pages.lists import Listing
from treatment.thread.audit_actions import GAPS_LISTED, NOTE_GOALS_READ, NOTE_GOALS_SET
from treatment.thread.choices import GapKind
from treatment.thread.contexts.gaps import by_patient
from treatment.thread.contexts.notes import form_choices, note_goals_context, offered
from treatment.thread.forms import NoteGoalsForm
from treatment.thread.services.gaps import gaps_of
from treatment.thread.services.lacking import patients_with_gaps
from treatment.thread.services.links import set_goals

PEOPLE = Listing(order=("sort_name", "id"), per_page=10)


@page(NOTE_GOALS_READ, User.Role.THERAPIST, methods=FORM)
def note_goals(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The goals that a note serves: a card beside the note, and a page of its own without scripts."""
    if request.method == "POST":
        return _set_goals(request, pk)
    note, access = open_note(actor_of(request), pk, NOTE_GOALS_READ)
    return _read(request, note, access, note_goals_context(note, access))


def _set_goals(request: HttpRequest, pk: UUID) -> HttpResponse:
    note, access = open_note_to_write(actor_of(request), pk, NOTE_GOALS_SET)
    form = NoteGoalsForm(request.POST, choices=form_choices(offered(note)[0]))
    if not submit(form, set_goals, note, access=access):
        return _read(request, note, access, note_goals_context(note, access, form))
    if wants_fragment(request):
        return _card(request, note_goals_context(note, access, is_saved=True))
    messages.success(request, "Saved which goals the note serves.")
    return redirect("notes:detail", pk)


def _read(request: HttpRequest, note: SessionNote, access: RecordAccess, context: dict[str, Any]) -> HttpResponse:
    record(NOTE_GOALS_READ, note, by=access, ids=context["goal_ids"])
    return _card(request, context)


def _card(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    if wants_fragment(request):  # htmx shows no errors but those of a success
        return render(request, "treatment/_note_goals.html", context)
    return render(request, "treatment/note_goals.html", context, status=status_of(context["form"]))


@page(GAPS_LISTED, User.Role.THERAPIST)
def gaps(request: HttpRequest) -> HttpResponse:
    """What is missing in the plans of the therapist's patients, some at a time: a card on Today, and a page of its own.

    The card leaves out overdue reviews: Today lists them among what waits.
    """
    by, is_card = actor_of(request), wants_fragment(request)
    people = PEOPLE.page(patients_with_gaps(by.user, with_reviews=not is_card), request.GET, request.path)
    found = [gap for gap in gaps_of(people) if not (is_card and gap.kind == GapKind.REVIEW)]
    record(GAPS_LISTED, by=by, ids=[gap.id for gap in found], among=[gap.patient.pk for gap in found])
    template = "treatment/_gaps.html" if is_card else "treatment/gaps.html"
    return render(request, template, {"gap_groups": by_patient(found), "page": people, "is_card": is_card})
