"""Session signals, sent once each, on commit."""

from django.dispatch import Signal

session_processed = Signal()  # session: TherapySession
sessions_renumbered = Signal()  # patient_id: UUID
summary_approved = Signal()  # session: TherapySession
stage_reached = Signal()  # job: ProcessingJob, stage: str, moment: "claimed" | "worked" | "committing" | "committed"
