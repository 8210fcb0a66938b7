"""What is done with sessions and what belongs to them."""

from audit.audit_actions import declare

TODAY_READ = declare("today.read", "looked at today's page", is_read=True)
SESSION_CREATED = declare("session.created", "added a session")
SESSION_LISTED = declare("session.listed", "looked at {your} sessions", is_read=True)
SESSION_READ = declare("session.read", "opened a session", is_read=True)
SESSION_PROGRESS_READ = declare("session.progress.read", "followed the work on a recording", is_read=True)
SESSION_RETRIED = declare("session.retried", "had a recording worked on again")
SESSION_CANCELLED = declare("session.cancelled", "stopped the work on a recording")
SESSION_PROCESSED = declare("session.processed", "worked on a session")
SESSION_REDRAFTED = declare("session.redrafted", "had the notes of a session drafted again")
RECORDING_READ = declare("recording.read", "listened to a recording", is_read=True)
RECORDING_UPLOADED = declare("recording.uploaded", "added a recording")
TRANSCRIPT_READ = declare("transcript.read", "read what was said in a session", is_read=True)
TRANSCRIPT_UPLOADED = declare("transcript.uploaded", "added what was said in a session")
TRANSCRIPT_SPEAKERS_SWAPPED = declare("transcript.speakers_swapped", "corrected who spoke in a session")
NOTES_READ = declare("notes.read", "read {your} notes", is_read=True)
NOTES_PRINTED = declare("notes.printed", "printed {your} notes", is_read=True)
SUMMARY_APPROVED = declare("summary.approved", "shared the summary of a session")
