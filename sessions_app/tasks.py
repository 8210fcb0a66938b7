"""Celery finds this app's tasks here; each subject defines its own."""

from sessions_app.notes.tasks import purge_deleted_notes
from sessions_app.processing.tasks import process_session, wake_stalled_jobs
from sessions_app.risk.tasks import escalate_risk_reviews

__all__ = ["escalate_risk_reviews", "process_session", "purge_deleted_notes", "wake_stalled_jobs"]
