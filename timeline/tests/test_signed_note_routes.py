"""No route of a page or of the API changes what was signed, of an archived note neither."""

import pytest
from django.db import models

from sessions_app.models import SessionNote
from sessions_app.notes.services import archive
from sessions_app.notes.services.signing import is_intact
from sessions_app.notes.tests.notes import access_of, begin, sign
from timeline.tests.factories import make_event, make_session
from timeline.tests.test_emergency import api_writes, page_writes

pytestmark = pytest.mark.django_db
SIGNED = (
    "content",
    "content_hash",
    "revision",
    "template_version",
    "author",
    "signed_at",
    "completed_at",
    "deleted_at",
)


def kept(note):
    """The stored columns, encrypted as they are."""
    return models.QuerySet(model=SessionNote).values_list(*SIGNED).get(pk=note.pk)


@pytest.mark.parametrize("is_archived", [False, True])
def test_every_route_that_writes_leaves_a_signed_note_as_it_is(
    client_for, api_for, patient, therapist, settings, is_archived
):
    settings.LIMITS = {**settings.LIMITS, "email": "1000/d", "write": "1000/m"}
    session = make_session(patient, therapist)
    note = sign(begin(session))
    if is_archived:
        archive.archive_note(note, note.revision, "Closed.", access=access_of(session))
    before, browser, device = kept(note), client_for(therapist), api_for(therapist)
    reached = []
    for path, body in page_writes(patient, session):
        reached.append((path, browser.post(path, body).status_code))
        assert kept(note) == before, path
    match = {"If-Match": f'"{note.revision}"'}
    for method, path, body, form in api_writes(patient, session, make_event(patient)):
        reached.append((path, getattr(device, method)(path, body, format=form, headers=match).status_code))
        assert kept(note) == before, path
    # The author is let in everywhere, so that only the note's state can have refused.
    assert not [one for one in reached if "/notes/" in one[0] and one[1] in {403, 404, 428} and "cosign" not in one[0]]
    assert is_intact(SessionNote.objects.select_related("template_version").get(pk=note.pk))
