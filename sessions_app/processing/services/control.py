"""Trying again, cancelling, redrafting, and the stop that follows from a withdrawn consent."""

from collections.abc import Collection, Mapping
from functools import partial
from uuid import UUID

from django.db.models import Count

from accounts.care.access import RecordAccess
from accounts.consent.services.decisions import missing_recording_consents, require_recording_consent
from accounts.models import User
from audit.log import record
from sessions_app.audit_actions import SESSION_CANCELLED, SESSION_REDRAFTED, SESSION_RETRIED
from sessions_app.models import NO_ERROR, ProcessingJob, TherapySession, Transcript, TranscriptPiece
from sessions_app.notes.services.locks import require_unlocked
from sessions_app.pipeline.engines.base import OUTAGES
from sessions_app.processing.services.trial import claim_trial
from sessions_app.processing.tasks import try_engine, wake
from sessions_app.querysets import SessionQuerySet
from therapybridge.core.actor import SYSTEM, Actor
from therapybridge.core.batches import each_alone
from therapybridge.core.errors import Conflict, ConsentRequired

Stage = ProcessingJob.Stage
Status = TherapySession.Status
# Errors that time or other settings may have mended.
PASSING = frozenset({*OUTAGES, "bad_reply", "engine_config", "quota", "gave_up"})
CONSENT_NAMES = {"recording": "recording", "ai_processing": "AI processing"}
REFUSED = {
    "revoked": "The patient withdrew consent to {}",
    "declined": "The patient declined consent to {}",
    "expired": "The patient's consent to {} has expired",
}


def retry_processing(session: TherapySession, *, access: RecordAccess) -> None:
    """Continue a failed session where it stopped; transcribed chunks are not paid for again."""
    access.require_write(session.patient_id)
    with session.patient.locked(), session.locked():
        require_recording_consent(session.patient)
        require_unlocked(session)
        job = ProcessingJob.objects.filter(session=session, stage=Stage.FAILED).first()
        if job is None:
            raise Conflict("There is nothing to retry: this session has not failed.", code="not_failed")
        if not session.error_retriable:
            raise Conflict("Retrying would not help. " + session.error_detail, code="not_retriable")
        _resume(session, job, access.user)
        record(SESSION_RETRIED, session, by=access)


def _resume(session: TherapySession, job: ProcessingJob, requested_by: User | None) -> None:
    session.move_to(_resumed_status(session), token=None, **NO_ERROR)
    _restart(job, job.failed_stage or Stage.CHECK, requested_by)
    TherapySession.objects.renumber(session.patient_id)


def sessions_to_retry(stages: Collection[str] = tuple(Stage)) -> SessionQuerySet:
    """Sessions that failed in one of the stages, and for a reason that may be gone by now."""
    failed = TherapySession.objects.filter(job__stage=Stage.FAILED, job__failed_stage__in=stages, deleted_at=None)
    return failed.filter(error_code__in=PASSING, error_retriable=True)


def retry_all(sessions: SessionQuerySet, *, by: Actor) -> int:
    """Continue failed sessions, each by the right of who requested it last; returns how many.

    Those that lack consent, whose note is signed, or that somebody has retried in the meantime stay as they are.
    RowsFailed if it failed for some.
    """
    rows = sessions.select_related("patient", "job").order_by("patient", "pk")
    return each_alone(rows, partial(_retry_one, by=by), event="session_not_retried")


def _retry_one(session: TherapySession, *, by: Actor) -> bool:
    with session.patient.locked(), session.locked():
        job = ProcessingJob.objects.filter(session=session, stage=Stage.FAILED).first()
        if job is None:
            return False
        session.refresh_from_db()
        try:
            require_recording_consent(session.patient)
            require_unlocked(session)
        except (ConsentRequired, Conflict):
            return False
        _resume(session, job, job.requested_by)
        record(SESSION_RETRIED, session, by=by, reason="operator")
    return True


def _resumed_status(session: TherapySession) -> str:
    if session.status == Status.PROCESSED:  # a redraft failed and the earlier draft was kept
        return Status.EXTRACTING_NOTES
    return Status.TRANSCRIBED if Transcript.objects.filter(session=session).exists() else Status.PENDING


def _restart(job: ProcessingJob, stage: str, by: User | None) -> None:
    """Call it with the patient's row locked, so that nobody else restarts the idle job."""
    job.restart(stage, requested_by=by)
    wake(job.pk)


def cancel_processing(session: TherapySession, *, access: RecordAccess) -> None:
    """Cancel a session's processing; the worker notices at its next step. The recording is kept, and Retry resumes."""
    access.require_write(session.patient_id)
    with session.patient.locked():
        if not _stop(session, "cancelled", "You cancelled the processing."):
            raise Conflict("This session is not being processed.", code="not_running")
        record(SESSION_CANCELLED, session, by=access)


def _stop(session: TherapySession, code: str, detail: str) -> bool:
    """Revoke the worker's lease, so that it can neither commit nor renew; False if nothing is running.

    Call it with the patient's row locked.
    """
    with session.locked():
        # A worker needs this lock to go on: the stage that is read here is the one that is left.
        job = ProcessingJob.objects.filter(session=session).exclude(stage__in=[Stage.DONE, Stage.FAILED]).first()
        if job is None:
            return False
        job.stop(code)
        session.refresh_from_db(fields=["status", "processed_at"])
        session.end_with({"error_code": code, "error_detail": detail, "error_retriable": True}, token=None)
        TherapySession.objects.renumber(session.patient_id)
    return True


def stop_for_consent(patient: User, decisions: Mapping[str, str]) -> int:
    """Stop running jobs of a patient who no longer consents, and set the reason on each session; returns how many.

    `decisions` maps types of consent to statuses. A retry needs a new consent.
    """
    missing = missing_recording_consents(patient)
    refused = {name: decisions[name] for name in missing if decisions.get(name) in REFUSED}
    if not refused:
        return 0
    sessions = TherapySession.objects.running().filter(patient=patient).select_related("patient", "recording")
    return sum(_stop_for_consent(session, refused) for session in sessions)


def _stop_for_consent(session: TherapySession, refused: Mapping[str, str]) -> bool:
    kept = "recording" if hasattr(session, "recording") else "transcript"
    what = " and ".join(CONSENT_NAMES[name] for name in refused)
    sentence = REFUSED[next(iter(refused.values()))].format(what)
    with session.patient.locked():
        if not _stop(session, ConsentRequired.code, f"{sentence}; the {kept} is kept."):
            return False
        record(SESSION_CANCELLED, session, by=SYSTEM, reason="consent")
    return True


def redraft_notes(session: TherapySession, *, access: RecordAccess) -> None:
    """Redraft the note from the current transcript; earlier drafts are kept as versions."""
    access.require_write(session.patient_id)
    with session.patient.locked(), session.locked():
        require_recording_consent(session.patient)
        require_unlocked(session)
        job = ProcessingJob.objects.filter(session=session, stage__in=[Stage.DONE, Stage.FAILED]).first()
        if job is None or session.status != Status.PROCESSED:
            raise Conflict("The note can be redrafted once the session has been processed.", code="not_processed")
        session.move_to(Status.EXTRACTING_NOTES, token=None, **NO_ERROR)
        _restart(job, Stage.EXTRACT, access.user)
        record(SESSION_REDRAFTED, session, by=access)


def piece_counts(sessions: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """The number of transcribed chunks and of all chunks, by session; sessions without chunks are left out."""
    pieces = TranscriptPiece.objects.filter(session__in=sessions).order_by().values("session")
    counted = pieces.annotate(transcribed=Count("done_at"), total=Count("pk"))
    rows = counted.values_list("session", "transcribed", "total")
    return {session: (transcribed, total) for session, transcribed, total in rows}


def start_trial(*, by: Actor) -> None:
    """Have a worker try the language model; Conflict without one, or while a trial runs."""
    claim_trial(by=by)
    try_engine.delay()
