"""Celery finds this app's tasks here; each subject defines its own."""

from accounts.authentication.tasks import delete_old_access
from accounts.care.tasks import remind_reviews
from accounts.consent.tasks import expire_consents
from accounts.mail.tasks import send_mail

__all__ = ["delete_old_access", "expire_consents", "remind_reviews", "send_mail"]
