"""Audit actions for e-mails."""

from audit.audit_actions import declare

MAIL_SENT_AGAIN = declare("mail.sent_again", "had an e-mail sent again")
