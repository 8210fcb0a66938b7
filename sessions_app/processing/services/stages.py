"""The stages of a job. Each works outside transactions, then commits its result and the next stage in one."""

import shutil
import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit.log import deny
from sessions_app.audit_actions import SESSION_PROCESSED
from sessions_app.models import (
    NO_ERROR,
    ProcessingJob,
    Recording,
    TherapySession,
    Transcript,
    TranscriptPiece,
)
from sessions_app.pipeline.audio import guard, player, splitter
from sessions_app.pipeline.engines import base, registry
from sessions_app.pipeline.types import SplitResult, Transcriber
from sessions_app.processing.access import AccessEnded, require_permission
from sessions_app.processing.services import circuits, drafting, transcribing
from sessions_app.processing.services.progress import expected_finish
from sessions_app.signals import stage_reached
from therapybridge.core.actor import SYSTEM
from therapybridge.core.errors import ConsentRequired, DomainError
from therapybridge.core.heartbeat import Heartbeat
from therapybridge.core.jobs import LeaseLost
from therapybridge.core.reconnecting import patiently

log = structlog.get_logger(__name__)
Stage = ProcessingJob.Stage
Status = TherapySession.Status
# What a worker may not do any more; a person can put that right without another file.
REFUSALS = {ConsentRequired.code, AccessEnded.code}


@dataclass(frozen=True, slots=True)
class Step:
    """A stage: the status while it runs, the slow part, and the part inside the transaction."""

    status: str
    work: Callable[[ProcessingJob, Heartbeat], Any]
    commit: Callable[[ProcessingJob, Any], None]


def run(job: ProcessingJob) -> None:
    """Run the current stage of a claimed job and commit its result or failure. Unexpected exceptions propagate."""
    reached(job, "claimed")
    try:
        if job.attempts > settings.JOB_MAX_ATTEMPTS:
            fail(job, "gave_up", "Processing stopped unexpectedly several times.", retriable=True)
        else:
            _run_step(job, STEPS[job.stage])
    except LeaseLost:
        log.info("job_lease_lost", job=str(job.pk), stage=job.stage)
    except base.EngineError as error:
        _after_engine_error(job, error)
    except DomainError as error:
        fail(job, error.code, error.detail, retriable=error.retriable or error.code in REFUSALS)
    except Exception as error:
        # A defect, or a full disk: release the job so that it is retried, and let the worker log it.
        job.release_after(error)
        raise


def _run_step(job: ProcessingJob, step: Step) -> None:
    stage, session = job.stage, job.session
    require_permission(job)
    if session.status != step.status:
        session.move_to(step.status, token=job.token)
    began, cpu = time.monotonic(), time.process_time()
    with Heartbeat(job, partial(expected_finish, job.stage)) as heart:
        result = step.work(job, heart)
    reached(job, "worked")
    spent = {"wall": round(time.monotonic() - began, 3), "cpu": round(time.process_time() - cpu, 3)}
    job.timings = {**job.timings, stage: spent}
    _save(job, step, result, stage)
    log.info("job_stage_done", job=str(job.pk), stage=stage, **spent)
    reached(job, "committed", stage)


def _save(job: ProcessingJob, step: Step, result: Any, stage: str) -> None:
    """Commit the result, which may have cost minutes and money, also if the database was restarted meanwhile."""
    known = job.session

    def save() -> None:
        job.session = copy(known)  # what a try that failed has written on it is not true
        with job.session.locked():
            step.commit(job, result)
            reached(job, "committing", stage)

    patiently(save)


def reached(job: ProcessingJob, moment: str, stage: str | None = None) -> None:
    """Send the signal that a stage reached `moment`."""
    stage_reached.send(ProcessingJob, job=job, stage=stage or job.stage, moment=moment)


def _after_engine_error(job: ProcessingJob, error: base.EngineError) -> None:
    log.warning("job_engine_error", job=str(job.pk), stage=job.stage, code=error.code)
    if circuits.hold(job, error):
        return
    if error.retriable and job.attempts < settings.JOB_MAX_ATTEMPTS:
        job.back_off(error.code, error.retry_after)
    else:
        # A person may retry later: the provider may recover, or an administrator fix the settings.
        fail(job, error.code, error.detail, retriable=True)


def fail(job: ProcessingJob, code: str, detail: str, *, retriable: bool) -> None:
    """End the job with an error. A session that was processed before stays processed: its note is kept."""
    session = TherapySession.objects.select_related("patient").get(pk=job.session_id)
    error = {"error_code": code, "error_detail": detail[:300], "error_retriable": retriable}
    try:
        with session.patient.locked():
            session.end_with(error, token=job.token)
            job.fail(code)
            TherapySession.objects.renumber(session.patient_id)
            if code in REFUSALS:
                deny(SESSION_PROCESSED, code, by=SYSTEM, target=session)
    except LeaseLost:
        log.info("job_lease_lost", job=str(job.pk), stage=job.stage)


def transcriber_for(job: ProcessingJob) -> Transcriber:
    """The engine that may hear the recording; none that is a server unless the clinic allows it."""
    return registry.transcriber(registry.from_settings(external=job.session.clinic.external_ai_allowed))


def _check(job: ProcessingJob, heart: Heartbeat) -> tuple[SplitResult, bool, str]:
    """Decode, check and split the recording, and make a copy in which browsers can seek."""
    recording = Recording.objects.get(session=job.session_id)
    capability = transcriber_for(job).capability()
    info = recording.info
    pieces = recording.folder / f"pieces-{job.token}"
    utterances = not capability.has_timestamps
    split = splitter.split(
        recording.file,
        info,
        pieces,
        max_seconds=capability.max_seconds,
        utterances=utterances,
        on_progress=heart.report,
    )
    guard.before_model(split)
    copy = player.playable(recording.file, info, split, recording.folder, heart.check)
    return split, utterances, copy.name if copy else ""


def _commit_check(job: ProcessingJob, result: tuple[SplitResult, bool, str]) -> None:
    split, utterances, copy = result
    recording = Recording.objects.get(session=job.session_id)
    TranscriptPiece.objects.filter(session=job.session_id).delete()
    TranscriptPiece.objects.bulk_create(
        TranscriptPiece(
            session_id=job.session_id,
            index=piece.index,
            start=piece.start,
            end=piece.end,
            speech=piece.speech,
            path=str(piece.path.relative_to(settings.STORAGE_DIR)),
            is_utterance=utterances,
        )
        for piece in split.pieces
    )
    recording.playable_path = f"{recording.folder.relative_to(settings.STORAGE_DIR)}/{copy}" if copy else ""
    recording.peaks, recording.channel_balance = split.peaks, split.channel_balance or []
    recording.warnings, recording.duration = split.warnings, split.duration
    recording.speech_seconds = split.speech_seconds
    recording.save()
    TherapySession.objects.filter(pk=job.session_id).update(duration_seconds=split.duration)
    job.advance(Stage.TRANSCRIBE, timings=job.timings)


def _transcribe(job: ProcessingJob, heart: Heartbeat) -> None:
    """Transcribe every chunk not transcribed by an earlier attempt; each result is committed at once."""
    transcribing.transcribe_pieces(job, transcriber_for(job), heart)


def _commit_transcribe(job: ProcessingJob, _: None) -> None:
    job.advance(Stage.ASSEMBLE, timings=job.timings)


def _assemble(job: ProcessingJob, heart: Heartbeat) -> transcribing.Assembled:
    """Join the chunks, assign the speakers, and refuse recordings without a conversation."""
    heart.check()
    return transcribing.assemble(job, transcriber_for(job), heart)


def _commit_assemble(job: ProcessingJob, assembled: transcribing.Assembled) -> None:
    recording = Recording.objects.get(session=job.session_id)
    Transcript.objects.filter(session=job.session_id).delete()
    assembled.transcript.save(force_insert=True)
    TranscriptPiece.objects.filter(session=job.session_id).delete()
    job.session.move_to(Status.TRANSCRIBED, token=job.token)
    job.advance(Stage.SPEAKERS if assembled.must_ask else Stage.EXTRACT, timings=job.timings)
    transaction.on_commit(lambda: _remove_pieces(recording), robust=True)


def _remove_pieces(recording: Recording) -> None:
    for folder in recording.folder.glob("pieces-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _finish(job: ProcessingJob, heart: Heartbeat) -> None:
    """Do nothing: no slow work is left."""
    heart.check()


def _commit_finish(job: ProcessingJob, _: None) -> None:
    job.session.move_to(
        Status.PROCESSED, token=job.token, processed_at=job.session.processed_at or timezone.now(), **NO_ERROR
    )
    job.advance(Stage.DONE, timings=job.timings)


STEPS: dict[str, Step] = {
    Stage.CHECK: Step(Status.TRANSCRIBING, _check, _commit_check),
    Stage.TRANSCRIBE: Step(Status.TRANSCRIBING, _transcribe, _commit_transcribe),
    Stage.ASSEMBLE: Step(Status.TRANSCRIBING, _assemble, _commit_assemble),
    Stage.EXTRACT: Step(Status.EXTRACTING_NOTES, drafting.extract, drafting.commit_extract),
    Stage.RECHECK: Step(Status.EXTRACTING_NOTES, drafting.recheck, drafting.commit_recheck),
    Stage.FINISH: Step(Status.EXTRACTING_NOTES, _finish, _commit_finish),
}
