"""Contexts of the session pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.consent.services.decisions import missing_recording_consents
from accounts.models import User
from sessions_app.choices import QUALITY_NOTICES, SPEAKERS, clock, language_name
from sessions_app.forms import LinesForm, NewSessionForm, VoicesForm
from sessions_app.models import (
    AmendmentRequest,
    Extraction,
    NoteWithholding,
    PatientSummary,
    ProcessingJob,
    Recording,
    RiskReview,
    SessionNote,
    TherapySession,
    Transcript,
)
from sessions_app.notes.contexts.drafts import draft_context, risk_context
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
from sessions_app.risk.contexts import risk_items
from therapybridge.core.pages.lists import Choice, Listing

WAITING_LIMIT = 20
PATIENT_WAITS = {"correction", "summary"}  # kinds of waiting items
ACCEPT = ",".join((*(f".{suffix}" for suffix in ACCEPTED), "audio/*"))
# Filters of the list and their rows; the labels are those of the status pills.
SHOWN: dict[str, tuple[str, Callable[[SessionQuerySet], SessionQuerySet]]] = {
    "to_review": ("To review", SessionQuerySet.awaiting_approval),
    "shared": ("Shared", SessionQuerySet.shared),
    "kept_back": ("Not shared", SessionQuerySet.kept_back),
    "failed": ("Failed", SessionQuerySet.failed),
    "not_drafted": ("Not drafted yet", SessionQuerySet.not_drafted),
}
PLAYED = '<button class="line__clock" type="button" aria-label="Play from {0}" data-line-play>{0}</button>'
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
    """Latest patients, waiting items (possible risk first), and running jobs."""
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
    items += [_note_item(note) for note in _unsigned_notes(user)]
    items += [_review_item(withholding) for withholding in _reviews_due(user)]
    items += [_amendment_item(asked) for asked in _open_amendments(user)]
    items += risk_items(user, WAITING_LIMIT + 1)
    return sorted(items, key=_urgency)


def _urgency(item: Mapping[str, Any]) -> tuple[int, datetime]:
    """Possible risk first, by when it is due; then what a patient waits for, then all else, the oldest first."""
    if review := item.get("review"):
        return 0, review.due_at
    return 1 if item["kind"] in PATIENT_WAITS else 2, item["since"]


def _item(kind: str, session: TherapySession, action: str, since: Any) -> dict[str, Any]:
    anchor = "#patient-summary" if kind == "summary" else ""
    return {
        "kind": kind,
        "session": session,
        "url": session.get_absolute_url() + anchor,
        "action": action,
        "since": since,
    }


def _unsigned_notes(user: User) -> list[SessionNote]:
    treated = User.objects.patients_treated_by(user).order_by()
    mine = SessionNote.objects.visible_to(user).unsigned().filter(author=user, patient__in=treated)
    return list(mine.select_related("session__patient").defer("content").order_by("created_at")[: WAITING_LIMIT + 1])


def _note_item(note: SessionNote) -> dict[str, Any]:
    item = _item("note", note.session, "Finish and sign", note.created_at)
    return item | {"url": reverse("notes:detail", args=[note.pk])}


def _reviews_due(user: User) -> list[NoteWithholding]:
    """Withheld notes to be looked at again, for all who treat the patient: whoever withheld it may have left."""
    treated = User.objects.patients_treated_by(user).order_by()
    due = NoteWithholding.objects.visible_to(user).due().filter(note__patient__in=treated)
    rows = due.select_related("note__session__patient").defer("reason", "note__content")
    return list(rows.order_by("review_date")[: WAITING_LIMIT + 1])


def _review_item(withholding: NoteWithholding) -> dict[str, Any]:
    since = timezone.make_aware(datetime.combine(withholding.review_date, time()))
    item = _item("withheld", withholding.note.session, "Look at it again", since)
    return item | {"url": reverse("notes:detail", args=[withholding.note_id]) + "#withheld"}


def _open_amendments(user: User) -> list[AmendmentRequest]:
    treated = User.objects.patients_treated_by(user).order_by()
    rows = AmendmentRequest.objects.open().filter(patient__in=treated).select_related("note__session__patient")
    texts = ("text", "extension_reason", "answer", "statement", "note__content")
    return list(rows.defer(*texts).order_by("due_date")[: WAITING_LIMIT + 1])


def _amendment_item(asked: AmendmentRequest) -> dict[str, Any]:
    item = _item("correction", asked.note.session, "Answer", asked.created_at)
    return item | {"url": reverse("notes:detail", args=[asked.note_id]) + f"#correction-{asked.pk}", "asked": asked}


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
    return progress(
        job.stage,
        job.done_fraction,
        job.finish_expected_at,
        now,
        failed_stage=job.failed_stage,
        is_begun=job.stage_started_at is not None,
        pieces=pieces,
    )


def progress_of(session: TherapySession) -> Progress | None:
    """The progress as of now; None for a session without work."""
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
        "progress": progress_of(session),
        "recording": Recording.objects.filter(session=session, deleted_at=None).exists(),
        "segments": Transcript.objects.filter(session=session).exists(),
    }


def detail_context(session: TherapySession) -> dict[str, Any]:
    """Everything about a session: recording, transcript, draft, risk phrases, summary."""
    transcript = Transcript.objects.filter(session=session).first()
    extraction = Extraction.objects.filter(session=session).first()
    quality = _quality(transcript, extraction)
    return {
        "session": session,
        "progress": progress_of(session),
        **_talk(session, transcript),
        "voices": _voices_form(session, transcript),
        "extraction": extraction,
        "note": SessionNote.objects.filter(session=session, deleted_at=None).defer("content").first(),
        "summary": PatientSummary.objects.select_related("changed_by").filter(session=session).first(),
        "quality_notice": QUALITY_NOTICES[quality],
        "has_low_quality": is_low(quality),
        **risk_context(extraction),
        "risk_reviews": list(RiskReview.objects.filter(session=session).defer("seen", "reason")),
        **(draft_context(extraction, transcript) if extraction else {}),
        "can_approve": session.processed_at is not None,
    }


def talk_context(session: TherapySession) -> dict[str, Any]:
    """The recording and the lines of a session, to be heard and read beside something else."""
    return _talk(session, Transcript.objects.filter(session=session).first())


def _talk(session: TherapySession, transcript: Transcript | None) -> dict[str, Any]:
    recording = Recording.objects.filter(session=session, deleted_at=None).first()
    player = _player(recording)
    segments = [_line(segment, session.patient) for segment in transcript.lines] if transcript else []
    lines = Lines(segments, is_heard=bool(player and player["url"]))
    return {"recording": player, "segments": segments, "lines": lines, "transcript": transcript}


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


@dataclass(frozen=True, slots=True)
class Lines:
    """The items of the list of lines. Two hours of them cost a template five times as much."""

    segments: Sequence[Mapping[str, Any]]
    is_heard: bool

    def to_read(self) -> SafeString:
        """Without links."""
        return self._items('<span class="line__who">{who}</span>')

    def to_correct(self) -> SafeString:
        """With a link on who is speaking."""
        return self._items('<a class="line__who" href="?line={index}#line" title="Change who said this">{who}</a>')

    def _items(self, who: str) -> SafeString:
        item = (
            '<li class="line line--{speaker}" id="segment-{index}"{start}{end} data-index="{index}">'
            f'{{played}} {who} <span class="line__text">{{text}}</span></li>'
        )
        return format_html_join("\n", item, (self._parts(segment) for segment in self.segments))

    def _parts(self, segment: Mapping[str, Any]) -> dict[str, Any]:
        plays = self.is_heard and segment["clock"]
        clock_html = PLAYED if plays else '<span class="line__clock">{}</span>'
        return {
            **segment,
            "start": _seconds("start", segment["start"]),
            "end": _seconds("end", segment["end"]),
            "played": format_html(clock_html, segment["clock"] or ""),
        }


def _seconds(name: str, value: float | None) -> SafeString:
    return SafeString("" if value is None else f' data-{name}="{value:.2f}"')


def _who(segment: Segment) -> str:
    """The role; for a voice without one, its label."""
    is_named = segment.label and segment.speaker in {"other", "unknown"}
    return segment.label if is_named else SPEAKERS[segment.speaker]
