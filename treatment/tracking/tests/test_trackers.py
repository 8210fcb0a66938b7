"""Trackers: what may be set up, which values they take, and what these do to the goal."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.care.access import access_to
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, EditConflict, InvalidInput
from treatment.models import Award, CheckIn, Goal, MeasureResult, Tracker, TrackingEntry
from treatment.tracking.contexts import series_of
from treatment.tracking.services.check_ins import send_check_in
from treatment.tracking.services.entries import add_entry, withdraw_entry
from treatment.tracking.services.trackers import add_tracker, change_tracker, end_tracker
from treatment.tracking.tests.factories import active_goal, running_tracker

pytestmark = pytest.mark.django_db
MEASURED = {"unit": "hours", "baseline": "4", "current": "4", "target": "8"}
SCALE = {"kind": "scale", "lowest": 0, "highest": 10, "question": "How did you sleep?"}


@pytest.fixture
def access(therapist, patient):
    return access_to(Actor(user=therapist), patient, may_write=True)


@pytest.fixture
def goal(patient):
    return active_goal(patient, measurement=MEASURED)


@pytest.fixture
def hours(goal, patient):
    return running_tracker(patient, goal=goal, kind="duration", lowest=None, highest=None, moves_goal=True)


def entered(tracker, value, access, days_ago=0):
    return add_entry(tracker, value=value, day=access.patient.clinic_day - timedelta(days=days_ago), access=access)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (SCALE | {"lowest": None}, "highest"),
        (SCALE | {"highest": 0}, "highest"),
        (SCALE | {"kind": "binary"}, "lowest"),
        (SCALE | {"question": "  "}, "question"),
        (SCALE | {"rhythm": "custom"}, "every_days"),
        (SCALE | {"every_days": 3}, "every_days"),
        (SCALE | {"instrument": "phq-9"}, "kind"),
        ({"kind": "measure", "question": "Mood", "instrument": "none"}, "instrument"),
        ({"kind": "measure", "question": "Mood", "instrument": "phq-9", "moves_goal": True}, "moves_goal"),
    ],
)
def test_what_cannot_be_tracked_is_named(goal, access, given, field):
    with pytest.raises(InvalidInput) as refused:
        add_tracker(goal, access=access, **given)
    assert list(refused.value.errors) == [field]
    assert not Tracker.objects.exists()


@pytest.mark.parametrize("kind", ["frequency", "duration", "binary", "measure"])
def test_what_the_form_fills_in_for_a_scale_does_not_stand_in_the_way(kind, goal, client_for, therapist):
    form = client_for(therapist).get(f"/goals/{goal.pk}/trackers").context["form"]
    offered = {name: value for name, value in form.initial.items() if value is not None}
    filled = {"instrument": "phq-9", "every_days": 3, "unit": "minutes", "moves_goal": "on", "sends_reminders": "on"}
    given = offered | filled | {"kind": kind, "question": "How was it?"}
    answer = client_for(therapist).post(f"/goals/{goal.pk}/trackers/add", given)
    made = Tracker.objects.get()
    assert answer["Location"] == f"/trackers/{made.pk}"
    assert (made.lowest, made.highest, made.every_days) == (None, None, None)
    assert made.instrument == ("phq-9" if kind == "measure" else "")
    assert bool(made.unit) is (kind in {"frequency", "duration"})
    assert {made.asks_patient, made.sends_reminders, made.moves_goal} == {kind != "measure"}


def test_what_nobody_is_asked_in_the_portal_is_not_reminded_of(hours, client_for, therapist):
    for asked in ({"rhythm": "session", "asks_patient": "on"}, {"rhythm": "daily"}):
        Tracker.objects.update(sends_reminders=True)
        hours.refresh_from_db()
        given = {"revision": hours.revision, "question": hours.question, "sends_reminders": "on", "moves_goal": "on"}
        assert client_for(therapist).post(f"/trackers/{hours.pk}/change", given | asked).status_code == 302
        assert Tracker.objects.get().sends_reminders is False


def test_another_rhythm_needs_no_days(hours, client_for, therapist):
    Tracker.objects.update(rhythm="custom", every_days=3)
    given = {"revision": 1, "question": hours.question, "rhythm": "weekly", "every_days": 3}
    assert client_for(therapist).post(f"/trackers/{hours.pk}/change", given).status_code == 302
    hours.refresh_from_db()
    assert (hours.rhythm, hours.every_days) == ("weekly", None)


def test_nothing_is_tracked_for_a_closed_goal(goal, access):
    Goal.objects.update(status="achieved", closed_date=access.patient.clinic_day, progress=100)
    with pytest.raises(Conflict):
        add_tracker(goal, access=access, **SCALE)


def test_one_number_moves_a_goal(goal, access, hours):
    with pytest.raises(Conflict):
        add_tracker(goal, access=access, moves_goal=True, **SCALE)


def test_a_change_builds_on_what_was_read(access, hours):
    changed = change_tracker(hours, revision=1, access=access, question="And now?")
    assert (changed.question, changed.revision) == ("And now?", 2)
    with pytest.raises(EditConflict) as refused:
        change_tracker(hours, revision=1, access=access, question="Or now?")
    assert refused.value.detail.startswith(f"{access.user.full_name} changed this tracker on ")
    end_tracker(hours, revision=2, access=access)
    with pytest.raises(Conflict):
        entered(hours, 5, access)


def test_values_move_the_goal_and_award_every_threshold_they_pass(goal, access, hours):
    entered(hours, 7, access)
    goal.refresh_from_db()
    assert (goal.progress, goal.status, goal.measurement["current"]) == (75, "in_progress", "7")
    assert sorted(Award.objects.filter(kind="progress").values_list("threshold", flat=True)) == [25, 50, 75]
    entered(hours, 6, access)
    goal.refresh_from_db()
    assert goal.progress == 75, "progress never falls"


def test_an_award_is_given_once_for_a_goal(goal, access, hours):
    for value in (5, 6, 5, 6):
        entered(hours, value, access)
    assert sorted(Award.objects.filter(kind="progress").values_list("threshold", flat=True)) == [25, 50]


@pytest.mark.parametrize(("better", "direction"), [("higher", "better"), ("lower", "worse")])
def test_the_trend_of_a_tracker_knows_which_way_is_better(access, hours, better, direction):
    Tracker.objects.update(better=better)
    hours.refresh_from_db()
    for days_ago, value in ((2, 4), (1, 6), (0, 8)):
        entered(hours, value, access, days_ago)
    [series] = series_of([hours], access.patient)
    assert series.trend.direction == direction


def test_a_withdrawn_value_counts_nowhere(access, hours):
    first = entered(hours, 5, access, 1)
    withdraw_entry(first, access=access)
    entered(hours, 6, access)
    [series] = series_of([hours], access.patient)
    assert ([point.value for point in series.points], series.streak.longest, series.mean) == ([6], 1, 6)
    for days_ago in range(2, 7):
        entered(hours, 4, access, days_ago)
    assert not Award.objects.filter(kind="streak").exists(), "six days and one that was withdrawn"


def test_an_older_value_is_not_where_the_goal_stands(goal, access, hours):
    entered(hours, 6, access)
    entered(hours, 5, access, days_ago=3)
    goal.refresh_from_db()
    assert goal.measurement["current"] == "6"


def test_the_patients_own_value_achieves_the_goal(goal, hours, patient):
    own = access_to(Actor(user=patient), patient, may_write=False)
    send_check_in(own, sent_key="one", values={hours.pk: 8})
    goal.refresh_from_db()
    assert (goal.progress, goal.status) == (100, "achieved")
    assert Award.objects.filter(kind="progress").count() == 4


def test_a_withdrawn_value_stays_and_is_withdrawn_once(access, hours):
    entry = entered(hours, 5, access)
    withdraw_entry(entry, access=access)
    assert TrackingEntry.objects.count() == 1
    assert not TrackingEntry.objects.standing().exists()
    with pytest.raises(Conflict):
        withdraw_entry(entry, access=access)


@pytest.mark.parametrize("days_ago", [-1, 367])
def test_a_value_is_of_the_last_year(access, hours, days_ago):
    with pytest.raises(InvalidInput):
        entered(hours, 5, access, days_ago)


def test_the_page_of_a_tracker_asks_as_often_for_many_values(access, hours, client_for, therapist):
    client, page = client_for(therapist), f"/trackers/{hours.pk}"
    entered(hours, 5, access)
    client.get(page)
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    for days in range(1, 13):
        entered(hours, 5, access, days)
    with CaptureQueriesContext(connection) as many:
        shown = client.get(page)
    assert shown.text.count("Entered by") == 13
    assert len(many) == len(one)


def test_the_page_of_a_goal_shows_values_and_the_questionnaire_that_is_followed(
    goal, access, hours, client_for, therapist
):
    entered(hours, 6, access)
    add_tracker(goal, access=access, kind="measure", question="Mood", instrument="phq-9")
    score = {"total": 9, "band": "mild", "subscales": {}, "endorsed": [], "prorated": False, "answers": {}}
    MeasureResult.objects.create(
        patient=access.patient,
        instrument="phq-9",
        instrument_version=1,
        taken_date=access.patient.clinic_day,
        filled_by="patient",
        outcome=score,
    )
    page = client_for(therapist).get(f"/goals/{goal.pk}").text
    assert f'hx-get="/goals/{goal.pk}/trackers"' in page
    part = client_for(therapist).get(f"/goals/{goal.pk}/trackers", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    for told in ("How did you sleep?", "<strong>6</strong>", "PHQ-9", "9 of 27"):
        assert told in part


@pytest.mark.parametrize("is_shown", [True, False])
def test_patients_read_no_award_of_a_goal_that_was_given_up(goal, access, hours, client_for, patient, is_shown):
    goal.plan.version = 1
    goal.plan.save()
    entered(hours, 6, access)
    if not is_shown:
        Goal.objects.filter(pk=goal.pk).update(
            status="discontinued",
            closed_date=patient.clinic_day,
            reason=Goal._meta.get_field("reason").seal("Too far.", goal.pk),
        )
    page = client_for(patient).get("/portal/check-ins").text
    assert ("Half of the way" in page) is is_shown
    assert (goal.wording in page) is is_shown


@pytest.mark.parametrize(
    ("kind", "sent", "shown"), [("binary", 0, "No"), ("frequency", 1200, "1,200 cups"), ("duration", 7.5, "7.5 cups")]
)
def test_a_value_is_read_in_words_wherever_it_stands(goal, access, client_for, therapist, kind, sent, shown):
    unit = "" if kind == "binary" else "cups"
    tracker = running_tracker(access.patient, goal=goal, kind=kind, lowest=None, highest=None, unit=unit)
    given = {"value": sent, "day": access.patient.clinic_day}
    TrackingEntry.objects.create(tracker=tracker, patient=access.patient, **given)
    check_in = CheckIn.objects.create(patient=access.patient, day=access.patient.clinic_day, sent_key="a", note="")
    TrackingEntry.objects.update(check_in=check_in)
    for page in (f"/trackers/{tracker.pk}", f"/goals/{goal.pk}/trackers", f"/patients/{access.patient.pk}/check-ins"):
        assert f"<strong>{shown}</strong>" in client_for(therapist).get(page).text


def test_a_value_that_nobody_chose_is_not_a_no(goal, access, client_for, therapist):
    tracker = running_tracker(access.patient, goal=goal, kind="binary", lowest=None, highest=None)
    refused = client_for(therapist).post(f"/trackers/{tracker.pk}/enter", {"day": access.patient.clinic_day})
    assert refused.status_code == 422
    assert not TrackingEntry.objects.exists()
