"""Risk reviews: lines of a session, or an answer to a questionnaire, that a clinician has to look at, until a
disposition says what came of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Clinic
from audit.states import StateMachine
from sessions_app.models.session import TherapySession
from sessions_app.risk.choices import Disposition, Happening, ReviewStatus, Source, source_of
from sessions_app.risk.querysets import UNRESOLVED, Kept, KeptQuerySet, RiskReviewQuerySet
from therapybridge.core.errors import Conflict
from therapybridge.core.fields import EncryptedJSONField, EncryptedTextField
from therapybridge.core.models import BaseModel, one_of

S = ReviewStatus
UNANSWERED = Q(disposition="", reason__isnull=True, disposed_at=None)
FROM_SESSION = Q(session__isnull=False, source_type="", source_id=None, source_day=None)
FROM_ELSEWHERE = Q(session=None, source_id__isnull=False, source_day__isnull=False) & ~Q(source_type="")


class _Kept(BaseModel):
    """A row that is inserted, and neither saved again nor deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only, also where a new object has the key of a row that is there."""
        if not self._state.adding or kwargs.get("force_update") or kwargs.get("update_fields"):
            raise Kept(f"{type(self).__name__} rows are not saved again.")
        super().save(force_insert=True, using=kwargs.get("using"))

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise Kept(f"{type(self).__name__} rows are never deleted.")


class RiskReview(StateMachine, _Kept):
    """What the drafts of one session list as possible risk, or what an app above this one found, and what a clinician
    did about it.

    A session, or a row of such an app, has at most one without a disposition. What is found later, in lines that no
    disposition has covered, opens another one, so that nobody's disposition is put below lines that they never saw.
    `move_to` is the one writer; each of its steps is refused if somebody else took one since `revision`.
    """

    Status = ReviewStatus
    Dispositions = Disposition
    NEXT = {
        S.OPEN: {S.OPEN, S.ACKNOWLEDGED, S.DISPOSED},
        S.ACKNOWLEDGED: {S.ACKNOWLEDGED, S.OPEN, S.DISPOSED},  # open again with new lines or a new owner
        S.DISPOSED: set(),
    }

    session = models.ForeignKey(TherapySession, null=True, on_delete=models.PROTECT, related_name="risk_reviews")
    # Where it does not come from a session: a name in choices.py, the row, and the day of the clinic that it is of.
    source_type = models.CharField(max_length=40, blank=True, editable=False)
    source_id = models.UUIDField(null=True, editable=False)
    source_day = models.DateField(null=True, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="risk_reviews")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    status = models.CharField(max_length=12, choices=ReviewStatus, default=ReviewStatus.OPEN, editable=False)
    seen = EncryptedJSONField(purpose="risk_review.seen")  # see services/opening.py
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    escalate_at = models.DateTimeField(null=True)  # when the next people are e-mailed; None after the last stage
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    disposition = models.CharField(max_length=11, choices=Disposition, blank=True)
    reason = EncryptedTextField(purpose="risk_review.reason", null=True)
    disposed_at = models.DateTimeField(null=True)
    disposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    objects = RiskReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["patient", "-id"], name="risk_review_patient"),
            models.Index(fields=["owner", "due_at"], name="risk_review_owner", condition=Q(status__in=UNRESOLVED)),
            models.Index(fields=["escalate_at"], name="risk_review_escalation", condition=Q(status__in=UNRESOLVED)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(status__in=UNRESOLVED), name="risk_review_one_unresolved"
            ),
            models.UniqueConstraint(
                fields=["source_type", "source_id"],
                condition=Q(status__in=UNRESOLVED, source_id__isnull=False),
                name="risk_review_one_unresolved_of_source",
            ),
            models.CheckConstraint(condition=FROM_SESSION | FROM_ELSEWHERE, name="risk_review_one_origin"),
            one_of("status", ReviewStatus, "risk_review_status"),
            one_of("disposition", ["", *Disposition.values], "risk_review_disposition"),
            models.CheckConstraint(
                condition=Q(status="open", acknowledged_at=None) & UNANSWERED
                | Q(status="acknowledged", acknowledged_at__isnull=False) & UNANSWERED
                | Q(status="disposed", acknowledged_at__isnull=False, disposed_at__isnull=False, reason__isnull=False)
                & ~Q(disposition=""),
                name="risk_review_disposed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Review {str(self.pk)[-8:]}"

    def get_absolute_url(self) -> str:
        """The page on which it is read and closed."""
        return reverse("risk_reviews:detail", args=[self.pk])

    @contextmanager
    def origin_locked(self) -> Iterator[None]:
        """Open a transaction that holds the session that it comes from; the patient's row where there is none."""
        with (self.session or self.patient).locked():
            yield

    @property
    def source(self) -> Source | None:
        """What it comes from, if not from a session."""
        return source_of(self.source_type) if self.source_type else None

    @property
    def source_url(self) -> str:
        """The page of the row that it comes from, which belongs to an app above this one."""
        return self.source.url(self.source_id) if self.source and self.source_id else ""

    @property
    def is_unresolved(self) -> bool:
        """Whether it still waits for a disposition."""
        return self.status in UNRESOLVED

    @property
    def is_overdue(self) -> bool:
        """Whether it waits past its due time."""
        return self.is_unresolved and self.due_at <= timezone.now()

    def _held(self) -> models.QuerySet[Any]:
        return super()._held().filter(revision=self.revision)

    def _columns(self, new: str) -> dict[str, Any]:
        return {"status": new, "revision": self.revision + 1}

    def _refused(self, new: str) -> Exception:
        return Conflict("This review is closed.", code="review_closed")

    def _lost(self) -> Exception:
        return Conflict("Someone changed this review in the meantime. Read it again.", code="edit_conflict")


class RiskReviewEntry(_Kept):
    """One line of a review's history: who did what, and when; nobody for what happened by itself."""

    Kind = Happening

    review = models.ForeignKey(RiskReview, on_delete=models.PROTECT, related_name="history")
    kind = models.CharField(max_length=12, choices=Happening)
    happened_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["happened_at", "id"]
        constraints = [one_of("kind", Happening, "risk_review_entry_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {str(self.pk)[-8:]}"
