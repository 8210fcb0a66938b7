"""The sessions of the demonstration: in every state, each in words of its own, and true to what was said."""

import re
from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from django.db.models import F

from accounts.models import User
from accounts.tests.factories import access_for
from sessions_app.models import (
    AmendmentRequest,
    Extraction,
    PatientSummary,
    ProcessingJob,
    RiskReview,
    SessionNote,
    TherapySession,
    Transcript,
)
from sessions_app.notes.services.signing import is_intact, may_cosign
from sessions_app.notes.services.statements import reviewed, statements
from sessions_app.pipeline.note_templates.autofill import MAIN_TEXTS
from sessions_app.pipeline.note_templates.content import Content
from sessions_app.pipeline.text.matching import fold
from sessions_app.processing.services.control import redraft_notes, retry_processing
from sessions_app.processing.tasks import process_session
from therapybridge.demo import cast, script
from therapybridge.tests.demonstration import demonstration
from timeline.contexts.feed import read_feed
from timeline.filters import EventFilters
from timeline.models import TimelineCount, TimelineEvent
from timeline.services.note_events import reconcile_notes
from timeline.services.session_events import reconcile_sessions
from timeline.services.treatment_events import reconcile_treatment

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]
__all__ = ["demonstration"]  # a fixture
FEWEST_WORDS = 3  # "Okay." and "I don't know." are everybody's


@pytest.fixture
def person(demonstration):
    return lambda name: User.objects.get(email=f"{name}@{cast.DOMAIN}")


def texts_of(session):
    """Everything that is written about a session, and in it."""
    if transcript := Transcript.objects.filter(session=session).first():
        yield from (line.text for line in transcript.lines)
    for extraction in Extraction.objects.filter(session=session):
        for _, item in statements(extraction.notes):
            yield next(item[name] for name in MAIN_TEXTS if item.get(name))
    for summary in PatientSummary.objects.filter(session=session):
        yield summary.text
    for note in SessionNote.objects.filter(session=session):
        yield from (value for value in Content.from_json(note.content).values.values() if isinstance(value, str))
        yield from (text for addendum in note.addenda.all() for text in (addendum.reason, addendum.text))
    yield from (review.reason for review in RiskReview.objects.filter(session=session) if review.reason)


def sentences_of(text):
    found = (" ".join(re.findall(r"\w+", part.casefold())) for part in re.split(r"[.!?:;\n]", text))
    return {sentence for sentence in found if len(sentence.split()) >= FEWEST_WORDS}


def test_no_sentence_is_shared_by_two_sessions(demonstration):
    where = defaultdict(set)
    for session in TherapySession.objects.all():
        for sentence in set().union(*map(sentences_of, texts_of(session))):
            where[sentence].add(session.pk)
    assert len(where) > 1000
    assert not {sentence for sentence, sessions in where.items() if len(sessions) > 1}


def test_each_patient_has_the_sessions_of_the_story(demonstration):
    held = Counter(TherapySession.objects.values_list("patient__first_name", flat=True))
    assert held == {p.first_name: len(p.meetings) for p in script.patients() if p.meetings}


def test_sessions_are_in_every_state(demonstration):
    states = Counter(TherapySession.objects.values_list("status", flat=True))
    assert states == {"processed": 29, "failed": 2, "transcribed": 2, "pending": 1}
    stages = Counter(ProcessingJob.objects.values_list("stage", flat=True))
    assert stages == {"done": 29, "failed": 2, "extract": 1, "speakers": 1}


def test_notes_and_summaries_are_in_every_state(demonstration):
    notes = Counter(SessionNote.objects.values_list("status", flat=True))
    assert {"draft", "completed", "signed", "amended"} == set(notes)
    assert len(set(SessionNote.objects.values_list("template_version__template__key", flat=True))) == 5
    summaries = Counter(PatientSummary.objects.values_list("status", flat=True))
    assert {key: summaries[key] for key in summaries if key != "shared"} == {"draft": 4, "declined": 1, "withdrawn": 1}


def test_signed_notes_are_what_was_signed(demonstration):
    signed = SessionNote.objects.exclude(signed_at=None)
    assert signed.count() > 20
    assert all(is_intact(note) for note in signed)
    assert not signed.exclude(signed_at__gt=F("session__session_date")).exists()


def test_a_trainees_note_waits_for_the_supervisor(person):
    notes = SessionNote.objects.filter(author=person("trainee")).order_by("signed_at")
    access = access_for(person("therapist"), notes[0].patient)
    assert [may_cosign(note, access) for note in notes] == [False, True]


def test_a_correction_is_asked_for_by_the_patient(person):
    asked = AmendmentRequest.objects.get()
    assert (asked.patient, asked.is_open) == (person("patient"), True)


def test_drafts_say_that_a_person_wrote_them(demonstration):
    assert set(Extraction.objects.values_list("engine", "model", "quality")) == {
        ("a person", "written for the demonstration", "standard")
    }


def test_all_evidence_stands_in_the_transcripts(demonstration):
    for extraction in Extraction.objects.all():
        assert set(extraction.refused_reasons) <= {"protected"}
        assert extraction.supported > 2 * extraction.to_check
        lines = {line.index: line.text for line in Transcript.objects.get(session=extraction.session_id).lines}
        assert all(item["evidence"]["segments"] for _, item in statements(extraction.notes))
        assert all(
            fold(item["evidence"]["quote"]) in fold(" ".join(lines[at] for at in item["evidence"]["segments"]))
            for _, item in statements(extraction.notes)
        )


def test_what_is_to_check_is_open_only_before_the_signature(demonstration):
    to_check = {e.session_id: reviewed(e).to_check for e in Extraction.objects.all()}
    signed = set(SessionNote.objects.exclude(signed_at=None).values_list("session_id", flat=True))
    assert not any(to_check[key] for key in signed)
    assert sum(to_check.values()) >= 4


def test_one_risk_review_is_open_and_not_yet_due(demonstration):
    assert RiskReview.objects.filter(status="disposed").count() > 10
    [waiting] = RiskReview.objects.exclude(status="disposed")
    assert waiting.status == "acknowledged"
    assert waiting.opened_at < waiting.acknowledged_at < waiting.due_at
    closed = RiskReview.objects.filter(status="disposed")
    assert all(review.opened_at < review.disposed_at < review.due_at for review in closed)


def test_every_session_is_on_the_timeline_once_and_nothing_is_left_to_repair(demonstration):
    told = TimelineEvent.objects.live().filter(event_type="session").values_list("related_entity_id", flat=True)
    drafted = TherapySession.objects.filter(status="processed").values_list("pk", flat=True)
    assert sorted(told) == sorted(drafted)
    assert (reconcile_sessions(), reconcile_notes(), reconcile_treatment()) == (0, 0, 0)
    rows = TimelineEvent.objects.live().values_list("patient_id", "event_type", "is_private")
    assert Counter(rows) == {(c.patient_id, c.event_type, c.is_private): c.count for c in TimelineCount.objects.all()}


def test_session_events_tell_a_summary_once_it_is_shared(person):
    filters = EventFilters(event_types=("session",))
    events = read_feed(person("patient").pk, person("therapist"), filters, None, 100).events
    told = [event["description"].startswith("Dear Elena") for event in events]
    assert told == [False, True, True, True, False, True, True]  # newest first; one is to review, one was withdrawn


def test_a_failed_session_can_be_taken_up_again(demonstration):
    failed = TherapySession.objects.get(error_code="upstream_error")
    retry_processing(failed, access=access_for(failed.therapist, failed.patient))
    process_session(str(failed.job.pk))
    failed.refresh_from_db()
    assert (failed.status, failed.number) == ("processed", 5)


def test_the_other_failed_session_names_the_consent(demonstration):
    failed = TherapySession.objects.get(error_code="consent_required")
    assert failed.error_detail == "The patient withdrew consent to AI processing; the transcript is kept."


def test_a_queued_session_is_drafted_by_the_worker(demonstration):
    job = ProcessingJob.objects.get(stage="extract")
    process_session(str(job.pk))
    assert Extraction.objects.get(session=job.session_id).engine == "builtin"


def test_a_note_can_be_drafted_again(person):
    session = TherapySession.objects.filter(patient=person("patient")).latest("session_date")
    redraft_notes(session, access=access_for(person("therapist"), session.patient))
    process_session(str(session.job.pk))
    assert [extraction.version for extraction in session.extractions.order_by("version")] == [1, 2]


def test_the_transcripts_have_the_length_of_a_session(demonstration):
    for transcript in Transcript.objects.select_related("session"):
        lines = transcript.lines
        assert 44 * 60 <= transcript.duration <= 56 * 60
        assert transcript.duration == transcript.session.duration_seconds == lines[-1].end
        assert all(before.end <= after.start for before, after in pairwise(lines))
        assert 16 <= len(lines) <= 30
