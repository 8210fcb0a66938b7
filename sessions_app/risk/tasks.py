"""Escalation of overdue risk reviews."""

from typing import Any

from celery import shared_task

from sessions_app.risk.services.escalation import escalate_overdue


@shared_task(bind=True)
def escalate_risk_reviews(self: Any) -> int:
    """E-mail the next people about each review that is overdue; returns how many reviews."""
    return escalate_overdue(by=self.actor)
