"""Layouts of documents."""

from django.conf import settings
from django.db import models

from accounts.models import Clinic
from exports.layouts.querysets import LayoutQuerySet
from therapybridge.core.models import BaseModel


class ExportLayout(BaseModel):
    """A clinic's layout for documents of session notes; `parts` are those that they hold, in their order.

    It belongs to the clinic, so every therapist there can change it. No patient is named in it.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    letterhead = models.CharField(max_length=500, blank=True)
    parts = models.JSONField(default=list)
    is_newest_first = models.BooleanField(default=False)
    shows_empty_fields = models.BooleanField(default=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    objects = LayoutQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["clinic", "name", "id"], name="export_layout_list")]
        constraints = [
            models.UniqueConstraint("clinic", models.functions.Lower("name"), name="export_layout_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="export_layout_named"),
        ]

    def __str__(self) -> str:
        return self.name
