"""Tables of notes."""

from collections.abc import Iterator

from exports.builders.csv.tables import Row, Table, within
from exports.records.record import Record


def _notes(record: Record) -> Iterator[Row]:
    for note in record.notes:
        yield note, {"template": note.template.id, "template_name": note.template.name}


def _templates(record: Record) -> Iterator[Row]:
    used = {note.template.id: note.template for note in record.notes} | {one.id: one for one in record.templates}
    return ((one, {}) for one in used.values())


def _without_goals(record: Record) -> Iterator[Row]:
    return ((note.no_goal, {"note": note.id}) for note in record.notes if note.no_goal)


def _sections(record: Record) -> Iterator[Row]:
    for note in record.notes:
        places = ((section, field) for section in note.sections for field in section.fields)
        for place, (section, field) in enumerate(places, 1):
            yield field, {"note": note.id, "place": place, "section": section.title}


NOTES = (
    Table(
        "notes",
        "Notes; their text is in note_sections",
        _notes,
        {
            "id": "Id of the note",
            "session": "The session: sessions.id",
            "status": "draft, completed, signed, amended or archived",
            "template": "The form in which it was written: note_templates.id",
            "template_name": "Name of that form",
            "author": "Who wrote it: staff.id",
            "revision": "How often it was saved",
            "saved_at": "When it was saved last",
            "completed_at": "When it was completed",
            "signed_at": "When it was signed",
            "archived_at": "When it was archived",
            "is_signed": "Whether it is part of the legal record: yes, no",
            "content_hash": "SHA-256 of the signed content",
            "is_intact": "Whether the content is still what was signed: yes, no",
            "is_ai_assisted": "Whether an engine drafted it: yes, no",
            "goals": "Goals that it is about: goals.id (JSON)",
            "without_goal": "Why it has no goal",
            "content": "The content as the product stores it (JSON)",
            "made_at": "When it was begun",
        },
        people=("author",),
    ),
    Table(
        "note_sections",
        "The text of notes, one row a field",
        _sections,
        {
            "note": "The note: notes.id",
            "place": "Place in the note, from 1",
            "section": "Title of the section",
            "label": "Label of the field",
            "text": "The text; empty if nobody filled it in",
        },
    ),
    Table(
        "note_templates",
        "The forms in which the notes were written",
        _templates,
        {
            "id": "Id of this version of the form",
            "template": "Id of the form",
            "key": "Short name, if it came with the product",
            "name": "Name",
            "number": "Version",
            "definition": "Sections and fields (JSON)",
        },
    ),
    Table(
        "note_versions",
        "Earlier contents of notes",
        within(lambda record: record.notes, "note", "versions"),
        {
            "note": "The note: notes.id",
            "id": "Id of the version",
            "number": "Number",
            "cause": "Why it was kept",
            "revision": "The note's revision then",
            "made_at": "When it was made",
            "made_by": "Who made it: staff.id",
            "template": "The form: note_templates.id",
            "content": "The content (JSON)",
        },
        people=("made_by",),
    ),
    Table(
        "signatures",
        "Signatures below notes",
        within(lambda record: record.notes, "note", "signatures"),
        {
            "note": "The note: notes.id",
            "id": "Id of the signature",
            "role": "author or supervisor",
            "signer": "Who signed: staff.id",
            "signer_name": "Their name when they signed",
            "signed_at": "When it was signed",
            "content_hash": "SHA-256 of the content that was signed",
        },
    ),
    Table(
        "addenda",
        "Signed additions to signed notes",
        within(lambda record: record.notes, "note", "addenda"),
        {
            "note": "The note: notes.id",
            "id": "Id of the addendum",
            "kind": "addendum, late_entry or amendment",
            "reason": "Why it was added",
            "text": "The text",
            "author": "Who wrote it: staff.id",
            "author_name": "Their name when they signed",
            "signed_at": "When it was signed",
            "content_hash": "SHA-256 of its content",
        },
    ),
    Table(
        "corrections",
        "What the patient wanted corrected in notes, and the answers",
        within(lambda record: record.notes, "note", "corrections"),
        {
            "note": "The note: notes.id",
            "id": "Id of the request",
            "text": "What the patient wants corrected",
            "status": "open, accepted or denied",
            "made_at": "When it was asked for",
            "due_date": "By when it is to be answered",
            "extended_at": "When the time was extended",
            "extension_reason": "Why it was extended",
            "answered_at": "When it was answered",
            "answered_by": "Who answered: staff.id",
            "addendum": "The addendum that corrects the note: addenda.id",
            "ground": "On which ground it was denied",
            "answer": "The answer",
            "statement": "The patient's statement of disagreement",
            "statement_at": "When that was written",
        },
        people=("answered_by",),
    ),
    Table(
        "withholdings",
        "Decisions that the patient does not read a signed note",
        within(lambda record: record.notes, "note", "withholdings"),
        {
            "note": "The note: notes.id",
            "id": "Id of the decision",
            "exception": "On which ground",
            "reason": "Why",
            "review_date": "Day on which it is looked at again",
            "withheld_at": "When it was decided",
            "withheld_by": "Who decided: staff.id",
            "released_at": "When the note was released",
            "released_by": "Who released it: staff.id",
        },
        people=("withheld_by", "released_by"),
    ),
    Table(
        "archive_steps",
        "Signed notes that were filed away or taken out again",
        within(lambda record: record.notes, "note", "archive_steps"),
        {
            "note": "The note: notes.id",
            "id": "Id of the step",
            "move": "archived or unarchived",
            "reason": "Why",
            "moved_by": "Who did it: staff.id",
            "moved_by_name": "Their name then",
            "moved_at": "When",
        },
    ),
    Table(
        "goal_links",
        "Which goals a note serves",
        within(lambda record: record.notes, "note", "goal_links"),
        {
            "note": "The note: notes.id",
            "id": "Id of the link",
            "goal": "The goal: goals.id",
            "linked_by": "Who linked it: staff.id",
            "linked_at": "When",
        },
        people=("linked_by",),
    ),
    Table(
        "without_goals",
        "Why notes serve no goal",
        _without_goals,
        {
            "note": "The note: notes.id",
            "id": "Id of the reason",
            "reason": "Why",
            "said_by": "Who said so: staff.id",
            "said_at": "When",
        },
        people=("said_by",),
    ),
)
