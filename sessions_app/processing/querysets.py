"""Which jobs are due, and which are still held by their worker."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sessions_app.processing.choices import IDLE

if TYPE_CHECKING:
    from sessions_app.models import ProcessingJob


class JobQuerySet(models.QuerySet["ProcessingJob"]):
    """Queries on jobs; all times use the database's clock."""

    def due(self) -> Self:
        """Jobs that are have work to do and no live lease, and are not paused."""
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        # SQLite compares these as text, and a sum has six decimals but Now() three: adding a millisecond is enough.
        now = Now() + timedelta(milliseconds=1)
        return self.filter(free, next_attempt_at__lte=now).exclude(stage__in=IDLE)

    def held_by(self, job: ProcessingJob) -> Self:
        """The row, if `job` still holds its lease."""
        return self.filter(pk=job.pk, token=job.token, token__isnull=False)
