"""Keeping and deleting statements to check."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import access_for
from audit.models import AuditEvent
from sessions_app.conftest import WHEN, work_off
from sessions_app.models import Extraction, PatientSummary, StatementReview, TherapySession
from sessions_app.notes.services.statements import reviewed, usable
from sessions_app.notes.services.summaries import approve_summary
from sessions_app.processing.services.control import redraft_notes
from sessions_app.services.transcripts import create_with_transcript

pytestmark = pytest.mark.django_db
SAID = b"Therapist: How did you sleep?\nPatient: Badly. I will try the breathing exercise.\n"
KEPT = "patient_summary-9"
TEXT = "You walked by the sea."
Api = Callable[[User], APIClient]


@pytest.fixture
def session(therapist: User, patient: User) -> TherapySession:
    """Drafted; one statement for the patient and one for the therapist are to check."""
    session = work_off(create_with_transcript(access_for(therapist, patient), WHEN, SAID, "talk.txt"))
    extraction = session.extractions.get()
    to_check = {"state": "check", "reason": "content", "evidence": {"segments": [1], "quote": ""}, "text": TEXT}
    extraction.notes["patient_summary"]["statements"].append(to_check | {"id": KEPT})
    extraction.notes["topic_summary"] = to_check | {"id": "topic_summary", "text": "They walked by the sea."}
    extraction.save()
    return session


def decide(client: Any, session: TherapySession, what: str, statement: str = KEPT, version: int = 1) -> Any:
    path = f"/api/v1/sessions/{session.pk}/statements/{statement}/{what}"
    return client.post(path, {"version": version}, format="json")


def test_a_kept_sentence_is_the_therapists_own(api_for: Api, therapist: User, session: TherapySession) -> None:
    api = api_for(therapist)
    assert decide(api, session, "keep").json()["decision"] == "kept"
    body = api.get(f"/api/v1/sessions/{session.pk}/notes").json()
    shown = body["notes"]["patient_summary"]["statements"][-1]
    assert (shown["state"], shown["kept_by"]) == ("kept", therapist.full_name)
    assert (body["kept"], body["to_check"]) == (1, 1)
    assert AuditEvent.objects.filter(action="statement.kept", patient_id=session.patient_id).count() == 1


def test_a_deleted_sentence_is_gone_and_counted(api_for: Api, therapist: User, session: TherapySession) -> None:
    api = api_for(therapist)
    assert decide(api, session, "delete", "topic_summary").status_code == 200
    body = api.get(f"/api/v1/sessions/{session.pk}/notes").json()
    assert (body["notes"]["topic_summary"], body["deleted"]) == (None, 1)


def test_the_patients_text_follows_what_was_kept_until_a_person_edits_it(
    api_for: Api, therapist: User, patient: User, session: TherapySession
) -> None:
    summary = PatientSummary.objects.get(session=session)
    assert TEXT not in summary.text
    decide(api_for(therapist), session, "keep")
    summary.refresh_from_db()
    assert summary.text.endswith(TEXT)
    approve_summary(session, "My own words.", access=access_for(therapist, patient))
    decide(api_for(therapist), session, "keep", "topic_summary")
    summary.refresh_from_db()
    assert summary.text == "My own words."


def test_a_decision_is_taken_once(api_for: Api, therapist: User, session: TherapySession) -> None:
    api = api_for(therapist)
    assert [decide(api, session, what).status_code for what in ("keep", "keep", "delete")] == [200, 200, 409]
    assert decide(api, session, "delete").json()["code"] == "already_decided"
    assert StatementReview.objects.get().decision == "kept"


@pytest.mark.parametrize(
    ("statement", "version", "status", "code"),
    [
        ("key_topics-77", 1, 404, "no_statement"),
        ("risk_flags-0", 1, 404, "no_statement"),
        ("key_topics-0", 1, 409, "not_to_check"),
        (KEPT, 2, 409, "draft_outdated"),
    ],
)
def test_only_a_statement_to_check_of_the_present_draft_can_be_decided(
    api_for: Api, therapist: User, session: TherapySession, statement: str, version: int, status: int, code: str
) -> None:
    answer = decide(api_for(therapist), session, "keep", statement, version)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not StatementReview.objects.exists()


def states_in(page: str) -> list[str]:
    """The numbers of statements by state, as the page says them."""
    (counts,) = re.findall(r'<ul class="states__counts">(.*?)</ul>', page, re.DOTALL)
    texts = (re.sub(r"<[^>]*>", " ", item) for item in re.findall(r"<li.*?</li>", counts, re.DOTALL))
    return [" ".join(text.split()) for text in texts]


def test_a_redraft_outdates_the_draft_before(
    api_for: Api, therapist: User, patient: User, session: TherapySession
) -> None:
    redraft_notes(session, access=access_for(therapist, patient))
    work_off(session)
    assert decide(api_for(therapist), session, "keep").json()["code"] == "draft_outdated"


def test_what_may_be_used_is_supported_or_kept(session: TherapySession) -> None:
    extraction = session.extractions.get()
    assert usable(reviewed(extraction).notes)["topic_summary"] is None
    assert usable(reviewed(extraction).notes)["key_topics"]


def test_the_page_sets_apart_what_is_to_check_and_print_leaves_it_out(browser: Client, session: TherapySession) -> None:
    page = browser.get(session.get_absolute_url()).content.decode()
    assert states_in(page)[1:] == ["2 to check", "0 refused"]
    assert page.index("To check</h3>") < page.index(TEXT)
    assert "Not assessed: mood, emotional themes, triggers" in page
    printed = browser.get(f"{session.get_absolute_url()}/print").content.decode()
    assert "by the sea" not in printed
    assert "Left out: 2 to check, 0 deleted, 0 refused." in printed


def test_buttons_keep_and_delete(browser: Client, therapist: User, session: TherapySession) -> None:
    url = session.get_absolute_url()
    page = browser.post(f"{url}/statements/{KEPT}/keep", {"draft": 1}, follow=True).content.decode()
    assert f"kept by {therapist.full_name}" not in page  # it belongs to the patient's text, shown in its own card
    assert TEXT in page
    page = browser.post(f"{url}/statements/topic_summary/delete", {"draft": 1}, follow=True).content.decode()
    assert states_in(page)[1:] == ["0 to check", "0 refused", "1 kept", "1 deleted"]
    page = browser.post(f"{url}/statements/topic_summary/keep", {"draft": 1}, follow=True).content.decode()
    assert "This statement was already deleted." in page


def test_an_earlier_draft_proves_nothing(
    browser: Client, api_for: Api, therapist: User, session: TherapySession
) -> None:
    extraction = session.extractions.get()
    for item in extraction.notes["key_topics"]:
        del item["id"], item["state"], item["reason"]
    extraction.notes["topic_summary"] = None
    Extraction.objects.filter(pk=extraction.pk).update(supported=0)
    extraction.save(update_fields=["notes"])
    assert "Drafted before the present checks" in browser.get(session.get_absolute_url()).content.decode()
    assert usable(reviewed(extraction).notes)["key_topics"] == []
    assert decide(api_for(therapist), session, "keep", "key_topics-0").status_code == 200


def test_reading_many_decisions_takes_no_more_queries(
    api_for: Api, therapist: User, session: TherapySession, django_assert_num_queries: Any
) -> None:
    api = api_for(therapist)
    path = f"/api/v1/sessions/{session.pk}/notes"
    decide(api, session, "keep")
    api.get(path)
    with CaptureQueriesContext(connection) as of_one:
        api.get(path)
    needed = len(of_one)
    decide(api, session, "keep", "topic_summary")
    with django_assert_num_queries(needed):
        api.get(path)
