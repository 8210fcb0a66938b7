"""Contexts of the session pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from accounts.consent.services.decisions import missing_recording_consents
from accounts.models import User
from sessions_app.choices import QUALITY_NOTICES, SPEAKERS, clock, language_name
from sessions_app.forms import LinesForm, NewSessionForm, VoicesForm
from sessions_app.models import Extraction, PatientSummary, ProcessingJob, Recording, TherapySession, Transcript
from sessions_app.notes.contexts import draft_context, risk_context
from sessions_app.notes.forms import SummaryForm
from sessions_app.pipeline.audio.sniff import ACCEPTED
from sessions_app.pipeline.engines import registry
from sessions_app.pipeline.engines.base import ConfigurationError
from sessions_app.pipeline.quality import is_low
from sessions_app.pipeline.speakers.resolve import MAX_VOICES, Voice
from sessions_app.pipeline.types import Segment
from sessions_app.processing.services.control import piece_counts
from sessions_app.processing.services.progress import Progress, progress
from sessions_app.querysets import SessionQuerySet
from therapybridge.core.pages.lists import Choice, Listing

WAITING_LIMIT = 20
ACCEPT = ",".join((*(f".{suffix}" for suffix in ACCEPTED), "audio/*"))
# Filters of the list and their rows; the labels are those of the status pills.
SHOWN: dict[str, tuple[str, Callable[[SessionQuerySet], SessionQuerySet]]] = {
    "to_review": ("To review", SessionQuerySet.awaiting_approval),
    "shared": ("Shared", SessionQuerySet.shared),
    "failed": ("Failed", SessionQuerySet.failed),
    "not_drafted": ("Not drafted yet", SessionQuerySet.not_drafted),
}
SESSIONS = Listing(
    order=("-session_date", "-id"),
    per_page=25,
    search=SessionQuerySet.named,
    choice=Choice(
        "status",
        {"": "All"} | {value: label for value, (label, _) in SHOWN.items()},
        lambda rows, value: SHOWN[value][1](rows),
    ),
)


def today_context(user: User) -> dict[str, Any]:
    """Latest patients, waiting items (oldest first), and running jobs."""
    waiting = _waiting(user)
    return {
        "latest_patients": _latest_patients(user),
        "waiting": waiting[:WAITING_LIMIT],
        "waiting_more": len(waiting) > WAITING_LIMIT,
        "running": running_sessions(user),
    }


def _latest_patients(user: User) -> list[dict[str, Any]]:
    patients = User.objects.patients_visible_to(user)
    held = Q(sessions__deleted_at=None) & ~Q(sessions__status=TherapySession.Status.FAILED)
    latest = patients.annotate(last_session=Max("sessions__session_date", filter=held)).order_by("-last_session")
    return [
        {"patient": patient, "last_session": patient.last_session} for patient in latest.exclude(last_session=None)[:6]
    ]


def _waiting(user: User) -> list[dict[str, Any]]:
    # Sessions readable only through emergency access do not wait for this therapist.
    treated = User.objects.patients_treated_by(user).order_by()
    mine = TherapySession.objects.visible_to(user).filter(patient__in=treated).select_related("patient")
    approve = mine.awaiting_approval().order_by("processed_at")[: WAITING_LIMIT + 1]
    failed = mine.failed().order_by("updated_at")[: WAITING_LIMIT + 1]
    asking = mine.asking().order_by("updated_at")[: WAITING_LIMIT + 1]
    items = [_item("summary", session, "Review summary", session.processed_at) for session in approve]
    items += [_item("failed", session, "See details", session.updated_at) for session in failed]
    items += [_item("speakers", session, "Say who is speaking", session.updated_at) for session in asking]
    return sorted(items, key=lambda item: item["since"])


def _item(kind: str, session: TherapySession, action: str, since: Any) -> dict[str, Any]:
    anchor = "#patient-summary" if kind == "summary" else ""
    return {
        "kind": kind,
        "session": session,
        "url": session.get_absolute_url() + anchor,
        "action": action,
        "since": since,
    }


def running_sessions(user: User) -> list[TherapySession]:
    """Sessions being processed, each with `.progress`; only the patient's therapists may cancel one."""
    rows = TherapySession.objects.visible_to(user).with_write_access(user).running()
    sessions = list(rows.select_related("patient", "job").order_by("created_at")[:WAITING_LIMIT])
    shown = jobs_progress([session.job for session in sessions])
    for session in sessions:
        session.progress = shown[session.pk]
    return sessions


def jobs_progress(jobs: Sequence[ProcessingJob]) -> dict[UUID, Progress]:
    """The progress of each job as of now, by session."""
    now = timezone.now()
    counts = piece_counts([job.session_id for job in jobs if "transcribe" in {job.stage, job.failed_stage}])
    return {job.session_id: _progress(job, now, counts.get(job.session_id, (0, 0))) for job in jobs}


def _progress(job: ProcessingJob, now: datetime, pieces: tuple[int, int]) -> Progress:
    fraction, started_at = job.done_fraction, job.stage_started_at
    return progress(job.stage, fraction, started_at, now, failed_stage=job.failed_stage, pieces=pieces)


def _progress_of(session: TherapySession) -> Progress | None:
    """None for a session without work."""
    job = getattr(session, "job", None)
    return jobs_progress([job])[session.pk] if job else None


def list_context(user: User, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of sessions, with search and chips from the query string."""
    sessions = TherapySession.objects.visible_to(user).with_sharing().select_related("patient")
    return SESSIONS.page(sessions, query, reverse("sessions:list")).context()


def new_context(user: User, form: NewSessionForm, chosen: str) -> dict[str, Any]:
    """The form, and whether the selected patient has consented."""
    patient = _chosen_patient(user, chosen)
    return {
        "form": form,
        "patient": patient,
        "consent_ok": patient is not None and not missing_recording_consents(patient),
        "consent_url": reverse("accounts:consent", args=[patient.pk]) if patient else "",
        "accept": ACCEPT,
        "max_mb": settings.MAX_RECORDING_BYTES // 1024**2,
        "speech": _speech(user),
    }


def _speech(user: User) -> dict[str, str] | None:
    """Who will transcribe a recording, and what to expect of it; None if nobody can."""
    chosen = registry.from_settings(external=bool(user.clinic and user.clinic.external_ai_allowed))
    if registry.uses_speech_service(chosen):  # whose client would take a second to import
        return {"service": chosen.transcribe_model}
    try:
        engine = registry.transcriber(chosen)
    except ConfigurationError:
        return None
    language = engine.capability().only_language
    return {
        "model": engine.model,
        "notice": QUALITY_NOTICES[engine.quality],
        "only_language": language_name(language) if language else "",
    }


def _chosen_patient(user: User, chosen: str) -> User | None:
    try:
        patient: User | None = User.objects.patients_treated_by(user).filter(pk=UUID(chosen)).first()
    except ValueError:
        return None
    return patient


def progress_context(session: TherapySession) -> dict[str, Any]:
    """Context of the progress card."""
    return {
        "session": session,
        "progress": _progress_of(session),
        "recording": Recording.objects.filter(session=session, deleted_at=None).exists(),
        "segments": Transcript.objects.filter(session=session).exists(),
    }


def detail_context(session: TherapySession) -> dict[str, Any]:
    """Everything about a session: recording, transcript, draft, risk phrases, summary."""
    transcript = Transcript.objects.filter(session=session).first()
    extraction = Extraction.objects.filter(session=session).first()
    recording = Recording.objects.filter(session=session, deleted_at=None).first()
    quality = _quality(transcript, extraction)
    return {
        "session": session,
        "progress": _progress_of(session),
        "recording": _player(recording),
        "segments": [_line(segment, session.patient) for segment in transcript.lines] if transcript else [],
        "transcript": transcript,
        "voices": _voices_form(session, transcript),
        "extraction": extraction,
        "summary": PatientSummary.objects.select_related("approved_by").filter(session=session).first(),
        "quality_notice": QUALITY_NOTICES[quality],
        "has_low_quality": is_low(quality),
        **risk_context(extraction),
        **(draft_context(extraction, transcript) if extraction else {}),
        "can_approve": session.processed_at is not None,
    }


def _quality(transcript: Transcript | None, extraction: Extraction | None) -> str:
    """A transcript of low quality outweighs how its draft was made."""
    if transcript and is_low(transcript.quality):
        return transcript.quality
    made = extraction or transcript
    return made.quality if made else "standard"


def _voices_form(session: TherapySession, transcript: Transcript | None) -> VoicesForm | None:
    found = transcript.voices if transcript else []
    return VoicesForm(voices=found, asks=session.is_asking) if len(found) <= MAX_VOICES else None


def voices(session: TherapySession) -> list[Voice]:
    """The labelled voices of a session's transcript."""
    transcript = Transcript.objects.filter(session=session).first()
    return transcript.voices if transcript else []


def page_context(session: TherapySession, form: SummaryForm | None, line: str = "") -> dict[str, Any]:
    """The session's page; `form` is the one that was refused, if any, `line` the one whose speaker is corrected."""
    context = detail_context(session)
    summary = context["summary"]
    fresh = {"text": summary.text} if summary else {}
    return context | {
        "chosen_line": _chosen_line(context["segments"], line),
        "form": form or SummaryForm(initial=fresh, patient=session.patient),
        # Once it has been shown, the next attempt carries the version that stands now.
        "has_changed": bool(form and summary and form["version"].value() not in {None, "", summary.version}),
    }


def _chosen_line(segments: Sequence[Mapping[str, Any]], line: str) -> dict[str, Any] | None:
    found = next((segment for segment in segments if str(segment["index"]) == line), None)
    return {"segment": found, "form": LinesForm(initial={"line": line, **found})} if found else None


def _player(recording: Recording | None) -> dict[str, Any] | None:
    if recording is None:
        return None
    return {
        "url": reverse("sessions:recording", args=[recording.session_id]),
        "mime": recording.player_mime,
        "duration": recording.duration,
        "warnings": recording.warnings,
        "peaks_svg_points": _points(recording.peaks),
    }


def _points(peaks: list[float]) -> str:
    """A closed outline on a 1000 by 100 canvas, mirrored around the middle."""
    if not peaks:
        return ""
    step = 1000 / max(len(peaks) - 1, 1)
    upper = [f"{n * step:.1f},{50 - 48 * peak:.1f}" for n, peak in enumerate(peaks)]
    lower = [f"{n * step:.1f},{50 + 48 * peak:.1f}" for n, peak in enumerate(peaks)]
    return " ".join(upper + lower[::-1])


def _line(segment: Segment, patient: User) -> dict[str, Any]:
    return {
        "index": segment.index,
        "start": segment.start,
        "end": segment.end,
        "clock": clock(segment.start),
        "text": segment.text,
        "speaker": segment.speaker,
        "speaker_label": SPEAKERS[segment.speaker],
        "who": patient.first_name if segment.speaker == "patient" else _who(segment),
    }


def _who(segment: Segment) -> str:
    """The role; for a voice without one, its label."""
    is_named = segment.label and segment.speaker in {"other", "unknown"}
    return segment.label if is_named else SPEAKERS[segment.speaker]
