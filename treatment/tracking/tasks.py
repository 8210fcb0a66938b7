"""Reminders to check in, and the search for possible risk in what was sent."""

from celery import shared_task

from treatment.tracking.services.notes import search_notes
from treatment.tracking.services.reminders import send_reminders


@shared_task
def send_check_in_reminders() -> int:
    """Queue a reminder for each patient for whom a check-in is due today; returns how many."""
    return send_reminders()


@shared_task
def search_check_in_notes() -> int:
    """Look for possible risk in the notes of new check-ins; returns how many opened a review."""
    return search_notes()
