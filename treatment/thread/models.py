"""Which goals a note serves, or why it serves none."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from sessions_app.models import SessionNote
from therapybridge.core.fields import EncryptedTextField
from therapybridge.core.models import BaseModel
from treatment.goals.models import Goal
from treatment.thread.querysets import LinkQuerySet


class GoalLink(BaseModel):
    """A note serves a goal of its patient. It belongs to the treatment: a signed note stays as it is."""

    note = models.ForeignKey(SessionNote, on_delete=models.CASCADE, related_name="goal_links")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="note_links")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["note", "goal"], name="goal_link_once")]

    def __str__(self) -> str:
        return f"Goal link {str(self.pk)[-8:]}"


class NoteWithoutGoal(BaseModel):
    """Why a note serves no goal, in its author's words."""

    note = models.OneToOneField(SessionNote, on_delete=models.CASCADE, related_name="without_goal")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField(purpose="note_without_goal.reason")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = LinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Without a goal {str(self.pk)[-8:]}"
