"""Records of the scenery: sessions, timelines, consent, emergency access, requests, invitations."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import AccessRequest, ConsentEntry, ConsentRequest, ConsentTemplate, Disclosure, Invitation, User
from accounts.tests.factories import BreakGlassFactory, ConsentFactory
from audit.models import AuditEvent
from sessions_app.models import (
    ActionItem,
    AmendmentRequest,
    ArchiveStep,
    EngineCircuit,
    NoteAddendum,
    NoteSignature,
    NoteTemplate,
    NoteVersion,
    NoteWithholding,
    PatientSummary,
    PrivateNote,
    ProcessingJob,
    Recording,
    RiskReview,
    SessionNote,
    TextSnippet,
    TherapySession,
    Transcript,
)
from sessions_app.notes.services import templates
from sessions_app.notes.services.signing import addendum_hash, content_hash
from sessions_app.pipeline.note_templates.content import empty_content
from therapybridge.core import links
from therapybridge.core.actor import Actor
from therapybridge.tests.matrix.canaries import word
from therapybridge.tests.matrix.plan_records import plans
from timeline.tests.factories import approve, draft_notes, draft_summary, make_event, make_session

SESSIONS = ("session", "shared_session", "failed_session", "running_session", "empty_session", "withheld_session")


def write(scenery: Any) -> None:
    """Fill both clinics."""
    people, rows = scenery.people, scenery.rows
    owners = {
        "": ("p", people["patient"], people["assigned"]),
        "other_": ("q", people["other_patient"], people["colleague"]),
        "foreign_": ("r", rows["foreign_patient"], people["foreign"]),
    }
    for prefix, (owner, patient, therapist) in owners.items():
        for part in (_sessions, _private_notes, _events, _consents, _rights, plans):
            found = part(scenery, owner, patient, therapist)
            rows |= {prefix + name: row for name, row in found.items()}
    rows["soon"] = (timezone.localdate() + timedelta(days=30)).isoformat()
    _templates(scenery)
    _emergencies(scenery)
    _invitations(scenery)
    clinic_id = rows["clinic"].pk
    rows["template"] = ConsentTemplate.objects.create(
        clinic=rows["clinic"], consent_type="research", version=1, text="Our words.", created_by=people["admin"]
    )
    rows["engine_circuit"] = EngineCircuit.objects.create(kind="language")
    rows["audit_row"] = AuditEvent.objects.create(action="patient.read", clinic_id=clinic_id, actor=people["assigned"])
    AuditEvent.objects.create(action="patient.read", clinic_id=rows["foreign_clinic"].pk, actor=people["foreign"])


def _sessions(scenery: Any, owner: str, patient: User, therapist: User) -> dict[str, Any]:
    session = make_session(patient, therapist, day=1)
    shared = make_session(patient, therapist, day=2)
    failed = make_session(patient, therapist, day=3, status="failed")
    running = make_session(patient, therapist, day=4, status="transcribing")
    empty = make_session(patient, therapist, day=5, status="pending")
    withheld, archived = (make_session(patient, therapist, day=day) for day in (6, 7))
    for one in (session, shared):
        _drafted(one, owner)
        ProcessingJob.objects.create(session=one, stage="done")
    summaries = {
        "summary": draft_summary(shared, word(owner, "own", "summary")),
        "draft_summary": draft_summary(session, word(owner, "care", "draft")),
        "withdrawn_summary": PatientSummary.objects.create(
            session=withheld, text=word(owner, "care", "withdrawn"), status="withdrawn", withdrawn_at=timezone.now()
        ),
    }
    found = dict(zip(SESSIONS, (session, shared, failed, running, empty, withheld), strict=True))
    steps = _action_items(found, owner)
    approve(summaries["summary"])
    steps["later_item"] = _item(shared, word(owner, "care", "later"))
    TherapySession.objects.filter(pk=failed.pk).update(error_code="provider", error_detail="x", error_retriable=True)
    ProcessingJob.objects.create(session=failed, stage="failed", failed_stage="transcribe")
    ProcessingJob.objects.create(session=running, stage="transcribe")
    _recording(scenery, session, owner, therapist)
    found["archived_session"] = archived
    notes = _notes(scenery, found, owner)
    reviews = {"risk_review": _review(session, owner), "closed_risk_review": _review(shared, owner, is_closed=True)}
    return found | steps | summaries | notes | reviews | _amendments(notes["signed_note"], owner)


def _action_items(sessions: dict[str, TherapySession], owner: str) -> dict[str, ActionItem]:
    """One that the patient is told of once the summary is shared, and each kind that they are not."""
    shared, now = sessions["shared_session"], timezone.now()
    dropped = {"status": "abandoned", "closed_at": now, "reason": word(owner, "care", "whydropped")}
    return {
        "action_item": _item(sessions["session"], word(owner, "care", "step")),
        "told_item": _item(shared, word(owner, "own", "step"), details=word(owner, "care", "details")),
        "dropped_item": _item(shared, word(owner, "care", "dropped"), **dropped),
        "risk_item": _item(shared, word(owner, "care", "riskstep"), is_for_patient=False),
        "withdrawn_item": _item(sessions["withheld_session"], word(owner, "care", "taken")),
    }


def _item(session: TherapySession, task: str, **fields: Any) -> ActionItem:
    shown = {"is_for_patient": True, "segments": [0], "statement": f"action_items-{session.action_items.count()}"}
    item: ActionItem = session.action_items.create(patient=session.patient, task=task, **shown | fields)
    return item


def _review(session: TherapySession, owner: str, *, is_closed: bool = False) -> RiskReview:
    hit = {"type": "crisis", "severity": "high", "segments": [0], "start": 0.0, "speaker": "patient"}
    now, quote = timezone.now(), word(owner, "care", "quote")
    closed = {"status": "disposed", "disposition": "other", "acknowledged_at": now, "disposed_at": now}
    review: RiskReview = RiskReview.objects.create(
        session=session,
        patient=session.patient,
        clinic=session.clinic,
        owner=session.therapist,
        seen=[hit | {"quote": quote, "lines": quote}],
        due_at=now,
        **({"reason": word(owner, "care", "answer")} | closed if is_closed else {}),
    )
    return review


def _notes(scenery: Any, sessions: dict[str, TherapySession], owner: str) -> dict[str, Any]:
    """Notes of the therapist, one of them deleted; for the patient who had another one before, two of theirs."""
    former = scenery.people["ended"] if owner == "p" else sessions["session"].therapist
    deleted = {"deleted_at": timezone.now(), "deletion_reason": word(owner, "care", "reason")}
    return {
        "note": _note(sessions["session"], owner),
        "ready_note": _note(sessions["failed_session"], owner),
        "deleted_note": _note(sessions["empty_session"], owner, **deleted),
        "colleagues_note": _note(sessions["running_session"], owner, author=former),
        "signed_note": _signed_note(sessions["shared_session"], owner, former, "own"),
        "withheld_note": _withheld_note(sessions["withheld_session"], owner),
        "archived_note": _archived_note(sessions["archived_session"], owner),
    }


def _private_notes(scenery: Any, owner: str, patient: User, therapist: User) -> dict[str, Any]:
    """What the therapist wrote for themselves, and what a therapist did who does not treat the patient any more."""
    words = {name: word(owner, "private", name) for name in ("name", "text")}
    whose = {"patient": patient, "text": word(owner, "private", "thoughts")}
    return {
        "snippet": TextSnippet.objects.create(owner=therapist, **words),
        "private_note": PrivateNote.objects.create(author=therapist, **whose),
        "deleted_private_note": PrivateNote.objects.create(author=therapist, deleted_at=timezone.now(), **whose),
        "former_private_note": PrivateNote.objects.create(
            author=scenery.people["ended"], patient=patient, text=word(owner, "former", "thoughts")
        ),
    }


def _note(session: TherapySession, owner: str, kind: str = "care", **fields: Any) -> SessionNote:
    written = empty_content().with_values({"subjective": word(owner, kind, "written")}, 1).to_json()
    note = SessionNote(
        session=session,
        clinic=session.clinic,
        patient=session.patient,
        template_version=NoteTemplate.objects.get(key="soap").versions.latest("number"),
        content=written,
        saved_at=timezone.now(),
        **{"author": session.therapist} | fields,
    )
    if "signed_at" in fields:
        note.content_hash = content_hash(note)
    note.save(force_insert=True)
    kept = {"revision": 1, "template_version": note.template_version, "content": written}
    NoteVersion.objects.create(note=note, number=1, cause="created", **kept)
    return note


def _signed_note(session: TherapySession, owner: str, author: User, kind: str, **fields: Any) -> SessionNote:
    now = timezone.now()
    signed = {"author": author, "status": "amended", "completed_at": now, "signed_at": now} | fields
    note = _note(session, owner, kind, **signed)
    NoteSignature.objects.create(
        note=note,
        role="author",
        signer=author,
        signer_name=author.full_name,
        signed_at=now,
        content_hash=note.content_hash,
    )
    words = {name: word(owner, kind, name) for name in ("reason", "text")}
    addendum = NoteAddendum(note=note, kind="addendum", author=author, signed_at=now, **words)
    addendum.author_name, addendum.content_hash = author.full_name, addendum_hash(addendum)
    addendum.save(force_insert=True)
    return note


def _amendments(note: SessionNote, owner: str) -> dict[str, Any]:
    """A correction that waits for an answer, and one that was denied."""
    asked = {"note": note, "patient": note.patient, "due_date": timezone.localdate() + timedelta(days=60)}
    denied = {"status": "denied", "ground": "accurate", "answered_at": timezone.now()}
    answer = word(owner, "own", "answer")
    return {
        "amendment": AmendmentRequest.objects.create(text=word(owner, "own", "asked"), **asked),
        "denied_amendment": AmendmentRequest.objects.create(text="No.", answer=answer, **asked, **denied),
    }


def _archived_note(session: TherapySession, owner: str) -> SessionNote:
    """Signed and filed away; the patient reads it, and not why."""
    now, person = timezone.now(), session.therapist
    note = _signed_note(session, owner, person, "own", status="archived", archived_at=now)
    by = {"moved_by": person, "moved_by_name": person.full_name, "moved_at": now}
    ArchiveStep.objects.create(note=note, move="archived", reason=word(owner, "care", "filed"), **by)
    return note


def _withheld_note(session: TherapySession, owner: str) -> SessionNote:
    """Signed, and nothing of it for the patient: neither its text, nor what was added, nor the reason."""
    note = _signed_note(session, owner, session.therapist, "care")
    NoteWithholding.objects.create(
        note=note,
        exception="safety",
        reason=word(owner, "care", "why"),
        review_date=timezone.localdate(),
        withheld_by=session.therapist,
    )
    return note


def _drafted(session: TherapySession, owner: str) -> None:
    TherapySession.objects.filter(pk=session.pk).update(processed_at=timezone.now())
    line = {"index": 0, "start": 0.0, "end": 1.0, "text": word(owner, "care", "said"), "speaker": "patient"}
    Transcript.objects.create(
        session=session, segments=[line | {"confidence": None, "label": "Voice 1"}], engine="test", duration=1.0
    )
    draft_notes(session, topic=word(owner, "care", "topic"), task=word(owner, "care", "task"))


def _recording(scenery: Any, session: TherapySession, owner: str, therapist: User) -> None:
    file = scenery.folder / "recordings" / uuid4().hex / "original.flac"
    file.parent.mkdir(parents=True)
    file.write_text(word(owner, "care", "sound"))
    shape = {"mime": "audio/flac", "format": "flac", "channels": 1, "duration": 1.0, "uploaded_by": therapist}
    path = str(file.relative_to(scenery.folder))
    Recording.objects.create(session=session, path=path, sha256=owner * 64, size=file.stat().st_size, **shape)


def _templates(scenery: Any) -> None:
    people, rows = scenery.people, scenery.rows
    rows["system_templates"] = list(NoteTemplate.objects.exclude(key=""))
    rows["soap"] = soap = NoteTemplate.objects.get(key="soap")
    for name, maker, is_shared in (
        ("note_template", "assigned", False),
        ("shared_note_template", "colleague", True),
        ("foreign_note_template", "foreign", True),
    ):
        definition = soap.versions.latest("number").definition
        by = Actor(user=people[maker])
        rows[name] = templates.create_template(name, definition, is_shared=is_shared, by=by)


def _events(scenery: Any, owner: str, patient: User, therapist: User) -> dict[str, Any]:
    told = {"therapist": therapist, "metadata": {"note": word(owner, "care", "metadata")}}
    public = make_event(patient, title=word(owner, "own", "event"), description=word(owner, "own", "story"), **told)
    hidden = {"title": word(owner, "care", "private"), "description": word(owner, "care", "thought")}
    private = make_event(patient, is_private=True, **hidden, **told)
    return {"event": public, "private_event": private}


def _consents(scenery: Any, owner: str, patient: User, therapist: User) -> dict[str, Any]:
    names = {"signer_name": word(owner, "own", "signer"), "witness_name": word(owner, "own", "witness")}
    for kind in (ConsentEntry.Type.RECORDING, ConsentEntry.Type.AI_PROCESSING):
        ConsentFactory(patient=patient, consent_type=kind, recorded_by=therapist, **names)
    secret, token_hash = links.new_secret()
    request = ConsentRequest.objects.create(
        patient=patient,
        types=["recording"],
        requested_by=therapist,
        token_hash=token_hash,
        expires_at=timezone.now() + timedelta(days=1),
    )
    return {"consent_request": request, "consent_secret": secret}


def _rights(scenery: Any, owner: str, patient: User, therapist: User) -> dict[str, Any]:
    asked = AccessRequest.objects.create(
        patient=patient,
        kind="view",
        details=word(owner, "own", "wish"),
        due_at=timezone.now() + timedelta(days=30),
    )
    given = Disclosure.objects.create(
        patient=patient,
        disclosed_at=timezone.now(),
        basis="law",
        recipient=word(owner, "own", "recipient"),
        what=word(owner, "own", "what"),
        why=word(owner, "own", "why"),
        recorded_by=therapist,
    )
    return {"access_request": asked, "disclosure": given}


def _emergencies(scenery: Any) -> None:
    people, hours = scenery.people, timedelta(hours=5)
    live = BreakGlassFactory(
        patient=people["patient"], therapist=people["emergency"], justification=word("p", "grant", "why")
    )
    over = BreakGlassFactory(
        patient=people["patient"],
        therapist=people["emergency_over"],
        justification=word("p", "past", "why"),
        started_at=timezone.now() - hours,
    )
    abroad = BreakGlassFactory(
        patient=scenery.rows["foreign_patient"], justification=word("r", "grant", "why"), started_at=over.started_at
    )
    scenery.rows |= {"grant": live, "old_grant": over, "foreign_grant": abroad}
    scenery.rows["foreign_grant_holder"] = abroad.therapist


def _invitations(scenery: Any) -> None:
    people, rows = scenery.people, scenery.rows
    for name, clinic, by, role, patient in (
        ("invitation", rows["clinic"], people["admin"], "therapist", None),
        ("patient_invitation", rows["clinic"], people["assigned"], "patient", people["patient"]),
        ("foreign_invitation", rows["foreign_clinic"], people["foreign_admin"], "therapist", None),
    ):
        secret, token_hash = links.new_secret()
        rows[name] = Invitation.objects.create(
            clinic=clinic,
            role=role,
            patient=patient,
            email=f"{name}@example.org",
            email_index=Invitation.index_of(f"{name}@example.org"),
            invited_by=by,
            token_hash=token_hash,
            expires_at=timezone.now() + timedelta(days=1),
        )
        rows[f"{name}_secret"] = secret
