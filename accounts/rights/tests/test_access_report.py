"""The access log: plain words for a patient's audit events."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Clinic
from accounts.tests.factories import AdminFactory, BreakGlassFactory, PatientFactory
from audit import log
from audit.models import AuditEvent
from therapybridge.core.actor import Actor

pytestmark = pytest.mark.usefixtures("keys_keep_time")
PAGE = "/portal/access"


def log_api(patient):
    return f"/api/v1/patients/{patient.pk}/access-log"


def happened(patient, action, by, when=None):
    with time_machine.travel(when or datetime.now(UTC), tick=False):
        return log.record(action, by=Actor(user=by), patient_id=patient.pk)


def actions(days):
    return [
        (visit["who"], row["what"], row["times"]) for day in days for visit in day["visits"] for row in visit["actions"]
    ]


def test_a_patient_reads_who_did_what(client_for, patient, therapist):
    happened(patient, "notes.read", therapist)
    happened(patient, "recording.read", therapist)
    happened(patient, "recording.read", therapist)
    happened(patient, "portal.read", patient)
    page = client_for(patient).get(PAGE)
    text = " ".join(page.content.decode().split())
    assert f'{therapist.full_name}<span class="muted">, therapist</span>' in text
    assert "Read the draft note of your session" in text
    assert "Listened to the recording of your session" in text
    assert "portal" not in [row.what for day in page.context["log"].days for v in day.visits for row in v.actions]
    assert AuditEvent.objects.filter(actor=patient).exclude(action="portal.read").get().action == "access_log.read"


def test_what_patients_do_themselves_is_shown_what_they_read_is_not(api_for, patient):
    for action in ("portal.read", "timeline.read", "disclosure.downloaded", "consent.listed", "access_request.created"):
        happened(patient, action, patient)
    days = api_for(patient).get(log_api(patient)).json()["days"]
    assert actions(days) == [(patient.full_name, "made a request about your record", 1)]


def test_refusals_and_other_patients_are_left_out(api_for, patient, therapist):
    log.deny("notes.read", "role", by=Actor(user=therapist), patient_id=patient.pk)
    happened(PatientFactory(clinic=patient.clinic), "notes.read", therapist)
    log.record("patient.listed", by=Actor(user=therapist), ids=[patient.pk])
    assert api_for(patient).get(log_api(patient)).json() == {"days": [], "earlier": None}


def test_an_emergency_names_its_reason(client_for, api_for, patient, other_therapist):
    BreakGlassFactory(patient=patient, therapist=other_therapist)
    client_for(other_therapist).get(f"/patients/{patient.pk}")
    (day,) = api_for(patient).get(log_api(patient)).json()["days"]
    (visit,) = day["visits"]
    assert [(action["what"], action["why"]) for action in visit["actions"]] == [
        ("opened your record", "Emergency access: Medical emergency")
    ]
    assert "Emergency access: Medical emergency" in client_for(patient).get(PAGE).content.decode()


def test_therapists_see_the_same_in_the_tab_and_over_the_api(client_for, api_for, patient, therapist):
    happened(patient, "notes.read", therapist)
    assert (
        "Read the draft note of the session"
        in client_for(therapist).get(f"/patients/{patient.pk}/access").content.decode()
    )
    days = api_for(therapist).get(log_api(patient)).json()["days"]
    assert (therapist.full_name, "read the draft note of the session", 1) in actions(days)


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("foreign", 404), ("holder", 403), ("admin", 404)])
def test_nobody_else_reads_it(api_for, patient, other_therapist, foreign_therapist, clinic, who, status):
    person = {"foreign": foreign_therapist, "admin": AdminFactory(clinic=clinic)}.get(who, other_therapist)
    if who == "holder":
        BreakGlassFactory(patient=patient, therapist=person)
    assert api_for(person).get(log_api(patient)).status_code == status
    assert AuditEvent.objects.filter(action="access_log.read", outcome="denied").count() == 1


def test_a_clinic_that_closed_the_page_says_whom_to_ask(client_for, api_for, patient, therapist):
    happened(patient, "notes.read", therapist)
    Clinic.objects.update(show_access_log=False)
    page = client_for(patient).get(PAGE)
    assert page.status_code == 200
    assert "Please ask your clinic" in page.content.decode()
    assert "draft note" not in page.content.decode()
    answer = api_for(patient).get(log_api(patient))
    assert (answer.status_code, answer.json()["code"]) == (403, "access_log_closed")
    assert AuditEvent.objects.filter(action="access_log.read", outcome="denied").count() == 2
    assert api_for(therapist).get(log_api(patient)).status_code == 200


def test_days_are_the_readers_and_people_are_grouped(client_for, patient, therapist, other_therapist):
    # In Berlin the second and third are of one day.
    happened(patient, "notes.read", therapist, datetime(2026, 3, 1, 12, tzinfo=UTC))
    happened(patient, "session.read", therapist, datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    happened(patient, "notes.read", other_therapist, datetime(2026, 3, 2, 12, tzinfo=UTC))
    happened(patient, "notes.read", None, datetime(2026, 3, 2, 13, tzinfo=UTC))
    days = client_for(patient).get(PAGE).context["log"].days
    assert [(day.day.isoformat(), [visit.who for visit in day.visits]) for day in days] == [
        ("2026-03-02", ["TherapyBridge", other_therapist.full_name, therapist.full_name]),
        ("2026-03-01", [therapist.full_name]),
    ]


def test_earlier_pages_follow_without_gap_or_overlap(client_for, api_for, patient, therapist):
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for day in (0, 1, 40, 41, 69, 70, 200):
        happened(patient, "notes.read", therapist, start + timedelta(days=day))
    device, seen, before = api_for(patient), [], ""
    while before is not None:
        page = device.get(log_api(patient), {"before": before} if before else {}).json()
        seen += [day["day"] for day in page["days"]]
        before = page["earlier"]
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen, reverse=True)
    assert "Show earlier" in client_for(patient).get(PAGE).content.decode()


@pytest.mark.parametrize("before", ["soon", "0001-01-01", "9999-12-31", "2026-13-01", "\x00"])
def test_a_wrong_day_is_refused(client_for, api_for, patient, before):
    assert api_for(patient).get(log_api(patient), {"before": before}).status_code == 400
    assert client_for(patient).get(PAGE, {"before": before}).status_code == 400


def test_the_page_takes_the_same_queries_for_a_little_and_for_much(client_for, patient, therapist, other_therapist):
    browser = client_for(patient)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(PAGE).status_code == 200
        return len(seen)

    happened(patient, "notes.read", therapist)
    queries()
    one = queries()
    for day in range(29):
        for person in (therapist, other_therapist):
            happened(patient, "session.read", person, timezone.now() - timedelta(days=day))
    assert queries() == one


def test_what_a_link_opens_is_nobodys_by_name(api_for, patient):
    happened(patient, "consent.signed", None)
    happened(patient, "consent.expired", None)
    days = api_for(patient).get(log_api(patient)).json()["days"]
    assert sorted(actions(days)) == [
        ("Someone with the link", "signed your consent form", 1),
        ("TherapyBridge", "ended a consent that had expired", 1),
    ]
