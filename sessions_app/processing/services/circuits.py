"""The circuit of each engine: after an outage no job of any worker calls it, but one at a time to try.

The state is a row, since workers are processes and the cache may be away. Jobs that wait use up no attempts.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from importlib.util import find_spec
from math import ceil
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from audit.log import record
from sessions_app.audit_actions import ENGINE_RETRIED
from sessions_app.models import EngineCircuit, ProcessingJob
from sessions_app.pipeline.engines import registry
from sessions_app.pipeline.engines.base import ConfigurationError, EngineAway, EngineError, Transient
from sessions_app.processing.choices import EngineKind, Stage
from sessions_app.processing.models import CircuitQuerySet
from therapybridge.core import crypto
from therapybridge.core.actor import Actor
from therapybridge.core.jobs import MAX_BACKOFF, LeaseLost, backoff

log = structlog.get_logger(__name__)
SPEECH_STAGES = (Stage.CHECK, Stage.TRANSCRIBE, Stage.ASSEMBLE)
DRAFT_STAGES = (Stage.EXTRACT, Stage.RECHECK)
STAGES = {
    EngineKind.SPEECH: SPEECH_STAGES,
    EngineKind.LOCAL_SPEECH: SPEECH_STAGES,
    EngineKind.LANGUAGE: DRAFT_STAGES,
}
SERVERS = (EngineKind.SPEECH, EngineKind.LANGUAGE)
RELEASED_WITHIN = 60  # seconds: all at once would be the next outage
# What one recording or conversation alone may lead to.
ABOUT_CONTENT = frozenset({"upstream_error", "timeout"})


def kind_for(job: ProcessingJob) -> EngineKind | None:
    """The engine that the job's stage needs; None if it needs none that could be away."""
    chosen = registry.from_settings(external=job.session.clinic.external_ai_allowed)
    if job.stage in SPEECH_STAGES:
        return EngineKind.SPEECH if registry.uses_speech_service(chosen) else EngineKind.LOCAL_SPEECH
    return EngineKind.LANGUAGE if job.stage in DRAFT_STAGES and registry.has_model(chosen) else None


def fingerprint(kind: str) -> str:
    """Of the settings of an engine, none of which can be read from it."""
    chosen = registry.from_settings()
    has_model_here = find_spec("moonshine_voice") is not None
    settled: dict[str, Sequence[object]] = {
        EngineKind.SPEECH: (
            *(chosen.transcribe_base_url, chosen.transcribe_model),
            *(chosen.transcribe_api_key, chosen.transcribe_timeout),
        ),
        EngineKind.LANGUAGE: (chosen.llm_base_url, chosen.llm_model, chosen.llm_api_key, chosen.llm_timeout),
        EngineKind.LOCAL_SPEECH: (str(chosen.whisper_model_dir), str(chosen.moonshine_model_dir), has_model_here),
    }
    return crypto.keyed_hash("engine.settings", json.dumps(settled[kind]))


class Gate:
    """What a job passes before each call of its engine."""

    def __init__(self, job: ProcessingJob) -> None:
        self.is_probe = False
        self._job = job
        self._kind = kind_for(job)
        self._has_answered = False

    def enter(self) -> None:
        """EngineAway while the circuit is open, unless this job is the one that tries."""
        if self._kind and not self.is_probe and self._open().exists():
            self.is_probe = bool(self._open().to_probe().update(probe=self._job.token))
            self.check()

    def check(self) -> None:
        """EngineAway if the circuit was opened in the meantime."""
        if self._kind and not self.is_probe and self._open().exists():
            raise EngineAway

    def answered(self) -> None:
        """Note that the engine works; if this job was to try, all may call it again."""
        if self._kind is None or self._has_answered:
            return
        if not self.is_probe:
            EngineCircuit.objects.filter(kind=self._kind).update(answered_at=Now())
        elif _close(EngineCircuit.objects.filter(kind=self._kind, probe=self._job.token)):
            log.info("engine_answers_again", engine=self._kind)
            self.is_probe = False
            release(self._kind)
        self._has_answered = True  # last: who could not write it tries again

    def _open(self) -> CircuitQuerySet:
        return EngineCircuit.objects.open().filter(kind=self._kind, fingerprint=fingerprint(str(self._kind)))


def hold(job: ProcessingJob, error: EngineError) -> bool:
    """Let the job wait for its engine, if the error is the engine's; False if it is the job's own."""
    kind = kind_for(job)
    if kind is None or not _is_of_engine(job, kind, error):
        return False
    failed = {} if isinstance(error, EngineAway) else {"engine_failed_at": Now()}
    report(job, error)
    code = EngineCircuit.objects.open().filter(kind=kind).values_list("error_code", flat=True).first()
    try:
        job.wait_for(kind, code or error.code, **failed)
    except LeaseLost:
        log.info("job_lease_lost", job=str(job.pk))
    return True


def report(job: ProcessingJob, error: EngineError) -> None:
    """Open the circuit for an error of the engine; one of what was sent, or without a call, changes nothing."""
    kind = kind_for(job)
    if kind and not isinstance(error, EngineAway) and _is_of_engine(job, kind, error):
        _open(job, kind, error)


def may_be_called(kind: str, by: int) -> int:
    """How many of so many jobs may call the engine now: all of them, one to try, or none."""
    circuits = EngineCircuit.objects.open().filter(kind=kind, fingerprint=fingerprint(kind))
    return min(by, circuits.to_probe().count()) if circuits.exists() else by


def _is_of_engine(job: ProcessingJob, kind: str, error: EngineError) -> bool:
    if isinstance(error, EngineAway | ConfigurationError):
        return True
    if not isinstance(error, Transient):
        return False
    if EngineCircuit.objects.open().filter(kind=kind, probe=job.token).exists():
        return True
    return error.is_outage and not (error.code in ABOUT_CONTENT and _answers_others(job, kind))


def _answers_others(job: ProcessingJob, kind: str) -> bool:
    """Whether the engine has answered since it failed this job: then what is sent is to blame."""
    failed_at = job.engine_failed_at
    return failed_at is not None and EngineCircuit.objects.filter(kind=kind, answered_at__gt=failed_at).exists()


def _open(job: ProcessingJob, kind: str, error: EngineError) -> None:
    """Open the circuit, or keep it open after a probe; one that is open already is left as it is."""
    EngineCircuit.objects.bulk_create([EngineCircuit(kind=kind)], ignore_conflicts=True)
    circuit = EngineCircuit.objects.get(kind=kind)
    now = fingerprint(kind)
    mine = Q(opened_at=None) | ~Q(fingerprint=now) | Q(probe=job.token)
    failures = circuit.failures + 1 if circuit.probe == job.token else 1
    opened = EngineCircuit.objects.filter(mine, pk=circuit.pk).update(
        opened_at=F("opened_at") if failures > 1 else Now(),
        fingerprint=now,
        error_code=error.code,
        failures=failures,
        next_probe_at=_next_probe(error, failures),
        probe=None,
    )
    if opened:
        log.warning("engine_away", engine=kind, code=error.code, failures=failures)
        ProcessingJob.objects.waiting_for(kind).exclude(last_error=error.code).update(last_error=error.code)


def _next_probe(error: EngineError, failures: int) -> Combinable | None:
    """None for what waiting does not mend; credit may come back without a change of settings."""
    if isinstance(error, ConfigurationError):
        return Now() + timedelta(seconds=MAX_BACKOFF) if error.code == "quota" else None
    return Now() + timedelta(seconds=backoff(failures, error.retry_after or 0.0))


def _close(circuits: CircuitQuerySet) -> int:
    return circuits.open().update(
        opened_at=None, error_code="", failures=0, next_probe_at=None, probe=None, answered_at=Now()
    )


def release(kind: str) -> int:
    """Let all jobs that wait for an engine be due within a minute, the longest waiting first; returns how many."""
    waiting = list(ProcessingJob.objects.waiting_for(kind).values_list("pk", flat=True))
    at_once = ceil(len(waiting) / RELEASED_WITHIN) or 1
    for second, start in enumerate(range(0, len(waiting), at_once)):
        batch = ProcessingJob.objects.filter(pk__in=waiting[start : start + at_once], waits_for=kind)
        batch.update(waits_for="", next_attempt_at=Now() + timedelta(seconds=second))
    return len(waiting)


def review() -> None:
    """Release jobs whose engine may be called, one of those whose engine is to be tried, and who need another one."""
    for circuit in EngineCircuit.objects.open():
        if circuit.fingerprint != fingerprint(circuit.kind):
            log.info("engine_settings_changed", engine=circuit.kind)
            _close(EngineCircuit.objects.filter(pk=circuit.pk, fingerprint=circuit.fingerprint))
    for kind in set(EngineKind.values) - set(EngineCircuit.objects.open().values_list("kind", flat=True)):
        release(kind)
    for circuit in EngineCircuit.objects.to_probe():
        first = ProcessingJob.objects.waiting_for(circuit.kind).values("pk")[:1]
        ProcessingJob.objects.filter(pk__in=list(first.values_list("pk", flat=True))).update(waits_for="")
    _release_from_others_engines()


def _release_from_others_engines() -> None:
    """Their clinic has forbidden or allowed servers in the meantime."""
    other = Q(waits_for__in=SERVERS, session__clinic__external_ai_allowed=False)
    if registry.uses_speech_service(registry.from_settings()):
        other |= Q(waits_for=EngineKind.LOCAL_SPEECH, session__clinic__external_ai_allowed=True)
    moved = list(ProcessingJob.objects.filter(other).values_list("pk", flat=True))
    if moved:
        ProcessingJob.objects.filter(pk__in=moved).update(waits_for="", next_attempt_at=Now())


def described() -> dict[str, Any]:
    """For /health: which engine is configured, and which are away and why. None is called: calls cost money."""
    chosen = registry.from_settings()
    away = [
        {"engine": circuit.kind, "state": circuit.state, "error_code": circuit.error_code}
        for circuit in EngineCircuit.objects.open().order_by("kind")
    ]
    name = chosen.transcribe_model if registry.uses_speech_service(chosen) else "builtin"
    return {"ok": not away, "name": name, "away": away}


def failures() -> Iterator[tuple[list[str], int]]:
    """For /metrics: how often in a row each engine failed before it was found away, and since then."""
    known = dict(EngineCircuit.objects.open().values_list("kind", "failures"))
    return (([str(kind)], known.get(kind, 0)) for kind in EngineKind)


def waiting() -> Iterator[tuple[list[str], int]]:
    """For /metrics: how many sessions wait for each engine."""
    return (([str(kind)], ProcessingJob.objects.filter(waits_for=kind).count()) for kind in EngineKind)


def probe_now(circuits: CircuitQuerySet, *, by: Actor) -> int:
    """Let each open circuit be tried as soon as a job needs its engine; returns how many."""
    with transaction.atomic():
        due = circuits.open().update(next_probe_at=Now())
        if due:
            record(ENGINE_RETRIED, by=by)
    return due
