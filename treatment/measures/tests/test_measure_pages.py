"""Pages of questionnaires: therapists give them out and read them, patients fill them in through a link."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tests.factories import CareFactory
from audit.models import AuditEvent
from treatment.measures.tests.factories import all_answered, as_form, assigned, taken
from treatment.models import FormLink, MeasureAssignment, MeasureResult, MeasureSchedule

pytestmark = pytest.mark.django_db
BANDS = ("minimal", "moderate", "severe")


@pytest.fixture
def browser(client_for, therapist):
    return client_for(therapist)


def text_of(page):
    assert page.status_code == 200
    return page.content.decode()


def test_a_questionnaire_is_given_out_once_or_on_a_schedule(browser, patient):
    path, today = f"/patients/{patient.pk}/measures/assign", patient.clinic_day.isoformat()
    assert browser.post(path, {"instrument": "gad-7", "due_date": today}).status_code == 302
    assert MeasureAssignment.objects.get().schedule is None
    assert browser.post(path, {"instrument": "phq-9", "due_date": today, "every_days": 7}).status_code == 302
    schedule = MeasureSchedule.objects.get()
    assert MeasureAssignment.objects.get(instrument="phq-9").schedule == schedule
    again = browser.post(path, {"instrument": "gad-7", "due_date": today})
    assert (again.status_code, "waits to be filled in already" in again.content.decode()) == (422, True)
    shown = text_of(browser.get(f"/patients/{patient.pk}/measures"))
    assert "every 7 days" in shown
    browser.post(f"/measure-schedules/{schedule.pk}/end")
    schedule.refresh_from_db()
    assert schedule.ended_at


def test_a_therapist_fills_it_in_and_sees_the_score_then(browser, patient):
    path = f"/patients/{patient.pk}/measures/take/gad-7"
    assert not any(band in text_of(browser.get(path)).lower() for band in BANDS)
    form = as_form(all_answered("gad-7", 2)) | {"taken_date": "2025-01-05", "sent_key": "made-by-the-page"}
    first, second = browser.post(path, form), browser.post(path, form)
    result = MeasureResult.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == f"/measures/{result.pk}"
    shown = text_of(browser.get(f"/measures/{result.pk}"))
    assert "14 of 21" in shown
    assert "Moderate" in shown


def test_too_many_missing_answers_are_told(browser, patient):
    path = f"/patients/{patient.pk}/measures/take/gad-7"
    form = {"item_1": 1, "taken_date": "2025-01-05", "sent_key": "made-by-the-page"}
    refused = browser.post(path, form)
    assert (refused.status_code, "6 answers are missing; at most 2" in refused.content.decode()) == (422, True)


def test_a_total_is_entered_for_a_licensed_questionnaire(browser, patient):
    path = f"/patients/{patient.pk}/measures/take/bdi-ii"
    form = {"total": 30, "taken_date": "2025-01-05", "sent_key": "made-by-the-page"}
    assert browser.post(path, form | {"total": 64}).status_code == 422
    assert browser.post(path, form).status_code == 302
    assert MeasureResult.objects.get().outcome["total"] == 30


def test_change_and_trend_are_shown_with_their_source(browser, therapist, patient):
    for days, value in ((60, 3), (30, 2), (0, 0)):
        taken(therapist, patient, "gad-7", value, taken_date=patient.clinic_day - timedelta(days=days))
    shown = " ".join(text_of(browser.get(f"/patients/{patient.pk}/measures")).split())
    assert "Reliable improvement" in shown
    assert "Jacobson and Truax 1991" in shown
    assert "getting better" in shown
    assert shown.count("<circle") == 3


def test_results_of_two_versions_are_never_in_one_chart(browser, therapist, patient):
    taken(therapist, patient, "gad-7", 3)
    taken(therapist, patient, "gad-7", 1)
    MeasureResult.objects.filter(pk=MeasureResult.objects.earliest("id").pk).update(instrument_version=9)
    shown = text_of(browser.get(f"/patients/{patient.pk}/measures"))
    assert "GAD-7, version 9" in shown
    assert shown.count("chart__picture") == 2
    assert "<polyline" not in shown
    assert "eliable" not in shown


def test_the_page_takes_no_more_queries_for_many_results(browser, therapist, patient):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            text_of(browser.get(f"/patients/{patient.pk}/measures"))
        return len(captured)

    for key in ("gad-7", "phq-9"):
        taken(therapist, patient, key, 0)
    queries()
    few = queries()
    for _ in range(6):
        for key in ("gad-7", "phq-9", "who-5", "pcl-5"):
            taken(therapist, patient, key, 0)
    for key in ("gad-7", "phq-9", "who-5", "pcl-5"):
        assigned(therapist, patient, key)
    assert queries() == few


def link_of(client, assignment):
    page = client.post(f"/account/questionnaires/{assignment.pk}")
    assert page.status_code == 302
    return page.headers["Location"]


def test_a_patient_fills_it_in_through_a_link_once(client_for, therapist, patient):
    waiting, portal = assigned(therapist, patient, "gad-7"), client_for(patient)
    assert "Anxiety questionnaire" in text_of(portal.get("/portal"))
    assert "Anxiety questionnaire" in text_of(portal.get("/portal/questionnaires"))
    path = link_of(portal, waiting)
    anybody = Client()
    page = anybody.get(path)
    shown = text_of(page)
    assert patient.last_name not in shown
    assert not any(band in shown.lower() for band in BANDS)
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "strict-origin")
    form = as_form(all_answered("gad-7", 1))
    first, second = anybody.post(path, form), anybody.post(path, form)
    assert first.headers["Location"] == second.headers["Location"] == "/questionnaire-sent"
    result = MeasureResult.objects.get()
    assert (result.filled_by, result.entered_by, result.assignment) == ("patient", None, waiting)
    assert anybody.get(path).status_code == 404
    row = AuditEvent.objects.get(action="measure.taken")
    assert (row.actor, row.patient_id) == (None, patient.pk)
    assert "7 of 21" in text_of(portal.get("/portal/questionnaires"))


def test_a_link_ends_with_the_next_one_its_time_and_its_questionnaire(client_for, therapist, patient):
    waiting, portal = assigned(therapist, patient, "gad-7"), client_for(patient)
    first, second = link_of(portal, waiting), link_of(portal, waiting)
    anybody = Client()
    assert (anybody.get(first).status_code, anybody.get(second).status_code) == (404, 200)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert anybody.get(second).status_code == 404
    third = link_of(portal, waiting)
    client_for(therapist).post(f"/measure-assignments/{waiting.pk}/cancel")
    form = as_form(all_answered("gad-7", 1))
    assert (anybody.get(third).status_code, anybody.post(third, form).status_code) == (404, 409)
    assert not MeasureResult.objects.exists()
    assert set(FormLink.objects.values_list("used_at", flat=True)) == {None}
    assert not FormLink.objects.open().exists()


def test_a_link_of_a_closed_account_or_another_purpose_does_not_work(client_for, therapist, patient):
    path = link_of(client_for(patient), assigned(therapist, patient, "gad-7"))
    FormLink.objects.update(purpose="check_in")
    assert Client().get(path).status_code == 404
    FormLink.objects.update(purpose="measure")
    assert Client().get(path).status_code == 200
    type(patient).objects.filter(pk=patient.pk).update(is_active=False)
    assert Client().get(path).status_code == 404


def test_a_link_of_one_patient_does_not_open_what_waits_for_another(client_for, therapist, patient):
    other = CareFactory(therapist=therapist).patient
    path = link_of(client_for(patient), assigned(therapist, patient, "gad-7"))
    FormLink.objects.update(target_id=assigned(therapist, other, "gad-7").pk)
    assert Client().get(path).status_code == 404


def test_a_patient_reads_plain_words_and_no_band(client_for, therapist, patient):
    taken(therapist, patient, "gad-7", 3, taken_date=date(2025, 2, 10))
    taken(therapist, patient, "gad-7", 1, taken_date=date(2025, 3, 12))
    shown = text_of(client_for(patient).get("/portal/questionnaires"))
    assert "7 of 21 on 12 Mar 2025, it was 21 in February 2025." in shown
    assert not any(band in shown.lower() for band in ("mild", "severe", "gad-7 ", "reliable"))


def test_a_result_is_withdrawn_with_a_reason(browser, therapist, patient):
    result = taken(therapist, patient)
    path = f"/measures/{result.pk}"
    assert browser.post(f"{path}/withdraw", {"reason": ""}).status_code == 422
    assert browser.post(f"{path}/withdraw", {"reason": "Of somebody else."}).status_code == 302
    assert "Of somebody else." in text_of(browser.get(path))
    assert "chart__picture" not in text_of(browser.get(f"/patients/{patient.pk}/measures"))


def test_the_admin_site_knows_no_questionnaire():
    known = set(admin.site._registry)
    assert not known & {FormLink, MeasureAssignment, MeasureResult, MeasureSchedule}
