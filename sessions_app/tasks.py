"""Where Celery looks for the tasks of this app; each subject has its own."""

from sessions_app.processing.tasks import process_session, wake_stalled_jobs

__all__ = ["process_session", "wake_stalled_jobs"]
