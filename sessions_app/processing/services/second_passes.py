"""The second pass that failed: its statements stay to be checked, and it is tried again later, a few times."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from sessions_app.models import NO_ERROR, Extraction, ProcessingJob, TherapySession
from sessions_app.notes.services.locks import is_locked
from sessions_app.notes.services.statements import statements
from sessions_app.pipeline.evidence.second_pass import FAILED
from sessions_app.processing.choices import EngineKind
from sessions_app.processing.services.circuits import may_be_called
from therapybridge.core.batches import each_alone

log = structlog.get_logger(__name__)
PAUSES = (5 * 60, 30 * 60, 3 * 60 * 60)  # seconds; after as many further failures nothing more is tried
LIMIT = 50  # drafts a sweep


def has_failed(extraction: Extraction) -> bool:
    """Whether a model that should have looked at statements did not answer."""
    return any(item.get("reason") == FAILED for _, item in statements(extraction.notes))


def plan(extraction: Extraction) -> None:
    """Count a failed second pass and set when it is tried again; unset that after one that succeeded."""
    extraction.second_pass_at = None
    if not has_failed(extraction):
        return
    extraction.second_pass_failures += 1
    if extraction.second_pass_failures <= len(PAUSES):
        pause = PAUSES[extraction.second_pass_failures - 1]
        extraction.second_pass_at = timezone.now() + timedelta(seconds=pause)


def start_due() -> int:
    """Let the jobs of those drafts be due whose pause is over; while the language model is away, at most one to try.

    Returns how many. RowsFailed if it failed for some.
    """
    due = Extraction.objects.filter(second_pass_at__lte=timezone.now()).order_by("second_pass_at")
    most = may_be_called(EngineKind.LANGUAGE, LIMIT)
    return each_alone(due.select_related("session__patient")[:most], _start, event="second_pass_not_started")


def _start(extraction: Extraction) -> bool:
    """Restart the idle job of a draft that is still the latest and not signed; a busy one has its turn later."""
    session = extraction.session
    with transaction.atomic(), session.patient.locked(), session.locked():
        session.refresh_from_db()
        job = ProcessingJob.objects.filter(session=session).first()
        latest = Extraction.objects.filter(session=session).first()
        is_over = latest != extraction or session.deleted_at is not None or is_locked(session)
        if not is_over and (job is None or job.stage != ProcessingJob.Stage.DONE):
            return False
        mine = Extraction.objects.filter(pk=extraction.pk, second_pass_at=extraction.second_pass_at)
        if not mine.update(second_pass_at=None) or is_over or job is None:
            return False
        session.move_to(TherapySession.Status.EXTRACTING_NOTES, token=None, **NO_ERROR)
        job.restart(ProcessingJob.Stage.RECHECK, requested_by=job.requested_by)
    log.info("second_pass_again", job=str(job.pk), failures=extraction.second_pass_failures)
    return True
