"""When the timer sends which task. It is kept in code; a task that waited until the next is due is dropped."""

from typing import Any

from django.conf import settings

from therapybridge.core.idle import PERIODIC

MINUTE, HOUR = 60, 3600  # seconds


def _every(seconds: float, task: str, **kwargs: Any) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "kwargs": kwargs, "options": {"expires": seconds, "headers": PERIODIC}}


SCHEDULE = {
    "pulse": _every(30, "therapybridge.core.tasks.pulse"),
    "wake-stalled-jobs": _every(settings.JOB_SWEEP_SECONDS, "sessions_app.processing.tasks.wake_stalled_jobs"),
    "sweep-exports": _every(settings.JOB_SWEEP_SECONDS, "exports.jobs.tasks.sweep_exports"),
    "sweep-imports": _every(settings.JOB_SWEEP_SECONDS, "exports.imports.tasks.sweep_imports"),
    "announce-scheduled-exports": _every(MINUTE, "exports.schedules.tasks.announce_scheduled_exports"),
    "make-scheduled-exports": _every(MINUTE, "exports.schedules.tasks.make_scheduled_exports"),
    "remove-orphans": _every(15 * MINUTE, "exports.jobs.tasks.remove_orphans"),
    "remove-abandoned-uploads": _every(15 * MINUTE, "therapybridge.core.tasks.remove_abandoned_uploads"),
    "forget-delivered": _every(15 * MINUTE, "therapybridge.core.tasks.forget_delivered"),
    "count-embedded-rows": _every(HOUR, "therapybridge.core.tasks.count_embedded_rows"),
    "remind-reviews": _every(15 * MINUTE, "accounts.care.tasks.remind_reviews"),
    "escalate-risk-reviews": _every(MINUTE, "sessions_app.risk.tasks.escalate_risk_reviews"),
    "search-check-in-notes": _every(30, "treatment.tracking.tasks.search_check_in_notes"),
    "send-check-in-reminders": _every(15 * MINUTE, "treatment.tracking.tasks.send_check_in_reminders"),
    "assign-due-measures": _every(15 * MINUTE, "treatment.measures.tasks.assign_due_measures"),
    "forget-old-access": _every(6 * HOUR, "accounts.authentication.tasks.delete_old_access"),
    "purge-deleted-notes": _every(6 * HOUR, "sessions_app.notes.tasks.purge_deleted_notes"),
    "send-mail": _every(30, "accounts.mail.tasks.send_mail"),
    "chain-audit": _every(5, "audit.tasks.build_chain"),
    "chain-audit-leftovers": _every(HOUR, "audit.tasks.build_chain", everything=True),
    "expire-consents": _every(5 * MINUTE, "accounts.consent.tasks.expire_consents"),
    "reconcile-timeline": _every(settings.RECONCILE_SECONDS, "timeline.tasks.reconcile"),
}
