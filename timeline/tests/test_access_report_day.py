"""A patient's access report over a busy day reads as somebody would tell it who watched everybody all day."""

import random
import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import BreakGlassGrant, Clinic
from accounts.rights.services import access_report
from accounts.tests.factories import (
    AdminFactory,
    BreakGlassFactory,
    CareFactory,
    PatientFactory,
    TherapistFactory,
    access_for,
)
from audit.log import record
from audit.models import AuditEvent
from sessions_app.audit_actions import RECORDING_READ, SESSION_READ
from sessions_app.models import ProcessingJob, Recording, TherapySession, Transcript
from sessions_app.notes.tests.notes import begin
from timeline.tests import deeds
from timeline.tests.factories import draft_notes, draft_summary, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys_keep_time")]
DAY = datetime(2031, 5, 12, tzinfo=UTC)
EMERGENCY = range(6 * 60, 10 * 60)  # minutes of the day
WHY = "Emergency access: Medical emergency"
SOUND = b"RIFF" + bytes(2000)
DATES = ("5 Jan 2026", "5 Jan 2026", "7 Jan 2026")
LINE = re.compile(r"<li>\s*<span>(.*?)</span>")


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


@pytest.fixture
def notes(sessions):
    """The note of each session that was processed, with its draft and its transcript."""
    line = {"index": 0, "start": 0.0, "end": 1.0, "text": "Hello.", "speaker": "patient", "confidence": None}
    for session in sessions[:3]:
        Transcript.objects.create(session=session, segments=[line | {"label": "Voice 1"}], engine="test", duration=1.0)
        draft_notes(session, topic="Sleep", task="Keep a diary")
        draft_summary(session, "You slept badly.")
        TherapySession.objects.filter(pk=session.pk).update(processed_at=DAY - timedelta(days=1))
    return [begin(TherapySession.objects.get(pk=session.pk)) for session in sessions[:3]]


def deeds_by_role(patient, neighbour, sessions, notes, grant):
    *processed, running = sessions
    of_sessions = [deed for three in zip(processed, notes, DATES, strict=True) for deed in deeds.on_session(*three)]
    reads = of_sessions + deeds.on_record(patient, running)
    first = processed[0]
    return {
        "therapist": reads + deeds.of_therapist(patient, neighbour, first, DATES[0]) * 2,
        "colleague": reads
        + deeds.refused(f"/patients/{patient.pk}/edit", f"/patients/{patient.pk}/access", status=403),
        "staff": deeds.of_staff(patient, grant),
        "patient": deeds.of_patient(patient, first),
        "stranger": deeds.of_stranger(patient, first),
    }


def planned(chance, by_role):
    """Every deed and soon another that is told alike, then others at random, half of them soon again: five hundred."""
    steps = []
    for who, deed in [(who, deed) for who, able in by_role.items() for deed in able]:
        minute = chance.randrange(24 * 60 - 5)
        alike = [one for one in by_role[who] if (one.said, one.thing) == (deed.said, deed.thing)]
        steps += [(minute, who, deed), (minute + 5, who, chance.choice(alike))]
    while len(steps) < 500:
        who = chance.choice(["therapist"] * 4 + ["colleague"] * 3 + ["staff", "patient", "stranger"])
        minute = chance.choice(EMERGENCY) if chance.random() < 0.5 else chance.randrange(24 * 60)
        deed = chance.choice(by_role[who])
        alike = [one for one in by_role[who] if (one.said, one.thing) == (deed.said, deed.thing)]
        again = [chance.choice([0, 1, 4, 9, 10, 11, 30, 59, 60]) for _ in range(chance.choice([0, 1, 3]))]
        steps += [(minute, who, deed)]
        steps += [(minute + later, who, chance.choice(alike)) for later in again if minute + later < 24 * 60]
    return sorted(steps, key=lambda step: step[0])


def do(deed, number, client):
    body = {name: str(value).replace("{n}", str(number)) for name, value in deed.body.items()}
    sent = {"data": body} | ({"format": "json"} if deed.is_api else {}) if body else {}
    answer = getattr(client, deed.method)(deed.path, headers={"Range": deed.span}, **sent)
    answer.getvalue()
    return answer.status_code


def is_let_in(minute, who, deed):
    """In an emergency a colleague reads the record; before and after it, only what is of no record."""
    return who != "colleague" or minute in EMERGENCY or not is_of_a_record(deed)


def is_of_a_record(deed):
    return bool(re.search(r"[0-9a-f]{8}-", deed.path))


def told_by_hand(steps):
    """The lines (who, what) with how often, the minutes of the first and the last time, and why."""
    minutes = defaultdict(list)
    for minute, who, deed in steps:
        if deed.said and is_let_in(minute, who, deed):
            minutes[who, deed.said, deed.thing, deed.once_in].append(minute)
    lines = {}
    for (who, said, _thing, once_in), done in minutes.items():
        apart = done[:1]
        for minute in done[1:]:
            if minute - apart[-1] >= once_in:
                apart.append(minute)
        times, first, last, _ = lines.get((who, said), (0, done[0], done[-1], ""))
        why = WHY if who == "colleague" else ""
        lines[who, said] = (times + len(apart), min(first, done[0]), max(last, done[-1]), why)
    return lines


def minute_of(text):
    return (datetime.fromisoformat(text) - DAY) // timedelta(minutes=1)


def told_by_report(days, names):
    (day,) = days
    lines = [(names[visit["who"]], line) for visit in day["visits"] for line in visit["actions"]]
    told = {
        (who, line["what"]): (line["times"], minute_of(line["first_at"]), minute_of(line["last_at"]), line["why"])
        for who, line in lines
    }
    assert len(told) == len(lines), "a line for each thing that somebody did"
    return told


def expect_latest_first(day):
    for visit in day["visits"]:
        lasts = [line["last_at"] for line in visit["actions"]]
        assert lasts == sorted(lasts, reverse=True)
    latest = [visit["actions"][0]["last_at"] for visit in day["visits"]]
    assert latest == sorted(latest, reverse=True)


def in_words(told):
    """The lines of the page, as somebody would write them down."""
    return sorted(
        said[0].upper() + said[1:] + (f", {times} times" if times > 1 else "")
        for (_who, said), (times, *_rest) in told.items()
    )


@pytest.mark.slow
def test_five_hundred_requests_are_told_as_by_hand(
    client_for, api_for, patient, therapist, other_therapist, sessions, notes
):
    Clinic.objects.update(time_zone="UTC")
    neighbour = PatientFactory(clinic=patient.clinic)
    CareFactory(therapist=therapist, patient=neighbour)
    people = {"therapist": therapist, "colleague": other_therapist, "patient": patient}
    people |= {"staff": AdminFactory(clinic=patient.clinic), "stranger": TherapistFactory(clinic=patient.clinic)}
    with time_machine.travel(DAY + timedelta(minutes=EMERGENCY.start), tick=False):
        grant = BreakGlassFactory(patient=patient, therapist=other_therapist)
    steps = planned(random.Random(20310512), deeds_by_role(patient, neighbour, sessions, notes, grant))
    for number, (minute, who, deed) in enumerate(steps):
        with time_machine.travel(DAY + timedelta(minutes=minute), tick=False):
            BreakGlassGrant.objects.update(ended_at=None if minute in EMERGENCY else DAY)
            status = do(deed, number, (api_for if deed.is_api else client_for)(people[who]))
        # Whoever may not know the patient gets a list without them.
        refused = 200 if "?patient=" in deed.path else 404
        assert status == (deed.status if is_let_in(minute, who, deed) else refused), (who, minute, deed)
    with time_machine.travel(DAY + timedelta(days=1), tick=False):
        (day,) = api_for(patient).get(f"/api/v1/patients/{patient.pk}/access-log").json()["days"]
        page = client_for(patient).get("/portal/access").content.decode()
    told = told_by_report([day], {person.full_name: who for who, person in people.items()})
    by_hand = told_by_hand(steps)
    assert told == by_hand
    expect_latest_first(day)
    assert sorted(LINE.findall(page)) == in_words(by_hand)
    assert len({(deed.method, deed.path) for _, _, deed in steps}) > 80
    assert {who for who, _ in by_hand} == {"therapist", "colleague", "staff", "patient"}


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
