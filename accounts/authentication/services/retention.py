"""Retention of what signing in and requests leave behind."""

from datetime import timedelta

from allauth.account.models import EmailConfirmation
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import AuthSession, IdempotencyRecord
from therapybridge.core.batches import delete_in_batches

SESSIONS_KEPT = timedelta(days=90)
ANSWERS_KEPT = timedelta(hours=48)
CONFIRMATIONS_KEPT = timedelta(days=7)


def delete_ended_sessions() -> int:
    """Delete sessions that ended more than 90 days ago, for whatever reason; returns how many."""
    before = Now() - SESSIONS_KEPT
    ended = Q(revoked_at__lt=before) | Q(expires_at__lt=before) | Q(ends_at__lt=before)
    return delete_in_batches(AuthSession.objects.filter(ended))


def delete_old_answers() -> int:
    """Delete expired idempotency records; returns how many."""
    return delete_in_batches(IdempotencyRecord.objects.filter(created_at__lt=Now() - ANSWERS_KEPT))


def delete_browser_sessions() -> int:
    """Delete what browsers' expired cookies belong to, and allauth's old confirmations; returns how many."""
    expired = delete_in_batches(Session.objects.filter(expire_date__lt=Now()))
    return expired + delete_in_batches(EmailConfirmation.objects.filter(sent__lt=Now() - CONFIRMATIONS_KEPT))
