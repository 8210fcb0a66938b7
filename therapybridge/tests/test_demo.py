"""The demonstration clinic: what `manage.py demo` creates in an empty database."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from accounts.consent.services.decisions import missing_recording_consents
from accounts.models import Clinic, ConsentEntry, User
from accounts.tests.factories import access_for
from audit.models import AuditEvent
from sessions_app.models import Extraction, PatientSummary, ProcessingJob, RiskReview, TherapySession, Transcript
from sessions_app.processing.services.control import redraft_notes, retry_processing
from sessions_app.processing.tasks import process_session
from therapybridge.demo import cast, dates, seeding, speech
from timeline.contexts.feed import read_feed
from timeline.filters import EventFilters
from timeline.models import TimelineCount, TimelineEvent
from timeline.services.session_events import reconcile_sessions

NEW_YEAR = datetime(2026, 1, 3, 1, 30, tzinfo=UTC)  # a Friday evening in New York, after a holiday
SUMMER = datetime(2025, 8, 30, 15, 0, tzinfo=UTC)  # after the summer closure
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def run(*flags):
    out = StringIO()
    call_command("demo", *flags, stdout=out)
    return out.getvalue()


@pytest.fixture
def seeded():
    return run()


@pytest.fixture
def person(seeded):
    return lambda name: User.objects.get(email=f"{name}@{cast.DOMAIN}")


def test_every_printed_sign_in_works_with_the_printed_password(seeded):
    password = re.search(r"Password: (\S+)", seeded).group(1)
    emails = re.findall(r"\S+@demo\.example", seeded)
    assert len(password) >= 16
    assert [authenticate(username=email, password=password).email for email in emails] == emails
    assert {"therapist", "therapist2", "admin", "patient"} <= {email.partition("@")[0] for email in emails}
    assert seeded.count(password) == 1


def test_production_gets_no_demonstration(settings):
    settings.IS_PRODUCTION = True
    assert run("--if-empty") == ""
    with pytest.raises(CommandError, match="production"):
        run()
    assert not Clinic.objects.exists()


def test_the_box_is_a_rectangle(seeded):
    assert len({len(line) for line in seeded.strip().splitlines()}) == 1


def test_the_operator_chooses_the_password(settings):
    settings.DEMO_PASSWORD = "chosen-by-the-operator"
    run()
    assert authenticate(username="admin@demo.example", password="chosen-by-the-operator").is_clinic_admin


def test_two_installations_have_different_passwords():
    from therapybridge.demo.people import readable_password

    assert readable_password() != readable_password()


def test_each_patient_has_the_sessions_of_the_story(seeded):
    held = TherapySession.objects.values_list("patient__first_name", flat=True)
    assert Counter(held) == {"Elena": 22, "Samuel": 12, "Maria Fernanda": 8, "Jun": 10}
    assert Transcript.objects.count() == 52
    assert Extraction.objects.count() == PatientSummary.objects.count() == 51
    assert ProcessingJob.objects.filter(stage="done").count() == 51


def test_sessions_are_numbered_by_date_without_gaps(person):
    numbers = TherapySession.objects.filter(patient=person("patient")).order_by("session_date").values_list("number")
    assert [number for (number,) in numbers] == list(range(1, 23))


def test_no_dialogue_is_used_twice_for_a_patient():
    assert all(len({m.dialogue for m in p.meetings}) == len(p.meetings) for p in cast.PATIENTS)
    assert len({m.dialogue for p in cast.PATIENTS for m in p.meetings}) == len(list(speech.FOLDER.iterdir())) >= 14


def test_only_the_own_therapist_reaches_a_patient(person):
    reach = {name: set(User.objects.patients_visible_to(person(name))) for name in ("therapist", "therapist2", "admin")}
    assert {p.first_name for p in reach["therapist"]} == {"Elena", "Samuel", "Maria Fernanda"}
    assert {p.first_name for p in reach["therapist2"]} == {"Jun"}
    assert not reach["admin"]


def test_the_second_therapist_sees_nothing_of_the_first_patient(person):
    elena, second = person("patient"), person("therapist2")
    assert not TherapySession.objects.visible_to(second).filter(patient=elena)
    assert not TimelineEvent.objects.visible_to(second).filter(patient=elena)
    assert not ConsentEntry.objects.visible_to(second).filter(patient=elena)
    assert not Extraction.objects.visible_to(second).filter(session__patient=elena)


def test_one_patient_is_blocked_by_a_missing_consent(seeded):
    missing = {p.first_name: missing_recording_consents(p) for p in User.objects.patients()}
    assert missing == {"Elena": [], "Samuel": [], "Jun": [], "Maria Fernanda": ["ai_processing"]}


def test_consent_is_as_old_as_the_treatment(person):
    first = TherapySession.objects.filter(patient=person("patient")).earliest("session_date")
    assert ConsentEntry.objects.filter(patient=person("patient")).latest("signed_at").signed_at < first.session_date


def test_every_numbered_session_is_on_the_timeline_once(seeded):
    told = TimelineEvent.objects.live().filter(event_type="session").values_list("related_entity_id", flat=True)
    numbered = TherapySession.objects.filter(status="processed").values_list("pk", flat=True)
    assert sorted(told) == sorted(numbered)
    assert reconcile_sessions() == 0


def test_session_events_need_no_signal():
    """Inside an open transaction, on-commit callbacks have not run."""
    seeding.seed("inside-a-transaction", now=timezone.now())
    assert TimelineEvent.objects.filter(event_type="session").count() == 51


def test_session_events_tell_topics_and_mood_once_approved(person):
    filters = EventFilters(event_types=("session",))
    waiting, *told = read_feed(person("patient").pk, person("therapist"), filters, None, 100).events
    assert all("topics" in event["metadata"] and event["description"] != "No summary is shared" for event in told)
    assert waiting["description"] == "No summary is shared"
    milestones = [event["title"] for event in told if event["importance"] == "milestone"]
    assert milestones == ["Session #20", "Session #10"]


def test_each_shared_summary_has_words_of_its_own(person):
    texts = [one.text for one in PatientSummary.objects.shared().filter(session__patient=person("patient"))]
    assert len(texts) == 21
    assert all(texts)
    assert len(set(texts)) == len(texts)


def test_totals_match_the_events(seeded):
    rows = TimelineEvent.objects.live().values_list("patient_id", "event_type", "is_private")
    assert Counter(rows) == {(c.patient_id, c.event_type, c.is_private): c.count for c in TimelineCount.objects.all()}


def test_a_patient_does_not_see_private_events(person):
    elena = person("patient")
    assert TimelineEvent.objects.filter(patient=elena, is_private=True).exists()
    assert not TimelineEvent.objects.visible_to(elena).filter(is_private=True).exists()


def test_all_evidence_stands_in_the_transcripts(seeded):
    for extraction in Extraction.objects.all():
        assert set(extraction.refused_reasons) <= {"protected"}
        assert extraction.supported > 10 * extraction.to_check


def test_every_shared_summary_has_a_text(seeded):
    shared = PatientSummary.objects.exclude(approved_at=None)
    assert shared.exists()
    assert all(summary.text for summary in shared)


def _listed(extraction):
    """The phrases that rules list; the classifier lists harmless lines, too."""
    return [flag for flag in extraction.notes["risk_flags"] if flag["source"] != "classifier"]


def test_only_the_dark_evening_carries_risk_phrases(person):
    flagged = {extraction.session_id: _listed(extraction) for extraction in Extraction.objects.all()}
    [(session_id, flags)] = [(key, found) for key, found in flagged.items() if found]
    assert TherapySession.objects.get(pk=session_id).patient == person("patient")
    own = [flag for flag in flags if flag["speaker"] == "patient"]
    quotes = {flag["evidence"]["quote"] for flag in own if flag["source"] == "rule"}
    assert quotes == {"Sometimes I think everyone would be better off without me."}
    assert [flag["evidence"]["quote"][:3] for flag in own if flag["source"] == "answer"] == ["No.", "I w", "No,"]


def test_every_listed_line_was_reviewed_soon_after_its_session(seeded):
    listed = {
        extraction.session_id
        for extraction in Extraction.objects.all()
        if any(flag["severity"] != "low" for flag in extraction.notes["risk_flags"])
    }
    reviews = list(RiskReview.objects.all())
    assert {review.session_id for review in reviews} == listed
    assert {review.status for review in reviews} == {"disposed"}
    assert all(review.opened_at < review.disposed_at < review.due_at for review in reviews)


def test_two_summaries_and_a_failed_session_wait_for_the_therapist(person):
    mine = TherapySession.objects.visible_to(person("therapist"))
    assert mine.awaiting_approval().count() == 2
    failed = mine.get(status="failed")
    assert (failed.number, failed.error_retriable, failed.error_code) == (None, True, "upstream_error")
    assert (failed.job.stage, failed.job.failed_stage, failed.job.last_error) == (
        "failed",
        "extract",
        failed.error_code,
    )
    assert not TherapySession.objects.visible_to(person("therapist2")).awaiting_approval()


def test_the_failed_session_can_be_taken_up_again(person):
    failed = TherapySession.objects.get(status="failed")
    retry_processing(failed, access=access_for(person("therapist"), failed.patient))
    process_session(str(failed.job.pk))
    failed.refresh_from_db()
    assert (failed.status, failed.number) == ("processed", 12)
    assert failed.extractions.count() == 1


def test_each_job_was_asked_for_by_the_sessions_therapist(seeded):
    assert ProcessingJob.objects.exists()
    assert not ProcessingJob.objects.exclude(requested_by=F("session__therapist")).exists()


def test_a_note_can_be_drafted_again(person):
    session = TherapySession.objects.filter(patient=person("patient")).latest("session_date")
    redraft_notes(session, access=access_for(person("therapist"), session.patient))
    process_session(str(session.job.pk))
    first, second = session.extractions.order_by("version")
    assert second.notes == first.notes
    assert second.input_hash == first.input_hash


def test_the_transcripts_have_the_length_of_a_session(seeded):
    for transcript in Transcript.objects.select_related("session"):
        lines = transcript.lines
        assert 45 * 60 <= transcript.duration <= 52 * 60
        assert transcript.duration == transcript.session.duration_seconds == lines[-1].end
        assert all(before.end <= after.start for before, after in pairwise(lines))
        assert 16 <= len(lines) <= 30


def test_nothing_lies_in_the_future(seeded):
    now = timezone.now()
    assert not TherapySession.objects.filter(session_date__gte=now).exists()
    assert not TherapySession.objects.filter(processed_at__gte=now).exists()
    assert not PatientSummary.objects.filter(approved_at__gte=now).exists()
    assert not TimelineEvent.objects.filter(event_date__gte=now).exists()


@pytest.mark.parametrize("now", [NEW_YEAR, SUMMER])
def test_sessions_lie_in_office_hours_of_open_days(now):
    seeding.seed("office-hours-only", now=now)
    zone = Clinic.objects.get().users.first().zone
    local = [s.session_date.astimezone(zone) for s in TherapySession.objects.all()]
    assert all(dates.is_open(day.date()) and 9 <= day.hour < 18 for day in local)
    assert max(local).date() == dates.last_working_day(now, zone)
    assert timedelta(days=270) < max(local) - min(local) < timedelta(days=400)
    assert len(set(local)) == len(local) - _shared_slots(local)


def _shared_slots(local):
    """Sessions of one therapist must not overlap."""
    held = TherapySession.objects.values_list("therapist_id", "session_date")
    assert len(set(held)) == len(held)
    return len(local) - len(set(local))


def test_a_second_run_changes_nothing_and_names_the_addresses(seeded):
    before = {model: model.objects.count() for model in (User, TherapySession, TimelineEvent, AuditEvent, ConsentEntry)}
    answer = run("--if-empty")
    assert {model: model.objects.count() for model in before} == before
    assert answer.count("\n") == 1
    assert "therapist@demo.example" in answer
    assert "Password" not in answer


def test_a_second_run_without_the_switch_is_refused(seeded):
    with pytest.raises(CommandError, match="empty database"):
        run()


def test_a_clinic_of_somebody_else_is_left_alone():
    Clinic.objects.create(name="Real practice")
    assert "none" in run("--if-empty")
    assert not User.objects.exists()


def test_a_run_that_loses_the_race_leaves_nothing(monkeypatch):
    """The winner's staff already exist when the loser, who saw no clinic, inserts its own."""
    User.objects.create_user("therapist@demo.example", first_name="Winner", role="admin", is_superuser=True)
    answer = run("--if-empty")
    assert "therapist@demo.example" in answer
    assert (Clinic.objects.count(), User.objects.count()) == (0, 1)
