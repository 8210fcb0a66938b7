"""Work for the worker: the post."""

from datetime import timedelta
from smtplib import SMTPException

from celery import shared_task
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import OutgoingMail

Status = OutgoingMail.Status
MAX_ATTEMPTS = 5
CLAIMED_FOR = timedelta(minutes=2)
BACKOFF = timedelta(minutes=1)
BATCH = 50


def wake_post() -> None:
    """Ask a worker, after the commit, to send what waits; the schedule asks as well, should the broker be away."""
    transaction.on_commit(send_mail.delay, robust=True)


@shared_task
def send_mail() -> None:
    """Send every letter that is due; each is claimed first, so that two workers never send it twice."""
    due = OutgoingMail.objects.filter(status=Status.PENDING, next_attempt_at__lte=Now()).order_by("next_attempt_at")
    for pk in due.values_list("pk", flat=True)[:BATCH]:
        claimed = due.filter(pk=pk).update(next_attempt_at=Now() + CLAIMED_FOR, attempts=F("attempts") + 1)
        if claimed:
            _send(OutgoingMail.objects.get(pk=pk))


def _send(letter: OutgoingMail) -> None:
    message = EmailMultiAlternatives(letter.subject or "", letter.text or "", to=[letter.to or ""])
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    row = OutgoingMail.objects.filter(pk=letter.pk)
    try:
        message.send()
    except (SMTPException, OSError):
        if letter.attempts >= MAX_ATTEMPTS:
            row.update(status=Status.FAILED, to=None, subject=None, text=None, html=None)
        else:
            row.update(next_attempt_at=Now() + BACKOFF * 2**letter.attempts)
    else:
        row.update(status=Status.SENT, sent_at=Now(), to=None, subject=None, text=None, html=None)


@shared_task
def remind_reviews() -> None:
    """Write once to those who should have reviewed an emergency access by now."""
    from accounts.reviews import remind_overdue

    remind_overdue()
