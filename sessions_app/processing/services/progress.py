"""Progress for people: percent, seconds left, and steps with their states, all from the job's row.

The worker estimates when the job will end, and may only bring that moment forward: the time left never grows in one
attempt. Once the moment has passed, nothing is said about the time left.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sessions_app.processing.choices import IDLE, Stage, waiting_sentence

# Each stage's typical share of the run time, in percent.
WEIGHTS = {"check": 10, "transcribe": 60, "assemble": 5, "speakers": 0, "extract": 15, "recheck": 5, "finish": 5}
# How fast a recording is checked says nothing about how fast it is transcribed; nor do the first few percent.
TELLING_STAGE, TELLING_FRACTION = "transcribe", 0.05
STEP_STAGES: Sequence[tuple[str, str, set[str]]] = [
    ("uploaded", "Uploaded", set()),
    ("checked", "Checked", {"check"}),
    ("transcribed", "Transcribed", {"transcribe", "assemble"}),
    ("draft", "Draft", {"speakers", "extract", "recheck"}),
    ("done", "Done", {"finish"}),
]
NOT_BEGUN = "Waiting for its turn"
AGAIN = ", trying again after an interruption"


@dataclass(frozen=True, slots=True)
class StepState:
    """A step: done, current, todo or failed."""

    key: str
    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Progress:
    """`percent` is 0..100 over the whole job; `eta_seconds` is None while it cannot be estimated."""

    stage: str
    step: str
    label: str
    percent: int
    eta_seconds: int | None
    steps: list[StepState]
    waits_for: str
    waiting_code: str


def progress(
    stage: str,
    fraction: float,
    expected_at: datetime | None,
    now: datetime,
    *,
    failed_stage: str = "",
    is_begun: bool = True,
    is_repeated: bool = False,
    pieces: tuple[int, int] = (0, 0),
    waits_for: str = "",
    last_error: str = "",
) -> Progress:
    """Describe a job in `stage`, of which `fraction` (0..1) is done; `pieces` are (transcribed, all).

    `waits_for` is the engine without which it cannot go on, because of `last_error`.
    """
    at = failed_stage or stage
    step = next((key for key, _, stages in STEP_STAGES if at in stages), "done")
    return Progress(
        stage=stage,
        step=step,
        label=waiting_sentence(waits_for, last_error)
        if waits_for
        else _label(stage, pieces, is_begun=is_begun, is_repeated=is_repeated),
        percent=_percent(at, fraction),
        eta_seconds=_seconds_until(expected_at, now),
        steps=_steps(at, step, failed=bool(failed_stage)),
        waits_for=waits_for,
        waiting_code=last_error if waits_for else "",
    )


def _seconds_until(expected_at: datetime | None, now: datetime) -> int | None:
    if expected_at is None or expected_at <= now:
        return None
    return math.ceil((expected_at - now).total_seconds())


def expected_finish(stage: str, done: float, fraction: float, began_at: datetime, now: datetime) -> datetime | None:
    """When the job will end, if an attempt that began with `done` (0..1) of the stage goes on at its pace.

    The later stages are expected to take their typical share. None while too little was done to tell.
    """
    if stage != TELLING_STAGE or fraction - done < TELLING_FRACTION:
        return None
    whole_stage = (now - began_at) / (fraction - done)
    order = list(WEIGHTS)
    later = sum(WEIGHTS[name] for name in order[order.index(stage) + 1 :]) / WEIGHTS[stage]
    return now + max(whole_stage * (1 - fraction + later), timedelta())


def _label(stage: str, pieces: tuple[int, int], *, is_begun: bool, is_repeated: bool) -> str:
    if stage in IDLE:
        return str(Stage(stage).label)
    if not is_begun:
        return NOT_BEGUN
    transcribed, total = pieces
    what = f"Transcribing {min(transcribed + 1, total)} of {total}" if stage == "transcribe" and total else ""
    # Why the time left may be longer than it was.
    return (what or str(Stage(stage).label)) + (AGAIN if is_repeated else "")


def _percent(stage: str, fraction: float) -> int:
    if stage == "done":
        return 100
    order = list(WEIGHTS)
    before = sum(WEIGHTS[name] for name in order[: order.index(stage)])
    return min(99, round(before + WEIGHTS[stage] * fraction))


def _steps(stage: str, step: str, *, failed: bool) -> list[StepState]:
    states, reached = [], False
    for key, label, _ in STEP_STAGES:
        current = key == step and stage != "done"
        reached = reached or current
        state = ("failed" if failed else "current") if current else "todo" if reached else "done"
        states.append(StepState(key, label, state))
    return states
