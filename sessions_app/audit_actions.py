"""Audit actions for sessions and their parts."""

from datetime import timedelta

from audit.audit_actions import date_targets, declare

OF_SESSION = "of {your} session{of_day}"
for _target, _path in {
    "sessions_app.therapysession": "",
    "sessions_app.recording": "session__",
    "sessions_app.transcript": "session__",
    "sessions_app.patientsummary": "session__",
    "sessions_app.statementreview": "extraction__session__",
    "sessions_app.sessionnote": "session__",
    "sessions_app.amendmentrequest": "note__session__",
    "sessions_app.actionitem": "session__",
}.items():
    date_targets(_target, f"{_path}session_date")

TODAY_READ = declare("today.read", "looked at today's page", is_read=True)
DRAFTS_EXPLAINED = declare("drafts.explained", "read how drafts are checked", is_read=True)
SESSION_CREATED = declare("session.created", "added {your} session{of_day}")
SESSION_LISTED = declare("session.listed", "looked at {your} list of sessions", is_read=True)
SESSION_READ = declare("session.read", "opened {your} session{of_day}", is_read=True)
# Whether work goes on says nothing about the patient: such requests leave no row, only refused ones do.
SESSION_PROGRESS_READ = declare(
    "session.progress.read", f"followed the processing {OF_SESSION}", is_read=True, is_logged=False
)
SESSION_RETRIED = declare("session.retried", f"retried the processing {OF_SESSION}")
SESSION_CANCELLED = declare("session.cancelled", f"cancelled the processing {OF_SESSION}")
SESSION_PROCESSED = declare("session.processed", "processed {your} session{of_day}")
SESSION_REDRAFTED = declare("session.redrafted", f"redrafted the note {OF_SESSION}")
# A recording is heard in many requests, one for each place that is played.
RECORDING_READ = declare(
    "recording.read", f"listened to the recording {OF_SESSION}", is_read=True, once_in=timedelta(hours=1)
)
# A request that is answered without sound.
RECORDING_MEASURED = declare(
    "recording.measured", f"asked for the size of the recording {OF_SESSION}", is_read=True, is_logged=False
)
RECORDING_LINKED = declare("recording.linked", f"asked for a link to play the recording {OF_SESSION}", is_read=True)
RECORDING_UPLOADED = declare("recording.uploaded", f"added the recording {OF_SESSION}")
ENGINE_READ = declare("engine.read", "looked at the language model", is_read=True)
ENGINE_TRIED = declare("engine.tried", "tested the language model")
ENGINE_RETRIED = declare("engine.retried", "had an engine that was away tried again")
TRANSCRIPT_READ = declare("transcript.read", f"read the transcript {OF_SESSION}", is_read=True)
TRANSCRIPT_UPLOADED = declare("transcript.uploaded", f"added the transcript {OF_SESSION}")
SPEAKERS_IDENTIFIED = declare("transcript.speakers_identified", "said who is speaking in {your} session{of_day}")
SPEAKERS_SWAPPED = declare("transcript.speakers_swapped", f"swapped the speakers {OF_SESSION}")
TRANSCRIPT_LINES_REASSIGNED = declare(
    "transcript.lines_reassigned", "corrected who said a line in {your} session{of_day}"
)
NOTES_READ = declare("notes.read", f"read the draft note {OF_SESSION}", is_read=True)
NOTES_PRINTED = declare("notes.printed", f"printed the draft note {OF_SESSION}", is_read=True)
SUMMARY_APPROVED = declare("summary.approved", f"shared the summary {OF_SESSION}")
SUMMARY_DECLINED = declare("summary.declined", f"decided not to share the summary {OF_SESSION}")
SUMMARY_WITHDRAWN = declare("summary.withdrawn", f"withdrew the summary {OF_SESSION}")
SUMMARY_LISTED = declare("summary.listed", "looked at {your} summaries", is_read=True)
SUMMARY_READ = declare("summary.read", f"read the summary {OF_SESSION}", is_read=True)
STATEMENT_KEPT = declare("statement.kept", f"kept a sentence of the draft note {OF_SESSION}")
STATEMENT_DELETED = declare("statement.deleted", f"deleted a sentence of the draft note {OF_SESSION}")
ACTION_ITEM_LISTED = declare("action_item.listed", "looked at {your} action items", is_read=True)
ACTION_ITEM_READ = declare("action_item.read", f"read an action item {OF_SESSION}", is_read=True)
ACTION_ITEM_CHANGED = declare("action_item.changed", f"changed an action item {OF_SESSION}")
DRAFTING_STYLE_READ = declare("drafting_style.read", "looked at how drafts are written", is_read=True)
DRAFTING_STYLE_CHANGED = declare("drafting_style.changed", "changed how drafts are written")
TEMPLATE_LISTED = declare("note_template.listed", "looked at the templates of notes", is_read=True)
TEMPLATE_READ = declare("note_template.read", "opened a template of notes", is_read=True)
TEMPLATE_CREATED = declare("note_template.created", "added a template of notes")
TEMPLATE_CHANGED = declare("note_template.changed", "changed a template of notes")
TEMPLATE_ARCHIVED = declare("note_template.archived", "archived a template of notes")
TEMPLATE_RESTORED = declare("note_template.restored", "took a template of notes out of the archive")
TEMPLATE_DELETED = declare("note_template.deleted", "deleted a template of notes that was never used")
SNIPPET_LISTED = declare("text_snippet.listed", "looked at their text snippets", is_read=True)
SNIPPET_READ = declare("text_snippet.read", "opened a text snippet of theirs", is_read=True)
SNIPPET_CREATED = declare("text_snippet.created", "added a text snippet")
SNIPPET_CHANGED = declare("text_snippet.changed", "changed a text snippet of theirs")
SNIPPET_DELETED = declare("text_snippet.deleted", "deleted a text snippet of theirs")
NOTE_LISTED = declare("note.listed", "looked at {your} signed and unsigned notes", is_read=True)
NOTE_READ = declare("note.read", f"read the note {OF_SESSION}", is_read=True)
NOTE_PRINTED = declare("note.printed", f"printed the note {OF_SESSION}", is_read=True)
NOTE_VERSIONS_READ = declare("note.versions.read", f"read earlier versions of the note {OF_SESSION}", is_read=True)
NOTE_CREATED = declare("note.created", f"began the note {OF_SESSION}")
NOTE_SAVED = declare("note.saved", f"wrote in the note {OF_SESSION}")
NOTE_REGENERATED = declare("note.regenerated", f"filled the note {OF_SESSION} again from the draft")
NOTE_TEMPLATE_CHANGED = declare("note.template_changed", f"changed the template of the note {OF_SESSION}")
NOTE_COMPLETED = declare("note.completed", f"completed the note {OF_SESSION}")
NOTE_REOPENED = declare("note.reopened", f"reopened the note {OF_SESSION}")
NOTE_SIGNED = declare("note.signed", f"signed the note {OF_SESSION}")
NOTE_COSIGNED = declare("note.cosigned", f"co-signed the note {OF_SESSION}")
NOTE_AMENDED = declare("note.amended", f"added to the signed note {OF_SESSION}")
NOTE_ARCHIVED = declare("note.archived", f"filed away the note {OF_SESSION}")
NOTE_UNARCHIVED = declare("note.unarchived", f"took the note {OF_SESSION} out of the archive")
NOTE_WITHHELD = declare("note.withheld", f"withheld the note {OF_SESSION} from the portal")
NOTE_RELEASED = declare("note.released", f"released the note {OF_SESSION} to the portal")
NOTE_REVIEW_MOVED = declare("note.review_moved", f"changed when the withheld note {OF_SESSION} is looked at again")
SIGNED_NOTES_LISTED = declare("note.signed.listed", "looked at {your} signed notes", is_read=True)
SIGNED_NOTE_READ = declare("note.signed.read", f"read the signed note {OF_SESSION}", is_read=True)
AMENDMENT_ASKED = declare("amendment.asked", f"asked for a correction of the note {OF_SESSION}")
AMENDMENT_LISTED = declare("amendment.listed", "looked at {your} requests for corrections", is_read=True)
AMENDMENT_EXTENDED = declare("amendment.extended", f"put off the answer about a correction of the note {OF_SESSION}")
AMENDMENT_ACCEPTED = declare("amendment.accepted", f"accepted a correction of the note {OF_SESSION}")
AMENDMENT_DENIED = declare("amendment.denied", f"denied a correction of the note {OF_SESSION}")
AMENDMENT_DISPUTED = declare("amendment.disputed", f"added a statement of disagreement to the note {OF_SESSION}")
NOTE_DELETED = declare("note.deleted", f"deleted the draft of the note {OF_SESSION}")
NOTE_RESTORED = declare("note.restored", f"restored the draft of the note {OF_SESSION}")
NOTE_PURGED = declare("note.purged", "erased the draft of a note 30 days after it was deleted")

# That a private note exists is its author's affair: the log of a record, which the patient and all who treat them read,
# leaves these out. The rows name the patient all the same, so that administrators who review the trail can tell
# who tried to open what; they never say what is written.
PRIVATE_NOTE_LISTED = declare("private_note.listed", "looked at their private notes", is_read=True, is_logged=False)
PRIVATE_NOTE_READ = declare("private_note.read", "read a private note of theirs", is_read=True, is_logged=False)
PRIVATE_NOTE_CREATED = declare("private_note.created", "wrote a private note", is_logged=False)
PRIVATE_NOTE_SAVED = declare("private_note.saved", "changed a private note of theirs", is_logged=False)
PRIVATE_NOTE_DELETED = declare("private_note.deleted", "deleted a private note of theirs", is_logged=False)
PRIVATE_NOTE_RESTORED = declare("private_note.restored", "restored a private note of theirs", is_logged=False)
PRIVATE_NOTE_PURGED = declare(
    "private_note.purged", "erased a private note 30 days after it was deleted", is_logged=False
)

# That a line was listed as possible risk is for clinicians: the log of a record, which the patient reads too, leaves
# these out. Who did what stands in the review's own history.
RISK_REVIEW_OPENED = declare("risk_review.opened", "listed lines to review", is_logged=False)
RISK_REVIEW_ADDED = declare("risk_review.added", "listed more lines to review", is_logged=False)
RISK_REVIEW_LISTED = declare("risk_review.listed", "looked at risk reviews", is_read=True, is_logged=False)
RISK_REVIEW_READ = declare("risk_review.read", "read a risk review", is_read=True, is_logged=False)
RISK_REVIEW_ACKNOWLEDGED = declare("risk_review.acknowledged", "acknowledged a risk review", is_logged=False)
RISK_REVIEW_HANDED_OVER = declare("risk_review.handed_over", "handed a risk review over", is_logged=False)
RISK_REVIEW_DISPOSED = declare("risk_review.disposed", "closed a risk review", is_logged=False)
RISK_REVIEW_ESCALATED = declare("risk_review.escalated", "sent e-mails about an overdue risk review", is_logged=False)
