"""A row of every model with encrypted fields, each with a distinct value."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import models
from django.utils import timezone

from accounts.models import (
    AccessRequest,
    BreakGlassGrant,
    ConsentEntry,
    Disclosure,
    IdempotencyRecord,
    Invitation,
    OutgoingMail,
    PatientProfile,
    User,
)
from accounts.tests.factories import CareFactory, TherapistFactory
from exports.models import ExportJob, ExportSchedule, RecordImport
from sessions_app.models import (
    ActionItem,
    ActionItemClosing,
    AmendmentRequest,
    ArchiveStep,
    DraftingStyle,
    Extraction,
    NoteAddendum,
    NoteSignature,
    NoteVersion,
    NoteWithholding,
    PatientSummary,
    PrivateNote,
    RiskReview,
    SessionNote,
    TemplateVersion,
    TextSnippet,
    Transcript,
    TranscriptPiece,
)
from therapybridge.core import rotation
from therapybridge.core.fields import EncryptedField, EncryptedJSONField
from timeline.tests.factories import make_session
from treatment.models import (
    CheckIn,
    Goal,
    GoalIntervention,
    GoalRating,
    Intervention,
    MeasureResult,
    NoteWithoutGoal,
    PlanMilestone,
    PlanReview,
    PlanVersion,
    Tracker,
    TrackingEntry,
    TreatmentPlan,
)

_serial = count()


class Cast:
    """A care relation for each of the wanted rows."""

    def __init__(self) -> None:
        relation = CareFactory()
        self.patient: User = relation.patient
        self.therapist: User = relation.therapist
        self.clinic = relation.therapist.clinic
        self.later = timezone.now() + timedelta(days=1)


def sealed_fields() -> list[EncryptedField]:
    """The product's models, without those that tests define in core."""
    return [field for field in rotation.encrypted_fields() if field.model._meta.app_label != "core"]


def words(field: EncryptedField) -> Any:
    """A value for the field."""
    text = f"{field.purpose} {next(_serial)} – Schläft schlecht 😴"  # noqa: RUF001
    return {"segments": [text]} if isinstance(field, EncryptedJSONField) else text


def filled(model: type[models.Model]) -> dict[str, Any]:
    """A value for each sealed field of the model."""
    return {field.name: words(field) for field in sealed_fields() if field.model is model}


def sealed_row(model: type[models.Model], cast: Cast) -> models.Model:
    """A saved row, with the rows it needs."""
    row = model(**filled(model), **MAKERS[model](cast))
    row.save()
    return row


def sealed_rows(model: type[models.Model], number: int) -> list[models.Model]:
    """Many rows at once, of models that allow several per patient."""
    cast = Cast()
    return model._default_manager.bulk_create(
        [model(**filled(model), **MAKERS[model](cast)) for _ in range(number)], batch_size=200
    )


def opened() -> Iterator[tuple[str, str, Any]]:
    """Field, row and value of everything encrypted."""
    for field in sealed_fields():
        rows: models.QuerySet[Any] = models.QuerySet(model=field.model)
        for pk, sealed in rows.exclude(**{f"{field.name}__isnull": True}).order_by("pk").values_list("pk", field.name):
            yield field.purpose, str(pk), field.open(sealed, pk)


def _profile(cast: Cast) -> dict[str, Any]:
    person = CareFactory(therapist=cast.therapist).patient
    PatientProfile.objects.filter(patient=person).delete()
    return {"patient": person}


def _session(cast: Cast) -> dict[str, Any]:
    return {"session": make_session(cast.patient, cast.therapist)}


def _of_patient(**more: Any) -> Callable[[Cast], dict[str, Any]]:
    return lambda cast: {"patient": cast.patient, **more}


def _grant(cast: Cast) -> dict[str, Any]:
    times = {"expires_at": cast.later, "review_due_at": cast.later}
    return {"patient": cast.patient, "therapist": cast.therapist, "reason": "medical", **times}


def _invitation(cast: Cast) -> dict[str, Any]:
    return {"clinic": cast.clinic, "role": "therapist", "token_hash": uuid4().hex, "expires_at": cast.later}


def _note(cast: Cast) -> dict[str, Any]:
    session = make_session(cast.patient, cast.therapist)
    version = TemplateVersion.objects.get(template__key="soap")
    whose = {"patient": cast.patient, "clinic": cast.clinic, "author": cast.therapist}
    return {"session": session, "template_version": version, "saved_at": timezone.now(), **whose}


def _of_note(**more: Any) -> Callable[[Cast], dict[str, Any]]:
    return lambda cast: {"note": SessionNote.objects.create(content={}, **_note(cast)), **more}


def _version(cast: Cast) -> dict[str, Any]:
    note = SessionNote.objects.create(content={}, **_note(cast))
    return {"note": note, "number": 1, "cause": "saved", "revision": 1, "template_version": note.template_version}


TODAY = timezone.now().date()


def _amendment(cast: Cast) -> dict[str, Any]:
    return {"note": SessionNote.objects.create(content={}, **_note(cast)), "patient": cast.patient, "due_date": TODAY}


def _risk_review(cast: Cast) -> dict[str, Any]:
    now = timezone.now()
    closed = {"status": "disposed", "disposition": "other", "acknowledged_at": now, "disposed_at": now}
    return {**_session(cast), "patient": cast.patient, "clinic": cast.clinic, "due_at": now, **closed}


def _action_item(cast: Cast) -> dict[str, Any]:
    return {**_session(cast), "patient": cast.patient, "status": "abandoned", "closed_at": timezone.now()}


def _closing(cast: Cast) -> dict[str, Any]:
    item = ActionItem.objects.create(task="", reason="", **_action_item(cast))
    return {"item": item, "status": "abandoned", "closed_at": timezone.now()}


def _plan(cast: Cast) -> dict[str, Any]:
    ended = {"status": "discontinued", "start_date": TODAY, "ended_date": TODAY}
    return {"patient": cast.patient, "clinic": cast.clinic, **ended}


def _of_plan(**more: Any) -> Callable[[Cast], dict[str, Any]]:
    return lambda cast: {"plan": TreatmentPlan.objects.create(reason="", **_plan(cast)), **more}


def _goal(cast: Cast) -> dict[str, Any]:
    closed = {"status": "discontinued", "closed_date": TODAY}
    return {**_of_plan(position=1, term="long_term")(cast), "patient": cast.patient, **closed}


def _tracker(cast: Cast) -> dict[str, Any]:
    return {"goal": Goal.objects.create(reason="", **_goal(cast)), "patient": cast.patient, "kind": "binary"}


def _entry(cast: Cast) -> dict[str, Any]:
    return {"tracker": Tracker.objects.create(**_tracker(cast)), "patient": cast.patient, "day": TODAY}


def _goal_intervention(cast: Cast) -> dict[str, Any]:
    ours = Intervention.objects.create(clinic=cast.clinic, name=f"Intervention {next(_serial)}")
    goal = Goal.objects.create(reason="", **_goal(cast))
    return {"goal": goal, "patient": cast.patient, "intervention": ours}


def _result(cast: Cast) -> dict[str, Any]:
    what = {"instrument": "phq-9", "instrument_version": 1, "taken_date": TODAY, "filled_by": "patient"}
    return {"patient": cast.patient, "withdrawn_at": timezone.now(), **what}


def _export(cast: Cast) -> dict[str, Any]:
    file = {"path": "exports/0", "size": 1, "sha256": "0" * 64, "completed_at": cast.later, "expires_at": cast.later}
    what = {"kind": "timeline", "format": "csv", "basis": "patient", "status": "completed", **file}
    return {"clinic": cast.clinic, "patient": cast.patient, "requested_by": cast.therapist, **what}


def _import(cast: Cast) -> dict[str, Any]:
    return {"clinic": cast.clinic, "requested_by": cast.therapist, "size": 1, "expires_at": cast.later}


SIGNED = {"signed_at": timezone.now(), "content_hash": "0" * 64}
MAKERS: dict[type[models.Model], Callable[[Cast], dict[str, Any]]] = {
    ActionItem: _action_item,
    ActionItemClosing: _closing,
    AmendmentRequest: _amendment,
    AccessRequest: lambda cast: {"patient": cast.patient, "kind": "view", "due_at": cast.later},
    BreakGlassGrant: _grant,
    ConsentEntry: _of_patient(consent_type="recording", status="granted", method="verbal"),
    Disclosure: lambda cast: {"patient": cast.patient, "basis": "law", "disclosed_at": cast.later},
    ExportJob: _export,
    ExportSchedule: lambda cast: {
        "patient": cast.patient,
        "owner": cast.therapist,
        "kind": "timeline",
        "format": "csv",
        "basis": "practice",
        "rhythm": "daily",
        "first_day": TODAY,
        "next_due_at": cast.later,
    },
    RecordImport: _import,
    IdempotencyRecord: lambda cast: {"user": cast.therapist, "key": uuid4().hex, "fingerprint": "0"},
    Invitation: _invitation,
    OutgoingMail: lambda cast: {"kind": "test"},
    PatientProfile: _profile,
    Extraction: lambda cast: {**_session(cast), "version": 1, "engine": "test", "input_hash": "0"},
    ArchiveStep: _of_note(move="archived", moved_at=timezone.now()),
    NoteAddendum: _of_note(kind="addendum", **SIGNED),
    NoteSignature: _of_note(role="author", **SIGNED),
    NoteVersion: _version,
    NoteWithholding: _of_note(exception="safety", review_date=TODAY),
    PatientSummary: _session,
    DraftingStyle: lambda cast: {"therapist": TherapistFactory(clinic=cast.clinic)},
    PrivateNote: lambda cast: {"patient": cast.patient, "author": cast.therapist},
    RiskReview: _risk_review,
    SessionNote: _note,
    TextSnippet: lambda cast: {"owner": cast.therapist},
    Transcript: lambda cast: {**_session(cast), "engine": "test"},
    CheckIn: lambda cast: {"patient": cast.patient, "day": TODAY, "sent_key": uuid4().hex},
    Goal: _goal,
    GoalIntervention: _goal_intervention,
    GoalRating: lambda cast: {
        "goal": Goal.objects.create(reason="", **_goal(cast)),
        "percent": 40,
        "rated_date": TODAY,
    },
    MeasureResult: _result,
    NoteWithoutGoal: lambda cast: {**_of_note()(cast), "patient": cast.patient},
    PlanMilestone: lambda cast: {**_of_plan(position=1)(cast), "patient": cast.patient},
    PlanReview: _of_plan(due_date=TODAY, reviewed_date=TODAY, outcome="continued", version=1),
    PlanVersion: _of_plan(number=1),
    Tracker: _tracker,
    TrackingEntry: _entry,
    TreatmentPlan: _plan,
    TranscriptPiece: lambda cast: {**_session(cast), "index": 0, "start": 0, "end": 1},
}
