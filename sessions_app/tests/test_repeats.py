"""A request that is repeated with its key shows no session that was deleted in between."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.tests.factories import give_consents
from audit.models import AuditEvent
from sessions_app.conftest import WHEN
from sessions_app.models import TherapySession

pytestmark = pytest.mark.django_db
URL = "/api/v1/sessions"


@pytest.mark.parametrize("action", ["session.created", "recording.uploaded"])
def test_a_repeat_after_a_deletion_is_not_found_and_on_record(api_for, therapist, patient, talk, action):
    give_consents(patient)
    device = api_for(therapist)
    form = {"patient": str(patient.pk), "session_date": WHEN.isoformat()}

    def ask():
        if action == "session.created":
            return device.post(URL, form, format="json", HTTP_IDEMPOTENCY_KEY="once")
        file = SimpleUploadedFile("talk.flac", talk.read_bytes())
        return device.post(f"{URL}/upload", form | {"file": file}, format="multipart", HTTP_IDEMPOTENCY_KEY="once")

    made = ask().json()["id"]
    assert ask().json()["id"] == made
    TherapySession.objects.filter(pk=made).update(deleted_at=timezone.now())
    again = ask()
    assert (again.status_code, again.json()["code"]) == (404, "not_found")
    row = AuditEvent.objects.get(outcome="denied", target_id=made)
    assert (row.action, row.reason) == (action, "not_found")
    assert AuditEvent.objects.filter(action="session.read", target_id=made).count() == 1
