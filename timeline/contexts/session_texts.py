"""What session events show: read from shared summaries and drafts, since nothing of these is kept with the events."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery

from accounts.models import User
from sessions_app.models import Extraction, PatientSummary
from therapybridge.core.compiled import Compiled, Slot, built_once
from therapybridge.core.lookups import Keys
from therapybridge.core.pages.excerpts import excerpt
from therapybridge.core.text import composed
from timeline.models import SESSION

SUMMARY = "summary"  # what the session event refers to, for the patient
SHOWN_CHARACTERS = 200
WITHOUT_SUMMARY = "No summary is shared"
Row = dict[str, Any]


def with_session_texts(rows: list[Row], reader: User) -> list[Row]:
    """The rows with what `reader` may read of their sessions, in two queries at most; one for patients."""
    ids = [row["related_entity_id"] for row in rows if row["related_entity_type"] == SESSION]
    if not ids:
        return rows
    shared = PatientSummary.objects.ever_shared().filter(session__in=ids)
    summaries = {summary.session_id: summary for summary in shared}
    if reader.is_patient:
        return [_for_patient(row, summaries) for row in rows]
    parts = _approved_parts([pk for pk, summary in summaries.items() if summary.is_shared])
    return [_with_text(row, summaries) | _with_part(row, parts) for row in rows]


def matching_sessions(rows: list[Row], words: str) -> list[UUID]:
    """The session events in whose shown text these plain words are."""
    sessions = {row["id"]: row["related_entity_id"] for row in rows if row["related_entity_type"] == SESSION}
    texts = _shared_texts(sessions.values()) if sessions else {}
    return [pk for pk, session_id in sessions.items() if words in plain_words(texts.get(session_id, WITHOUT_SUMMARY))]


def _shared_texts(session_ids: Iterable[UUID]) -> dict[UUID, str]:
    text: Any = PatientSummary._meta.get_field("text")
    return {session: text.open(sealed, pk) for pk, session, sealed in _shared_query().rows(sessions=session_ids)}


@built_once
def _shared_query() -> Compiled:
    """Summaries that patients can read, of the sessions in the slot."""
    shared = PatientSummary.objects.shared().filter(session__pk__among=Slot("sessions", Keys()))
    return Compiled(shared.order_by().values_list("pk", "session_id", "text"))


def plain_words(text: str) -> str:
    """The text in one line and without case, for comparing words."""
    return composed(" ".join(text.split())).casefold()


def _for_patient(row: Row, summaries: dict[UUID, PatientSummary]) -> Row:
    summary = summaries.get(row["related_entity_id"]) if row["related_entity_type"] == SESSION else None
    reference = {"related_entity_type": SUMMARY, "related_entity_id": summary.pk} if summary else {}
    return _with_text(row, summaries) | reference


def _with_text(row: Row, summaries: dict[UUID, PatientSummary]) -> Row:
    if row["related_entity_type"] != SESSION:
        return row
    summary = summaries.get(row["related_entity_id"])
    if summary is None:
        return row | {"description": WITHOUT_SUMMARY}
    shown = excerpt(summary.text, SHOWN_CHARACTERS) if summary.is_shared else WITHOUT_SUMMARY
    return row | {"description": shown, "updated_at": max(row["updated_at"], summary.updated_at)}


def changed_sessions(moment: Any, patient: Any) -> Q:
    """The session events of a patient that show (above) an `updated_at` of this moment or later, of their summary."""
    summaries = PatientSummary.objects.ever_shared().filter(session__patient=patient, updated_at__gte=moment)
    return Q(related_entity_type=SESSION, related_entity_id__in=summaries.order_by().values("session"))


def _with_part(row: Row, parts: dict[UUID, Row]) -> Row:
    part = parts.get(row["related_entity_id"]) if row["related_entity_type"] == SESSION else None
    return {"metadata": row["metadata"] | part} if part else {}


def _approved_parts(session_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Topics and mood by session, from the draft that stood when the summary was shared: later ones nobody approved."""
    if not session_ids:
        return {}
    stood = Extraction.objects.filter(
        session=OuterRef("session"), created_at__lte=OuterRef("session__summary__approved_at")
    )
    latest = Subquery(stood.order_by("-version").values("version")[:1])
    drafts = Extraction.objects.filter(session__in=session_ids, version=latest).only("session_id", "notes")
    shows_mood = F("session__clinic__emotion_inference")
    return {draft.session_id: _part(draft.notes, draft.shows_mood) for draft in drafts.annotate(shows_mood=shows_mood)}


def _part(notes: Row, shows_mood: bool) -> Row:
    mood = (notes.get("session_mood") or {}) if shows_mood else {}
    return {"topics": [item["topic"] for item in notes.get("key_topics", [])], "mood": mood.get("value")}
