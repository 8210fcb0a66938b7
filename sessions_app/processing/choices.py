"""Processing stages."""

from django.db import models


class Stage(models.TextChoices):
    """The next stage of a job."""

    CHECK = "check", "Checking the recording"
    TRANSCRIBE = "transcribe", "Transcribing"
    ASSEMBLE = "assemble", "Putting the transcript together"
    SPEAKERS = "speakers", "Who is speaking?"
    EXTRACT = "extract", "Drafting the note"
    RECHECK = "recheck", "Checking the note again"
    FINISH = "finish", "Finishing"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


# No worker has anything to do.
IDLE = (Stage.SPEAKERS, Stage.DONE, Stage.FAILED)
