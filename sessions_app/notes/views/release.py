"""Pages on which a therapist withholds a signed note from its patient, looks at that again, and releases it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from accounts.access import POST, page
from accounts.models import User
from sessions_app.audit_actions import NOTE_RELEASED, NOTE_REVIEW_MOVED, NOTE_WITHHELD
from sessions_app.notes.forms import ReviewDateForm, WithholdForm
from sessions_app.notes.services import release
from sessions_app.notes.views.notes import perform_on_note, submit_on_note


@page(NOTE_WITHHELD, User.Role.THERAPIST, methods=POST)
def withhold_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withhold a signed note."""
    done = "The note is withheld. Its patient sees on which ground, and nothing of its text."
    form = WithholdForm(request.POST)
    return submit_on_note(request, pk, NOTE_WITHHELD, release.withhold_note, done=done, withhold_form=form)


@page(NOTE_REVIEW_MOVED, User.Role.THERAPIST, methods=POST)
def move_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withhold it until another day."""
    done = "The note stays withheld until that day."
    form = ReviewDateForm(request.POST)
    return submit_on_note(request, pk, NOTE_REVIEW_MOVED, release.move_review, done=done, review_form=form)


@page(NOTE_RELEASED, User.Role.THERAPIST, methods=POST)
def release_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the patient read it."""
    return perform_on_note(request, pk, NOTE_RELEASED, release.release_note, done="The note is no longer withheld.")
