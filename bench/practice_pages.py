"""The pages of both portals in a large practice: 200 patients, 5,000 sessions (bench/practice.py)."""

import json

from bench.figures import Figure
from bench.pages import THERAPIST, installation, measure_pages, signed_in
from bench.practice import PATIENT

BUILD = "from bench.practice import build; print(build())"
COUNT_ROWS = "from therapybridge.core.tasks import *; count_embedded_rows()"  # PostgreSQL does so by itself


def measure(requests: int) -> list[Figure]:
    """Ask for each page so many times."""
    with installation() as installed:
        patient, session, plan = json.loads(installed.manage("shell", "-v0", "-c", BUILD).splitlines()[-1])
        if not installed.on_postgres:
            installed.manage("shell", "-v0", "-c", COUNT_ROWS)
        installed.start_web()
        figures = []
        for email, pages in ((THERAPIST, _of_therapists(patient, session, plan)), (PATIENT, OF_PATIENTS)):
            figures += measure_pages(installed, signed_in(installed, email), pages, requests)
    return figures


OF_PATIENTS = {
    "portal": "/portal",
    "portal: timeline": "/portal/timeline",
    "portal: notes": "/portal/notes",
    "portal: plans": "/portal/plans",
    "portal: access": "/portal/access",
}


def _of_therapists(patient: str, session: str, plan: str) -> dict[str, str]:
    return {
        "Today": "/today",
        "patients": "/patients",
        "a patient": f"/patients/{patient}",
        "who opened a record": f"/patients/{patient}/access",
        "questionnaires of a patient": f"/patients/{patient}/measures",
        "sessions": "/sessions",
        "new session": "/sessions/new",
        "a session": f"/sessions/{session}",
        "notes": "/notes",
        "risk reviews": "/risk-reviews",
        "plans": "/plans",
        "a plan": f"/plans/{plan}",
        "what is missing in plans": "/treatment-gaps",
    }
