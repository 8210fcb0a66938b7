"""Trying the configured language model from a page: the worker does it, the result waits in the cache."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from audit.log import record
from sessions_app.audit_actions import ENGINE_TRIED
from sessions_app.pipeline.engines import registry
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict

KEY, RUNNING = "engine-trial", "engine-trial-running"
KEPT_SECONDS = 7 * 24 * 3600
LONGEST_SECONDS = 15 * 60


class TrialRunning(Conflict):
    """One trial at a time: each costs the server minutes."""

    code = "trial_running"
    title = "The connection is being tested already"


def claim_trial(*, by: Actor) -> None:
    """Note that a trial begins; Conflict without a model, or while another runs."""
    if not registry.has_model(registry.from_settings()):
        raise Conflict("No language model is configured.", code="no_model")
    if not cache.add(RUNNING, timezone.now().isoformat(), LONGEST_SECONDS):
        raise TrialRunning
    record(ENGINE_TRIED, by=by)


def run_trial() -> None:
    """Try the model and keep what was found."""
    # Seconds and megabytes to import: only for the worker that calls the model.
    from sessions_app.pipeline.engines.trial import try_model

    chosen = registry.from_settings()
    try:
        steps = [asdict(step) for step in try_model(chosen)]
        cache.set(KEY, {"at": timezone.now().isoformat(), "model": chosen.llm_model, "steps": steps}, KEPT_SECONDS)
    finally:
        cache.delete(RUNNING)


def latest_trial() -> dict[str, Any] | None:
    """`at`, `model` and `steps` of the latest trial; None if there was none within a week."""
    found: dict[str, Any] | None = cache.get(KEY)
    return found and {**found, "at": datetime.fromisoformat(found["at"])}


def running_since() -> datetime | None:
    """When the trial that runs was started."""
    found: str | None = cache.get(RUNNING)
    return datetime.fromisoformat(found) if found else None
