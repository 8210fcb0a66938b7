"""A drafted session and its note, for tests."""

from typing import Any

from accounts.care.access import RecordAccess
from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import NoteTemplate, SessionNote, TherapySession
from sessions_app.notes.services import signing, writing
from sessions_app.services.transcripts import create_with_transcript

SAID = b"""Therapist: How did you sleep?
Patient: Badly. I lie awake because of work.
Therapist: For homework, please keep a sleep diary every morning this week.
Patient: Yes, I will do that.
"""


def drafted_session(therapist: User, patient: User, said: bytes = SAID) -> TherapySession:
    """A processed session with a draft."""
    return work_off(create_with_transcript(access_for(therapist, patient), WHEN, said, "talk.txt"))


def begin(session: TherapySession, key: str = "soap", *, by: User | None = None) -> SessionNote:
    """The note of a session, filled from its draft."""
    template = NoteTemplate.objects.get(key=key)
    return writing.create_note(session, template, access=access_of(session, by))


def sign(note: SessionNote, **values: Any) -> SessionNote:
    """Signed by its author, with `values` written before."""
    access = access_of(note.session, note.author)
    given = {"subjective": "Sleeps badly."} | values
    saved = writing.save_note(note, given, note.revision, access=access).note
    return signing.sign_note(saved, saved.revision, access=access)


def access_of(session: TherapySession, by: User | None = None) -> RecordAccess:
    """The access of the therapist, or of somebody else who treats the patient."""
    reader = by or session.therapist
    assert reader is not None
    return access_for(reader, session.patient)
