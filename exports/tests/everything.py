"""Patients with everything that the product can hold of them, drawn by a seed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from accounts.models import AccessRequest, Clinic, ConsentEntry, Disclosure, PatientProfile, TherapistPatient, User
from accounts.tests.factories import CareFactory, TherapistFactory
from exports.imports.models import RecordImport
from exports.tests import everything_sessions as sessions
from exports.tests import everything_treatment as treatment
from exports.tests.records import ODD_TEXTS
from timeline.services.event_rows import add_event
from timeline.services.note_events import reconcile_notes
from timeline.services.session_events import reconcile_sessions
from timeline.services.treatment_events import reconcile_treatment

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
WORDS = (
    *("sleep", "work", "train", "sister", "panic", "diary", "walk", "breath", "night", "plan"),
    *("école", "naïve", "тест", "🙂", "שלום"),
)


@dataclass
class Scene:
    """A patient with a therapist and a supervisor, and what is drawn about them."""

    patient: User
    therapist: User
    supervisor: User
    random: Random
    marker: str = ""

    @property
    def clinic(self) -> Clinic:
        return self.patient.clinic

    def text(self, what: str = "") -> str:
        """A few words, which say what they are of; with the scene's marker."""
        drawn = self.random.sample(WORDS, self.random.randint(2, 6))
        odd = [self.random.choice(ODD_TEXTS)] if self.random.random() < 0.2 else []
        return " ".join(filter(None, [self.marker, what, *drawn, *odd]))

    def maybe(self, what: str) -> str | None:
        """A text, or none."""
        return self.text(what) if self.random.random() < 0.7 else None

    def moment(self, *, before: int = 0) -> datetime:
        """A moment of the first hundred days."""
        return START + timedelta(days=self.random.randint(0, 100) - before, minutes=self.random.randint(0, 600))

    def chance(self, of: float = 0.5) -> bool:
        """Whether it happens."""
        return self.random.random() < of


def everything_about(seed: int = 0, *, sessions_: int = 4, marker: str = "", relation: Any = None) -> Scene:
    """A patient with at least one of every row that a record can hold, and its timeline."""
    care = relation or CareFactory()
    supervisor = TherapistFactory(clinic=care.therapist.clinic)
    CareFactory(therapist=supervisor, patient=care.patient, relationship_type="supervisor", is_active=True)
    scene = Scene(care.patient, care.therapist, supervisor, Random(seed), marker)
    _people(scene)
    _origin(scene)
    _rights(scene)
    held = sessions.add_sessions(scene, sessions_)
    plan = treatment.add_treatment(scene, held)
    sessions.link_goals(scene, plan)
    _events(scene)
    reconcile_sessions(scene.patient.pk)
    reconcile_notes()
    reconcile_treatment()
    scene.patient.refresh_from_db()
    return scene


def _people(scene: Scene) -> None:
    texts = ("phone", "address", "emergency_contact", "medical_history", "pronouns", "diagnosis", "medication")
    profile = PatientProfile.objects.get(patient=scene.patient)
    for name in (*texts, "safety_plan", "next_step"):
        setattr(profile, name, scene.text(name))
    profile.email, profile.date_of_birth = "somebody@example.org", "1988-02-29"
    profile.is_part_2 = 1
    profile.tags = [scene.text("tag"), "evening"]
    profile.save()
    scene.patient.time_zone = "Europe/Madrid"
    scene.patient.save()
    former = TherapistFactory(clinic=scene.clinic, is_active=False)
    TherapistPatient.objects.create(
        therapist=former, patient=scene.patient, is_active=False, started_at=START, ended_at=scene.moment()
    )


def _origin(scene: Scene) -> None:
    """The patient came with a record of another practice, before all that is added here."""
    job = RecordImport(
        clinic=scene.clinic, requested_by=scene.therapist, patient=scene.patient, status="completed", size=1
    )
    job.sha256, job.expires_at, job.completed_at = "5" * 64, START, START - timedelta(days=1)
    job.source = {
        "origins": [
            {
                "id": str(job.pk),
                "practice": str(UUID(int=scene.random.getrandbits(128))),
                "practice_name": scene.text("practice"),
                "exported_at": (START - timedelta(days=2)).isoformat(),
                "exported_by": scene.text("exporter"),
                "imported_at": job.completed_at.isoformat(),
                "imported_by": scene.therapist.full_name,
                "sha256": job.sha256,
                "left_out": [{"what": "Private events", "count": 2, "exception": "private_events", "reason": "Law."}],
            }
        ]
    }
    job.save()


def _rights(scene: Scene) -> None:
    for kind, status in (("treatment", "granted"), ("recording", "granted"), ("recording", "revoked")):
        ConsentEntry.objects.create(
            patient=scene.patient,
            consent_type=kind,
            status=status,
            text=scene.text("consent"),
            method="electronic",
            signed_at=scene.moment(),
            signer_name=scene.text("signer"),
            witness_name=scene.maybe("witness"),
            recorded_by=scene.therapist,
            ip="203.0.113.7",
            device_user=scene.therapist,
        )
    Disclosure.objects.create(
        patient=scene.patient,
        disclosed_at=scene.moment(),
        disclosed_day=scene.moment().date(),
        basis="court",
        recipient=scene.text("recipient"),
        what=scene.text("what"),
        why=scene.maybe("why"),
        recorded_by=scene.therapist,
    )
    AccessRequest.objects.create(
        patient=scene.patient, kind="view", due_at=scene.moment(), details=scene.maybe("details")
    )
    AccessRequest.objects.create(
        patient=scene.patient,
        kind="correct",
        status="denied",
        due_at=scene.moment(),
        handled_by=scene.therapist,
        closed_at=scene.moment(),
        answer=scene.text("answer"),
    )


def _events(scene: Scene) -> None:
    for kind, is_private in (("medication", False), ("external_event", True), ("diagnosis", False), ("note", True)):
        moment = scene.moment()
        add_event(
            patient=scene.patient,
            therapist=scene.therapist,
            event_type=kind,
            event_subtype="changed" if scene.chance() else "",
            event_date=moment,
            event_day=moment.date() if scene.chance() else None,
            title=scene.text("private event" if is_private else "public event")[:200],
            description=scene.text("what happened"),
            importance=scene.random.choice(["low", "normal", "high", "critical", "milestone"]),
            is_private=is_private,
            metadata={"dose": scene.random.randint(1, 9)},
        )
