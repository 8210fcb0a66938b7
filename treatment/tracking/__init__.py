"""What is tracked for a goal: entries, check-ins, awards and reminders."""
