"""The e-mails of an installation without a mail server: one line each on the worker's terminal."""

import re
import sys
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from therapybridge.core.logging import printable

LINK = re.compile(r"https?://\S+")


class EmailBackend(BaseEmailBackend):
    """Prints recipient, subject and links; links are secrets, so production refuses this backend (tb.E019)."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Print directly: the log filter would redact address and link."""
        for message in email_messages:
            sys.stdout.write(f"{one_line(message)}\n")
        sys.stdout.flush()
        return len(email_messages)


def one_line(message: EmailMessage) -> str:
    """A line such as: E-mail to ann@example.org: Choose a new password https://…"""
    parts = [f"E-mail to {', '.join(message.recipients())}: {message.subject}", *LINK.findall(str(message.body))]
    return printable(" ".join(" ".join(parts).split()))
