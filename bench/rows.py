"""A practice with long timelines among many others, made in the database by a few statements."""

import json

from therapybridge.tests.deployment import Deployment

NEAR, LONG, LONGEST = 500, 10_000, 100_000  # events of the patients who are asked about
OF_OTHERS = 500
OWN = 32  # patients of the therapist who asks, the first of whom have the long timelines
OTHER_SESSIONS = 50_000
RARE_WORD = "Zanzibar"

PEOPLE = """
import json
from datetime import timedelta
from django.utils import timezone
from accounts.models import TherapistPatient, User
from accounts.tests.factories import CareFactory, ClinicFactory, TherapistFactory
from sessions_app.models import TherapySession
therapist = TherapistFactory(email="therapist@demo.example")
therapist.set_password("correct horse battery")
therapist.save()
subjects = [CareFactory(therapist=therapist).patient for _ in range({own})]
clinic = ClinicFactory()
others = User.objects.bulk_create(
    User(first_name="Robin", role="patient", clinic=clinic) for _ in range({others})
)
colleague = TherapistFactory(clinic=clinic)
TherapistPatient.objects.bulk_create(TherapistPatient(therapist=colleague, patient=other) for other in others)
now = timezone.now()
def held(therapist, patients, number):
    TherapySession.objects.bulk_create((
        TherapySession(
            clinic=patients[0].clinic, patient=patients[at % len(patients)], therapist=therapist,
            session_date=now - timedelta(hours=at), number=at + 1,
        )
        for at in range(number)
    ), batch_size=2000)
held(therapist, subjects, 200)
held(colleague, others, {sessions})
print(json.dumps([str(therapist.pk), [str(one.pk) for one in subjects], [str(one.pk) for one in others]]))
"""
EVENTS = """
INSERT INTO timeline_timelineevent (
    id, created_at, updated_at, patient_id, event_type, event_subtype, event_date, title, description, metadata,
    related_entity_type, importance, is_private
)
SELECT gen_random_uuid(), now(), now(), patient, 'note', '', now() - at * interval '1 hour',
    'Entry ' || at, CASE WHEN at = 4321 THEN %(word)s || ' ' ELSE '' END || repeat('Words of a day. ', 10), '{}',
    '', 'normal', at %% 3 = 0
FROM unnest(%(patients)s::uuid[]) AS patient, generate_series(1, %(each)s) AS at
"""
COUNTS = """
INSERT INTO timeline_timelinecount (patient_id, event_type, is_private, count)
SELECT patient_id, event_type, is_private, count(*) FROM timeline_timelineevent GROUP BY 1, 2, 3
"""


def practice(installed: Deployment, rows: int) -> tuple[str, dict[int, str]]:
    """Make about so many events in all; returns the therapist, and a patient's key by the number of their events."""
    import psycopg

    sizes = [size for size in (NEAR, LONG, LONGEST) if size <= rows]
    others = max(1, (rows - sum(sizes)) // OF_OTHERS)
    made = installed.manage(
        "shell", "-v0", "-c", PEOPLE.format(own=OWN, others=others, sessions=min(rows, OTHER_SESSIONS))
    )
    therapist, subjects, strangers = json.loads(made.splitlines()[-1])
    with psycopg.connect(installed.env["DATABASE_URL"], autocommit=True) as database:
        for patients, each in [([subject], size) for subject, size in zip(subjects, sizes, strict=False)]:
            database.execute(EVENTS, {"patients": patients, "each": each, "word": RARE_WORD})
        database.execute(EVENTS, {"patients": strangers, "each": OF_OTHERS, "word": RARE_WORD})
        database.execute(COUNTS)
        database.execute("VACUUM ANALYZE")
    return therapist, dict(zip(sizes, subjects, strict=False))
