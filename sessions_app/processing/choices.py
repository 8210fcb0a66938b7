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


class EngineKind(models.TextChoices):
    """What may have to be waited for."""

    SPEECH = "speech", "Speech service"
    LANGUAGE = "language", "Language model"
    LOCAL_SPEECH = "local_speech", "Speech model on this machine"


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


WAITING_FOR = {
    EngineKind.SPEECH: "the speech service",
    EngineKind.LANGUAGE: "the language model",
    EngineKind.LOCAL_SPEECH: "the speech model on this machine",
}
# Why an engine is waited for, by the code of its error. None tells a time, which nobody knows.
REASONS = {
    "rate_limited": "{} is too busy. We try again by ourselves; nothing is lost.",
    "engine_config": "{} is not set up correctly. Once an administrator has put that right, this goes on by itself; "
    "nothing is lost.",
    "quota": "The account at {} has no credit left. Once there is some, this goes on by itself; nothing is lost.",
}
NOT_ANSWERING = "{} is not answering. We try again by ourselves; nothing is lost."


def waiting_sentence(kind: str, code: str) -> str:
    """What people are told while a session waits for an engine."""
    sentence = REASONS.get(code, NOT_ANSWERING).format(WAITING_FOR[EngineKind(kind)])
    return sentence[0].upper() + sentence[1:]


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
