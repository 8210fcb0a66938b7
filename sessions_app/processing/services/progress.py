"""Progress for people: percent, seconds left, and steps with their states."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sessions_app.processing.choices import Stage

# Each stage's typical share of the run time, in percent.
WEIGHTS = {"check": 10, "transcribe": 60, "assemble": 5, "speakers": 0, "extract": 15, "recheck": 5, "finish": 5}
TELLING_FRACTION = 0.05  # earlier, the pace of a stage says little, and a stalled one would say "hours"
STEP_STAGES: Sequence[tuple[str, str, set[str]]] = [
    ("uploaded", "Uploaded", set()),
    ("checked", "Checked", {"check"}),
    ("transcribed", "Transcribed", {"transcribe", "assemble"}),
    ("draft", "Draft", {"speakers", "extract", "recheck"}),
    ("done", "Done", {"finish"}),
]


@dataclass(frozen=True, slots=True)
class StepState:
    """A step: done, current, todo or failed, with a detail such as "3 of 8"."""

    key: str
    label: str
    state: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """`percent` is 0..100 over the whole job; `eta_seconds` is None while it cannot be estimated."""

    stage: str
    label: str
    percent: int
    eta_seconds: int | None
    steps: list[StepState]


def progress(
    stage: str,
    fraction: float,
    started_at: datetime | None,
    now: datetime,
    *,
    failed_stage: str = "",
    pieces: tuple[int, int] = (0, 0),
) -> Progress:
    """Describe a job in `stage`, of which `fraction` (0..1) is done; `pieces` are (transcribed, all)."""
    at = failed_stage or stage
    transcribed, total = pieces
    if at == "transcribe" and total:
        fraction = max(fraction, transcribed / total)
    return Progress(
        stage=stage,
        label=_label(stage, pieces),
        percent=_percent(at, fraction),
        eta_seconds=None if failed_stage or stage == "done" else _eta(at, fraction, started_at, now),
        steps=_steps(at, failed=bool(failed_stage), pieces=pieces),
    )


def _label(stage: str, pieces: tuple[int, int]) -> str:
    transcribed, total = pieces
    if stage == "transcribe" and total:
        return f"Transcribing {min(transcribed + 1, total)} of {total}"
    return str(Stage(stage).label)


def _percent(stage: str, fraction: float) -> int:
    if stage == "done":
        return 100
    order = list(WEIGHTS)
    before = sum(WEIGHTS[name] for name in order[: order.index(stage)])
    return min(99, round(before + WEIGHTS[stage] * fraction))


def _eta(stage: str, fraction: float, started_at: datetime | None, now: datetime) -> int | None:
    """Seconds left: this stage by its pace, the later ones by their typical share."""
    if started_at is None or fraction < TELLING_FRACTION:
        return None
    elapsed = max((now - started_at).total_seconds(), 0.0)
    whole_stage = elapsed / fraction
    order = list(WEIGHTS)
    later = sum(WEIGHTS[name] for name in order[order.index(stage) + 1 :]) / WEIGHTS[stage]
    return round(whole_stage * (1 - fraction) + whole_stage * later)


def _steps(stage: str, *, failed: bool, pieces: tuple[int, int]) -> list[StepState]:
    transcribed, total = pieces
    states, reached = [], False
    for key, label, stages in STEP_STAGES:
        current = stage in stages
        reached = reached or current
        state = ("failed" if failed else "current") if current else "todo" if reached else "done"
        detail = f"{transcribed} of {total}" if current and total and stage == "transcribe" else ""
        states.append(StepState(key, label, state, detail))
    return states
