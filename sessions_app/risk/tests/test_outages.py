"""A review survives workers that die, redrafts, and eight of everything at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from django.db import connection

from accounts.models import OutgoingMail
from accounts.tests.factories import AdminFactory, CareFactory, TherapistFactory, access_for
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import Extraction, ProcessingJob, RiskReview, Transcript
from sessions_app.notes.tests.notes import drafted_session
from sessions_app.processing.services import stages
from sessions_app.risk.services.escalation import escalate_overdue
from sessions_app.risk.services.opening import review_draft
from sessions_app.risk.tests.conftest import RISKY
from sessions_app.services.transcripts import create_with_transcript
from sessions_app.signals import stage_reached
from therapybridge.core.actor import SYSTEM

DEVICES = 8


class Killed(Exception):
    """What a worker meets that dies."""


@pytest.fixture
def dies():
    """Lets the worker die when a stage reaches a moment, once."""
    receivers = []

    def at(moment, stage):
        def die(job, **reached):
            if (reached["moment"], reached["stage"]) == (moment, stage) and receivers:
                stage_reached.disconnect(receivers.pop())
                raise Killed

        receivers.append(die)
        stage_reached.connect(die)

    return at


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["claimed", "worked", "committing", "committed"])
def test_a_worker_that_dies_while_drafting_loses_and_doubles_nothing(settings, dies, therapist, patient, moment):
    settings.JOB_BACKOFF_SECONDS = 0
    session = create_with_transcript(access_for(therapist, patient), WHEN, RISKY, "talk.txt")
    dies(moment, "extract")
    with pytest.raises(Killed):
        stages.run(ProcessingJob.claim(session.job.pk))
    assert RiskReview.objects.count() == Extraction.objects.count()  # both or neither
    ProcessingJob.objects.update(lease_until=None, next_attempt_at=WHEN)
    work_off(session)
    assert RiskReview.objects.get().history.get().kind == "opened"


@pytest.mark.django_db
def test_a_redraft_by_the_therapist_keeps_it(browser, session, review):
    browser.post(f"/sessions/{session.pk}/draft")
    work_off(session)
    assert Extraction.objects.filter(session=session).count() == 2
    assert (RiskReview.objects.get().pk, RiskReview.objects.get().revision) == (review.pk, 1)


@pytest.mark.django_db
def test_a_redraft_after_a_disposition_opens_nothing_for_the_same_lines(browser, session, review):
    browser.post(
        f"/risk-reviews/{review.pk}/dispose", {"revision": 1, "disposition": "other", "reason": "We spoke about it."}
    )
    browser.post(f"/sessions/{session.pk}/draft")
    work_off(session)
    assert RiskReview.objects.get().status == "disposed"


def at_once(act):
    """What each of eight threads returns that act at the same time, in order."""
    ready = Barrier(DEVICES)

    def one(number):
        try:
            ready.wait(10)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(DEVICES) as pool:
        return list(pool.map(one, range(DEVICES)))


@pytest.mark.django_db(transaction=True)
def test_eight_drafts_at_once_open_one_review(therapist, patient):
    session = drafted_session(therapist, patient)
    flag = {"type": "crisis", "severity": "high", "start": 1.0, "speaker": "patient", "source": "rule"}
    extraction = Extraction.objects.get(session=session)
    extraction.notes = extraction.notes | {"risk_flags": [flag | {"evidence": {"segments": [1], "quote": "Badly."}}]}
    transcript = Transcript.objects.get(session=session)

    def draft(_):
        with session.locked():
            return review_draft(extraction, transcript)

    assert [review is not None for review in at_once(draft)].count(True) == 1
    assert len(RiskReview.objects.get(session=session).seen) == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_dispositions_one_closes_it(session, review, api_for, therapist):
    devices = [api_for(therapist) for _ in range(DEVICES)]
    body = {"disposition": "other", "reason": "We spoke about it."}
    address, headers = f"/api/v1/risk-reviews/{review.pk}/dispose", {"If-Match": '"1"'}
    answers = at_once(lambda number: devices[number].post(address, body, format="json", headers=headers))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert review.history.filter(kind="disposed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_beats_at_once_one_escalates(session, review, therapist):
    admin = AdminFactory(clinic=therapist.clinic)
    with time_machine.travel(review.due_at, tick=False):
        assert sorted(at_once(lambda _: escalate_overdue(by=SYSTEM))) == [0] * 7 + [1]
    assert sorted(mail.to for mail in OutgoingMail.objects.all()) == sorted([therapist.email, admin.email])
    assert review.history.exclude(kind="opened").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_close_it_once(session, review, patient, client_for, therapist):
    colleague = TherapistFactory(clinic=patient.clinic)
    CareFactory(therapist=colleague, patient=patient)
    browsers = [client_for(person) for person in (therapist, colleague)]
    body = {"revision": 1, "disposition": "other", "reason": "We spoke about it."}
    address = f"/risk-reviews/{review.pk}/dispose"
    answers = at_once(lambda number: browsers[number % 2].post(address, body).status_code)
    assert sorted(answers) == [302] + [422] * 7
    assert review.history.filter(kind="disposed").count() == 1
