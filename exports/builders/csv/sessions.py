"""Tables of sessions and of what was said and agreed in them."""

from collections.abc import Iterator

from exports.builders.csv.tables import Row, Table, each, within
from exports.records.record import Record


def _lines(record: Record) -> Iterator[Row]:
    for session in record.sessions:
        for line in session.transcript.lines if session.transcript else ():
            yield line, {"session": session.id}


def _decisions(record: Record) -> Iterator[Row]:
    drafts = (draft for session in record.sessions for draft in session.drafts)
    return ((one, {"draft": draft.id}) for draft in drafts for one in draft.reviews)


def _transcripts(record: Record) -> Iterator[Row]:
    return ((one.transcript, {"session": one.id}) for one in record.sessions if one.transcript)


def _summaries(record: Record) -> Iterator[Row]:
    return ((one.summary, {"session": one.id}) for one in record.sessions if one.summary)


SESSIONS = (
    Table(
        "sessions",
        "Sessions",
        each(lambda record: record.sessions),
        {
            "id": "Id of the session",
            "number": "Its number with this patient",
            "held_at": "When it was held",
            "modality": "in_person, video or phone",
            "kind": "individual, couples, group or dictation",
            "status": "How far its transcript and draft have come",
            "title": "Title",
            "therapist": "Who held it: staff.id",
            "duration_seconds": "Length of the recording in seconds",
            "processed_at": "When the draft was ready",
        },
        people=("therapist",),
    ),
    Table(
        "transcripts",
        "Transcripts, at most one a session",
        _transcripts,
        {
            "session": "The session: sessions.id",
            "id": "Id of the transcript",
            "language": "Language",
            "engine": "What transcribed it",
            "model": "Model of the engine",
            "quality": "How far it may be trusted",
            "speaker_source": "How the speakers were told apart",
            "duration": "Length in seconds",
            "warnings": "What the reader should know (JSON)",
        },
    ),
    Table(
        "transcript_lines",
        "What was said, line by line",
        _lines,
        {
            "session": "The session: sessions.id",
            "index": "Place in the transcript, from 0",
            "speaker": "Who spoke",
            "start": "Seconds from the start at which the line begins",
            "end": "Seconds from the start at which the line ends",
            "text": "The words",
            "confidence": "How sure the engine was, from 0 to 1",
            "label": "The voice as the source named it",
        },
    ),
    Table(
        "drafts",
        "Drafts of notes that an engine made",
        within(lambda record: record.sessions, "session", "drafts"),
        {
            "session": "The session: sessions.id",
            "id": "Id of the draft",
            "version": "Version",
            "engine": "What drafted it",
            "model": "Model of the engine",
            "prompt_version": "Version of its instructions",
            "quality": "How far it may be trusted",
            "made_at": "When it was made",
            "notes": "Its statements (JSON)",
            "decisions": "What the therapist decided, by statement (JSON)",
            "input_hash": "SHA-256 of what it was made from",
            "supported": "How many statements the transcript supports",
            "to_check": "How many were to be checked",
            "refused": "How many were refused",
            "refused_reasons": "Why, with how many each (JSON)",
        },
    ),
    Table(
        "draft_decisions",
        "Decisions about statements of drafts",
        _decisions,
        {
            "draft": "The draft: drafts.id",
            "id": "Id of the decision",
            "statement": "The statement's id in the draft",
            "decision": "kept or deleted",
            "decided_by": "Who decided: staff.id",
            "decided_at": "When",
        },
        people=("decided_by",),
    ),
    Table(
        "summaries",
        "Summaries for the patient, at most one a session",
        _summaries,
        {
            "session": "The session: sessions.id",
            "id": "Id of the summary",
            "status": "Whether it is shared with the patient",
            "text": "The text",
            "is_edited": "Whether a therapist changed the draft: yes, no",
            "approved_at": "When it was shared",
            "withdrawn_at": "When it was withdrawn",
            "changed_by": "Who changed it last: staff.id",
            "told_at": "When the patient was written to about it",
        },
        people=("changed_by",),
    ),
    Table(
        "action_items",
        "What the patient or the therapist does until the next session",
        each(lambda record: record.action_items),
        {
            "id": "Id of the action item",
            "session": "The session: sessions.id",
            "task": "The task",
            "details": "Details",
            "assigned_to": "Who does it",
            "is_for_patient": "Whether the patient sees it: yes, no",
            "status": "How it stands",
            "reason": "Why it ended",
            "closed_at": "When it was closed",
            "statement": "The statement of the draft that it comes from",
            "changed_by": "Who changed it last: staff.id",
            "draft": "That draft: drafts.id",
            "segments": "The lines that it cites there (JSON)",
            "told_at": "When it was shared with the patient",
            "revision": "How often it was changed",
        },
        people=("changed_by",),
    ),
    Table(
        "closings",
        "How action items were closed before they were opened again",
        within(lambda record: record.action_items, "action_item", "closings"),
        {
            "action_item": "The action item: action_items.id",
            "id": "Id of the closing",
            "status": "completed or abandoned",
            "reason": "Why it was dropped",
            "closed_at": "When",
            "closed_by": "Who closed it: staff.id",
        },
        people=("closed_by",),
    ),
    Table(
        "risk_reviews",
        "Reviews of possible risk",
        each(lambda record: record.risk_reviews),
        {
            "id": "Id of the review",
            "session": "The session: sessions.id",
            "opened_at": "When it was opened",
            "due_at": "When it was due",
            "status": "How it stands",
            "disposition": "What was decided",
            "reason": "Why",
            "acknowledged_at": "When a therapist took note",
            "disposed_at": "When it was decided",
            "owner": "Who is responsible: staff.id",
            "source_type": "What it comes from, if not from a session",
            "source": "Id of what it comes from",
            "source_day": "The day of what it comes from",
            "seen": "What the review showed (JSON)",
            "acknowledged_by": "Who took note: staff.id",
            "disposed_by": "Who decided: staff.id",
        },
        people=("owner", "acknowledged_by", "disposed_by"),
    ),
    Table(
        "risk_review_steps",
        "What happened to reviews of possible risk",
        within(lambda record: record.risk_reviews, "risk_review", "history"),
        {
            "risk_review": "The review: risk_reviews.id",
            "id": "Id of the step",
            "kind": "What happened",
            "happened_at": "When",
            "by": "By whom; empty for what happened by itself: staff.id",
            "to": "To whom it was given: staff.id",
        },
        people=("by", "to"),
    ),
    Table(
        "private_notes",
        "Psychotherapy notes (45 CFR 164.501), only with an authorisation of their own",
        each(lambda record: record.private_notes),
        {
            "id": "Id of the note",
            "session": "The session: sessions.id",
            "author": "Who wrote it: staff.id",
            "written_at": "When it was written",
            "text": "The text",
            "revision": "How often it was saved",
        },
        people=("author",),
    ),
)
