"""Sessions and notes of a record by hand."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from exports.records.sessions import (
    ActionItem,
    Addendum,
    ArchiveStep,
    Closing,
    Correction,
    Decision,
    Draft,
    Field,
    GoalLink,
    Line,
    Note,
    NoteTemplate,
    NoteVersion,
    PrivateNote,
    RiskReview,
    RiskStep,
    Section,
    Session,
    Signature,
    Summary,
    Transcript,
    Withholding,
    WithoutGoal,
)
from exports.tests.record_people import DAY, NOON, SUPERVISOR, THERAPIST, an_id

TEMPLATE = NoteTemplate(
    id=an_id("template version"),
    template=an_id("template"),
    key="soap",
    name="SOAP",
    number=1,
    definition={
        "sections": [
            {"id": name, "title": name.title(), "fields": [{"id": name, "label": name.title(), "type": "textarea"}]}
            for name in ("subjective", "plan")
        ]
    },
)


def session(number: int, lines: int) -> Session:
    held_at = NOON - timedelta(days=7 * (200 - number))
    return Session(
        id=an_id("session", number),
        number=number,
        held_at=held_at,
        modality="video",
        kind="individual",
        status="processed",
        title=f"Session #{number}",
        therapist=THERAPIST,
        duration_seconds=3000.5,
        transcript=_transcript(number, lines),
        drafts=[_draft(number, held_at)],
        summary=_summary(number, held_at),
    )


def _transcript(number: int, lines: int) -> Transcript:
    speakers = ("therapist", "patient")
    return Transcript(
        id=an_id("transcript", number),
        language="en",
        engine="uploaded",
        quality="standard",
        speaker_source="label",
        duration=3000.5,
        warnings=["One line was left out."],
        lines=[
            Line(
                index=index, speaker=speakers[index % 2], text=f"Line {index} of the talk.", start=index * 4.0, end=None
            )
            for index in range(lines)
        ],
    )


def _draft(number: int, made_at: datetime) -> Draft:
    return Draft(
        id=an_id("draft", number),
        version=1,
        engine="rules",
        quality="standard",
        made_at=made_at,
        notes={
            "therapist_summary": {"id": "summary", "text": "They spoke about sleep.", "state": "supported"},
            "triggers": [{"id": "trigger", "trigger": "The night train", "state": "check"}],
        },
        decisions={"summary": "kept"},
        reviews=[
            Decision(
                id=an_id("decision", number),
                statement="summary",
                decision="kept",
                decided_by=THERAPIST,
                decided_at=made_at + timedelta(hours=1),
            )
        ],
    )


def _summary(number: int, made_at: datetime) -> Summary:
    is_shared = number % 2 == 1
    return Summary(
        id=an_id("summary", number),
        text="You spoke about your nights and what helps you to fall asleep.",
        status="shared" if is_shared else "draft",
        is_edited=is_shared,
        approved_at=made_at if is_shared else None,
        changed_by=THERAPIST if is_shared else None,
    )


def note(session: Session, words: int) -> Note:
    """Those of odd sessions are signed; the first has everything that can be with a note."""
    texts = {"subjective": _words("Slept better this week.", words), "plan": _words("Keep the diary.", words)}
    is_signed, is_first = bool(session.number and session.number % 2), session.number == 1
    note = Note(
        id=an_id("note", session.id),
        session=session.id,
        status="draft",
        template=TEMPLATE,
        author=THERAPIST,
        sections=[
            Section(title="Subjective", fields=[Field(label="Subjective", text=texts["subjective"])]),
            Section(title="Plan", fields=[Field(label="Plan", text=texts["plan"]), Field(label="Homework", text="")]),
        ],
        content={"fields": {key: {"value": text, "revision": 2} for key, text in texts.items()}, "leftovers": []},
        revision=2,
        saved_at=session.held_at + timedelta(hours=1),
        is_ai_assisted=True,
        goals=[an_id("goal", 0, 1)],
        goal_links=[_goal_link(session)],
    )
    signed = _signed(note) if is_signed else note
    return _with_parts(signed) if is_first else signed


def _words(sentence: str, words: int) -> str:
    each = sentence.split()
    return " ".join(each[number % len(each)] for number in range(words))


def _signed(note: Note) -> Note:
    signed_at = note.saved_at + timedelta(hours=2)
    signature = _signature(note, "author", THERAPIST, "Mara Vogel", signed_at)
    return replace(
        note,
        status="signed",
        completed_at=signed_at,
        signed_at=signed_at,
        content_hash="ab" * 32,
        signatures=[signature],
    )


def _signature(note: Note, role: str, signer: UUID, name: str, signed_at: datetime) -> Signature:
    return Signature(
        id=an_id("signature", note.id, role),
        role=role,
        signer=signer,
        signer_name=name,
        signed_at=signed_at,
        content_hash="ab" * 32,
    )


def _with_parts(note: Note) -> Note:
    signed_at = note.saved_at + timedelta(days=1)
    second = _signature(note, "supervisor", SUPERVISOR, "Tom Weiss", signed_at)
    addenda = [_addendum(note, "addendum", signed_at), _addendum(note, "amendment", signed_at + timedelta(days=9))]
    return replace(
        note,
        status="amended",
        signatures=[*note.signatures, second],
        addenda=addenda,
        corrections=[_accepted(note, addenda[1]), _denied(note)],
        versions=[_version(note)],
        goals=[],
        goal_links=[],
        without_goal="An intake, before there were goals.",
        no_goal=_no_goal(note, signed_at),
        withholdings=[_withholding(note, signed_at)],
        archive_steps=[_archive_step(note, signed_at, move) for move in ("archived", "unarchived")],
    )


def _goal_link(session: Session) -> GoalLink:
    of = {"linked_by": THERAPIST, "linked_at": session.held_at}
    return GoalLink(id=an_id("goal link", session.id), goal=an_id("goal", 0, 1), **of)


def _no_goal(note: Note, said_at: datetime) -> WithoutGoal:
    reason = "An intake, before there were goals."
    return WithoutGoal(id=an_id("no goal", note.id), reason=reason, said_by=THERAPIST, said_at=said_at)


def _withholding(note: Note, moment: datetime) -> Withholding:
    """One that ended."""
    return Withholding(
        id=an_id("withholding", note.id),
        exception="safety",
        reason="It could be read in a crisis.",
        review_date=DAY,
        withheld_at=moment,
        withheld_by=THERAPIST,
        released_at=moment + timedelta(days=20),
        released_by=SUPERVISOR,
    )


def _archive_step(note: Note, moment: datetime, move: str) -> ArchiveStep:
    return ArchiveStep(
        id=an_id("archive step", note.id, move),
        move=move,
        reason="Filed by mistake." if move == "unarchived" else "An old note.",
        moved_by=THERAPIST,
        moved_by_name="Mara Vogel",
        moved_at=moment + timedelta(days=30),
    )


def _addendum(note: Note, kind: str, signed_at: datetime) -> Addendum:
    return Addendum(
        id=an_id("addendum", note.id, kind),
        kind=kind,
        reason="Something was missing.",
        text="They had also spoken about work.",
        author=THERAPIST,
        author_name="Mara Vogel",
        signed_at=signed_at,
        content_hash="cd" * 32,
    )


def _accepted(note: Note, addendum: Addendum) -> Correction:
    return Correction(
        id=an_id("correction", note.id, 1),
        text="I said six hours, not four.",
        status="accepted",
        made_at=note.saved_at + timedelta(days=2),
        due_date=DAY,
        answered_at=addendum.signed_at,
        answered_by=THERAPIST,
        addendum=addendum.id,
        answer="Corrected.",
    )


def _denied(note: Note) -> Correction:
    return Correction(
        id=an_id("correction", note.id, 2),
        text="I was not late.",
        status="denied",
        made_at=note.saved_at + timedelta(days=3),
        due_date=DAY,
        extended_at=note.saved_at + timedelta(days=30),
        extension_reason="On leave.",
        answered_at=note.saved_at + timedelta(days=40),
        answered_by=THERAPIST,
        ground="accurate",
        answer="The start was written down at the time.",
        statement="I disagree: the door was locked.",
        statement_at=note.saved_at + timedelta(days=41),
    )


def _version(note: Note) -> NoteVersion:
    return NoteVersion(
        id=an_id("note version", note.id),
        number=1,
        cause="completed",
        revision=1,
        made_at=note.saved_at,
        made_by=THERAPIST,
        template=TEMPLATE.id,
        content=note.content,
    )


def private_note(session: Session) -> PrivateNote:
    return PrivateNote(
        id=an_id("private note", session.id),
        author=THERAPIST,
        session=session.id,
        text="What I felt in the room.",
        written_at=session.held_at,
    )


def action_item(session: Session) -> ActionItem:
    return ActionItem(
        id=an_id("action item", session.id),
        session=session.id,
        task="Keep a sleep diary",
        details="Every morning",
        assigned_to="patient",
        is_for_patient=True,
        status="abandoned",
        reason="It kept her awake.",
        closed_at=session.held_at + timedelta(days=5),
        statement="task-1",
        changed_by=THERAPIST,
        draft=an_id("draft", session.number),
        segments=[2],
        revision=4,
        closings=[
            Closing(
                id=an_id("closing", session.id),
                status="completed",
                closed_at=session.held_at + timedelta(days=2),
                closed_by=THERAPIST,
            )
        ],
    )


def risk_review(session: Session) -> RiskReview:
    return RiskReview(
        id=an_id("risk review", session.id),
        session=session.id,
        opened_at=session.held_at,
        due_at=session.held_at + timedelta(days=1),
        status="disposed",
        disposition="safety_plan",
        reason="Asked about it at once; a safety plan was made.",
        acknowledged_at=session.held_at + timedelta(hours=1),
        disposed_at=session.held_at + timedelta(hours=2),
        owner=THERAPIST,
        seen=[
            {
                "type": kind,
                "severity": "high",
                "segments": [1],
                "start": 65.0,
                "speaker": "patient",
                "quote": "I do not want to wake up.",
                "lines": "I do not want to wake up.",
            }
            for kind in ("suicidal_ideation", "crisis")
        ],
        acknowledged_by=THERAPIST,
        disposed_by=THERAPIST,
        history=[RiskStep(id=an_id("risk step", session.id), kind="opened", happened_at=session.held_at)],
    )
