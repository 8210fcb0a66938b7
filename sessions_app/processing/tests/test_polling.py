"""Polling does not keep a session alive."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuthSession
from accounts.tests.factories import access_for
from sessions_app.services import sessions


@pytest.mark.parametrize(("path", "keeps"), [("/running", False), ("/{pk}/progress", False), ("", True)])
def test_polling_does_not_keep_the_browser_signed_in(therapist, patient, client_for, path, keeps):
    session = sessions.create_session(access_for(therapist, patient), session_date=timezone.now())
    browser = client_for(therapist)
    soon, before = timezone.now() + timedelta(minutes=5), timezone.now() - timedelta(minutes=10)
    AuthSession.objects.update(last_used_at=before, expires_at=soon)
    assert browser.get("/sessions" + path.format(pk=session.pk)).status_code in {200, 286}
    row = AuthSession.objects.get()
    assert (row.expires_at > soon, row.last_used_at > before) == (keeps, keeps)
