"""What a search finds by texts that are encrypted, so that no database can tell: those of derived events."""

from uuid import UUID

from accounts.models import User
from therapybridge.core.compiled import Compiled, built_once, given_by, reader_of_role, role_of
from timeline.contexts.feed_query import PATIENT
from timeline.contexts.session_texts import matching_sessions, plain_words
from timeline.contexts.treatment_texts import SOURCES, matching_treatment
from timeline.models import SESSION, TimelineEvent

COLUMNS = ("id", "event_subtype", "title", "description", "related_entity_type", "related_entity_id")


def found_by_text(patient_id: UUID, reader: User, term: str) -> list[UUID]:
    """The patient's events in whose source `reader` would read `term`, ignoring case."""
    rows = _derived_query(role_of(reader)).dicts(**given_by(reader), patient=patient_id)
    words = plain_words(term)
    return [*matching_sessions(rows, words), *matching_treatment(rows, reader, words)]


@built_once
def _derived_query(role: str) -> Compiled:
    """The events whose texts are elsewhere."""
    events = TimelineEvent.objects.visible_to(reader_of_role(role)).filter(patient=PATIENT).derived()
    return Compiled(events.filter(related_entity_type__in=[SESSION, *SOURCES]).order_by().values(*COLUMNS))
