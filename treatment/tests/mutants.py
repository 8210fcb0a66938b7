"""Mutants that break rules of plans, goals and the thread, each with a test that must fail for it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Clinic
from treatment.goals.querysets import GoalQuerySet
from treatment.goals.services import changes, progress, tree
from treatment.goals.services.tree import Tree
from treatment.goals.tests import test_goal_pages, test_goals_api
from treatment.goals.tests.factories import make_goal
from treatment.models import Goal, TreatmentPlan
from treatment.plans import receivers
from treatment.plans.querysets import PlanQuerySet
from treatment.plans.services import consent_links, consents, lifecycle, reviews
from treatment.plans.tests import test_consent_links, test_milestones, test_plan_consents, test_plans_api, test_reviews
from treatment.reports import contexts as reports
from treatment.reports.tests import test_progress_reports
from treatment.thread.contexts import evidence
from treatment.thread.services import gaps, links
from treatment.thread.tests import test_evidence, test_gaps, test_note_goals
from treatment.tracking.tests.mutants import Mutant

Patch = pytest.MonkeyPatch
MUTANTS: list[Mutant] = []


def breaks(test: Callable[..., None], **given: Any) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    """Register a mutant for which this test must fail."""

    def register(apply: Callable[[Patch], None]) -> Callable[[Patch], None]:
        MUTANTS.append(Mutant(f"{apply.__name__}-{test.__name__}", apply, test, given))
        return apply

    return register


# Plans ----------------------------------------------------------------------------------------------------------------


@breaks(test_plans_api.test_patients_read_what_was_started_in_fewer_fields)
@breaks(test_plans_api.test_a_draft_that_was_given_up_is_not_the_patients_to_read)
def drafts_for_patients(patch: Patch) -> None:
    patch.setattr(PlanQuerySet, "shared_with", lambda rows, patient: rows.filter(patient=patient))


@breaks(test_plans_api.test_a_second_active_plan_is_refused_unless_the_clinic_allows_several)
def a_second_active_plan(patch: Patch) -> None:
    patch.setattr(lifecycle, "_refuse_second", lambda plan: None)


@breaks(test_milestones.test_an_ended_plan_keeps_its_milestones_as_they_are)
@breaks(test_goals_api.test_goals_of_an_ended_plan_stay_as_they_are)
def ended_plans_that_change(patch: Patch) -> None:
    patch.setattr(TreatmentPlan, "is_open", True)


@breaks(test_reviews.test_the_day_is_that_of_the_clinic)
def reviews_due_by_another_clock(patch: Patch) -> None:
    patch.setattr(Clinic, "today", property(lambda clinic: datetime.now(UTC).date()))
    patch.setattr("accounts.models.User.clinic_day", property(lambda user: datetime.now(UTC).date()))


@breaks(test_plan_consents.test_a_review_of_an_unchanged_plan_asks_for_nothing)
def every_review_asks_again(patch: Patch) -> None:
    patch.setattr(reviews, "says_the_same", lambda plan: False)


@breaks(
    test_reviews.test_a_review_keeps_a_version_of_a_plan_that_says_something_else,
    change=lambda plan, goal, step: make_goal(plan, wording="Sleep"),
    version=2,
)
def consent_to_goals_that_were_never_shown(patch: Patch) -> None:
    patch.setattr(reviews, "says_the_same", lambda plan: True)


@breaks(test_plan_consents.test_a_later_version_asks_again)
@breaks(test_plan_consents.test_drafts_and_ended_plans_ask_for_nothing)
def consent_to_any_version(patch: Patch) -> None:
    patch.setattr(consents, "require_decidable", lambda plan, version: None)


@breaks(test_plan_consents.test_a_withdrawal_in_the_log_shows_on_the_plan)
def withdrawals_that_no_plan_hears_of(patch: Patch) -> None:
    patch.setattr(consents, "_later_refusal", lambda plan, entry: None)


@breaks(test_consent_links.test_what_is_signed_is_the_decision_about_the_plan, choice="granted", state="given")
@breaks(test_consent_links.test_a_plan_that_changed_meanwhile_was_agreed_to_as_it_was)
def signatures_for_no_plan(patch: Patch) -> None:
    patch.setattr(receivers, "keep_signed", lambda request, entries: None)


@breaks(test_consent_links.test_drafts_and_ended_plans_are_not_asked_about)
def links_about_drafts(patch: Patch) -> None:
    patch.setattr(consent_links, "require_decidable", lambda plan, version: None)


# Goals ----------------------------------------------------------------------------------------------------------------


@breaks(test_goals_api.test_a_lower_rating_is_kept_and_lowers_nothing)
def ratings_that_lower(patch: Patch) -> None:
    patch.setattr(progress, "raised", lambda percent, rating: rating)


@breaks(test_goals_api.test_a_goal_with_parts_is_not_rated)
def goals_rated_over_their_parts(patch: Patch) -> None:
    patch.setattr(Tree, "counted", lambda tree, parent: [])


@breaks(test_goals_api.test_the_whole_achieves_the_goal_and_those_it_completes_with_one_signal_each)
def goals_that_move_nothing_above(patch: Patch) -> None:
    patch.setattr(Tree, "climb", lambda tree, goal: None)


@breaks(test_goals_api.test_a_goal_moves_with_all_below_it_and_never_below_itself)
@breaks(test_goals_api.test_whoever_gives_a_goal_up_says_why_and_gives_up_what_is_below)
def goals_that_leave_behind_what_is_below(patch: Patch) -> None:
    patch.setattr(Tree, "all_below", lambda tree, goal: iter(()))


@breaks(test_goals_api.test_a_change_keeps_the_id_and_an_older_revision_is_told_who_changed_it)
def changes_on_top_of_anything(patch: Patch) -> None:
    patch.setattr(changes, "changing", lambda goal, access, revision=None: tree.changing(goal, access))


@breaks(test_goal_pages.test_a_patient_reads_goals_of_started_plans_in_plain_words)
def goals_of_drafts_for_patients(patch: Patch) -> None:
    patch.setattr(GoalQuerySet, "shared_with", lambda rows, patient: rows.filter(patient=patient))


@breaks(test_goal_pages.test_a_patient_reads_goals_of_started_plans_in_plain_words)
def clinical_words_for_patients(patch: Patch) -> None:
    patch.setattr(Goal, "words_for_patient", property(lambda goal: goal.wording))


# Thread and reports ---------------------------------------------------------------------------------------------------


@breaks(test_note_goals.test_a_change_names_the_version_that_was_read)
@breaks(test_note_goals.test_a_late_form_shows_what_stands_there_and_can_be_saved_again)
def goals_of_notes_that_overwrite_others(patch: Patch) -> None:
    patch.setattr(links, "_require_current", lambda note, version: None)


@breaks(test_note_goals.test_a_goal_that_ended_stays_linked_and_is_linked_no_more)
def notes_that_serve_any_goal(patch: Patch) -> None:
    patch.setattr(links, "_require_offered", lambda note, new: None)


@breaks(test_gaps.test_a_goal_without_a_note_for_thirty_days_is_missed)
def goals_that_nobody_misses(patch: Patch) -> None:
    patch.setattr(gaps, "UNSERVED", timedelta(days=60))


@breaks(test_gaps.test_a_note_serves_the_goals_above_and_a_whole_branch_is_missed_once)
def notes_that_serve_no_goal_above(patch: Patch) -> None:
    own = lambda goals, at: {goal.pk: at[goal.pk].date() for goal in goals if goal.pk in at}  # noqa: E731
    patch.setattr(gaps, "_served", own)


@breaks(test_evidence.test_only_what_is_supported_or_was_kept_is_quoted)
def quotations_that_were_deleted(patch: Patch) -> None:
    patch.setattr(evidence, "Decision", SimpleNamespace(DELETED="nothing", KEPT="kept"))


@breaks(test_evidence.test_each_note_is_quoted_before_one_is_quoted_twice_the_latest_first)
def quotations_of_the_latest_note_alone(patch: Patch) -> None:
    patch.setattr(evidence, "MOST_DRAFTS", 1)


@breaks(test_progress_reports.test_a_goal_is_followed_to_the_words_of_the_period)
def quotations_of_any_time(patch: Patch) -> None:
    real = reports.evidence_of
    patch.setattr(reports, "evidence_of", lambda goals, between, **most: real(goals, **most))
