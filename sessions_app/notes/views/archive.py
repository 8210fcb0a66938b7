"""Pages on which a signed note is filed away, and taken out of the archive again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import FORM, page
from accounts.models import User
from audit.audit_actions import Action
from audit.log import record
from sessions_app.audit_actions import NOTE_ARCHIVED, NOTE_READ, NOTE_UNARCHIVED
from sessions_app.notes.access import open_note_to_write
from sessions_app.notes.forms import ArchiveForm
from sessions_app.notes.services import archive
from therapybridge.core.actor import actor_of
from therapybridge.core.pages.forms import status_of, submit


@page(NOTE_ARCHIVED, User.Role.THERAPIST, methods=FORM)
def archive_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say why, and file a signed note away."""
    done = "The note is archived. You find it under Notes, Archived."
    return _confirm(request, pk, NOTE_ARCHIVED, archive.archive_note, done)


@page(NOTE_UNARCHIVED, User.Role.THERAPIST, methods=FORM)
def unarchive_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say why, and take a note out of the archive."""
    return _confirm(request, pk, NOTE_UNARCHIVED, archive.unarchive_note, "The note is out of the archive.")


def _confirm(request: HttpRequest, pk: UUID, action: Action, service: Any, done: str) -> HttpResponse:
    note, access = open_note_to_write(actor_of(request), pk, action)
    form = ArchiveForm(request.POST or None, initial={"base": note.revision})
    if submit(form, service, note, access=access):
        messages.success(request, done)
        return redirect("notes:detail", pk)
    if request.method != "POST" and (not note.is_locked or note.is_archived != (action == NOTE_UNARCHIVED)):
        return redirect("notes:detail", pk)
    record(NOTE_READ, note, by=access)  # also by who gets the refused form back
    context = {"note": note, "session": note.session, "form": form, "is_out": action == NOTE_UNARCHIVED}
    return render(request, "sessions_app/archive_note.html", context, status=status_of(form))
