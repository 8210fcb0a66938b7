"""The stages that draft the note, and that check a draft again after the speakers were corrected."""

from collections import Counter
from dataclasses import asdict, dataclass
from functools import partial

from sessions_app.action_items.services.drafted import follow_draft
from sessions_app.choices import StatementDecision
from sessions_app.models import Extraction, ProcessingJob, Transcript
from sessions_app.notes.services.statements import reviewed
from sessions_app.notes.services.style import style_of
from sessions_app.notes.services.summaries import draft_summary
from sessions_app.pipeline.drafting import draft
from sessions_app.pipeline.drafting.keyword_extractor import KeywordExtractor
from sessions_app.pipeline.engines import registry
from sessions_app.pipeline.quality import is_low
from sessions_app.pipeline.types import Extractor, Segment, Verifier
from sessions_app.processing.access import require_permission
from sessions_app.processing.services import circuits, second_passes
from sessions_app.risk.services.opening import review_draft
from therapybridge.core.heartbeat import Heartbeat
from therapybridge.core.reconnecting import patiently

Stage = ProcessingJob.Stage


@dataclass(frozen=True, slots=True)
class Drafted:
    """A new draft, and the transcript that it was made from."""

    judged: draft.JudgedDraft
    engine: Extractor
    transcript: Transcript


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A stored draft, judged by the transcript as it is now; without a verdict if it is older than the checks."""

    extraction: Extraction
    judged: draft.JudgedDraft | None
    transcript: Transcript


def preload() -> None:
    """Load the word lists, patterns and models of a draft, which takes seconds."""
    said = [
        Segment(0, None, None, "How was your week?", "therapist"),
        Segment(1, None, None, "I slept badly and worried about work until three.", "patient"),
    ]
    draft.draft(KeywordExtractor(), said, language="en")


def extract(job: ProcessingJob, heart: Heartbeat) -> Drafted:
    """Draft the notes, judge every statement, and add the phrases found by our risk rules."""
    gate = circuits.Gate(job)
    gate.enter()

    def may_go_on() -> None:
        heart.check()
        patiently(partial(require_permission, job))
        patiently(gate.check)

    def before_second_pass() -> None:
        patiently(gate.answered)
        may_go_on()

    transcript = Transcript.objects.get(session=job.session_id)
    chosen = registry.from_settings(external=job.session.clinic.external_ai_allowed)
    has_low_quality = is_low(transcript.quality)
    style = style_of(job.session.therapist_id)
    engine = registry.extractor(chosen, has_low_quality=has_low_quality, style=style)
    verifier = registry.verifier(chosen, before_second_pass)
    drafting = partial(
        draft.draft,
        engine,
        transcript.lines,
        language=transcript.language,
        has_low_quality=has_low_quality,
        style=style,
        verifier=verifier,
        before_call=may_go_on,
        before_turn=heart.check,
    )
    judged = heart.attend(drafting) if registry.has_model(chosen) else drafting()
    patiently(partial(_tell_of, job, gate, verifier))
    return Drafted(judged, engine, transcript)


def _tell_of(job: ProcessingJob, gate: circuits.Gate, verifier: Verifier | None) -> None:
    """A failed second pass costs no draft, but the next jobs need not meet the same outage."""
    if verifier and verifier.failure:
        circuits.report(job, verifier.failure)
    else:
        gate.answered()


def commit_extract(job: ProcessingJob, drafted: Drafted) -> None:
    """Store the draft as a new version."""
    latest = Extraction.objects.filter(session=job.session_id).values_list("version", flat=True).first()
    engine, transcript = drafted.engine, drafted.transcript
    extraction = Extraction(
        session_id=job.session_id,
        version=(latest or 0) + 1,
        engine=engine.name,
        model=engine.model,
        prompt_version=engine.prompt_version,
        quality=transcript.quality if is_low(transcript.quality) else engine.quality,
        input_hash=transcript.fingerprint,
        **asdict(drafted.judged),
    )
    second_passes.plan(extraction)
    extraction.save(force_insert=True)
    review_draft(extraction, transcript)
    follow_draft(extraction)
    draft_summary(job.session_id, extraction)
    job.advance(_next(extraction), timings=job.timings)


def recheck(job: ProcessingJob, heart: Heartbeat) -> Rechecked:
    """Judge the latest draft again; only statements whose second pass failed are sent to a model, once more."""
    gate = circuits.Gate(job)

    def may_go_on() -> None:
        heart.check()
        patiently(partial(require_permission, job))
        patiently(gate.enter)

    heart.check()
    transcript = Transcript.objects.get(session=job.session_id)
    extraction = Extraction.objects.filter(session=job.session_id).latest("version")
    if reviewed(extraction).is_earlier:
        return Rechecked(extraction, None, transcript)
    kept = set(extraction.reviews.filter(decision=StatementDecision.KEPT).values_list("statement", flat=True))
    chosen = registry.from_settings(external=job.session.clinic.external_ai_allowed)
    verifier = registry.verifier(chosen, may_go_on) if second_passes.has_failed(extraction) else None
    notes, lines, language = extraction.notes, transcript.lines, transcript.language
    checking = partial(draft.check_again, notes, lines, language=language, kept=kept, verifier=verifier)
    judged = heart.attend(checking) if verifier else checking()
    if verifier:
        patiently(partial(_tell_of, job, gate, verifier))
    return Rechecked(extraction, judged, transcript)


def commit_recheck(job: ProcessingJob, result: Rechecked) -> None:
    """Store the verdicts. Decisions of therapists stay, since no statement has changed."""
    # Anew: the sums below are right once.
    extraction, judged = Extraction.objects.get(pk=result.extraction.pk), result.judged
    extraction.input_hash = result.transcript.fingerprint
    if judged:
        extraction.notes, extraction.supported, extraction.to_check = judged.notes, judged.supported, judged.to_check
        extraction.refused += judged.refused
        extraction.refused_reasons = dict(Counter(extraction.refused_reasons) + Counter(judged.refused_reasons))
        extraction.prompt_tokens += judged.prompt_tokens
        extraction.completion_tokens += judged.completion_tokens
        second_passes.plan(extraction)
    extraction.save()
    review_draft(extraction, result.transcript)
    follow_draft(extraction)
    draft_summary(job.session_id, extraction)
    job.advance(_next(extraction), timings=job.timings)


def _next(extraction: Extraction) -> str:
    """Check once more if somebody corrected the transcript in the meantime. Call it while the session is locked."""
    now = Transcript.objects.get(session=extraction.session_id)
    return Stage.FINISH if now.fingerprint == extraction.input_hash else Stage.RECHECK
