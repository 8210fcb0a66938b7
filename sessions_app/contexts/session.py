"""Context of a session's page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sessions_app.action_items.contexts import session_items
from sessions_app.choices import QUALITY_NOTICES
from sessions_app.contexts.progress import progress_of
from sessions_app.contexts.transcript import lines_context
from sessions_app.forms import LinesForm, VoicesForm
from sessions_app.models import Extraction, PatientSummary, RiskReview, SessionNote, TherapySession, Transcript
from sessions_app.notes.contexts.drafts import draft_context, risk_context
from sessions_app.notes.forms import SummaryForm
from sessions_app.notes.services.summaries import LEADS_TO_ITEMS
from sessions_app.pipeline.quality import is_low
from sessions_app.pipeline.speakers.resolve import MAX_VOICES, Voice


def page_context(session: TherapySession, form: SummaryForm | None, query: Mapping[str, str]) -> dict[str, Any]:
    """The session's page; `form` is the one that was refused, if any.

    The query names the `line` whose speaker is corrected, and whether to `show` the note or the patient's text.
    """
    context = _parts(session)
    summary = context["summary"]
    has_no_text = summary and summary.status == "draft" and not summary.text
    is_begun = bool(has_no_text and context["tellable_items"] and query.get("start") == "agreed")
    fresh = {"text": LEADS_TO_ITEMS if is_begun else summary.text} if summary else {}
    has_patient_text = bool(summary or form)
    shows_patient = has_patient_text and (form is not None or query.get("show") == "patient")
    show = "patient" if shows_patient else "note"
    return context | {
        "lines": replace(context["lines"], show=show),
        "is_begun": is_begun,
        "agreed_url": session.get_summary_url(start="agreed"),
        "has_patient_text": has_patient_text,
        "show": show,
        "chosen_line": _chosen_line(context["segments"], query.get("line", "")),
        "form": form or SummaryForm(initial=fresh, patient=session.patient),
        # Once it has been shown, the next attempt carries the version that stands now.
        "has_changed": bool(form and summary and form["version"].value() not in {None, "", summary.version}),
    }


def print_context(session: TherapySession) -> dict[str, Any]:
    """The draft on paper: nothing of what one can hear or do on the session's page."""
    transcript = Transcript.objects.filter(session=session).first()
    return {"session": session, **_drafted(Extraction.objects.filter(session=session).first(), transcript)}


def _parts(session: TherapySession) -> dict[str, Any]:
    """Everything about a session: recording, transcript, draft, risk phrases, summary."""
    transcript = Transcript.objects.filter(session=session).first()
    extraction = Extraction.objects.filter(session=session).first()
    summary = PatientSummary.objects.select_related("changed_by").filter(session=session).first()
    return {
        "session": session,
        "progress": progress_of(session),
        **lines_context(session, transcript),
        "voices": _voices_form(session, transcript),
        **_drafted(extraction, transcript),
        "note": SessionNote.objects.filter(session=session, deleted_at=None).defer("content").first(),
        "summary": summary,
        **session_items(session),
        "risk_reviews": list(RiskReview.objects.filter(session=session).without_words()),
        "can_approve": session.processed_at is not None,
    }


def _drafted(extraction: Extraction | None, transcript: Transcript | None) -> dict[str, Any]:
    """The draft, the phrases to review, and how far both can be relied on."""
    quality = _quality(transcript, extraction)
    return {
        "extraction": extraction,
        "quality_notice": QUALITY_NOTICES[quality],
        "has_low_quality": is_low(quality),
        **risk_context(extraction),
        **(draft_context(extraction, transcript) if extraction else {}),
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


def _chosen_line(segments: Sequence[Mapping[str, Any]], line: str) -> dict[str, Any] | None:
    found = next((segment for segment in segments if str(segment["index"]) == line), None)
    return {"segment": found, "form": LinesForm(initial={"line": line, **found})} if found else None
