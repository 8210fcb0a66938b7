"""Overdue reviews go to a second person, then to the administrators: each once, at its time, without clinical words."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.mail.tasks import send_mail
from accounts.models import OutgoingMail, TherapistPatient, User
from accounts.tests.factories import AdminFactory, CareFactory, ClinicFactory, TherapistFactory, access_for
from sessions_app.models import RiskReview
from sessions_app.notes.tests.notes import drafted_session
from sessions_app.risk.services.decisions import hand_over
from sessions_app.risk.services.escalation import SECOND_STAGE_AFTER
from sessions_app.risk.tasks import escalate_risk_reviews
from sessions_app.risk.tests.conftest import RISKY

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


def leaves(therapist, patient):
    User.objects.filter(pk=therapist.pk).update(is_active=False)


def stops_treating(therapist, patient):
    TherapistPatient.objects.filter(therapist=therapist, patient=patient).update(is_active=False)


def moves_away(therapist, patient):
    User.objects.filter(pk=therapist.pk).update(clinic=ClinicFactory())


def heard(review):
    """What the history says about who was written to."""
    return [(entry.kind, entry.to) for entry in review.history.filter(to__isnull=False)]


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
    assert heard(review) == [("reminded", therapist), ("reminded", colleague), ("escalated", admin)]
    assert (review.status, review.revision) == ("open", 1)


def test_a_supervisor_is_the_second_person_before_any_other(review, patient, therapist, admin):
    treating(patient)
    supervisor = treating(patient, "supervisor")
    assert told_at(review.due_at) == sorted([therapist.email, supervisor.email])


def test_where_nobody_else_treats_the_patient_the_administrators_hear_of_it_at_once(review, therapist, admin):
    assert told_at(review.due_at) == sorted([admin.email, therapist.email])
    assert told_at(review.due_at + timedelta(days=9)) == []


def test_a_practice_of_one_person_is_reminded_twice(review, therapist):
    assert told_at(review.due_at) == [therapist.email]
    assert told_at(review.due_at + SECOND_STAGE_AFTER) == [therapist.email]
    assert told_at(review.due_at + timedelta(days=9)) == []
    assert heard(review) == [("reminded", therapist)] * 2


def test_with_nobody_to_write_to_it_waits_for_somebody(review, therapist, admin):
    User.objects.filter(pk__in=[therapist.pk, admin.pk]).update(is_active=False)
    assert told_at(review.due_at) == []
    assert heard(review) == []
    User.objects.filter(pk=admin.pk).update(is_active=True)
    assert told_at(review.due_at + SECOND_STAGE_AFTER) == [admin.email]


@pytest.mark.parametrize("end", [leaves, stops_treating, moves_away])
def test_an_owner_who_is_gone_is_not_written_to(review, patient, therapist, admin, end):
    colleague = treating(patient)
    end(therapist, patient)
    assert told_at(review.due_at) == [colleague.email]
    assert told_at(review.due_at + SECOND_STAGE_AFTER) == [admin.email]


def test_a_clock_that_goes_back_repeats_nothing_and_loses_nothing(review, patient, therapist, admin):
    colleague = treating(patient)
    assert len(told_at(review.due_at)) == 2
    assert told_at(review.due_at - timedelta(days=2)) == []
    assert told_at(review.due_at + MOMENT) == []
    assert told_at(review.due_at + SECOND_STAGE_AFTER) == [admin.email]
    assert told_at(review.due_at - MOMENT) == told_at(review.due_at + SECOND_STAGE_AFTER + MOMENT) == []
    assert heard(review) == [("reminded", therapist), ("reminded", colleague), ("escalated", admin)]


def test_whoever_gets_it_late_has_hours_before_the_administrators_hear_again(review, patient, therapist, admin):
    colleague = treating(patient)
    told_at(review.due_at)
    late = review.due_at + SECOND_STAGE_AFTER
    assert told_at(late) == [admin.email]
    with time_machine.travel(late, tick=False):
        hand_over(review, owner=colleague.pk, revision=1, access=access_for(therapist, patient))
    assert told_at(late + SECOND_STAGE_AFTER - MOMENT) == []
    assert told_at(late + SECOND_STAGE_AFTER) == [admin.email]


def test_a_key_that_was_lost_keeps_no_other_review_waiting(review, patient, therapist, admin):
    other = RiskReview.objects.get(session=drafted_session(therapist, patient, RISKY))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sessions_app_riskreview SET seen = %s", [b"v1.gone.nothing"])
    assert told_at(max(review.due_at, other.due_at)) == sorted([admin.email, therapist.email] * 2)


def test_a_mail_server_that_is_away_for_a_day_gets_each_email_once(review, admin, settings):
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "accounts.mail.tests.test_mail.Away"
    told_at(review.due_at)
    for _ in range(28):  # with the pauses between them, a day
        OutgoingMail.objects.update(next_attempt_at=timezone.now() - MOMENT)
        send_mail()
    settings.EMAIL_BACKEND = working
    OutgoingMail.objects.update(next_attempt_at=timezone.now() - MOMENT)
    send_mail()
    send_mail()
    assert sorted(mail.to[0] for mail in outbox.outbox) == sorted([admin.email, review.owner.email])


def test_after_an_outage_of_days_both_stages_are_made_up_for(review, patient, admin):
    treating(patient)
    late = review.due_at + timedelta(days=3)
    assert len(told_at(late)) == 2
    assert told_at(late + SECOND_STAGE_AFTER) == [admin.email]


def test_an_acknowledgement_does_not_stop_it(review, therapist, admin):
    review.move_to("acknowledged", acknowledged_at=review.opened_at, acknowledged_by=therapist)
    assert admin.email in told_at(review.due_at)


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
    # The database's own clock decides.
    QuerySet(RiskReview).update(due_at=timezone.now() - timedelta(seconds=1))
    assert review.get_absolute_url() in browser.get("/today").text
