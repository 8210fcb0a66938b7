"""A patient's access report over a busy day reads as somebody would tell it who watched everybody all day."""

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import BreakGlassGrant, Clinic
from accounts.rights.services import access_report
from accounts.tests.factories import AdminFactory, BreakGlassFactory, CareFactory, PatientFactory, access_for
from audit.log import record
from audit.models import AuditEvent
from sessions_app.audit_actions import RECORDING_READ, SESSION_READ
from sessions_app.models import ProcessingJob, Recording
from timeline.tests.factories import make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys_keep_time")]
DAY = datetime(2031, 5, 12, tzinfo=UTC)
EMERGENCY = range(6 * 60, 10 * 60)  # minutes of the day
SOUND = b"RIFF" + bytes(2000)
TEN_MINUTES, AN_HOUR, EACH_TIME = 10, 60, 0


@dataclass(frozen=True)
class Deed:
    """What somebody can do, and what the patient is told of it: nothing if it says nothing."""

    path: str
    said: str = ""
    once_in: int = TEN_MINUTES
    method: str = "get"
    span: str = ""
    body: str = ""
    thing: object = None


@pytest.fixture
def sessions(patient, therapist, settings):
    """Two of 5 January, one of 7 January, and one that is being processed."""
    made = [make_session(patient, therapist, day=day) for day in (0, 0, 2)]
    settings.STORAGE_DIR.mkdir(parents=True, exist_ok=True)
    (settings.STORAGE_DIR / "talk.wav").write_bytes(SOUND)
    facts = {"path": "talk.wav", "sha256": "0" * 64, "size": len(SOUND), "mime": "audio/wav"}
    for session in made:
        Recording.objects.create(session=session, duration=1.0, channels=1, **facts)
    running = make_session(patient, therapist, day=3, status="transcribing")
    ProcessingJob.objects.create(session=running, requested_by=therapist)
    return [*made, running]


def deeds_on(session, day):
    page, api = f"/sessions/{session.pk}", f"/api/v1/sessions/{session.pk}"
    opened = Deed(page, f"opened your session of {day}", thing=session.pk)
    heard = Deed(f"{page}/recording", f"listened to the recording of your session of {day}", AN_HOUR, thing=session.pk)
    return [
        opened,
        replace(opened, path=api),
        heard,
        replace(heard, span="bytes=1500-"),
        replace(heard, path=f"{api}/recording", span="bytes=0-1"),
        Deed(f"{page}/recording", method="head"),
        Deed(f"{page}/recording", span="bytes=9999-"),
    ]


def deeds_on_record(patient, sessions):
    """What a therapist of the patient and a colleague in an emergency can do alike."""
    first, second, third, running = sessions
    return [
        *deeds_on(first, "5 Jan 2026"),
        *deeds_on(second, "5 Jan 2026"),
        *deeds_on(third, "7 Jan 2026"),
        *[Deed(f"/sessions/{running.pk}/progress")] * 8,
        Deed(f"/patients/{patient.pk}", "opened your record"),
        Deed(f"/patients/{patient.pk}/details", "looked at your details"),
        Deed(f"/api/v1/patients/{patient.pk}", "looked at your details"),
        Deed(f"/api/v1/sessions?patient={patient.pk}", "looked at your list of sessions"),
        Deed(f"/api/v1/patients/{patient.pk}/timeline", "read your timeline"),
        Deed("/sessions"),
        Deed("/today"),
        Deed("/sessions/running"),
    ]


def deeds_by_role(patient, neighbour, sessions, grant):
    on_record = deeds_on_record(patient, sessions)
    changed = Deed(f"/api/v1/patients/{patient.pk}", "changed your details", EACH_TIME, "patch", body="address")
    return {
        "therapist": [*on_record, changed, Deed(f"/patients/{neighbour.pk}"), Deed(f"/api/v1/patients/{neighbour.pk}")],
        "colleague": on_record,
        "staff": [
            Deed(f"/emergency/{grant.pk}/review", "looked at an emergency access to your record"),
            Deed("/emergency/reviews"),
        ],
        "patient": [Deed("/portal"), Deed("/portal/access"), Deed(f"/api/v1/patients/{patient.pk}/access-log")],
    }


def planned(chance, deeds):
    """About five hundred deeds by minute of the day, at random, and half of them soon again."""
    steps = []
    while len(steps) < 500:
        who = chance.choice(["therapist", "therapist", "colleague", "colleague", "staff", "patient"])
        minute = chance.choice(EMERGENCY) if chance.random() < 0.4 else chance.randrange(24 * 60)
        deed = chance.choice(deeds[who])
        again = [chance.choice([0, 1, 4, 9, 10, 11, 30, 59, 60]) for _ in range(chance.choice([0, 0, 1, 3]))]
        steps += [(minute + later, who, deed) for later in [0, *again] if minute + later < 24 * 60]
    return sorted(steps, key=lambda step: step[0])


def do(step, number, clients, people):
    _minute, who, deed = step
    client = clients["/api/" in deed.path](people[who])
    with_body = {"data": {deed.body: f"{number} Quay"}, "format": "json"} if deed.body else {}
    answer = getattr(client, deed.method)(deed.path, headers={"Range": deed.span}, **with_body)
    answer.getvalue()
    return answer.status_code


def told_by_hand(steps):
    """The lines (who, what) with how often, and the minutes of the first and the last time."""
    minutes = defaultdict(list)
    for minute, who, deed in steps:
        if deed.said and (who != "colleague" or minute in EMERGENCY):
            minutes[who, deed.said, deed.thing, deed.once_in].append(minute)
    lines = {}
    for (who, said, _thing, once_in), done in minutes.items():
        apart = done[:1]
        for minute in done[1:]:
            if minute - apart[-1] >= once_in:
                apart.append(minute)
        times, first, last = lines.get((who, said), (0, done[0], done[-1]))
        lines[who, said] = (times + len(apart), min(first, done[0]), max(last, done[-1]))
    return lines


def minute_of(text):
    return (datetime.fromisoformat(text) - DAY) // timedelta(minutes=1)


def told_by_report(days, names):
    (day,) = days
    return {
        (names[visit["who"]], line["what"]): (line["times"], minute_of(line["first_at"]), minute_of(line["last_at"]))
        for visit in day["visits"]
        for line in visit["actions"]
    }


@pytest.mark.slow
def test_five_hundred_requests_are_told_as_by_hand(client_for, api_for, patient, therapist, other_therapist, sessions):
    Clinic.objects.update(time_zone="UTC")
    neighbour = PatientFactory(clinic=patient.clinic)
    CareFactory(therapist=therapist, patient=neighbour)
    people = {"therapist": therapist, "colleague": other_therapist, "patient": patient}
    people["staff"] = AdminFactory(clinic=patient.clinic)
    with time_machine.travel(DAY + timedelta(minutes=EMERGENCY.start), tick=False):
        grant = BreakGlassFactory(patient=patient, therapist=other_therapist)
    steps = planned(random.Random(20310512), deeds_by_role(patient, neighbour, sessions, grant))
    for number, step in enumerate(steps):
        with time_machine.travel(DAY + timedelta(minutes=step[0]), tick=False):
            BreakGlassGrant.objects.update(ended_at=None if step[0] in EMERGENCY else DAY)
            status = do(step, number, {True: api_for, False: client_for}, people)
        assert status in {200, 206, 286, 302, 404, 416}, step
        assert status != 404 or (step[1] == "colleague" and step[0] not in EMERGENCY), step
    with time_machine.travel(DAY + timedelta(days=1), tick=False):
        days = api_for(patient).get(f"/api/v1/patients/{patient.pk}/access-log").json()["days"]
        page = client_for(patient).get("/portal/access").context["log"]
    told = told_by_report(days, {person.full_name: who for who, person in people.items()})
    assert told == told_by_hand(steps)
    assert len(told) > 15
    lines = [line for day in days for visit in day["visits"] for line in visit["actions"]]
    assert {line["why"] for line in lines} == {"", "Emergency access: Medical emergency"}
    on_page = [line for day in page.days for visit in day.visits for line in visit.actions]
    assert [(line.what, line.why, line.times) for line in on_page] == [
        (line["what"], line["why"], line["times"]) for line in lines
    ]


def test_an_hour_of_listening_is_one_line_and_the_trail_keeps_every_request(
    api_for, client_for, patient, therapist, sessions
):
    browser, path = client_for(therapist), f"/sessions/{sessions[0].pk}/recording"
    for span in ("bytes=0-", "bytes=400-", "bytes=800-900"):
        browser.get(path, headers={"Range": span}).getvalue()
    browser.head(path)
    (day,) = api_for(patient).get(f"/api/v1/patients/{patient.pk}/access-log").json()["days"]
    (line,) = day["visits"][0]["actions"]
    assert (line["what"], line["times"]) == ("listened to the recording of your session of 5 Jan 2026", 1)
    assert AuditEvent.objects.filter(action="recording.read").count() == 3
    assert AuditEvent.objects.filter(action="recording.measured").count() == 1


def test_a_poll_of_the_progress_leaves_no_row(client_for, therapist, other_therapist, sessions):
    path = f"/sessions/{sessions[-1].pk}/progress"
    assert client_for(therapist).get(path).status_code == 200
    assert not AuditEvent.objects.filter(action="session.progress.read").exists()
    assert client_for(other_therapist).get(path).status_code == 404
    assert AuditEvent.objects.get(action="session.progress.read").outcome == "denied"


def test_the_page_opens_nothing_of_the_recording(client_for, therapist, sessions):
    page = client_for(therapist).get(f"/sessions/{sessions[0].pk}").content.decode()
    assert '<audio controls preload="none"' in page
    assert not AuditEvent.objects.filter(action__startswith="recording.").exists()


def test_a_page_ends_earlier_for_a_busy_record_and_takes_the_same_queries(
    client_for, patient, therapist, sessions, monkeypatch
):
    """One query more for a hundred rows on three sessions than for two on one; every day is shown once."""
    monkeypatch.setattr(access_report, "ROWS_A_PAGE", 30)
    by = access_for(therapist, patient)

    def visit(day, number):
        with time_machine.travel(DAY + timedelta(days=day), tick=False):
            for n in range(number):
                record(SESSION_READ, sessions[n % 3], by=by)
                record(RECORDING_READ, sessions[n % 3].recording, by=by)

    def shown(query=""):
        with time_machine.travel(DAY + timedelta(days=9), tick=False), CaptureQueriesContext(connection) as queries:
            log = browser.get("/portal/access" + query).context["log"]
        return [day.day.day for day in log.days], log.earlier, len(queries)

    with time_machine.travel(DAY + timedelta(days=9), tick=False):
        browser = client_for(patient)
    visit(0, 1)
    shown()
    few = shown()
    for day in range(1, 6):
        visit(day, 10)
    assert shown() == ([17], (DAY + timedelta(days=5)).date(), few[2] + 1)
    visit(6, 20)
    days, earlier, _ = shown()
    assert days == [18], "a single day is never cut"
    while earlier:
        more, earlier, _ = shown(f"?before={earlier}")
        days += more
    assert days == [18, 17, 16, 15, 14, 13, 12]
