"""Processing stages."""

from django.db import models


class Stage(models.TextChoices):
    """The next stage of a job."""

    CHECK = "check", "Checking the recording"
    TRANSCRIBE = "transcribe", "Transcribing"
    ASSEMBLE = "assemble", "Putting the transcript together"
    EXTRACT = "extract", "Drafting the note"
    FINISH = "finish", "Finishing"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
