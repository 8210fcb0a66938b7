"""Celery looks for an app's tasks in its module `tasks`."""

from treatment.measures.tasks import assign_due_measures
from treatment.tracking.tasks import search_check_in_notes, send_check_in_reminders

__all__ = ["assign_due_measures", "search_check_in_notes", "send_check_in_reminders"]
