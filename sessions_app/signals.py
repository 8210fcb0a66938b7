"""Session signals, sent once each, on commit."""

from django.dispatch import Signal

session_processed = Signal()  # session: TherapySession
sessions_renumbered = Signal()  # patient_id: UUID
stage_reached = Signal()  # job: ProcessingJob, stage: str, moment: "claimed" | "worked" | "committing" | "committed"
note_completed = Signal()  # note: SessionNote
note_signed = Signal()  # note: SessionNote
note_amended = Signal()  # note: SessionNote
note_release_changed = Signal()  # note: SessionNote, now withheld from its patient or released
