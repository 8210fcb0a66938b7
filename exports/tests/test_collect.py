"""Every row that a reader may see is in the record, and no other; what is left out is named."""

from datetime import UTC, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import BreakGlassFactory, CareFactory, access_for
from exports.choices import ExportKind, Extra
from exports.collect import collect, counts, sizes_of
from exports.collect.counts import LABELS
from exports.tests.collecting import EXTRAS, about, asked, collected, ids_by_part, own_access, period
from exports.tests.everything import Scene, everything_about
from sessions_app.models import NoteWithholding, PatientSummary, PrivateNote, SessionNote, TherapySession
from therapybridge.core.errors import Forbidden, InvalidInput
from therapybridge.core.fields import crypto
from timeline.models import TimelineEvent
from timeline.tests.factories import make_session
from treatment.models import Goal, TreatmentPlan

pytestmark = pytest.mark.django_db

# Which model each part comes from, and how its rows lead to the patient.
MODELS = {
    "Patient": ("accounts.User", "pk"),
    "Relation": ("accounts.TherapistPatient", "patient"),
    "Consent": ("accounts.ConsentEntry", "patient"),
    "Disclosure": ("accounts.Disclosure", "patient"),
    "AccessRequest": ("accounts.AccessRequest", "patient"),
    "Session": ("sessions_app.TherapySession", "patient"),
    "Transcript": ("sessions_app.Transcript", "session__patient"),
    "Draft": ("sessions_app.Extraction", "session__patient"),
    "Decision": ("sessions_app.StatementReview", "extraction__session__patient"),
    "Summary": ("sessions_app.PatientSummary", "session__patient"),
    "Note": ("sessions_app.SessionNote", "patient"),
    "NoteVersion": ("sessions_app.NoteVersion", "note__patient"),
    "Signature": ("sessions_app.NoteSignature", "note__patient"),
    "Addendum": ("sessions_app.NoteAddendum", "note__patient"),
    "Correction": ("sessions_app.AmendmentRequest", "patient"),
    "Withholding": ("sessions_app.NoteWithholding", "note__patient"),
    "ArchiveStep": ("sessions_app.ArchiveStep", "note__patient"),
    "PrivateNote": ("sessions_app.PrivateNote", "patient"),
    "ActionItem": ("sessions_app.ActionItem", "patient"),
    "Closing": ("sessions_app.ActionItemClosing", "item__patient"),
    "RiskReview": ("sessions_app.RiskReview", "patient"),
    "RiskStep": ("sessions_app.RiskReviewEntry", "review__patient"),
    "Event": ("timeline.TimelineEvent", "patient"),
    "Plan": ("treatment.TreatmentPlan", "patient"),
    "PlanVersion": ("treatment.PlanVersion", "plan__patient"),
    "Review": ("treatment.PlanReview", "plan__patient"),
    "PlanConsent": ("treatment.PlanConsent", "plan__patient"),
    "Milestone": ("treatment.PlanMilestone", "patient"),
    "Goal": ("treatment.Goal", "patient"),
    "Rating": ("treatment.GoalRating", "goal__patient"),
    "GoalIntervention": ("treatment.GoalIntervention", "patient"),
    "Award": ("treatment.Award", "patient"),
    "Tracker": ("treatment.Tracker", "patient"),
    "Entry": ("treatment.TrackingEntry", "patient"),
    "CheckIn": ("treatment.CheckIn", "patient"),
    "Schedule": ("treatment.MeasureSchedule", "patient"),
    "Assignment": ("treatment.MeasureAssignment", "patient"),
    "Result": ("treatment.MeasureResult", "patient"),
    "Reminders": ("treatment.ReminderPreference", "patient"),
    "GoalLink": ("treatment.GoalLink", "patient"),
    "WithoutGoal": ("treatment.NoteWithoutGoal", "patient"),
}
# In a record by what they say of other rows: the profile with the patient, forms and interventions with their uses.
WITHIN = {"PatientProfile", "NoteTemplate", "TemplateVersion", "Intervention", "Clinic"}
# In no record; docs/exports.md says why.
APART = {
    *("AuthSession", "BreakGlassGrant", "ConsentRequest", "ConsentTemplate", "IdempotencyRecord", "Invitation"),
    *("OutgoingMail", "ProcessingJob", "TranscriptPiece", "Recording", "DraftingStyle", "TextSnippet"),
    *("TimelineCount", "FormLink", "SentReminder", "PlanConsentRequest", "EngineCircuit"),
}


@pytest.fixture
def scene() -> Scene:
    return everything_about(marker="zzq")


def rows_of(part: str, patient: User) -> set:
    label, path = MODELS[part]
    return set(apps.get_model(label)._base_manager.filter(**{path: patient.pk}).values_list("pk", flat=True))


def test_every_model_is_in_a_record_or_named_as_apart():
    apps_with_records = ("accounts", "sessions_app", "timeline", "treatment")
    ours = {one.__name__ for label in apps_with_records for one in apps.get_app_config(label).get_models()}
    held = {apps.get_model(label).__name__ for label, _ in MODELS.values()}
    assert ours == held | WITHIN | APART
    text = (Path(__file__).resolve().parents[2] / "docs" / "exports.md").read_text()
    assert [name for name in sorted(APART) if f"`{name}`" not in text] == []


def test_the_full_record_has_every_row_of_the_patient_and_no_other(scene):
    everything_about(seed=1, relation=CareFactory(therapist=scene.therapist))  # another patient of the same therapist
    found = ids_by_part(collected(scene.therapist, scene.patient, ExportKind.FULL_RECORD, *EXTRAS))
    gone = set(TherapySession.objects.exclude(deleted_at=None).values_list("pk", flat=True))
    not_mine = PrivateNote.objects.exclude(author=scene.therapist, deleted_at=None)
    gone |= set(not_mine.values_list("pk", flat=True))
    for part in MODELS:
        expected = rows_of(part, scene.patient) - gone
        assert expected, part
        assert found[part] == expected, part


def test_private_notes_and_events_are_named_unless_they_are_authorised(scene):
    record = collected(scene.therapist, scene.patient)
    mine = PrivateNote.objects.filter(patient=scene.patient, deleted_at=None).count()
    private = TimelineEvent.objects.live().filter(patient=scene.patient, is_private=True)
    by_hand = private.filter(related_entity_id=None).count()
    assert mine
    assert 0 < by_hand < private.count()  # that a note was completed is nothing that is kept back
    assert {one.exception: one.count for one in record.withheld} == {
        "psychotherapy_notes": mine,
        "private_events": by_hand,
    }
    assert all(one.reason and one.what for one in record.withheld)
    assert not record.private_notes
    assert not any(one.is_private for one in record.events)


def test_private_notes_of_others_stay_with_their_author(scene):
    record = collected(scene.therapist, scene.patient, ExportKind.FULL_RECORD, *EXTRAS)
    assert {one.author for one in record.private_notes} == {scene.therapist.pk}
    others = PrivateNote.objects.filter(patient=scene.patient, author=scene.supervisor).count()
    assert [(one.exception, one.count) for one in record.withheld] == [("psychotherapy_notes", others)]


def test_an_authorisation_of_one_does_not_open_the_other(scene):
    record = collected(scene.therapist, scene.patient, ExportKind.FULL_RECORD, Extra.PRIVATE_EVENTS)
    assert not record.private_notes
    assert any(one.is_private for one in record.events)
    assert [one.exception for one in record.withheld] == ["psychotherapy_notes"]


def test_patients_get_signed_notes_and_learn_which_are_withheld(scene):
    record = collected(scene.patient, scene.patient)
    withheld = set(NoteWithholding.objects.live().values_list("note", flat=True))
    signed = set(SessionNote.objects.signed().filter(patient=scene.patient).values_list("pk", flat=True))
    assert withheld
    assert {one.id for one in record.notes} == signed - withheld
    [named] = record.withheld
    assert (named.exception, named.count, set(named.ids)) == ("safety", len(withheld), withheld)
    assert named.reason == "Your therapist believes that reading it now could endanger somebody."


def test_patients_get_what_the_portal_shows(scene):
    record = collected(scene.patient, scene.patient, ExportKind.FULL_RECORD, *EXTRAS)
    events = TimelineEvent.objects.visible_to(scene.patient).filter(patient=scene.patient)
    assert {one.id for one in record.events} == set(events.values_list("pk", flat=True))
    assert not any(one.metadata or one.therapist for one in record.events)
    assert {one.status for one in record.treatment.plans} == {"active", "discontinued"}
    assert {one.status for one in record.treatment.goals} == {"in_progress", "achieved"}
    assert all(set(one.outcome) == {"answers", "total"} for one in record.treatment.results)
    assert not any(one.bands or one.change for one in record.treatment.series)
    assert {one.summary.status for one in record.sessions if one.summary} <= {"shared", "withdrawn"}
    assert not any(one.transcript or one.drafts for one in record.sessions)
    assert not record.private_notes
    assert not record.risk_reviews


def test_an_export_for_the_patient_is_the_patients_own(scene):
    own = collected(scene.patient, scene.patient)
    assert collected(scene.therapist, scene.patient, for_patient=True, kind=ExportKind.FULL_RECORD) == own


# Words of everything.py that a reader never gets, whatever the kind of export.
NEVER_FOR_PATIENTS = (
    *("own private note", "foreign private note", "private event", "draft plan", "unshared summary", "transcript"),
    *("draft", "drafted", "leftover", "risk quote", "disposition", "withholding reason", "archive reason"),
    *("plan diagnosis", "problems", "ended", "review", "version", "step notes", "dropped step", "dropped goal"),
    *("rating", "specific", "intervention notes", "frequency", "entry note", "withdrawn", "untold step"),
    *("step details", "dropped", "replaced", "no goal", "earlier note content", "draft note content"),
    *("amended note content", "medical_history", "diagnosis", "medication", "safety_plan", "next_step", "tag"),
    "deleted",
)
NEVER_FOR_THERAPISTS = ("own private note", "foreign private note", "private event", "deleted")


@pytest.mark.parametrize("kind", ExportKind.values)
def test_no_private_word_leaves(scene, kind):
    own, theirs = (str(collected(reader, scene.patient, kind)) for reader in (scene.patient, scene.therapist))
    assert [word for word in NEVER_FOR_PATIENTS if f"zzq {word} " in own] == []
    assert [word for word in NEVER_FOR_THERAPISTS if f"zzq {word} " in theirs] == []


def test_the_words_that_are_looked_for_are_there(scene):
    """Else the test above would prove nothing."""
    whole = str(collected(scene.therapist, scene.patient, ExportKind.FULL_RECORD, *EXTRAS))
    looked_for = set(NEVER_FOR_PATIENTS) - {"foreign private note", "deleted"}
    assert [word for word in sorted(looked_for) if f"zzq {word} " not in whole] == []
    assert "zzq foreign private note " not in whole


def test_session_notes_are_of_the_chosen_sessions_and_days(scene):
    held = list(TherapySession.objects.visible_to(scene.therapist).order_by("session_date"))
    first = held[0]
    chosen = collected(scene.therapist, scene.patient, ExportKind.SESSION_NOTES, sessions=(first.pk,))
    assert [one.id for one in chosen.sessions] == [first.pk]
    assert {one.session for one in chosen.notes} <= {first.pk}
    day = timezone.localdate(held[2].session_date, scene.patient.clinic_zone)
    of_day = collected(scene.therapist, scene.patient, ExportKind.SESSION_NOTES, start=day, end=day)
    assert held[2].pk in {one.id for one in of_day.sessions}
    assert held[0].pk not in {one.id for one in of_day.sessions} or held[0].session_date.date() == day
    assert not any(one.transcript or one.drafts for one in chosen.sessions + of_day.sessions)
    told = {one.summary.status for one in chosen.sessions + of_day.sessions if one.summary}
    assert told <= {"shared"}
    assert {one.session for one in chosen.action_items} <= {first.pk}
    everything = collected(scene.therapist, scene.patient, ExportKind.SESSION_NOTES)
    shared = PatientSummary.objects.shared().filter(session__in=[one.id for one in everything.sessions])
    assert {one.summary.id for one in everything.sessions if one.summary} == {one.pk for one in shared}
    assert len(everything.action_items) > 0


def test_a_day_is_one_of_the_clinic(scene):
    """The first moment of a day at the clinic is still the day before in UTC."""
    zone = scene.patient.clinic_zone
    day = timezone.now().astimezone(zone).date()
    midnight = timezone.datetime.combine(day, timezone.datetime.min.time(), zone)
    session = make_session(scene.patient, scene.therapist)
    TherapySession.objects.filter(pk=session.pk).update(session_date=midnight)

    def is_in(**days):
        record = collected(scene.therapist, scene.patient, ExportKind.SESSION_NOTES, **days)
        return session.pk in {one.id for one in record.sessions}

    assert is_in(start=day, end=day)
    assert not is_in(end=day - timedelta(days=1))


def test_a_chosen_session_that_is_gone_is_named(scene):
    deleted = TherapySession.objects.exclude(deleted_at=None).get()
    record = collected(scene.therapist, scene.patient, ExportKind.SESSION_NOTES, sessions=(deleted.pk,))
    assert not record.notes
    assert ("not_found", 1) in [(one.exception, one.count) for one in record.withheld]


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (ExportKind.SESSION_NOTES, {"sessions": (TimelineEvent().pk,) * 101}),
        (ExportKind.TIMELINE, {"sessions": (TimelineEvent().pk,)}),
        (ExportKind.FULL_RECORD, {"start": timezone.now().date()}),
        (ExportKind.TIMELINE, {"start": timezone.now().date(), "end": timezone.now().date() - timedelta(days=1)}),
    ],
)
def test_what_cannot_be_wanted_is_refused(therapist, patient, kind, wanted):
    with pytest.raises(InvalidInput):
        collected(therapist, patient, kind, **wanted)


def test_emergency_access_lets_nothing_leave(patient, other_therapist):
    BreakGlassFactory(patient=patient, therapist=other_therapist)
    request = asked(access_for(other_therapist, patient))
    with pytest.raises(Forbidden):
        collect(request, about(ExportKind.FULL_RECORD))
    with pytest.raises(Forbidden):
        counts(request)


def test_the_progress_report_says_what_its_page_says(scene, client_for):
    days = period((2026, 1, 1), (2026, 12, 31))
    record = collected(scene.therapist, scene.patient, ExportKind.PROGRESS_REPORT, **days)
    shown = client_for(scene.therapist).get(f"/patients/{scene.patient.pk}/progress", days).content.decode()
    page = unescape(shown)
    assert {one.status for one in record.treatment.plans} == {"active", "discontinued"}
    for text in [one.title for one in record.treatment.plans] + [one.wording for one in record.treatment.goals]:
        assert text.split()[-1] in page
    assert f"{len(record.sessions)} sessions" in page or str(len(record.sessions)) in page
    goal = next(one for one in record.treatment.goals if one.ratings)
    assert goal.ratings[0].percent == 40
    assert all(not one.versions and not one.consents for one in record.treatment.plans)


def test_a_treatment_summary_has_the_latest_result_of_each_questionnaire(scene):
    summary = collected(scene.therapist, scene.patient, ExportKind.TREATMENT_SUMMARY)
    whole = collected(scene.therapist, scene.patient)
    [latest] = summary.treatment.results
    assert latest.day == max(one.day for one in whole.treatment.results)
    assert summary.treatment.goals == whole.treatment.goals
    assert summary.patient.diagnosis
    assert not summary.notes
    assert not summary.consents


def test_everybody_whom_the_record_names_is_listed(scene):
    record = collected(scene.therapist, scene.patient, ExportKind.FULL_RECORD, *EXTRAS)
    assert {scene.therapist.pk, scene.supervisor.pk} <= {one.id for one in record.staff}
    assert scene.patient.pk not in {one.id for one in record.staff}
    assert record.name_of(scene.supervisor.pk) == scene.supervisor.full_name


def days_of(kind: str) -> dict:
    """The days of what happens in everything.py, where a kind would take the last ones."""
    return period((2026, 1, 1), (2027, 12, 31)) if kind == ExportKind.PROGRESS_REPORT else {}


@pytest.mark.parametrize("kind", ExportKind.values)
@pytest.mark.parametrize("is_own", [False, True])
def test_many_rows_take_no_more_queries_than_few(kind, is_own):
    def queries(sessions: int) -> int:
        scene = everything_about(seed=sessions, sessions_=sessions)
        reader = scene.patient if is_own else scene.therapist
        access = own_access(reader) if is_own else access_for(reader, scene.patient)
        with CaptureQueriesContext(
            connection,
        ) as found:
            collect(asked(access, kind, *EXTRAS, **days_of(kind)), about(kind))
        return len(found)

    assert queries(20) <= queries(12)


@pytest.mark.parametrize("kind", ExportKind.values)
def test_a_preview_counts_what_the_record_has_and_decrypts_nothing(scene, kind, settings):
    for reader in (scene.therapist, scene.patient):
        access = own_access(reader) if reader == scene.patient else access_for(reader, scene.patient)
        request = asked(access, kind, **days_of(kind))
        record = collect(request, about(kind))
        with unreadable(settings):
            seen = counts(request)
        assert seen.numbers == sizes_of(record)
        assert seen.withheld == record.withheld
        assert any(seen.numbers.values())
        if record.events and kind == ExportKind.TIMELINE:
            zone = scene.patient.clinic_zone
            days = [timezone.localdate(one.happened_at, zone) for one in record.events]
            assert (seen.first_day, seen.last_day) == (min(days), max(days))


def held_in(record) -> dict[str, int]:
    """How many of everything that has a name there are in the record, whatever its kind."""
    parts = {name: getattr(record, name, None) for name in LABELS}
    found = {name: getattr(record.treatment, name) if part is None else part for name, part in parts.items()}
    return {name: len(part) for name, part in found.items() if part}


@pytest.mark.parametrize("kind", ExportKind.values)
@pytest.mark.parametrize("is_own", [False, True])
def test_a_preview_leaves_out_nothing_that_the_record_has(scene, kind, is_own):
    reader = scene.patient if is_own else scene.therapist
    access = own_access(reader) if is_own else access_for(reader, scene.patient)
    seen = counts(asked(access, kind, **days_of(kind)))
    held = held_in(collected(reader, scene.patient, kind, **days_of(kind)))
    assert {name: number for name, number in seen.numbers.items() if number} == held
    assert kind in (ExportKind.SESSION_NOTES, ExportKind.TIMELINE) or {"goals", "results"} <= set(held)


def test_a_preview_of_a_report_counts_plans_and_goals_of_its_days(scene):
    ended = TreatmentPlan.objects.exclude(ended_date=None).get()
    after = {"start": ended.ended_date + timedelta(days=1), "end": ended.ended_date + timedelta(days=5)}
    later = timezone.datetime.combine(after["end"], timezone.datetime.min.time(), UTC) + timedelta(days=5)
    Goal.objects.filter(patient=scene.patient).exclude(plan=ended).update(created_at=later)
    seen = {}
    for name, days in (("all", days_of(ExportKind.PROGRESS_REPORT)), ("after", after)):
        record = collected(scene.therapist, scene.patient, ExportKind.PROGRESS_REPORT, **days)
        shown = counts(asked(access_for(scene.therapist, scene.patient), ExportKind.PROGRESS_REPORT, **days))
        assert shown.numbers == sizes_of(record)
        seen[name] = shown.numbers
    assert seen["after"]["plans"] == seen["all"]["plans"] - 1
    assert 0 == seen["after"]["goals"] < seen["all"]["goals"]


def test_a_preview_of_nothing_is_empty(therapist, patient):
    assert not any(counts(asked(access_for(therapist, patient), ExportKind.TIMELINE)).numbers.values())


class unreadable:  # noqa: N801 (used like a function)
    """While it lasts, nothing can be decrypted."""

    def __init__(self, settings):
        self.settings, self.keys = settings, settings.FIELD_ENCRYPTION_KEYS

    def __enter__(self):
        self.settings.FIELD_ENCRYPTION_KEYS = ["other:" + "A" * 43 + "="]

    def __exit__(self, *error):
        self.settings.FIELD_ENCRYPTION_KEYS = self.keys


def test_nothing_can_be_read_with_another_key(scene, settings):
    """Else the preview's test would prove nothing."""
    scene.patient.refresh_from_db()
    with unreadable(settings), pytest.raises(crypto.DecryptionError):
        collected(scene.therapist, scene.patient)
