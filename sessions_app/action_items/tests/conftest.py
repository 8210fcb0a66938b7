"""Fixtures of tests of action items."""

import pytest

from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import ActionItem, TherapySession
from sessions_app.services.transcripts import create_with_transcript

SAID = b"""Therapist: How have you slept since last week?
Patient: I lie awake every night because I worry about my mother and the money.
Therapist: For next week, write down one worry each evening before you go to bed.
Patient: All right, I will write one down every evening.
"""


@pytest.fixture
def session(therapist: User, patient: User) -> TherapySession:
    """Drafted, with one supported action item."""
    return work_off(create_with_transcript(access_for(therapist, patient), WHEN, SAID, "talk.txt"))


@pytest.fixture
def item(session: TherapySession) -> ActionItem:
    """The step that was agreed in the session."""
    found: ActionItem = session.action_items.get()
    return found
