"""Sending the outbox."""

from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from time import monotonic

import structlog
from celery import shared_task
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import OutgoingMail
from audit.states import InvalidTransition
from therapybridge.core.crypto import DecryptionError

log = structlog.get_logger(__name__)
Status = OutgoingMail.Status
MAX_ATTEMPTS = 52  # two days, for a server that is away
MAX_REFUSALS = 5  # of an address, or of what cannot become an e-mail
MAX_DEATHS = 5  # of workers, one after the other, while they sent it
CLAIMED_FOR = timedelta(minutes=2)
RUNNING = "mail.running"
# A run begins no further e-mail after the first, and a worker that was killed holds up the others for the second:
# longer than a task of its queue may last.
RUN_SECONDS = 60
LONGEST_RUN_SECONDS = 180
LONGEST_WAIT = 60  # minutes
BATCH = 50
# A server that refuses or is down, a subject that SMTP cannot carry, a lost key: none may block the other e-mails.
CANNOT_SEND = (SMTPException, OSError, ValueError, DecryptionError)
SERVER_FAILED = (SMTPServerDisconnected, SMTPConnectError, SMTPHeloError, SMTPAuthenticationError)
PERMANENT = 500  # and above: RFC 5321, 4.2.1


def wake_mailer() -> None:
    """Start sending after the commit; if the broker is down, the schedule does it later."""
    transaction.on_commit(send_mail.delay, robust=True)


@shared_task
def send_mail() -> int:
    """Send every due e-mail, in one run at a time: a server that does not answer holds up one worker, not all.

    Returns how many it tried to send.
    """
    if not cache.add(RUNNING, 1, LONGEST_RUN_SECONDS):
        return 0
    try:
        return _send_due()
    finally:
        cache.delete(RUNNING)


def _send_due() -> int:
    """Each e-mail is claimed first, so that two workers never both send it."""
    due = OutgoingMail.objects.filter(status=Status.PENDING, next_attempt_at__lte=Now()).order_by("next_attempt_at")
    # E-mails whose workers died: those attempts left no trace but their number.
    hopeless = Q(attempts__gte=MAX_ATTEMPTS) | Q(unanswered__gte=MAX_DEATHS)
    for email in due.filter(hopeless)[:BATCH]:
        _end(email, Status.FAILED, last_error=email.last_error or "WorkerDied")
    open_ones, ends_at, tried = due.exclude(hopeless), monotonic() + RUN_SECONDS, 0
    for pk in list(open_ones.values_list("pk", flat=True)[:BATCH]):
        claim = {"attempts": F("attempts") + 1, "unanswered": F("unanswered") + 1}
        claimed = open_ones.filter(pk=pk).update(next_attempt_at=Now() + CLAIMED_FOR, **claim)
        tried += claimed
        if claimed and not _send(OutgoingMail.objects.get(pk=pk)):
            break
        if monotonic() > ends_at:
            break
    return tried


def _send(email: OutgoingMail) -> bool:
    """Whether the server can be asked to send the next one."""
    try:
        _message(email).send()
    except CANNOT_SEND as error:
        cause = type(error).__name__
        log.warning("mail_not_sent", kind=email.kind, attempt=email.attempts, cause=cause)
        if email.attempts >= (MAX_REFUSALS if _is_refusal(error) else MAX_ATTEMPTS):
            _end(email, Status.FAILED, last_error=cause)
        else:
            _try_later(email, cause)
        return not _is_outage(error)
    _end(email, Status.SENT)
    return True


def _is_outage(error: Exception) -> bool:
    """Whether every other e-mail would fare the same: nobody answers, or nobody lets us in."""
    return isinstance(error, SERVER_FAILED) or (isinstance(error, OSError) and not isinstance(error, SMTPException))


def _is_refusal(error: Exception) -> bool:
    """Whether it is this e-mail that will never be taken; a server that is busy says so with a code below 500."""
    if _is_outage(error):
        return False
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return error.smtp_code >= PERMANENT
    return not isinstance(error, SMTPException)


def _end(email: OutgoingMail, status: str, last_error: str = "") -> None:
    """Whoever comes late, after another worker's end, changes nothing."""
    try:
        email.move_to(status, last_error=last_error)
    except InvalidTransition:
        log.warning("mail_ended_meanwhile", kind=email.kind, attempt=email.attempts, outcome=str(status))


def _try_later(email: OutgoingMail, cause: str) -> None:
    """Unless another worker has claimed the next attempt already."""
    mine = OutgoingMail.objects.filter(pk=email.pk, status=Status.PENDING, attempts=email.attempts)
    wait = timedelta(minutes=min(2**email.attempts, LONGEST_WAIT))
    mine.update(next_attempt_at=Now() + wait, unanswered=0, last_error=cause)


def _message(email: OutgoingMail) -> EmailMultiAlternatives:
    # RFC 3834: suppresses out-of-office replies.
    headers = {"Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(email.subject or "", email.text or "", to=[email.to or ""], headers=headers)
    if email.html:
        message.attach_alternative(email.html, "text/html")
    return message
