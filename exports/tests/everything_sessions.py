"""Sessions, notes and what came of them, of patients with everything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sessions_app.models import (
    ActionItem,
    ActionItemClosing,
    AmendmentRequest,
    ArchiveStep,
    Extraction,
    NoteAddendum,
    NoteSignature,
    NoteTemplate,
    NoteVersion,
    NoteWithholding,
    PatientSummary,
    PrivateNote,
    RiskReview,
    RiskReviewEntry,
    SessionNote,
    StatementReview,
    TemplateVersion,
    TherapySession,
    Transcript,
)
from sessions_app.notes.services.signing import addendum_hash, content_hash
from sessions_app.pipeline.drafting.schema import empty_notes
from treatment.models import GoalLink, NoteWithoutGoal, TreatmentPlan

if TYPE_CHECKING:
    from exports.tests.everything import Scene

DEFINITION = {
    "sections": [
        {
            "id": "what",
            "title": "What happened",
            "fields": [
                {"id": "story", "label": "Story", "type": "textarea"},
                {"id": "mood", "label": "Mood", "type": "scale", "minimum": 0, "maximum": 10},
                {"id": "tools", "label": "Tools", "type": "multiselect", "options": ["Diary", "Walks"]},
            ],
        }
    ]
}
STATES = ("signed", "draft", "amended", "archived")


def add_sessions(scene: Scene, number: int) -> list[TherapySession]:
    """Sessions, of which each fourth has a note of each state; one failed, one was not drafted yet."""
    held = [_session(scene, at) for at in range(number)]
    _session(scene, number, status="failed")
    _session(scene, number + 1, status="pending", duration_seconds=None)
    TherapySession.objects.renumber(scene.patient.pk)
    for at, session in enumerate(held):
        session.refresh_from_db()
        _parts(scene, session, at)
    _removed(scene)
    return held


def _session(scene: Scene, at: int, **fields: Any) -> TherapySession:
    given = {"status": "processed", "duration_seconds": 3000.5, "modality": scene.random.choice(["video", "phone"])}
    session: TherapySession = TherapySession.objects.create(
        patient=scene.patient,
        clinic=scene.clinic,
        therapist=scene.therapist,
        session_date=scene.moment() + timedelta(seconds=at),
        **given | fields,
    )
    if session.status == "processed":
        TherapySession.objects.filter(pk=session.pk).update(processed_at=session.session_date + timedelta(hours=1))
    return session


def _removed(scene: Scene) -> None:
    """What was deleted is in no record."""
    gone = _session(scene, 99, status="failed")
    TherapySession.objects.filter(pk=gone.pk).update(deleted_at=gone.session_date)
    PrivateNote.objects.create(
        patient=scene.patient, author=scene.therapist, text=scene.text("deleted"), deleted_at=scene.moment()
    )


def _parts(scene: Scene, session: TherapySession, at: int) -> None:
    _transcript(scene, session)
    draft = _draft(scene, session)
    _summary(scene, session, shared=at % 2 == 0)
    note = _note(scene, session, STATES[at % len(STATES)], _template(scene) if at % 3 == 2 else None)
    _versions(scene, note)
    if note.is_locked:
        _after_signing(scene, note, is_withheld=note.status == "amended")
    for author, whose in ((scene.therapist, "own"), (scene.supervisor, "foreign")):
        text = scene.text(f"{whose} private note")
        PrivateNote.objects.create(patient=scene.patient, author=author, session=session, text=text, revision=3)
    _items(scene, session, draft)
    _risk(scene, session)


def _transcript(scene: Scene, session: TherapySession) -> None:
    segments = [
        {
            "index": at,
            "start": at * 2.5 if scene.chance(0.8) else None,
            "end": None,
            "text": scene.text("transcript"),
            "speaker": ("therapist", "patient")[at % 2],
            "confidence": 0.5 if scene.chance() else None,
            "label": "Voice 1" if scene.chance() else "",
        }
        for at in range(4)
    ]
    Transcript.objects.create(
        session=session,
        segments=segments,
        language="en",
        duration=12.5,
        engine="stub",
        model="tiny",
        speaker_source="label",
        warnings=["One line was left out."],
        word_count=sum(len(one["text"].split()) for one in segments),
    )


def _draft(scene: Scene, session: TherapySession) -> Extraction:
    notes = empty_notes().model_dump(mode="json")
    evidence = {"segments": [0], "quote": "so"}
    notes["key_topics"] = [{"id": "topic-1", "topic": scene.text("draft"), "evidence": evidence, "state": "check"}]
    for version in (1, 2):
        draft = Extraction.objects.create(
            session=session,
            version=version,
            engine="stub",
            model="tiny",
            prompt_version="3",
            input_hash="ab" * 32,
            notes=notes,
            supported=1,
            to_check=1,
            refused=2,
            refused_reasons={"quote": 2},
        )
    decision = scene.random.choice(["kept", "deleted"])
    StatementReview.objects.create(extraction=draft, statement="topic-1", decision=decision, decided_by=scene.therapist)
    return draft


def _summary(scene: Scene, session: TherapySession, *, shared: bool) -> None:
    now = session.session_date + timedelta(hours=2)
    told = {"status": "shared", "approved_at": now, "told_at": now, "changed_by": scene.therapist} if shared else {}
    withdrawn = {"status": "withdrawn", "withdrawn_at": now} if not shared and scene.chance() else {}
    word = "shared summary" if shared else "unshared summary"
    PatientSummary.objects.create(session=session, text=scene.text(word), is_edited=shared, **told, **withdrawn)


def _template(scene: Scene) -> TemplateVersion:
    """One of the clinic's own, in its second version."""
    template, _ = NoteTemplate.objects.get_or_create(clinic=scene.clinic, name="Own", owner=scene.therapist)
    for number in (1, 2):
        version, _ = TemplateVersion.objects.get_or_create(
            template=template, number=number, defaults={"definition": DEFINITION, "created_by": scene.therapist}
        )
    return version


def _note(scene: Scene, session: TherapySession, status: str, version: TemplateVersion | None) -> SessionNote:
    moment = session.session_date + timedelta(hours=3)
    form = version or TemplateVersion.objects.filter(template__key="soap").latest("number")
    note = SessionNote(
        session=session,
        patient=scene.patient,
        clinic=scene.clinic,
        author=scene.therapist,
        template_version=form,
        content=_content(scene, form, f"{status} note content"),
        revision=4,
        saved_at=moment,
        completed_at=moment if status != "draft" or scene.chance() else None,
    )
    if status != "draft":
        note.status, note.signed_at, note.content_hash = status, moment, content_hash(note)
        note.archived_at = moment + timedelta(days=5) if status == "archived" else None
    elif note.completed_at:
        note.status = "completed"
    note.save(force_insert=True)
    return note


def _content(scene: Scene, form: TemplateVersion, what: str = "earlier note content") -> dict[str, Any]:
    values: dict[str, Any] = {"scale": 4, "multiselect": ["Diary"], "checkbox": True, "number": 2, "date": "2026-01-05"}
    piece = {"statement": "topic-1", "segments": [0], "quote": "so", "text": "so"}
    fields = {
        one.id: {
            "value": values.get(one.type) or scene.text(what),
            "revision": 2,
            "drafted": scene.text("drafted") if scene.chance() else None,
            "pieces": [piece],
        }
        for one in form.parsed.all_fields
    }
    return {"fields": fields, "leftovers": [{"template": "DAP", "label": "Data", "value": scene.text("leftover")}]}


def _versions(scene: Scene, note: SessionNote) -> None:
    for number, cause in enumerate(("created", "saved", "completed"), start=1):
        NoteVersion.objects.create(
            note=note,
            number=number,
            cause=cause,
            revision=number,
            template_version=note.template_version,
            content=_content(scene, note.template_version),
            created_by=scene.therapist,
        )


def _after_signing(scene: Scene, note: SessionNote, *, is_withheld: bool) -> None:
    for role, person in (("author", scene.therapist), ("supervisor", scene.supervisor)):
        NoteSignature.objects.create(
            note=note,
            role=role,
            signer=person,
            signer_name=person.full_name,
            signed_at=note.signed_at,
            content_hash=note.content_hash,
        )
    addenda = [_addendum(scene, note, kind) for kind in ("addendum", "amendment")] if is_withheld else []
    _corrections(scene, note, addenda[1] if addenda else None)
    _withholdings(scene, note, is_live=is_withheld)
    for move in ("archived",) if note.status == "archived" else ():
        ArchiveStep.objects.create(
            note=note,
            move=move,
            reason=scene.text("archive reason"),
            moved_by=scene.therapist,
            moved_by_name=scene.therapist.full_name,
            moved_at=scene.moment(),
        )


def _addendum(scene: Scene, note: SessionNote, kind: str) -> NoteAddendum:
    addendum = NoteAddendum(
        note=note,
        kind=kind,
        reason=scene.text("addendum reason"),
        text=scene.text("addendum"),
        author=scene.therapist,
        author_name=scene.therapist.full_name,
        signed_at=note.signed_at + timedelta(days=1),
    )
    addendum.content_hash = addendum_hash(addendum)
    addendum.save(force_insert=True)
    return addendum


def _corrections(scene: Scene, note: SessionNote, addendum: NoteAddendum | None) -> None:
    asked = {"note": note, "patient": scene.patient, "due_date": scene.moment().date()}
    AmendmentRequest.objects.create(text=scene.text("correction"), **asked)
    AmendmentRequest.objects.create(
        text=scene.text("correction"),
        status="denied",
        extended_at=scene.moment(),
        extension_reason=scene.maybe("extension"),
        answered_at=scene.moment(),
        answered_by=scene.supervisor,
        ground="accurate",
        answer=scene.text("answer"),
        statement=scene.text("statement of disagreement"),
        statement_at=scene.moment(),
        **asked,
    )
    if addendum:
        answered = {"status": "accepted", "answered_at": scene.moment(), "answered_by": scene.therapist}
        AmendmentRequest.objects.create(text=scene.text("correction"), addendum=addendum, **answered, **asked)


def _withholdings(scene: Scene, note: SessionNote, *, is_live: bool) -> None:
    """One that ended, and perhaps one that lasts."""
    for released_at in (scene.moment(), None) if is_live else (scene.moment(),):
        NoteWithholding.objects.create(
            note=note,
            exception="safety",
            reason=scene.text("withholding reason"),
            review_date=scene.moment().date(),
            withheld_by=scene.therapist,
            released_at=released_at,
            released_by=scene.supervisor if released_at else None,
        )


def _items(scene: Scene, session: TherapySession, draft: Extraction) -> None:
    told_at = session.session_date if session.summary.is_shared else None
    given = {"session": session, "patient": scene.patient, "extraction": draft, "segments": [0, 2]}
    dropped = {"status": "abandoned", "reason": scene.text("dropped"), "closed_at": scene.moment()}
    for at, (status, is_told) in enumerate((({}, True), (dropped, False))):
        item = ActionItem.objects.create(
            task=scene.text("told step" if is_told else "untold step"),
            details=scene.maybe("step details"),
            statement=f"action_items-{at}",
            is_for_patient=is_told,
            told_at=told_at if is_told else None,
            changed_by=scene.therapist,
            revision=2,
            **status,
            **given,
        )
        ActionItemClosing.objects.create(
            item=item, status="completed", closed_at=scene.moment(), closed_by=scene.therapist
        )


def _risk(scene: Scene, session: TherapySession) -> None:
    moment = session.session_date
    closed = {
        "status": "disposed",
        "disposition": "other",
        "reason": scene.text("disposition"),
        "acknowledged_at": moment,
        "acknowledged_by": scene.therapist,
        "disposed_at": moment,
        "disposed_by": scene.supervisor,
    }
    review = RiskReview(
        session=session,
        patient=scene.patient,
        clinic=scene.clinic,
        owner=scene.therapist,
        seen=[{"type": "self_harm", "severity": "medium", "segments": [1], "quote": scene.text("risk quote")}],
        opened_at=moment,
        due_at=moment + timedelta(days=1),
        **(closed if scene.chance() else {}),
    )
    review.save(force_insert=True)
    for kind in ("opened",):
        RiskReviewEntry(review=review, kind=kind, happened_at=moment, by=scene.therapist, to=scene.supervisor).save()


def link_goals(scene: Scene, plan: TreatmentPlan) -> None:
    """The first notes serve goals, the last one none."""
    *linked, alone = SessionNote.objects.filter(patient=scene.patient).order_by("id")
    for note in linked:
        for goal in plan.goals.all()[:2]:
            GoalLink.objects.create(note=note, goal=goal, patient=scene.patient, linked_by=scene.therapist)
    NoteWithoutGoal.objects.create(
        note=alone, patient=scene.patient, reason=scene.text("no goal"), said_by=scene.therapist
    )
