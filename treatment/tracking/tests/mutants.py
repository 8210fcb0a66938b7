"""Mutants that break rules of tracking, each with the tests that must fail for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import QuerySet

from accounts.models import TherapistPatient, User
from treatment.goals.services import tree
from treatment.instruments import Instrument
from treatment.measures.tests import test_second_answers as second_answers
from treatment.models import Award, FormLink, ReminderPreference
from treatment.patient_forms.querysets import FormLinkQuerySet
from treatment.patient_forms.tests import test_form_links as form_links
from treatment.statistics import progress, streaks, trend
from treatment.tests import test_statistics as statistics
from treatment.tracking import contexts
from treatment.tracking.querysets import EntryQuerySet, TrackerQuerySet
from treatment.tracking.services import awards, check_ins, reminders, trackers
from treatment.tracking.tests import test_check_ins, test_reminders, test_trackers

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Mutant:
    """A broken rule, and a test that must fail for it, with the values of its parameters."""

    name: str
    apply: Callable[[Patch], None]
    test: Callable[..., None]
    given: dict[str, Any]


MUTANTS: list[Mutant] = []


def breaks(test: Callable[..., None], **given: Any) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    """Register a mutant for which this test must fail."""

    def register(apply: Callable[[Patch], None]) -> Callable[[Patch], None]:
        MUTANTS.append(Mutant(f"{apply.__name__}-{test.__name__}", apply, test, given))
        return apply

    return register


# Trends ---------------------------------------------------------------------------------------------------------------


@breaks(statistics.test_a_trend_is_the_median_slope_of_the_last_six_days)
def a_trend_of_all_there_is(patch: Patch) -> None:
    patch.setattr(trend, "WINDOW", 100)


@breaks(statistics.test_a_trend_is_the_median_slope_of_the_last_six_days)
def a_trend_of_two_values(patch: Patch) -> None:
    patch.setattr(trend, "FEWEST", 2)


@breaks(statistics.test_a_trend_is_the_median_slope_of_the_last_six_days)
def a_trend_in_every_noise(patch: Patch) -> None:
    patch.setattr(trend, "DEAD_BAND", 0)


@breaks(statistics.test_one_odd_day_turns_no_trend, values=[18, 16, 14, 12, 10, 27])
def a_trend_from_the_first_to_the_last_value(patch: Patch) -> None:
    patch.setattr(trend, "_slope", lambda points: (points[-1][1] - points[0][1]) / (points[-1][0] - points[0][0]).days)


@breaks(test_trackers.test_the_trend_of_a_tracker_knows_which_way_is_better, better="lower", direction="worse")
def a_trend_that_takes_more_for_better(patch: Patch) -> None:
    real = trend.trend
    patch.setattr(contexts, "trend", lambda points, *, span, better: real(points, span=span, better="higher"))


@breaks(test_trackers.test_a_withdrawn_value_counts_nowhere)
def withdrawn_values_that_count(patch: Patch) -> None:
    patch.setattr(EntryQuerySet, "standing", lambda rows: rows)


# Streaks and awards ---------------------------------------------------------------------------------------------------


@breaks(statistics.test_a_streak_is_counted_as_by_walking_through_the_calendar)
def a_streak_that_forgives_nothing(patch: Patch) -> None:
    patch.setattr(streaks, "GRACE", 0)


@breaks(statistics.test_a_streak_is_counted_as_by_walking_through_the_calendar)
def a_streak_that_forgives_two_days(patch: Patch) -> None:
    patch.setattr(streaks, "GRACE", 2)


@breaks(test_check_ins.test_a_week_of_check_ins_is_awarded_once)
def streaks_that_nobody_awards(patch: Patch) -> None:
    patch.setattr(awards, "streak", lambda days, day: streaks.Streak(0, 0))


@breaks(test_trackers.test_values_move_the_goal_and_award_every_threshold_they_pass)
def one_award_for_a_jump(patch: Patch) -> None:
    patch.setattr(awards, "thresholds_due", lambda percent, given: progress.thresholds_due(percent, given)[-1:])


@breaks(test_trackers.test_an_award_is_given_once_for_a_goal)
def awards_that_are_given_again(patch: Patch) -> None:
    patch.setattr(awards, "thresholds_due", lambda percent, given: progress.thresholds_due(percent, ()))
    patch.setattr(tree, "give", Award.objects.bulk_create)


@breaks(test_trackers.test_an_older_value_is_not_where_the_goal_stands)
def the_value_entered_last_moves_the_goal(patch: Patch) -> None:
    patch.setattr(EntryQuerySet, "order_by", lambda rows, *fields: QuerySet.order_by(rows, "-id"))


# Reminders ------------------------------------------------------------------------------------------------------------


@breaks(test_reminders.test_none_is_sent_to_whom_it_is_not_due)
@breaks(test_reminders.test_a_weekly_one_is_due_after_seven_days, days=6, is_sent=0)
def reminders_of_what_is_not_due(patch: Patch) -> None:
    patch.setattr(reminders, "is_due", lambda *args: True)


@breaks(test_reminders.test_none_is_sent_before_five_or_in_the_quiet_hours_of_the_patient, hour=test_reminders.NIGHT)
@breaks(test_reminders.test_quiet_hours_are_those_of_the_patients_clock_also_when_it_changes, day="2026-11-01")
def reminders_in_the_night(patch: Patch) -> None:
    patch.setattr(reminders, "is_quiet", lambda *args: False)


@breaks(test_reminders.test_quiet_hours_may_go_over_midnight, **test_reminders.OVER_MIDNIGHT)
def quiet_hours_of_one_day_alone(patch: Patch) -> None:
    patch.setattr(test_reminders, "is_quiet", lambda clock, start, end: start <= clock < end)


@breaks(test_reminders.test_none_is_sent_before_five_or_in_the_quiet_hours_of_the_patient, hour=test_reminders.EARLY)
def reminders_before_five(patch: Patch) -> None:
    patch.setattr(reminders, "first_time", lambda start, end: end)


@breaks(test_reminders.test_the_patients_own_zone_counts_before_the_clinics)
def reminders_by_the_clinics_clock(patch: Patch) -> None:
    patch.setattr(User, "zone", property(lambda user: user.clinic_zone))


@breaks(test_reminders.test_one_is_sent_a_day_however_often_the_task_runs)
def a_reminder_from_every_run(patch: Patch) -> None:
    patch.setattr(reminders.SentReminder.objects, "create", lambda **columns: None)


@breaks(test_reminders.test_whoever_stopped_them_or_whose_plan_is_not_active_gets_none)
def reminders_for_who_stopped_them(patch: Patch) -> None:
    patch.setattr(ReminderPreference, "save", lambda preference: None)


@breaks(test_reminders.test_whoever_stopped_them_or_whose_plan_is_not_active_gets_none)
def reminders_of_plans_that_rest(patch: Patch) -> None:
    patch.setattr(TrackerQuerySet, "running", lambda rows: rows.filter(ended_at=None))


@breaks(test_reminders.test_nobody_is_reminded_whom_nobody_treats)
@breaks(form_links.test_it_takes_nothing_while_nobody_treats_the_patient)
def ended_relations_that_go_on(patch: Patch) -> None:
    patch.setattr(type(TherapistPatient.objects.all()), "active", lambda rows: rows.all())


# Values and check-ins -------------------------------------------------------------------------------------------------


@breaks(test_check_ins.test_what_is_sent_twice_counts_once)
def check_ins_that_count_twice(patch: Patch) -> None:
    send = check_ins.send_check_in

    def anew(access: Any, *, sent_key: str, **given: Any) -> Any:
        return send(access, sent_key=uuid4().hex, **given)

    patch.setattr(test_check_ins, "send_check_in", anew)


@breaks(test_check_ins.test_something_else_with_a_known_key_is_refused_and_not_lost_in_silence)
def other_answers_that_are_lost_in_silence(patch: Patch) -> None:
    patch.setattr(check_ins, "_require_same", lambda *args: None)


@breaks(test_check_ins.test_nothing_is_sent_for_somebody_else_or_an_ended_tracker)
def values_for_trackers_that_have_ended(patch: Patch) -> None:
    patch.setattr(TrackerQuerySet, "running", lambda rows: rows)


@breaks(test_check_ins.test_only_days_of_the_last_week_can_be_made_up_for, days=7)
def check_ins_of_any_day(patch: Patch) -> None:
    patch.setattr(check_ins, "LATEST", timedelta(days=30))


@breaks(test_trackers.test_a_change_builds_on_what_was_read)
def changes_that_overwrite_others(patch: Patch) -> None:
    patch.setattr(trackers, "_require_current", lambda tracker, revision: tracker.refresh_from_db())


@breaks(test_trackers.test_one_number_moves_a_goal)
def goals_that_two_numbers_move(patch: Patch) -> None:
    patch.setattr(trackers, "_require_single_mover", lambda tracker: None)


# Links and refused answers --------------------------------------------------------------------------------------------


@breaks(form_links.test_it_ends_with_the_session_the_password_and_the_account, event=form_links.signed_out)
@breaks(form_links.test_it_ends_with_the_session_the_password_and_the_account, event=form_links.with_another_password)
def links_that_outlive_session_and_password(patch: Patch) -> None:
    patch.setattr(FormLink, "_is_vouched_for", True)


@breaks(form_links.test_it_opens_its_form_and_no_more_of_the_record)
def links_for_any_purpose(patch: Patch) -> None:
    real = FormLinkQuerySet.filter

    def found(rows: Any, *args: Any, **given: Any) -> Any:
        return real(rows, *args, **{name: value for name, value in given.items() if name != "purpose"})

    patch.setattr(FormLinkQuerySet, "filter", found)


@breaks(second_answers.test_a_yes_that_comes_through_an_ended_link_opens_one_review, event=second_answers.expired)
@breaks(second_answers.test_a_yes_that_the_api_refuses_opens_one_review_and_says_so)
@breaks(second_answers.test_other_answers_are_said_not_to_be_sent_and_a_yes_in_them_opens_a_review)
def a_refused_yes_that_nobody_looks_at(patch: Patch) -> None:
    patch.setattr(Instrument, "needs_attention", lambda instrument, answers: False)


@breaks(second_answers.test_recorded_answers_that_are_sent_again_under_no_key_open_nothing_twice)
def recorded_answers_that_open_another_review(patch: Patch) -> None:
    patch.setattr(Instrument, "as_kept", lambda instrument, answers: {"1": uuid4().hex})
