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
WAITING = "Waiting"
# What a job is doing, in a word, wherever it is listed.
CHIPS = {
    Stage.CHECK: "Checking",
    Stage.TRANSCRIBE: "Transcribing",
    Stage.ASSEMBLE: "Transcribing",
    Stage.SPEAKERS: "Needs a speaker",
    Stage.EXTRACT: "Drafting",
    Stage.RECHECK: "Drafting",
    Stage.FINISH: "Finishing",
    Stage.DONE: "Done",
    Stage.FAILED: "Failed",
}


# An attempt failed, and the next one is a while off.
POSTPONED = {
    Stage.TRANSCRIBE: "Waiting for the speech service",
    Stage.EXTRACT: "Waiting for the language model",
    Stage.RECHECK: "Waiting for the language model",
}


def chip_of(stage: str, *, is_begun: bool, is_postponed: bool = False) -> str:
    """The word for a job; one that a worker has to begin, and one whose next attempt is to come, wait."""
    if not is_begun and stage not in IDLE:
        return WAITING
    return (POSTPONED if is_postponed else CHIPS).get(Stage(stage), CHIPS[Stage(stage)])
