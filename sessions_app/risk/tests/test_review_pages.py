"""Reviews on Today, on the page of their session, and on their own page."""

import pytest

from accounts.tests.factories import access_for
from audit.models import AuditEvent
from sessions_app.conftest import WHEN
from sessions_app.models import RiskReview
from sessions_app.notes.tests.notes import SAID, begin
from sessions_app.services.transcripts import create_with_transcript

pytestmark = pytest.mark.django_db
REASON = "We made a safety plan and she calls her brother tonight."


def closing(review, **changes):
    return {"revision": review.revision, "disposition": "safety_plan", "reason": REASON} | changes


def test_a_review_stands_first_on_today_until_it_is_closed(browser, session, review):
    begin(session)
    page = browser.get("/today")
    assert [item["kind"] for item in page.context["waiting"]] == ["risk", "to_review", "note"]
    assert f'href="{review.get_absolute_url()}"' in page.text
    browser.post(f"/risk-reviews/{review.pk}/acknowledge", {"revision": 1})
    assert f'href="{review.get_absolute_url()}"' in browser.get("/today").text
    review.refresh_from_db()
    assert browser.post(f"/risk-reviews/{review.pk}/dispose", closing(review)).status_code == 302
    assert f'href="{review.get_absolute_url()}"' not in browser.get("/today").text


def test_its_page_leads_to_the_line_and_its_session_leads_to_it(browser, session, review):
    assert f'href="{session.get_absolute_url()}#segment-1"' in browser.get(review.get_absolute_url()).text
    assert f'href="{review.get_absolute_url()}"' in browser.get(session.get_absolute_url()).text


def test_a_disposition_needs_a_reason_and_keeps_what_was_written(browser, review):
    answer = browser.post(f"/risk-reviews/{review.pk}/dispose", closing(review, reason="Fine."))
    assert answer.status_code == 422
    assert "Write between 10 and 4,000 characters." in answer.text
    assert "Fine." in answer.text
    assert RiskReview.objects.get().status == "open"


def test_each_page_that_shows_it_is_one_read_also_after_a_refusal(browser, review):
    reads = AuditEvent.objects.filter(action="risk_review.read", outcome="ok", target_id=review.pk)
    browser.get(review.get_absolute_url())
    assert reads.count() == 1
    assert browser.post(f"/risk-reviews/{review.pk}/dispose", closing(review, reason="Fine.")).status_code == 422
    assert reads.count() == 2
    assert browser.post(f"/risk-reviews/{review.pk}/dispose", closing(review)).status_code == 302
    assert reads.count() == 2


def test_who_has_not_seen_the_latest_lines_cannot_close_it(browser, review):
    review.move_to("open")  # as when lines are added
    answer = browser.post(f"/risk-reviews/{review.pk}/dispose", closing(review, revision=1))
    assert answer.status_code == 422
    assert "This review has changed since you opened it." in answer.text
    assert RiskReview.objects.get().status == "open"
    assert answer.context["dispose_form"]["revision"].value() == 2  # the page shows the lines as they are now


def test_what_came_of_it_and_who_did_what_stay_on_its_page(browser, review, therapist):
    browser.post(f"/risk-reviews/{review.pk}/dispose", closing(review))
    page = browser.get(review.get_absolute_url())
    assert REASON in page.text
    assert "Safety plan made or updated" in page.text
    assert [(entry.kind, entry.by) for entry in page.context["history"]] == [("opened", None), ("disposed", therapist)]
    assert browser.post(f"/risk-reviews/{review.pk}/dispose", closing(review)).status_code == 422


def test_nothing_is_waiting_is_not_said_beside_a_running_job(browser, patient, therapist):
    assert "Nothing is waiting for you." in browser.get("/today").text
    create_with_transcript(access_for(therapist, patient), WHEN, SAID, "talk.txt")
    assert "Nothing is waiting for you." not in browser.get("/today").text


def test_the_header_of_the_patient_names_it_until_it_is_closed(browser, review, patient):
    link = f'href="{review.get_absolute_url()}">'
    assert link in browser.get(f"/patients/{patient.pk}").text
    browser.post(f"/risk-reviews/{review.pk}/dispose", closing(review))
    assert link not in browser.get(f"/patients/{patient.pk}").text


def test_whoever_signs_the_note_is_told_of_an_open_review(browser, session, review):
    page = f"/notes/{begin(session).pk}/sign"
    link = f'href="{review.get_absolute_url()}">Open the risk review</a>'
    assert link in browser.get(page).text
    browser.post(f"/risk-reviews/{review.pk}/dispose", closing(review))
    assert link not in browser.get(page).text
