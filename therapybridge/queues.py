"""Which queue each task goes to, and how long it may take. Every queue has a worker of its own, with its name.

What is in `control` is short, and somebody notices when it waits: no session keeps it waiting. In `work` is what takes
minutes. A task at its limit is ended by SoftTimeLimitExceeded, and a while later its process is killed: like after any
other death of a worker, its row is found by the next sweep.
"""

CONTROL, WORK = "control", "work"
MINUTE, HOUR = 60, 3600  # seconds
GRACE = 30  # seconds between the exception and the end of the process

# A long recording is transcribed in a single task; its chunks stay, and the next attempt goes on after them.
WORK_SECONDS = {
    "sessions_app.processing.tasks.process_session": 6 * HOUR,
    "sessions_app.processing.tasks.try_engine": 15 * MINUTE,
    "exports.jobs.tasks.make_export": 30 * MINUTE,
    "exports.imports.tasks.run_import": 30 * MINUTE,
}
# What runs out of time here goes on with the rest at its next turn.
CONTROL_SECONDS = dict.fromkeys(
    (
        "accounts.authentication.tasks.delete_old_access",
        "accounts.care.tasks.remind_reviews",
        "accounts.consent.tasks.expire_consents",
        "accounts.mail.tasks.send_mail",
        "audit.tasks.build_chain",
        "exports.imports.tasks.sweep_imports",
        "exports.jobs.tasks.remove_orphans",
        "exports.jobs.tasks.sweep_exports",
        "exports.schedules.tasks.announce_scheduled_exports",
        "exports.schedules.tasks.make_scheduled_exports",
        "sessions_app.notes.tasks.purge_deleted_notes",
        "sessions_app.processing.tasks.wake_stalled_jobs",
        "sessions_app.risk.tasks.escalate_risk_reviews",
        "therapybridge.core.tasks.count_embedded_rows",
        "therapybridge.core.tasks.forget_delivered",
        "therapybridge.core.tasks.pulse",
        "therapybridge.core.tasks.remove_abandoned_uploads",
        "timeline.tasks.reconcile",
        "treatment.measures.tasks.assign_due_measures",
        "treatment.tracking.tasks.search_check_in_notes",
        "treatment.tracking.tasks.send_check_in_reminders",
    ),
    2 * MINUTE,
)

# Celery's settings, for whatever sends or runs tasks.
QUEUES = {
    "task_default_queue": CONTROL,
    "task_routes": {name: {"queue": WORK} for name in WORK_SECONDS}
    | {name: {"queue": CONTROL} for name in CONTROL_SECONDS},
    "task_annotations": {
        name: {"soft_time_limit": seconds, "time_limit": seconds + GRACE}
        for name, seconds in (WORK_SECONDS | CONTROL_SECONDS).items()
    },
}
