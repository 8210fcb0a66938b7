"""Draft notes, and the summary that the patient can read once it is approved."""

from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from audit.states import StateMachine
from sessions_app.choices import StatementDecision
from sessions_app.models.session import TherapySession
from sessions_app.notes.choices import SummaryStatus
from sessions_app.notes.querysets import SummaryQuerySet
from sessions_app.pipeline.quality import DRAFT_QUALITIES
from sessions_app.querysets import PartQuerySet
from therapybridge.core.fields import EncryptedJSONField, EncryptedTextField
from therapybridge.core.models import BaseModel, one_of


class Extraction(BaseModel):
    """One draft of the note, judged against the transcript; a redraft adds a version.

    `supported`, `to_check` and `refused` count statements; refused ones are not kept.
    """

    session = models.ForeignKey(TherapySession, on_delete=models.CASCADE, related_name="extractions")
    version = models.PositiveIntegerField()
    engine = models.CharField(max_length=40)
    model = models.CharField(max_length=80, blank=True)
    prompt_version = models.CharField(max_length=20, blank=True)
    quality = models.CharField(max_length=20, default="standard")
    input_hash = models.CharField(max_length=64)
    notes = EncryptedJSONField(purpose="extraction.notes")
    supported = models.PositiveIntegerField(default=0)
    to_check = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    refused_reasons = models.JSONField(default=dict)
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    # How often the second pass could not be made, and when it is tried again, if it is.
    second_pass_failures = models.PositiveSmallIntegerField(default=0)
    second_pass_at = models.DateTimeField(null=True)

    objects = PartQuerySet.as_manager()

    # Set where the decisions about the draft are shown.
    reviewed: object

    class Meta:
        ordering = ["-version"]
        indexes = [
            models.Index(
                fields=["second_pass_at"],
                name="second_pass_due",
                condition=Q(second_pass_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["session", "version"], name="extraction_version_unique"),
            models.CheckConstraint(
                condition=Q(quality__in=DRAFT_QUALITIES),
                name="extraction_quality",
            ),
        ]

    def __str__(self) -> str:
        return f"Draft {self.version}"


class StatementReview(BaseModel):
    """A therapist's decision, taken once, on a statement to check; a kept one is the therapist's own sentence."""

    Decision = StatementDecision

    extraction = models.ForeignKey(Extraction, on_delete=models.CASCADE, related_name="reviews")
    statement = models.CharField(max_length=60)  # the item's id within the draft
    decision = models.CharField(max_length=7, choices=StatementDecision)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["extraction", "statement"], name="statement_review_unique"),
            one_of("decision", StatementDecision, "statement_review_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} {str(self.pk)[-8:]}"


S = SummaryStatus


class PatientSummary(StateMachine, BaseModel):
    """The text for the patient, who reads it while it is shared and sees when it was withdrawn.

    `changed_by` made the last change (`updated_at`); it is empty for a text that was drafted.
    """

    Status = SummaryStatus
    NEXT = {
        S.DRAFT: {S.SHARED, S.DECLINED},
        S.SHARED: {S.SHARED, S.WITHDRAWN},  # once more with another text
        S.DECLINED: {S.SHARED},
        S.WITHDRAWN: {S.SHARED},
    }

    session = models.OneToOneField(TherapySession, on_delete=models.CASCADE, related_name="summary")
    text = EncryptedTextField(purpose="summary.text")
    is_edited = models.BooleanField(default=False)
    status = models.CharField(max_length=9, choices=SummaryStatus, default=SummaryStatus.DRAFT, editable=False)
    approved_at = models.DateTimeField(null=True)  # while it is shared: since when
    withdrawn_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when the patient was written to about this text
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = SummaryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["session"], name="summary_waiting", condition=Q(status="draft")),
            models.Index(fields=["updated_at"], name="summary_changed"),
        ]
        constraints = [
            one_of("status", SummaryStatus, "summary_status"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "declined"], approved_at=None, withdrawn_at=None)
                | Q(status="shared", approved_at__isnull=False, withdrawn_at=None)
                | Q(status="withdrawn", approved_at=None, withdrawn_at__isnull=False),
                name="summary_shared_whole",
            ),
        ]

    @property
    def version(self) -> str:
        """Changes with every update, so that whoever shares or withdraws it can name the one that was read."""
        return self.updated_at.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")

    def __str__(self) -> str:
        return f"Summary {str(self.pk)[-8:]}"

    @property
    def is_shared(self) -> bool:
        """Whether the patient can read it."""
        return self.status == SummaryStatus.SHARED

    def _columns(self, new: str) -> dict[str, Any]:
        now = timezone.now()
        return {
            "status": new,
            "approved_at": now if new == SummaryStatus.SHARED else None,
            "withdrawn_at": now if new == SummaryStatus.WITHDRAWN else None,
            "updated_at": now,
        }
