"""Two clinics, all identities, and a canary in every column with personal data."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import TherapistPatient, User
from accounts.second_factor.services import factors
from accounts.tests.factories import AdminFactory, CareFactory, ClinicFactory, PatientFactory, TherapistFactory
from exports.imports.tests import scenery as imports
from exports.jobs.tests import scenery as exports
from exports.layouts.tests import scenery as layouts
from exports.schedules.tests import scenery as export_schedules
from therapybridge.tests.matrix import records
from therapybridge.tests.matrix.canaries import word
from treatment.goals.tests import scenery as goal_rows
from treatment.measures.tests import scenery as measures
from treatment.tracking.tests import scenery as tracking

PASSWORD = "correct-horse-battery"
THERAPISTS = (
    "assigned",
    "ended",
    "colleague",
    "emergency",
    "emergency_over",
    "mfa_pending",
    "enrol_due",
    "deactivated",
)
WITHOUT_FACTOR = ("patient", "other_patient", "enrol_due")
# Supervises what others wrote before.
CARE = {"assigned": {"relationship_type": "supervisor"}}
CARES = {
    "care": "assigned",
    "ended_care": "ended",
    "mfa_care": "mfa_pending",
    "enrol_care": "enrol_due",
    "deactivated_care": "deactivated",
    "other_care": "colleague",
    "foreign_care": "foreign",
}


@dataclass
class Scenery:
    """People by identity, and rows by their names in the matrix.yaml files."""

    folder: Path
    people: dict[str, User] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    random: UUID = field(default_factory=uuid4)

    def key(self, name: str) -> Any:
        """What stands for `name` in an address or body: a row's key, plain text such as a link's secret, or
        what is made anew for each request."""
        if name == "random":
            return self.random
        found = self.rows[name]
        if callable(found):
            return found()
        return getattr(found, "pk", found)

    def keys(self, name: str) -> list[Any]:
        """All rows of a name."""
        found = self.rows.get(name)
        return [row.pk for row in found] if isinstance(found, list) else [self.key(name)]


def build(folder: Path) -> Scenery:
    """Build the scenery; the caller's transaction rolls it back."""
    scenery = Scenery(folder)
    _people(scenery)
    records.write(scenery)
    goal_rows.write(scenery)
    measures.write(scenery)
    tracking.write(scenery)
    layouts.write(scenery)
    exports.write(scenery)
    export_schedules.write(scenery)
    imports.write(scenery)
    return scenery


def _people(scenery: Scenery) -> None:
    here, there = ClinicFactory(name="Harbour Practice"), ClinicFactory(name="Hill Practice")
    people = scenery.people
    for name in THERAPISTS:
        people[name] = TherapistFactory(clinic=here, email=f"{name}@example.org", last_name=name, password=None)
    people["foreign"] = TherapistFactory(clinic=there, email="foreign@example.org", password=None)
    people["admin"] = AdminFactory(clinic=here, email="admin@example.org", password=None)
    people["foreign_admin"] = AdminFactory(clinic=there, email="foreign-admin@example.org", password=None)
    people["superuser"] = User.objects.create_superuser("root@example.org", None, first_name="Root")
    people["patient"] = _patient("p", here)
    people["other_patient"] = _patient("q", here)
    stranger = _patient("r", there)
    _relations(people, stranger)
    User.objects.update(password=make_password(PASSWORD))
    # Without an account of their own so far.
    newcomer = PatientFactory(clinic=here, first_name="Newly", last_name="Met")
    scenery.rows |= {"new_patient": newcomer, "new_care": CareFactory(therapist=people["assigned"], patient=newcomer)}
    for person in people.values():
        person.refresh_from_db()
    for name in people.keys() - set(WITHOUT_FACTOR):
        with factors.secrets_of(people[name].pk):
            TOTP.activate(people[name], generate_totp_secret())
            RecoveryCodes.activate(people[name])
    scenery.rows |= people | {"foreign_patient": stranger, "clinic": here, "foreign_clinic": there}
    for name, therapist in CARES.items():
        scenery.rows[name] = TherapistPatient.objects.filter(therapist=people[therapist]).earliest("id")
    scenery.rows["left_care"] = TherapistPatient.objects.filter(therapist=people["foreign"]).latest("id")


def _patient(owner: str, clinic: Any) -> User:
    own = {name: word(owner, "own", name) for name in ("phone", "address")}
    contact = word(owner, "own", "contact")
    return PatientFactory(
        clinic=clinic,
        first_name=word(owner, "own", "first"),
        last_name=word(owner, "own", "last"),
        email=f"{word(owner, 'own', 'mail')}@example.org",
        profile__emergency_contact=contact,
        profile__medical_history=word(owner, "care", "history"),
        profile__tags=[word(owner, "care", "tag")],
        profile__date_of_birth="1961-02-03",
        **{f"profile__{name}": value for name, value in own.items()},
    )


def _relations(people: dict[str, User], stranger: User) -> None:
    for name in ("assigned", "mfa_pending", "enrol_due", "deactivated"):
        CareFactory(therapist=people[name], patient=people["patient"], **CARE.get(name, {}))
    over = {"is_active": False, "ended_at": timezone.now() - timedelta(days=1)}
    CareFactory(therapist=people["ended"], patient=people["patient"], **over)
    CareFactory(therapist=people["colleague"], patient=people["other_patient"])
    CareFactory(therapist=people["foreign"], patient=stranger)
    # Whoever changes clinics leaves the patients behind, even if nobody ended the relation.
    CareFactory(therapist=people["foreign"], patient=people["patient"])
