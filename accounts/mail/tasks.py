"""Sending the outbox."""

from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

import structlog
from celery import shared_task
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import OutgoingMail
from audit.states import InvalidTransition
from therapybridge.core.crypto import DecryptionError

log = structlog.get_logger(__name__)
Status = OutgoingMail.Status
MAX_ATTEMPTS = 52  # two days, for a server that is away
MAX_REFUSALS = 5  # of an address, or of what cannot become an e-mail
CLAIMED_FOR = timedelta(minutes=2)
LONGEST_WAIT = 60  # minutes
BATCH = 50
# A server that refuses or is down, a subject that SMTP cannot carry, a lost key: none may block the other e-mails.
CANNOT_SEND = (SMTPException, OSError, ValueError, DecryptionError)
REFUSED = (SMTPRecipientsRefused, ValueError, DecryptionError)


def wake_mailer() -> None:
    """Start sending after the commit; if the broker is down, the schedule does it later."""
    transaction.on_commit(send_mail.delay, robust=True)


@shared_task
def send_mail() -> None:
    """Send every due e-mail; each is claimed first, so that two workers never both send it."""
    due = OutgoingMail.objects.filter(status=Status.PENDING, next_attempt_at__lte=Now()).order_by("next_attempt_at")
    # E-mails whose workers died each time: their last attempt left no trace but its number.
    for email in due.filter(attempts__gte=MAX_ATTEMPTS)[:BATCH]:
        _end(email, Status.FAILED)
    open_ones = due.filter(attempts__lt=MAX_ATTEMPTS)
    for pk in list(open_ones.values_list("pk", flat=True)[:BATCH]):
        claimed = open_ones.filter(pk=pk).update(next_attempt_at=Now() + CLAIMED_FOR, attempts=F("attempts") + 1)
        if claimed:
            _send(OutgoingMail.objects.get(pk=pk))


def _send(email: OutgoingMail) -> None:
    try:
        _message(email).send()
    except CANNOT_SEND as error:
        log.warning("mail_not_sent", kind=email.kind, attempt=email.attempts, cause=type(error).__name__)
        if email.attempts >= (MAX_REFUSALS if isinstance(error, REFUSED) else MAX_ATTEMPTS):
            _end(email, Status.FAILED)
        else:
            _try_later(email)
    else:
        _end(email, Status.SENT)


def _end(email: OutgoingMail, status: str) -> None:
    """Whoever comes late, after another worker's end, changes nothing."""
    try:
        email.move_to(status)
    except InvalidTransition:
        log.warning("mail_ended_meanwhile", kind=email.kind, attempt=email.attempts, outcome=str(status))


def _try_later(email: OutgoingMail) -> None:
    """Unless another worker has claimed the next attempt already."""
    mine = OutgoingMail.objects.filter(pk=email.pk, status=Status.PENDING, attempts=email.attempts)
    mine.update(next_attempt_at=Now() + timedelta(minutes=min(2**email.attempts, LONGEST_WAIT)))


def _message(email: OutgoingMail) -> EmailMultiAlternatives:
    # RFC 3834: suppresses out-of-office replies.
    headers = {"Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(email.subject or "", email.text or "", to=[email.to or ""], headers=headers)
    if email.html:
        message.attach_alternative(email.html, "text/html")
    return message
