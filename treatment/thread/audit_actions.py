"""Audit actions for what ties notes to goals."""

from audit.audit_actions import declare

NOTE_GOALS_READ = declare(
    "note.goals.read", "looked at the goals that the note of {your} session{of_day} serves", is_read=True
)
NOTE_GOALS_SET = declare("note.goals.set", "said which goals the note of {your} session{of_day} serves")
GAPS_LISTED = declare("plan.gaps.listed", "looked at what is missing in {your} treatment plan", is_read=True)
