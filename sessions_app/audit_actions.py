"""Audit actions for sessions and their parts."""

from audit.audit_actions import declare

TODAY_READ = declare("today.read", "looked at today's page", is_read=True)
DRAFTS_EXPLAINED = declare("drafts.explained", "read how drafts are checked", is_read=True)
SESSION_CREATED = declare("session.created", "added a session")
SESSION_LISTED = declare("session.listed", "looked at {your} sessions", is_read=True)
SESSION_READ = declare("session.read", "opened a session", is_read=True)
SESSION_PROGRESS_READ = declare("session.progress.read", "followed the processing of a recording", is_read=True)
SESSION_RETRIED = declare("session.retried", "retried the processing of a recording")
SESSION_CANCELLED = declare("session.cancelled", "cancelled the processing of a recording")
SESSION_PROCESSED = declare("session.processed", "processed a session")
SESSION_REDRAFTED = declare("session.redrafted", "redrafted the note of a session")
RECORDING_READ = declare("recording.read", "listened to a recording", is_read=True)
RECORDING_UPLOADED = declare("recording.uploaded", "added a recording")
TRANSCRIPT_READ = declare("transcript.read", "read the transcript of a session", is_read=True)
TRANSCRIPT_UPLOADED = declare("transcript.uploaded", "added the transcript of a session")
SPEAKERS_IDENTIFIED = declare("transcript.speakers_identified", "said who is speaking in a session")
SPEAKERS_SWAPPED = declare("transcript.speakers_swapped", "swapped the speakers of a session")
TRANSCRIPT_LINES_REASSIGNED = declare("transcript.lines_reassigned", "corrected who said a line in a session")
NOTES_READ = declare("notes.read", "read {your} notes", is_read=True)
NOTES_PRINTED = declare("notes.printed", "printed {your} notes", is_read=True)
SUMMARY_APPROVED = declare("summary.approved", "shared the summary of a session")
