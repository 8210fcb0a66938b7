"""Audit actions for treatment plans and their parts."""

from audit.audit_actions import declare

PLAN_LISTED = declare("plan.listed", "looked at {your} treatment plans", is_read=True)
PLAN_READ = declare("plan.read", "read {your} treatment plan", is_read=True)
PLAN_VERSION_LISTED = declare("plan.versions.listed", "looked at the versions of {your} treatment plan", is_read=True)
PLAN_VERSION_READ = declare("plan.version.read", "read an earlier version of {your} treatment plan", is_read=True)
PLAN_CREATED = declare("plan.created", "drafted {your} treatment plan")
PLAN_CHANGED = declare("plan.changed", "changed {your} treatment plan")
PLAN_ACTIVATED = declare("plan.activated", "started {your} treatment plan")
PLAN_HELD = declare("plan.held", "put {your} treatment plan on hold")
PLAN_COMPLETED = declare("plan.completed", "completed {your} treatment plan")
PLAN_DISCONTINUED = declare("plan.discontinued", "discontinued {your} treatment plan")
PLAN_REVIEWED = declare("plan.reviewed", "reviewed {your} treatment plan")
PLAN_REVIEW_LISTED = declare("plan.reviews.listed", "looked at the reviews of {your} treatment plan", is_read=True)
PLAN_CONSENT_RECORDED = declare("plan.consent_recorded", "recorded {your} decision about the treatment plan")
MILESTONE_LISTED = declare("milestone.listed", "looked at the milestones of {your} treatment plan", is_read=True)
MILESTONE_READ = declare("milestone.read", "read a milestone of {your} treatment plan", is_read=True)
MILESTONE_ADDED = declare("milestone.added", "added a milestone to {your} treatment plan")
MILESTONE_CHANGED = declare("milestone.changed", "changed a milestone of {your} treatment plan")
MILESTONE_ORDERED = declare("milestone.ordered", "put the milestones of {your} treatment plan in another order")
MILESTONE_REMOVED = declare("milestone.removed", "removed a milestone from the draft of {your} treatment plan")
DIAGNOSIS_CODE_LISTED = declare("diagnosis_code.listed", "looked up codes of diagnoses", is_read=True, is_logged=False)
