"""Records of the scenery: sessions, timelines, consent, emergency access, requests, invitations."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import AccessRequest, ConsentEntry, ConsentRequest, ConsentTemplate, Disclosure, Invitation, User
from accounts.tests.factories import BreakGlassFactory, ConsentFactory
from audit.models import AuditEvent
from sessions_app.models import ProcessingJob, Recording, TherapySession, Transcript
from therapybridge.core import links
from therapybridge.tests.matrix.canaries import word
from timeline.tests.factories import approve, draft_notes, draft_summary, make_event, make_session


def write(scenery: Any) -> None:
    """Fill both clinics."""
    people, rows = scenery.people, scenery.rows
    owners = {
        "": ("p", people["patient"], people["assigned"]),
        "other_": ("q", people["other_patient"], people["colleague"]),
        "foreign_": ("r", rows["foreign_patient"], people["foreign"]),
    }
    for prefix, (owner, patient, therapist) in owners.items():
        for part in (_sessions, _events, _consents, _rights):
            found = part(scenery, owner, patient, therapist)
            rows |= {prefix + name: row for name, row in found.items()}
    _emergencies(scenery)
    _invitations(scenery)
    clinic_id = rows["clinic"].pk
    rows["template"] = ConsentTemplate.objects.create(
        clinic=rows["clinic"], consent_type="research", version=1, text="Our words.", created_by=people["admin"]
    )
    rows["audit_row"] = AuditEvent.objects.create(action="patient.read", clinic_id=clinic_id, actor=people["assigned"])
    AuditEvent.objects.create(action="patient.read", clinic_id=rows["foreign_clinic"].pk, actor=people["foreign"])


def _sessions(scenery: Any, owner: str, patient: User, therapist: User) -> dict[str, Any]:
    session = make_session(patient, therapist, day=1)
    shared = make_session(patient, therapist, day=2)
    failed = make_session(patient, therapist, day=3, status="failed")
    running = make_session(patient, therapist, day=4, status="transcribing")
    empty = make_session(patient, therapist, day=5, status="pending")
    for one in (session, shared):
        _drafted(one, owner)
        ProcessingJob.objects.create(session=one, stage="done")
    approve(draft_summary(shared, word(owner, "own", "summary")))
    draft_summary(session, word(owner, "care", "draft"))
    TherapySession.objects.filter(pk=failed.pk).update(error_code="provider", error_detail="x", error_retriable=True)
    ProcessingJob.objects.create(session=failed, stage="failed", failed_stage="transcribe")
    ProcessingJob.objects.create(session=running, stage="transcribe")
    _recording(scenery, session, owner, therapist)
    names = ("session", "shared_session", "failed_session", "running_session", "empty_session")
    return dict(zip(names, (session, shared, failed, running, empty), strict=True))


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
