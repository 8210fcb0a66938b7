"""Transcripts."""

import hashlib

import orjson
from django.db import models

from sessions_app.choices import SpeakerSource
from sessions_app.models.session import TherapySession
from sessions_app.pipeline.quality import TRANSCRIPT_QUALITIES
from sessions_app.pipeline.speakers.resolve import Voice, voices_in
from sessions_app.pipeline.types import Segment
from sessions_app.querysets import PartQuerySet
from therapybridge.core.fields import EncryptedJSONField
from therapybridge.core.models import BaseModel, one_of


class Transcript(BaseModel):
    """The transcript of a session in one encrypted value; a separate row, so that lists never load it."""

    session = models.OneToOneField(TherapySession, on_delete=models.CASCADE, related_name="transcript")
    segments = EncryptedJSONField(purpose="transcript.segments")
    language = models.CharField(max_length=12, blank=True)
    duration = models.FloatField(null=True)
    engine = models.CharField(max_length=40)
    model = models.CharField(max_length=80, blank=True)
    quality = models.CharField(max_length=20, default="standard")
    speaker_source = models.CharField(max_length=12, choices=SpeakerSource, default=SpeakerSource.NONE)
    warnings = models.JSONField(default=list)
    word_count = models.PositiveIntegerField(default=0)

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quality__in=TRANSCRIPT_QUALITIES), name="transcript_quality"),
            one_of("speaker_source", SpeakerSource, "transcript_speaker_source"),
        ]

    def __str__(self) -> str:
        return f"Transcript {str(self.pk)[-8:]}"

    @property
    def lines(self) -> list[Segment]:
        """The segments in order."""
        return [Segment(**segment) for segment in self.segments]

    @property
    def fingerprint(self) -> str:
        """A hash of what was said by whom, by which a draft knows whether the transcript was corrected since."""
        return hashlib.sha256(orjson.dumps(self.segments)).hexdigest()

    @property
    def voices(self) -> list[Voice]:
        """The labelled voices, in the order of their first lines."""
        return voices_in(self.lines)

    @property
    def notices(self) -> list[str]:
        """What was left out or mended, and how many lines have no speaker although others do."""
        told = [line.speaker != "unknown" for line in self.lines]
        missing = told.count(False) if any(told) else 0
        if not missing:
            return list(self.warnings)
        lines = "1 line" if missing == 1 else f"{missing:,} lines"
        return [*self.warnings, f"{lines} could not be given a speaker."]
