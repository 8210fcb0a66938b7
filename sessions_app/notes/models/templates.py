"""Templates of notes and their versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Clinic
from sessions_app.notes.querysets import TemplateQuerySet
from sessions_app.pipeline.note_templates.definition import Definition
from therapybridge.core.models import BaseModel


class NoteTemplate(BaseModel):
    """A template: of the product (`key`, without clinic), of a clinic, or of one therapist.

    What a note is written with is a version of it; notes keep theirs when the template changes.
    """

    clinic = models.ForeignKey(Clinic, null=True, on_delete=models.CASCADE, related_name="note_templates")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    is_shared = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)
    # Counts changes of name, description and definition.
    revision = models.PositiveIntegerField(default=1)

    objects = TemplateQuerySet.as_manager()

    # Set by `with_usage` and `with_version`, and where the definition is shown.
    usage: int
    version: int
    latest: TemplateVersion

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["clinic", "name", "id"], name="note_template_list")]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="note_template_key"),
            models.CheckConstraint(
                condition=Q(clinic=None, owner=None) & ~Q(key="") | Q(clinic__isnull=False, key=""),
                name="note_template_of_product_or_clinic",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def note_title(self) -> str:
        """What a note with this template is called: "SOAP note", but "Progress note"."""
        return self.name if self.name.lower().endswith("note") else f"{self.name} note"

    @property
    def is_system(self) -> bool:
        """Whether it belongs to the product, so that nobody can change it."""
        return bool(self.key)


class TemplateVersion(BaseModel):
    """One version of a template's definition. Versions are only added."""

    template = models.ForeignKey(NoteTemplate, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="note_template_version_unique"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def parsed(self) -> Definition:
        """The definition as it was accepted: rules that were added since must not make its notes unreadable."""
        return Definition.model_validate(self.definition)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only: notes refer to it."""
        if not self._state.adding:
            raise TypeError("A version of a template is never changed.")
        super().save(*args, **kwargs)
