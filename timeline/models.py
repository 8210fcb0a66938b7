"""Timeline events, and maintained totals of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from therapybridge.core.models import BaseModel, one_of
from timeline.choices import EVENT_TYPES, Importance
from timeline.querysets import CountQuerySet, EventQuerySet

SESSION, NOTE = "session", "note"  # related entities
PLAN, REVIEW, GOAL, MILESTONE, MEASURE = "plan", "plan_review", "goal", "milestone", "measure"


class TimelineEvent(BaseModel):
    """A timeline event; with a related entity, it is derived from that row and never edited by hand.

    A derived one holds no clinical text: what it shows is read from its row (contexts/session_texts.py,
    contexts/treatment_texts.py).
    """

    Importance = Importance

    # The feed index starts with the patient, so the foreign key needs no index of its own.
    patient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="timeline_events", db_index=False
    )
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    event_type = models.CharField(max_length=20, choices=[(one.value, one.label) for one in EVENT_TYPES.values()])
    event_subtype = models.CharField(max_length=40, blank=True)
    event_date = models.DateTimeField()
    # The day as it was written, if without a time; `event_date` is then noon of that day at the clinic, for sorting.
    event_day = models.DateField(null=True, editable=False)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    metadata = models.JSONField(default=dict)
    related_entity_type = models.CharField(max_length=40, blank=True, editable=False)
    related_entity_id = models.UUIDField(null=True, editable=False)
    importance = models.CharField(max_length=10, choices=Importance, default=Importance.NORMAL)
    is_private = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-event_date", "-id"]
        indexes = [
            models.Index(fields=["patient", "-event_date", "-id"], name="event_feed"),
            models.Index(
                fields=["patient", "-event_date", "-id"],
                name="event_public_feed",
                condition=Q(is_private=False, deleted_at=None),
            ),
            models.Index(fields=["patient", "event_type", "-event_date", "-id"], name="event_kind_feed"),
            models.Index(fields=["patient", "importance", "-event_date", "-id"], name="event_importance_feed"),
            models.Index(fields=["patient"], condition=Q(related_entity_id__isnull=False), name="event_derived"),
            # PostgreSQL also has event_words, for parts of words in title and description (migration 0005).
        ]
        constraints = [
            one_of("event_type", EVENT_TYPES, "event_type_known"),
            one_of("importance", Importance, "event_importance"),
            models.CheckConstraint(condition=~Q(title=""), name="event_titled"),
            models.CheckConstraint(
                condition=Q(related_entity_id=None, related_entity_type="")
                | (Q(related_entity_id__isnull=False) & ~Q(related_entity_type="")),
                name="event_source_whole",
            ),
            models.UniqueConstraint(
                fields=["related_entity_type", "related_entity_id", "event_type", "event_subtype"],
                condition=Q(related_entity_id__isnull=False),
                name="event_derived_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_type_display()} {str(self.pk)[-8:]}"

    @property
    def is_derived(self) -> bool:
        """Whether the event is derived from a row of another app."""
        return self.related_entity_id is not None


class TimelineCount(models.Model):
    """The number of a patient's live events by type and visibility; updated in the transaction of every event."""

    patient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="timeline_counts", db_index=False
    )
    event_type = models.CharField(max_length=20)
    is_private = models.BooleanField()
    count = models.PositiveIntegerField(default=0)

    objects = CountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "event_type", "is_private"], name="event_count_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type}: {self.count}"
