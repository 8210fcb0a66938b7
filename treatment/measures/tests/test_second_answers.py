"""Answers that come after others, or through an ended link: not recorded, and a yes among them is looked at."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.tests.factories import access_for
from sessions_app.models import RiskReview
from sessions_app.risk.services import decisions
from treatment.measures.services.assigning import cancel_assignment
from treatment.measures.services.withdrawing import withdraw_result
from treatment.measures.tests.factories import all_answered, as_form, as_sent, assigned, taken
from treatment.models import FormLink, MeasureAssignment, MeasureResult

pytestmark = pytest.mark.django_db
NONE = all_answered("phq-9", 0)


@pytest.fixture
def path(client_for, therapist, patient):
    waiting = assigned(therapist, patient)
    return client_for(patient).post(f"/account/questionnaires/{waiting.pk}").headers["Location"]


def post(path, answers):
    return Client().post(path, as_form(answers))


def assert_not_sent(page, is_told=False):
    text = page.content.decode()
    assert page.status_code == 409
    assert "These answers were not recorded" in text
    assert ("your answer to question 9 was passed on" in text) is is_told
    assert 'href="tel:988"' in text


def test_other_answers_are_said_not_to_be_sent_and_a_yes_in_them_opens_a_review(path, therapist):
    assert post(path, NONE).status_code == 302
    assert_not_sent(post(path, all_answered("phq-9", 3)), is_told=True)
    result, review = MeasureResult.objects.get(), RiskReview.objects.get()
    assert (result.outcome["total"], review.source_id, review.owner) == (0, result.pk, therapist)
    assert review.seen[0]["quote"] == "Nearly every day"
    assert_not_sent(post(path, all_answered("phq-9", 3)), is_told=True)
    assert_not_sent(post(path, all_answered("phq-9", 2)), is_told=True)
    review = RiskReview.objects.get()
    assert [hit["quote"] for hit in review.seen] == ["Nearly every day", "More than half the days"]
    assert [entry.kind for entry in review.history.order_by("id")] == ["opened", "added"]


def test_other_answers_without_a_yes_open_none(path):
    post(path, NONE)
    assert_not_sent(post(path, all_answered("phq-9", 2, item_9=0)))
    assert not RiskReview.objects.exists()
    assert post(path, NONE).status_code == 302


@pytest.mark.parametrize("wrong", [{"item_1": "7", "item_9": "1"}, {"item_9": "1"}])
def test_a_yes_among_answers_that_cannot_be_opens_a_review_too(path, wrong):
    post(path, NONE)
    assert_not_sent(Client().post(path, wrong), is_told=True)
    assert RiskReview.objects.count() == 1


def test_the_same_answers_do_not_count_after_they_were_withdrawn(path, therapist, patient):
    post(path, NONE)
    access = access_for(therapist, patient)
    withdraw_result(MeasureResult.objects.get(), reason="Sent by mistake.", access=access)
    assert_not_sent(post(path, NONE))


def used(path, therapist, waiting, **given):
    taken(therapist, waiting.patient, "phq-9", 0)


def opened_again(path, client_for, waiting, **given):
    client_for(waiting.patient).post(f"/account/questionnaires/{waiting.pk}")


def expired(path, **given):
    FormLink.objects.update(expires_at=timezone.now())


def taken_back(path, therapist, waiting, **given):
    cancel_assignment(waiting, access=access_for(therapist, waiting.patient))


@pytest.mark.parametrize("event", [used, opened_again, expired, taken_back])
def test_a_yes_that_comes_through_an_ended_link_opens_one_review(event, path, client_for, therapist, patient):
    waiting = MeasureAssignment.objects.get()
    event(path=path, client_for=client_for, therapist=therapist, waiting=waiting)
    results = MeasureResult.objects.count()
    assert_not_sent(post(path, NONE))
    assert not RiskReview.objects.exists()
    for _ in range(2):
        assert_not_sent(post(path, all_answered("phq-9", 0, item_9=1)), is_told=True)
    review = RiskReview.objects.get()
    assert (review.owner, review.seen[0]["quote"]) == (therapist, "Several days")
    assert MeasureResult.objects.count() == results
    browser = client_for(therapist)
    if event is not used:
        assert "Unrecorded answer 9 of the mood questionnaire" in browser.get("/today").text
        assert browser.get(review.source_url).url == f"/patients/{patient.pk}/measures"


def api_refused(api, waiting, answers, **headers):
    body = {"answers": as_sent(answers), "sent_key": "made-by-the-app"}
    return api.post(f"/api/v1/measure-assignments/{waiting.pk}/answers", body, format="json", headers=headers)


def test_a_yes_that_the_api_refuses_opens_one_review_and_says_so(api_for, therapist, patient):
    waiting, api, yes = assigned(therapist, patient), api_for(patient), all_answered("phq-9", 0, item_9=1)
    first = {"Idempotency-Key": "first"}
    assert api_refused(api, waiting, NONE, **first).status_code == 201
    assert api_refused(api, waiting, NONE).status_code == 201
    for headers, code, status in (({}, "sent_key_used", 409), (first, "idempotency_mismatch", 422)):
        refused = api_refused(api, waiting, yes, **headers)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert "Your therapist is asked to look at your answer to question 9" in refused.json()["detail"]
    assert RiskReview.objects.get().source_id == MeasureResult.objects.get().pk
    assert MeasureResult.objects.get().outcome["total"] == 0


def test_recorded_answers_that_are_sent_again_under_no_key_open_nothing_twice(api_for, therapist, patient):
    waiting, api, yes = assigned(therapist, patient), api_for(patient), all_answered("phq-9", 0, item_9=1)
    body = {"answers": as_sent(yes)}
    access, path = access_for(therapist, patient), f"/api/v1/measure-assignments/{waiting.pk}/answers"
    assert api.post(path, body, format="json").status_code == 201
    review = RiskReview.objects.get()
    decisions.acknowledge(review, revision=1, access=access)
    decisions.dispose(
        review, disposition="assessed", reason="We spoke about it in the session.", revision=2, access=access
    )
    again = api.post(path, body, format="json")
    assert (again.status_code, "Your therapist" in again.json()["detail"]) == (409, False)
    assert RiskReview.objects.count() == 1
