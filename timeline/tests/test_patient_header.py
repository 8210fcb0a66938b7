"""The header of a patient's pages: what is known and no more, at the same small cost on each of them."""

import re
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.care.access import open_record
from accounts.care.audit_actions import PATIENT_READ
from accounts.care.services.patients import update_patient
from accounts.tests.factories import access_for
from sessions_app.models import PrivateNote, RiskReview
from sessions_app.notes.tests.notes import begin
from therapybridge.core.actor import Actor
from timeline.tests.factories import agree, make_session

pytestmark = pytest.mark.django_db
HEADER = "card stack patient-header"
QUERIES = 2  # the consents and the risk reviews; the profile comes with the patient
KNOWN = {
    "Safety plan": {"safety_plan": "Call the sister."},
    "Diagnosis": {"diagnosis": "F41.0"},
    "Medication": {"medication": "Sertraline 50 mg"},
    "Next step": {"next_step": "Ask about the diary."},
    "Phone": {"phone": "020 917 0144"},
    "Emergency contact": {"emergency_contact": "Aisha, mother"},
}
PAGES = {
    "story": "/patients/{patient}",
    "details": "/patients/{patient}/details",
    "edit": "/patients/{patient}/edit",
    "consent": "/patients/{patient}/consent",
    "access": "/patients/{patient}/access",
    "disclosures": "/patients/{patient}/disclosures",
    "private notes": "/patients/{patient}/private-notes",
    "private note": "/private-notes/{private}",
    "action items": "/patients/{patient}/action-items",
    "action item": "/action-items/{item}",
    "session": "/sessions/{session}",
    "new note": "/sessions/{other}/note",
    "note": "/notes/{note}",
    "signing": "/notes/{note}/sign",
    "risk review": "/risk-reviews/{review}",
}


def add_review(session: Any) -> RiskReview:
    whose = {"patient": session.patient, "clinic": session.clinic, "owner": session.therapist}
    review: RiskReview = RiskReview.objects.create(session=session, seen=[], due_at=timezone.now(), **whose)
    return review


@pytest.fixture
def places(therapist: Any, patient: Any) -> dict[str, Any]:
    """The ids in the addresses of PAGES."""
    session, other = make_session(patient, therapist), make_session(patient, therapist, day=1)
    return {
        "patient": patient.pk,
        "session": session.pk,
        "other": other.pk,
        "note": begin(session).pk,
        "item": agree(session, "Keep a diary").pk,
        "review": add_review(session).pk,
        "private": PrivateNote.objects.create(patient=patient, author=therapist, text="x").pk,
    }


def fill(therapist: Any, patient: Any) -> None:
    """All that a header can show."""
    known = {name: value for fields in KNOWN.values() for name, value in fields.items()}
    update_patient(access_for(therapist, patient), pronouns="they/them", **known)
    add_review(make_session(patient, therapist, day=2))


@pytest.mark.parametrize("page", PAGES)
def test_a_full_header_costs_no_more_queries_than_an_empty_one(client_for, therapist, patient, places, page):
    client, path = client_for(therapist), PAGES[page].format(**places)
    assert client.get(path).content.decode().count(HEADER) == 1
    with CaptureQueriesContext(connection) as empty:
        client.get(path)
    fill(therapist, patient)
    with CaptureQueriesContext(connection) as full:
        shown = client.get(path).content.decode()
    assert all(f">{label}" in shown for label in KNOWN)
    extra = len(full) - len(empty)
    # The page of details lists one change more, and names who made it; the story has one session more.
    assert extra == (1 if page == "details" else 0)


def test_the_header_takes_two_queries(therapist, patient):
    access_for(therapist, patient)
    fill(therapist, patient)
    opened = open_record(Actor(user=therapist), patient.pk, PATIENT_READ).patient
    with CaptureQueriesContext(connection) as queries:
        render_to_string("accounts/_patient_header.html", {"patient": opened})
    assert len(queries) == QUERIES


@pytest.mark.parametrize("label", KNOWN)
def test_what_is_not_known_is_not_shown(client_for, therapist, patient, label):
    client, path = client_for(therapist), f"/patients/{patient.pk}"
    update_patient(access_for(therapist, patient), phone="", emergency_contact="", email="")
    assert f">{label}" not in client.get(path).content.decode()
    update_patient(access_for(therapist, patient), **KNOWN[label])
    assert f">{label}" in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("number", "told"), [(3, []), (4, ["and 1 more risk review"]), (5, ["and 2 more risk reviews"])]
)
def test_reviews_beyond_the_third_are_counted(client_for, therapist, patient, number, told):
    for day in range(number):
        add_review(make_session(patient, therapist, day=day))
    page = client_for(therapist).get(f"/patients/{patient.pk}").content.decode()
    assert re.findall(r">(and \d+ more risk reviews?)<", page) == told
    assert page.split('class="card stack patient-header"')[1].count("Possible risk, ") == 3
