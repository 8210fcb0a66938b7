"""Of what is sent several times at once, one counts."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from accounts.models import OutgoingMail
from accounts.tests.factories import access_for
from audit.models import AuditEvent
from sessions_app.models import RiskReview
from therapybridge.core.actor import SYSTEM
from therapybridge.core.errors import Conflict
from treatment.measures.services.assigning import assign, start_schedule
from treatment.measures.services.schedules import assign_due
from treatment.measures.services.withdrawing import withdraw_result
from treatment.measures.tests.factories import all_answered, as_form, as_sent, assigned, taken
from treatment.models import FormLink, MeasureAssignment, MeasureResult, MeasureSchedule

AT_ONCE = 8
pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS = all_answered("phq-9", 0, item_9=2)


def together(act: Callable[[], Any]) -> Counter[Any]:
    """What the same call returns to several threads at once."""
    gate, found = threading.Barrier(AT_ONCE), []

    def run() -> None:
        gate.wait(10)
        try:
            found.append(act())
        except Conflict as error:
            found.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(found)


def counts() -> tuple[int, int, int, int]:
    """Results, reviews, e-mails about them, and audit rows."""
    return (
        MeasureResult.objects.count(),
        RiskReview.objects.count(),
        OutgoingMail.objects.filter(kind="risk_review_opened").count(),
        AuditEvent.objects.filter(action="measure.taken").count(),
    )


def test_one_send_through_a_link_counts(client_for, therapist, patient):
    waiting = assigned(therapist, patient)
    path = client_for(patient).post(f"/account/questionnaires/{waiting.pk}").headers["Location"]
    assert together(lambda: Client().post(path, as_form(ANSWERS)).status_code) == {302: AT_ONCE}
    assert counts() == (1, 1, 1, 1)
    assert FormLink.objects.exclude(used_at=None).count() == 1


@pytest.mark.parametrize(("more", "codes"), [({"sent_key": "from-my-phone"}, {201: 8}), ({}, {201: 1, 409: 7})])
def test_one_send_through_the_api_counts(api_for, therapist, patient, more, codes):
    waiting = assigned(therapist, patient)
    path, body = f"/api/v1/measure-assignments/{waiting.pk}/answers", {"answers": as_sent(ANSWERS)} | more
    token = api_for(patient)._credentials

    def send() -> int:
        return int(Client().post(path, body, "application/json", **token).status_code)

    assert together(send) == codes
    assert counts() == (1, 1, 1, 1)


def test_one_record_of_a_therapist_counts(client_for, therapist, patient):
    form = as_form(ANSWERS) | {"taken_date": "2025-01-05", "sent_key": "made-by-the-page"}
    cookies = client_for(therapist).cookies

    def send() -> int:
        browser = Client()
        browser.cookies = cookies
        return browser.post(f"/patients/{patient.pk}/measures/take/phq-9", form).status_code

    assert together(send) == {302: AT_ONCE}
    assert counts() == (1, 1, 1, 1)


def test_a_questionnaire_waits_once(therapist, patient):
    access, today = access_for(therapist, patient), patient.clinic_day
    found = together(lambda: assign(access, instrument="gad-7", due_date=today).status)
    assert found == {"open": 1, "measure_already_assigned": AT_ONCE - 1}


def test_a_schedule_gives_one_out(therapist, patient):
    access = access_for(therapist, patient)
    start_schedule(access, instrument="gad-7", every_days=7, first_due_date=patient.clinic_day)
    MeasureAssignment.objects.all().delete()
    MeasureSchedule.objects.update(next_due_date=patient.clinic_day)
    assert sum(count * times for count, times in together(lambda: assign_due(by=SYSTEM)).items()) == 1
    assert MeasureAssignment.objects.count() == 1


def test_a_result_is_withdrawn_once(therapist, patient):
    result, access = taken(therapist, patient), access_for(therapist, patient)

    def withdraw() -> bool:
        row = MeasureResult.objects.select_related("assignment").get(pk=result.pk)
        return withdraw_result(row, reason="It was a mistake.", access=access).withdrawn_at is not None

    assert together(withdraw) == {True: 1, "measure_withdrawn": AT_ONCE - 1}
    assert AuditEvent.objects.filter(action="measure.withdrawn").count() == 1
