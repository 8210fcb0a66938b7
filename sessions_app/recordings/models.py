"""Recordings of sessions."""

from pathlib import Path

from django.conf import settings
from django.db import models

from sessions_app.models.session import TherapySession
from sessions_app.pipeline.types import AudioInfo
from sessions_app.querysets import PartQuerySet
from therapybridge.core.models import BaseModel


class Recording(BaseModel):
    """A file in the storage folder; `path` is relative to it and chosen by the server."""

    session = models.OneToOneField(TherapySession, on_delete=models.CASCADE, related_name="recording")
    path = models.CharField(max_length=200)
    playable_path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    mime = models.CharField(max_length=40)
    format = models.CharField(max_length=20)
    codec = models.CharField(max_length=40, blank=True)
    channels = models.PositiveSmallIntegerField()
    sample_rate = models.PositiveIntegerField(default=0)
    duration = models.FloatField()
    speech_seconds = models.FloatField(default=0)
    peaks = models.JSONField(default=list)
    channel_balance = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    deleted_at = models.DateTimeField(null=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["sha256"], name="recording_sha256"),
            models.Index(fields=["updated_at"], name="recording_changed"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="recording_not_empty"),
            models.CheckConstraint(condition=models.Q(duration__gte=0), name="recording_duration"),
        ]

    def __str__(self) -> str:
        return f"Recording {str(self.pk)[-8:]}"

    @property
    def file(self) -> Path:
        """The original file, which is never modified."""
        return Path(settings.STORAGE_DIR) / self.path

    @property
    def info(self) -> AudioInfo:
        """The probe's result, from the upload."""
        return AudioInfo(self.format, self.mime, self.codec, self.channels, self.sample_rate, self.duration)

    @property
    def folder(self) -> Path:
        """The recording's own random folder, which also contains the chunks."""
        return self.file.parent

    @property
    def player_file(self) -> Path:
        """The file for playback: a copy if browsers cannot play the original, or seek in it."""
        return Path(settings.STORAGE_DIR) / (self.playable_path or self.path)

    @property
    def player_mime(self) -> str:
        """The type of `player_file`."""
        return "audio/flac" if self.playable_path.endswith(".flac") else self.mime
