"""Retention of ended sessions and idempotency records."""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import AuthSession, IdempotencyRecord

SESSIONS_KEPT = timedelta(days=90)
ANSWERS_KEPT = timedelta(hours=48)


def delete_ended_sessions() -> int:
    """Delete sessions that ended more than 90 days ago, for whatever reason; returns how many."""
    before = Now() - SESSIONS_KEPT
    ended = Q(revoked_at__lt=before) | Q(expires_at__lt=before) | Q(ends_at__lt=before)
    return AuthSession.objects.filter(ended).delete()[0]


def delete_old_answers() -> int:
    """Delete expired idempotency records; returns how many."""
    return IdempotencyRecord.objects.filter(created_at__lt=Now() - ANSWERS_KEPT).delete()[0]
