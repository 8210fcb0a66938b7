"""What workers do for the trail."""

from celery import shared_task

from audit import sealing


@shared_task(name="audit.tasks.seal")
def seal(everything: bool = False) -> int:
    """Chain the events that wait; returns how many."""
    return sealing.seal(everything=everything)
