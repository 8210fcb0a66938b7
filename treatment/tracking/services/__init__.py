"""What is done with trackers: setting them up, values, check-ins, awards and reminders."""
