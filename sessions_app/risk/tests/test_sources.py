"""Reviews that come from a row of an app above this one are kept, escalated and closed like all others."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db.models import ProtectedError

from accounts.models import OutgoingMail, TherapistPatient
from accounts.tests.factories import AdminFactory, CareFactory, TherapistFactory, access_for
from sessions_app.models import RiskReview
from sessions_app.risk import choices
from sessions_app.risk.choices import declare_source, source_of
from sessions_app.risk.querysets import Kept
from sessions_app.risk.services import decisions
from sessions_app.risk.services.escalation import SECOND_STAGE_AFTER
from sessions_app.risk.services.opening import review_answer
from sessions_app.risk.tasks import escalate_risk_reviews
from therapybridge.core.errors import Conflict

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 12)


@pytest.fixture
def source(monkeypatch):
    monkeypatch.setattr(choices, "_sources", dict(choices._sources))
    return declare_source("test.1", "Answer 1 of the test", lambda pk: f"/tests/{pk}")


@pytest.fixture
def review(source, therapist, patient):
    return opened(source, patient, therapist)


def opened(source, patient, owner, source_id=None, answer="Sometimes"):
    words = {"question": "Do you think of death?", "answer": answer}
    with patient.locked():
        return review_answer(source, source_id or uuid4(), DAY, patient=patient, owner=owner, **words)


def told_at(moment):
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    with time_machine.travel(moment, tick=False):
        escalate_risk_reviews()
    return sorted(mail.to for mail in OutgoingMail.objects.exclude(pk__in=before))


def test_it_is_due_like_a_grave_line_and_escalated_in_two_stages(review, patient, therapist):
    admin = AdminFactory(clinic=patient.clinic)
    colleague = TherapistFactory(clinic=patient.clinic)
    CareFactory(therapist=colleague, patient=patient, relationship_type="secondary")
    assert review.due_at - review.opened_at == timedelta(hours=patient.clinic.grave_risk_review_hours)
    assert told_at(review.due_at - timedelta(seconds=1)) == []
    assert told_at(review.due_at) == sorted([therapist.email, colleague.email])
    assert told_at(review.due_at + SECOND_STAGE_AFTER) == [admin.email]


def test_without_an_owner_the_administrators_are_told_by_the_next_run(source, patient):
    admin = AdminFactory(clinic=patient.clinic)
    TherapistPatient.objects.filter(patient=patient).update(is_active=False)
    review = opened(source, patient, None)
    assert OutgoingMail.objects.count() == 0
    assert told_at(review.opened_at) == [admin.email]


def test_it_is_acknowledged_handed_over_and_closed(review, patient, therapist):
    colleague, access = TherapistFactory(clinic=patient.clinic), access_for(therapist, patient)
    CareFactory(therapist=colleague, patient=patient, relationship_type="secondary")
    decisions.acknowledge(review, revision=1, access=access)
    decisions.hand_over(review, owner=colleague.pk, revision=2, access=access)
    with pytest.raises(Conflict):
        decisions.dispose(review, disposition="assessed", reason="We spoke about it.", revision=2, access=access)
    decisions.dispose(review, disposition="assessed", reason="We spoke about it.", revision=3, access=access)
    assert (review.status, review.owner, review.source_day) == ("disposed", colleague, DAY)
    assert [one.kind for one in review.history.all()] == ["opened", "acknowledged", "handed_over", "disposed"]


def test_a_row_has_one_that_is_not_closed(review, source, patient, therapist):
    access = access_for(therapist, patient)
    decisions.acknowledge(review, revision=1, access=access)
    assert opened(source, patient, therapist, review.source_id).status == "acknowledged"
    added = opened(source, patient, therapist, review.source_id, answer="Often")
    assert (added.pk, added.status) == (review.pk, "open")
    assert [hit["quote"] for hit in added.seen] == ["Sometimes", "Often"]
    decisions.dispose(added, disposition="other", reason="We spoke about it.", revision=added.revision, access=access)
    assert opened(source, patient, therapist, review.source_id).status == "open"
    assert opened(source, patient, therapist).status == "open"


def test_neither_it_nor_its_patient_is_deleted(review, patient):
    for attempt in (review.delete, review.save, RiskReview.objects.all().delete):
        with pytest.raises(Kept):
            attempt()
    with pytest.raises(ProtectedError):
        patient.delete()


def test_it_stands_on_the_list_of_its_patient_and_not_on_a_session(review, api_for, therapist, patient):
    rows = api_for(therapist).get("/api/v1/risk-reviews", {"patient": patient.pk, "overdue": "false"}).json()["results"]
    assert [(row["id"], row["session_id"], row["source_day"]) for row in rows] == [(str(review.pk), None, "2026-03-12")]
    assert not api_for(therapist).get("/api/v1/risk-reviews", {"session": str(uuid4())}).json()["results"]


def test_its_page_shows_question_and_answer_and_leads_to_the_row(review, browser):
    page = browser.get(review.get_absolute_url()).text
    for words in ("Do you think of death?", "Sometimes", "Answer 1 of the test", f"/tests/{review.source_id}"):
        assert words in page
    assert "Answer 1 of the test" in browser.get("/today").text


def test_a_source_is_declared_once(source):
    with pytest.raises(ImproperlyConfigured):
        declare_source("test.1", "Another", str)
    with pytest.raises(LookupError):
        source_of("test.2")
