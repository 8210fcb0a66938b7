"""Contexts of the progress of processing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from sessions_app.models import ProcessingJob, Recording, TherapySession, Transcript
from sessions_app.processing.services.control import piece_counts
from sessions_app.processing.services.progress import Progress, progress


def jobs_progress(jobs: Sequence[ProcessingJob]) -> dict[UUID, Progress]:
    """The progress of each job as of now, by session."""
    now = timezone.now()
    counts = piece_counts([job.session_id for job in jobs if "transcribe" in {job.stage, job.failed_stage}])
    return {job.session_id: _progress(job, now, counts.get(job.session_id, (0, 0))) for job in jobs}


def _progress(job: ProcessingJob, now: datetime, pieces: tuple[int, int]) -> Progress:
    return progress(
        job.stage,
        job.done_fraction,
        job.finish_expected_at,
        now,
        failed_stage=job.failed_stage,
        is_begun=job.stage_started_at is not None,
        is_repeated=job.is_repeated,
        pieces=pieces,
        waits_for=job.waits_for,
        last_error=job.last_error,
    )


def progress_of(session: TherapySession) -> Progress | None:
    """The progress as of now; None for a session without work."""
    job = getattr(session, "job", None)
    return jobs_progress([job])[session.pk] if job else None


def progress_context(session: TherapySession) -> dict[str, Any]:
    """Context of the progress card."""
    return {
        "session": session,
        "progress": progress_of(session),
        "recording": Recording.objects.filter(session=session, deleted_at=None).exists(),
        "segments": Transcript.objects.filter(session=session).exists(),
    }
