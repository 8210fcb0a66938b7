"""Queueing e-mails: a few lines, one button, the clinic's name, and nothing clinical."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Max, Min, Q, QuerySet
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.mail.audit_actions import MAIL_SENT_AGAIN
from accounts.mail.tasks import wake_mailer
from accounts.models import Clinic, OutgoingMail
from audit.states import InvalidTransition
from therapybridge.core.actor import Actor
from therapybridge.core.batches import delete_in_batches, each_alone

SENT_KEPT = timedelta(days=90)


def queue_email(
    kind: str,
    to: str | None,
    subject: str,
    lines: Sequence[str],
    *,
    button: tuple[str, str] | None = None,
    clinic: Clinic | None = None,
) -> OutgoingMail | None:
    """Queue an e-mail inside the caller's transaction; a worker sends it after the commit. None without an address.

    `button` is a label and an absolute URL. Line breaks inside the subject and each of `lines` are removed.
    """
    if not to:
        return None
    subject, lines = _one_line(subject), [_one_line(line) for line in lines]
    sender = _one_line(clinic.name) if clinic else "TherapyBridge"
    context = {"subject": subject, "lines": lines, "button": button, "sender": sender}
    email = OutgoingMail.objects.create(
        kind=kind,
        to=to,
        subject=subject,
        text=render_to_string("emails/message.txt", context),
        html=render_to_string("emails/message.html", context),
    )
    wake_mailer()
    return email


def unsent() -> QuerySet[OutgoingMail]:
    """What was given up, and what waits after a failed attempt."""
    rows: QuerySet[OutgoingMail] = OutgoingMail.objects.filter(
        Q(status=OutgoingMail.Status.FAILED) | Q(status=OutgoingMail.Status.PENDING, attempts__gt=0)
    )
    return rows


def send_again(emails: QuerySet[OutgoingMail], *, by: Actor) -> int:
    """Let e-mails that were given up be due as if they were new, and those that wait at once; returns how many.

    Without those of which earlier versions kept no address.
    """
    found = list(emails.filter(pk__in=unsent().filter(to__isnull=False)))
    number = each_alone(found, partial(_send_again, by=by), event="mail_not_queued_again")
    wake_mailer()
    return number


def _send_again(email: OutgoingMail, *, by: Actor) -> bool:
    with suppress(InvalidTransition):  # unless it was sent in the meantime
        if email.status == OutgoingMail.Status.FAILED:
            email.move_to(OutgoingMail.Status.PENDING, action=MAIL_SENT_AGAIN, by=by)
            return True
    waiting = OutgoingMail.objects.filter(pk=email.pk, status=OutgoingMail.Status.PENDING)
    return bool(waiting.update(next_attempt_at=Now()))


def delete_sent() -> int:
    """Delete the emptied rows of e-mails that were sent long ago; returns how many."""
    sent = OutgoingMail.objects.filter(status=OutgoingMail.Status.SENT, sent_at__lt=Now() - SENT_KEPT)
    return delete_in_batches(sent)


def unsent_since() -> datetime | None:
    """When the oldest e-mail was written that has not been sent yet; None if there is none."""
    pending = OutgoingMail.objects.filter(status=OutgoingMail.Status.PENDING)
    since: datetime | None = pending.aggregate(since=Min("created_at"))["since"]
    return since


def failed_since() -> datetime | None:
    """When the last e-mail was given up, if that was within a day."""
    failed = OutgoingMail.objects.filter(status=OutgoingMail.Status.FAILED)
    last: datetime | None = failed.aggregate(last=Max("updated_at"))["last"]
    return last if last and last > timezone.now() - timedelta(days=1) else None


def counted() -> Iterator[tuple[list[str], int]]:
    """How many e-mails wait, and how many were given up and are kept."""
    for status in (OutgoingMail.Status.PENDING, OutgoingMail.Status.FAILED):
        yield [str(status)], OutgoingMail.objects.filter(status=status).count()


def _one_line(text: str) -> str:
    return " ".join(text.split())
