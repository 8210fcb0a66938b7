"""Access to the outbox, with e-mails as recipients will see them."""

import re

from django.conf import settings

from accounts.models import OutgoingMail


def emails(kind: str = "") -> list[OutgoingMail]:
    rows = OutgoingMail.objects.order_by("id")
    return list(rows.filter(kind=kind) if kind else rows)


def link_in(email: OutgoingMail) -> str:
    """The path of the only link."""
    [link] = re.findall(r"https?://\S+", email.text)
    assert link.startswith(settings.PUBLIC_URL)
    return link.removeprefix(settings.PUBLIC_URL)


def last_link(kind: str) -> str:
    return link_in(emails(kind)[-1])
