"""The stages of work on a session."""

from django.db import models


class Stage(models.TextChoices):
    """What comes next."""

    CHECK = "check", "Checking the recording"
    TRANSCRIBE = "transcribe", "Transcribing"
    ASSEMBLE = "assemble", "Putting the transcript together"
    EXTRACT = "extract", "Drafting the note"
    FINISH = "finish", "Finishing"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
