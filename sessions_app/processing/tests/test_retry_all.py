"""After hours: an operator has everything tried again that a retry may help."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from accounts.consent.services.decisions import record_consent
from accounts.models import User
from accounts.tests.factories import access_for
from audit.models import AuditEvent
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import EngineCircuit, ProcessingJob, TherapySession
from sessions_app.processing.services import circuits
from sessions_app.services.transcripts import create_with_transcript

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/admin/sessions_app/enginecircuit/"


@pytest.fixture
def failed(therapist: User, patient: User) -> TherapySession:
    """A session whose draft failed while the language model was away, before sessions waited for that."""
    text = b"Therapist: How did you sleep?\nPatient: Badly. I will try the breathing exercise.\n"
    session = create_with_transcript(access_for(therapist, patient), WHEN, text, "talk.txt")
    job = ProcessingJob.claim(session.job.pk)
    assert job
    session.end_with({"error_code": "upstream_error", "error_detail": "", "error_retriable": True}, token=job.token)
    job.fail("upstream_error")
    return session


def retry() -> str:
    said = StringIO()
    call_command("retry_sessions", stdout=said)
    return said.getvalue()


def test_all_that_failed_is_processed_and_the_trail_says_who_had_it_retried(failed: TherapySession) -> None:
    said = StringIO()
    call_command("retry_sessions", dry_run=True, stdout=said)
    assert said.getvalue().startswith("1 sessions to retry")
    assert TherapySession.objects.get().status == "failed"
    assert retry().startswith("1 sessions retried")
    event = AuditEvent.objects.get(action="session.retried")
    assert (event.actor_id, event.reason, event.target_id) == (None, "operator", failed.pk)
    session = work_off(failed)
    assert (session.status, session.number, session.error_code) == ("processed", 1, "")
    assert retry().startswith("0 sessions retried")


@pytest.mark.parametrize("code", ["cancelled", "no_speech", "refused", "consent_required", "access_ended"])
def test_what_people_ended_or_no_retry_helps_stays_as_it_is(code: str, failed: TherapySession) -> None:
    TherapySession.objects.update(error_code=code)
    assert retry().startswith("0 sessions retried")
    assert ProcessingJob.objects.get().stage == "failed"


def test_without_consent_nothing_is_sent_again(failed: TherapySession, therapist: User, patient: User) -> None:
    record_consent(access_for(therapist, patient), ["ai_processing"], "revoked", "verbal")
    assert retry().startswith("0 sessions retried")
    assert TherapySession.objects.get().status == "failed"


@pytest.fixture
def away(db: None) -> EngineCircuit:
    """A language model that is paused."""
    told = {"fingerprint": circuits.fingerprint("language"), "error_code": "engine_config", "failures": 1}
    return EngineCircuit.objects.create(kind="language", opened_at=WHEN, **told)


def test_an_operator_retries_on_the_admin_site(failed: TherapySession, away: EngineCircuit, client_for: Any) -> None:
    person = User.objects.create_superuser("root@example.org", "x" * 12, first_name="Root")
    operator = client_for(person, second_factor=True)
    assert "engine_config" in operator.get(PAGE).content.decode()
    chosen = {"_selected_action": [str(away.pk)]}
    assert operator.post(PAGE, {**chosen, "action": "retry_sessions"}).status_code == 302
    assert ProcessingJob.objects.get().stage == "extract"
    assert operator.post(PAGE, {**chosen, "action": "try_again"}).status_code == 302
    assert EngineCircuit.objects.to_probe().exists()
    events = AuditEvent.objects.exclude(actor=None).values_list("action", "actor__is_superuser")
    assert {("session.retried", True), ("engine.retried", True)} <= set(events)
