"""A record that a colleague opened in an emergency, and what the practice's administrator said of it."""

from collections.abc import Iterator
from datetime import timedelta

from accounts.care.access import open_grant_to_review
from accounts.care.audit_actions import EMERGENCY_REVIEWED
from accounts.care.services import emergency
from accounts.models import BreakGlassGrant
from therapybridge.core.actor import Actor
from therapybridge.demo.people import Case
from therapybridge.demo.timing import Scene

AFTER = timedelta(days=3, hours=9)  # a meeting
REVIEWED = timedelta(hours=38)
JUSTIFICATION = (
    "Her sister Carla called the practice in the evening: Elena did not pick up, and she wanted to know whether we had "
    "heard from her and what to do next. Hannah was on a plane."
)
VERDICT = (
    "Safety plan and telephone number read, nothing else. Elena was at the movies. Hannah was told the same night."
)


def scenes(case: Case, number: int) -> Iterator[Scene]:
    """The evening after the meeting of that number, from 0, and the review."""
    at = case.dates[number] + AFTER
    yield Scene(at, lambda: _open(case))
    yield Scene(at + REVIEWED, lambda: _review(case))


def _open(case: Case) -> None:
    colleague = Actor(user=case.staff.people["therapist2"])
    emergency.open_emergency_access(case.patient, by=colleague, reason="cover", justification=JUSTIFICATION)


def _review(case: Case) -> None:
    admin, grant = Actor(user=case.staff.people["admin"]), BreakGlassGrant.objects.get(patient=case.patient)
    access = open_grant_to_review(admin, grant.pk, EMERGENCY_REVIEWED)
    emergency.review_emergency_access(access, verdict=BreakGlassGrant.Verdict.JUSTIFIED, note=VERDICT)
