"""Disclosures: recorded by therapists, read by patients."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Disclosure
from accounts.tests.factories import AdminFactory, BreakGlassFactory, PatientFactory
from audit.models import AuditEvent
from therapybridge.core.csv_export import csv_response

PORTAL = "/portal/disclosures"
GIVEN = {
    "recipient": "Dr. Example, Main Street 1",
    "what": "Letter of 3 March",
    "why": "Second opinion",
    "basis": "authorisation",
}


def page_of(patient):
    return f"/patients/{patient.pk}/disclosures"


def api_of(patient):
    return f"/api/v1{page_of(patient)}"


def disclose(patient, **changes):
    given = GIVEN | {"disclosed_at": timezone.now() - timedelta(days=3)} | changes
    return Disclosure.objects.create(patient=patient, **given)


def cells(answer):
    return list(csv.reader(io.StringIO(answer.content.decode())))


def test_a_therapist_notes_one_on_the_page(client_for, therapist, patient):
    browser = client_for(therapist)
    answer = browser.post(page_of(patient), GIVEN | {"day": "2026-03-03"})
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(patient))
    row = Disclosure.objects.get()
    assert (row.recipient, row.what, row.why, row.basis) == tuple(GIVEN.values())
    assert (row.recorded_by, row.disclosed_at) == (therapist, datetime(2026, 3, 3, 11, tzinfo=UTC))
    assert GIVEN["recipient"] in browser.get(page_of(patient)).content.decode()
    assert AuditEvent.objects.get(action="disclosure.recorded").target_id == row.pk
    assert AuditEvent.objects.get(action="disclosure.listed").ids == [str(row.pk)]


def test_today_is_noted_as_now_at_the_latest(client_for, therapist, patient):
    today = timezone.localdate(timezone=therapist.zone)
    assert client_for(therapist).post(page_of(patient), GIVEN | {"day": today.isoformat()}).status_code == 302
    assert Disclosure.objects.get().disclosed_at <= timezone.now()


def test_the_api_notes_one_once_a_key(api_for, therapist, patient):
    device, body = api_for(therapist), GIVEN | {"disclosed_at": "2026-03-03T09:00:00Z"}
    answers = [device.post(api_of(patient), body, format="json", HTTP_IDEMPOTENCY_KEY="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [row["what"] for row in device.get(api_of(patient)).json()["results"]] == [GIVEN["what"]]
    without = {name: value for name, value in body.items() if name != "why"}
    assert device.post(api_of(patient), without, format="json").json()["why"] is None


@pytest.mark.parametrize(
    "change", [{"recipient": ""}, {"what": ""}, {"basis": "habit"}, {"recipient": "x" * 501}, {"day": "2999-01-01"}]
)
def test_a_wrong_one_is_not_noted(client_for, api_for, therapist, patient, change):
    assert client_for(therapist).post(page_of(patient), GIVEN | {"day": "2026-03-03"} | change).status_code == 422
    moment = {"disclosed_at": f"{change.get('day', '2026-03-03')}T09:00:00Z"}
    body = GIVEN | moment | {name: value for name, value in change.items() if name != "day"}
    assert api_for(therapist).post(api_of(patient), body, format="json").status_code == 400
    assert not Disclosure.objects.exists()


def test_a_moment_to_come_is_refused(api_for, therapist, patient):
    soon = (timezone.now() + timedelta(minutes=1)).isoformat()
    answer = api_for(therapist).post(api_of(patient), GIVEN | {"disclosed_at": soon}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["disclosed_at"])


def test_patients_read_theirs(client_for, api_for, patient):
    disclose(patient)
    disclose(PatientFactory(clinic=patient.clinic), recipient="Somebody else's")
    page = client_for(patient).get(PORTAL).content.decode()
    assert GIVEN["recipient"] in page
    assert "Somebody else's" not in page
    assert len(api_for(patient).get(api_of(patient)).json()["results"]) == 1


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("patient", 200, 403), ("stranger", 404, 404), ("foreign", 404, 404), ("holder", 403, 403), ("admin", 404, 404)],
)
def test_who_reads_and_who_writes(api_for, patient, other_therapist, foreign_therapist, clinic, who, reads, writes):
    people = {"patient": patient, "foreign": foreign_therapist, "admin": AdminFactory(clinic=clinic)}
    person = people.get(who, other_therapist)
    if who == "holder":
        BreakGlassFactory(patient=patient, therapist=person)
    device, body = api_for(person), GIVEN | {"disclosed_at": "2026-03-03T09:00:00Z"}
    assert device.get(api_of(patient)).status_code == reads
    assert device.post(api_of(patient), body, format="json").status_code == writes
    assert AuditEvent.objects.filter(action="disclosure.recorded", outcome="denied").count() == 1


@pytest.mark.parametrize(
    ("who", "status"), [("patient", 403), ("stranger", 404), ("foreign", 404), ("holder", 403), ("admin", 403)]
)
@pytest.mark.parametrize("path", ["", ".csv"])
def test_the_pages_are_for_who_treats(
    client_for, patient, other_therapist, foreign_therapist, clinic, who, status, path
):
    people = {"patient": patient, "foreign": foreign_therapist, "admin": AdminFactory(clinic=clinic)}
    person = people.get(who, other_therapist)
    if who == "holder":
        BreakGlassFactory(patient=patient, therapist=person)
    assert client_for(person).get(page_of(patient) + path).status_code == status


def test_the_list_covers_six_years(client_for, api_for, patient):
    now = timezone.now()
    disclose(patient, recipient="Almost six years", disclosed_at=now - timedelta(days=6 * 365))
    disclose(patient, recipient="Seven years", disclosed_at=now - timedelta(days=7 * 365))
    assert [row["recipient"] for row in api_for(patient).get(api_of(patient)).json()["results"]] == ["Almost six years"]
    page = client_for(patient).get(PORTAL).content.decode()
    assert "Seven years" not in page
    assert len(cells(client_for(patient).get(f"{PORTAL}.csv"))) == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\uff1d", " ="])
def test_no_cell_is_a_formula(start):
    answer = csv_response("x.csv", ["What"], [[f"{start}1+1"], [f"a{start}"]])
    assert cells(answer)[1:] == [[f"'{start}1+1"], [f"a{start}"]]


@pytest.mark.parametrize("who", ["patient", "therapist"])
def test_the_download_is_harmless_forced_and_on_record(client_for, patient, therapist, who):
    row = disclose(patient, recipient='=HYPERLINK("https://evil.example")', why=None)
    person, path = {"patient": (patient, f"{PORTAL}.csv"), "therapist": (therapist, f"{page_of(patient)}.csv")}[who]
    answer = client_for(person).get(path)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="disclosures.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    head, line = cells(answer)
    assert head[0] == "Date"
    assert line[1:4] == ["'" + row.recipient, GIVEN["what"], ""]
    event = AuditEvent.objects.get(action="disclosure.downloaded")
    assert (event.actor_id, event.patient_id, event.ids) == (person.pk, patient.pk, [str(row.pk)])


def test_the_lists_take_the_same_queries_for_one_and_for_many(client_for, api_for, therapist, patient):
    reads = [(client_for(patient), PORTAL), (client_for(patient), f"{PORTAL}.csv")]
    reads += [(client_for(therapist), page_of(patient)), (api_for(therapist), api_of(patient))]

    def queries():
        counted = []
        for client, path in reads:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            counted.append(len(seen))
        return counted

    disclose(patient)
    queries()
    one = queries()
    for _ in range(4):
        disclose(patient)
    assert queries() == one
