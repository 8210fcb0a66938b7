"""The Celery application and its schedule, which is kept in code."""

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init
from django.conf import settings

from therapybridge.core.logging import setup_celery_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "therapybridge.settings")

app = Celery("therapybridge", task_cls="therapybridge.core.tasks:ActorTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
setup_celery_logging(app)
app.conf.beat_schedule = {
    "wake-stalled-jobs": {
        "task": "sessions_app.processing.tasks.wake_stalled_jobs",
        "schedule": settings.JOB_SWEEP_SECONDS,
        "options": {"expires": settings.JOB_SWEEP_SECONDS},
    },
    "remind-reviews": {"task": "accounts.care.tasks.remind_reviews", "schedule": 900, "options": {"expires": 900}},
    "escalate-risk-reviews": {
        "task": "sessions_app.risk.tasks.escalate_risk_reviews",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "forget-old-access": {"task": "accounts.authentication.tasks.delete_old_access", "schedule": 6 * 3600},
    "purge-deleted-notes": {"task": "sessions_app.notes.tasks.purge_deleted_notes", "schedule": 6 * 3600},
    "send-mail": {"task": "accounts.mail.tasks.send_mail", "schedule": 30, "options": {"expires": 30}},
    "chain-audit": {"task": "audit.tasks.build_chain", "schedule": 5, "options": {"expires": 5}},
    "chain-audit-leftovers": {
        "task": "audit.tasks.build_chain",
        "schedule": 3600,
        "kwargs": {"everything": True},
        "options": {"expires": 3600},
    },
    "expire-consents": {"task": "accounts.consent.tasks.expire_consents", "schedule": 300, "options": {"expires": 300}},
    "reconcile-timeline": {
        "task": "timeline.tasks.reconcile",
        "schedule": settings.RECONCILE_SECONDS,
        "options": {"expires": settings.RECONCILE_SECONDS},
    },
}
# In memory: a schedule of intervals needs no file, which a killed process could leave broken.
app.conf.beat_scheduler = "celery.beat:Scheduler"


@celeryd_init.connect(dispatch_uid="therapybridge.refuse_to_start")
def refuse_unsafe_worker(**kwargs: Any) -> None:
    """Keep a worker from starting with an unsafe production configuration."""
    from therapybridge.checks import refuse_to_start

    refuse_to_start()
