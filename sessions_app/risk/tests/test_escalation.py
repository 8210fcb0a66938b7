"""Overdue reviews go to a second person, then to the administrators: each once, at its time, without clinical words."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import OutgoingMail
from accounts.tests.factories import AdminFactory, CareFactory, TherapistFactory
from sessions_app.models import RiskReview
from sessions_app.risk.services.escalation import SECOND_STAGE_AFTER
from sessions_app.risk.tasks import escalate_risk_reviews

pytestmark = pytest.mark.django_db
MOMENT = timedelta(seconds=1)


@pytest.fixture
def admin(therapist):
    return AdminFactory(clinic=therapist.clinic)


def treating(patient, role="secondary"):
    therapist = TherapistFactory(clinic=patient.clinic)
    CareFactory(therapist=therapist, patient=patient, relationship_type=role)
    return therapist


def told_at(moment):
    """Who gets an e-mail when the task runs at this moment."""
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    with time_machine.travel(moment, tick=False):
        escalate_risk_reviews()
    return sorted(mail.to for mail in OutgoingMail.objects.exclude(pk__in=before))


def test_each_stage_comes_at_its_time_and_once(review, patient, therapist, admin):
    colleague = treating(patient)
    assert told_at(review.due_at - MOMENT) == []
    assert told_at(review.due_at) == sorted([therapist.email, colleague.email])
    second = review.due_at + SECOND_STAGE_AFTER
    assert told_at(second - MOMENT) == []
    assert told_at(second) == [admin.email]
    assert told_at(second) == []
    assert told_at(second + timedelta(days=9)) == []
    review.refresh_from_db()
    assert [entry.kind for entry in review.history.all()] == ["opened", "reminded", "escalated"]
    assert (review.status, review.revision) == ("open", 1)


def test_a_supervisor_is_the_second_person_before_any_other(review, patient, therapist, admin):
    treating(patient)
    supervisor = treating(patient, "supervisor")
    assert told_at(review.due_at) == sorted([therapist.email, supervisor.email])


def test_where_nobody_else_treats_the_patient_the_administrators_hear_of_it_at_once(review, admin):
    assert told_at(review.due_at) == [admin.email]


def test_after_an_outage_of_days_both_stages_are_made_up_for(review, patient, admin):
    treating(patient)
    late = review.due_at + timedelta(days=3)
    assert len(told_at(late)) == 2
    assert told_at(late + SECOND_STAGE_AFTER) == [admin.email]


def test_an_acknowledgement_does_not_stop_it_and_a_disposition_does(review, session, therapist, admin):
    review.move_to("acknowledged", acknowledged_at=review.opened_at, acknowledged_by=therapist)
    assert told_at(review.due_at) == [admin.email]


def test_a_closed_review_is_not_escalated(review, browser, admin):
    browser.post(
        f"/risk-reviews/{review.pk}/dispose", {"revision": 1, "disposition": "other", "reason": "We spoke about it."}
    )
    assert RiskReview.objects.get().status == "disposed"
    assert told_at(review.due_at) == []


def test_no_e_mail_says_what_it_is_about(review, patient, therapist, admin):
    treating(patient)
    told_at(review.due_at)
    told_at(review.due_at + SECOND_STAGE_AFTER)
    assert OutgoingMail.objects.count() == 3
    for mail in OutgoingMail.objects.all():
        text = f"{mail.subject} {mail.text} {mail.html}".lower()
        assert not any(word in text for word in ("risk", "suicid", "patient's", "crisis", "harm", str(review.pk)))


def test_whoever_treats_the_patient_sees_an_overdue_one_on_today(review, patient, client_for):
    browser = client_for(treating(patient))
    assert review.get_absolute_url() not in browser.get("/today").text
    with time_machine.travel(review.due_at, tick=False):
        assert review.get_absolute_url() in client_for(browser.get("/today").wsgi_request.user).get("/today").text
