"""Audit actions for goals and interventions."""

from audit.audit_actions import declare

GOAL_LISTED = declare("goal.listed", "looked at {your} goals", is_read=True)
GOAL_READ = declare("goal.read", "opened one of {your} goals", is_read=True)
GOAL_CREATED = declare("goal.created", "set one of {your} goals")
GOAL_CHANGED = declare("goal.changed", "changed one of {your} goals")
GOAL_MOVED = declare("goal.moved", "moved one of {your} goals within the plan")
GOAL_RATED = declare("goal.rated", "rated how far one of {your} goals has come")
GOAL_STARTED = declare("goal.started", "started one of {your} goals")
GOAL_ACHIEVED = declare("goal.achieved", "ticked off one of {your} goals")
GOAL_REPLACED = declare("goal.replaced", "replaced one of {your} goals by another")
GOAL_DISCONTINUED = declare("goal.discontinued", "discontinued one of {your} goals")
GOAL_REOPENED = declare("goal.reopened", "opened one of {your} goals again")
GOAL_INTERVENTION_ADDED = declare("goal.intervention.added", "linked an intervention to one of {your} goals")
GOAL_INTERVENTION_CHANGED = declare("goal.intervention.changed", "changed an intervention of one of {your} goals")
GOAL_INTERVENTION_REMOVED = declare("goal.intervention.removed", "unlinked an intervention from one of {your} goals")
INTERVENTION_LISTED = declare("intervention.listed", "looked at the library of interventions", is_read=True)
INTERVENTION_READ = declare("intervention.read", "opened an intervention of the library", is_read=True)
INTERVENTION_CREATED = declare("intervention.created", "added an intervention to the library")
INTERVENTION_CHANGED = declare("intervention.changed", "changed an intervention of the library")
INTERVENTION_RETIRED = declare("intervention.retired", "retired an intervention of the library")
