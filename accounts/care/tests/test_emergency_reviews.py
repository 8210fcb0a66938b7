"""Emergency access is reviewed by someone else, in time, and once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.care.access import open_grant_to_review
from accounts.care.audit_actions import EMERGENCY_REVIEWED
from accounts.care.services import emergency
from accounts.care.tasks import remind_reviews
from accounts.models import BreakGlassGrant
from accounts.rights.services.access_report import opened_under
from accounts.tests.emails import emails
from accounts.tests.factories import AdminFactory, BreakGlassFactory, CareFactory, PatientFactory, TherapistFactory
from audit.models import AuditEvent
from therapybridge.core.actor import Actor

PAGE, REVIEWS, API = "/emergency", "/emergency/reviews", "/api/v1/emergency-access"


@pytest.fixture
def patient(therapist):
    person = PatientFactory(clinic=therapist.clinic, last_name="Byron")
    CareFactory(therapist=therapist, patient=person)
    return person


def review_page(grant: BreakGlassGrant) -> str:
    return f"{PAGE}/{grant.pk}/review"


def test_reviewers_find_what_waits(client_for, therapist, clinic, over):
    late = timezone.now() - timedelta(hours=1)
    BreakGlassGrant.objects.update(review_due_at=late)
    page = client_for(therapist).get(REVIEWS).content.decode()
    assert "Canary Byron" in page
    assert "Overdue" in page
    assert AuditEvent.objects.get(action="emergency.listed").ids == [str(over.pk)]
    desk = client_for(AdminFactory(clinic=clinic)).get(REVIEWS).content.decode()
    assert "Canary" not in desk
    assert str(over.patient_id)[-8:] in desk


def test_an_administrator_reviews_without_words_about_the_patient(client_for, therapist, clinic, over):
    shown = client_for(therapist).get(review_page(over)).content.decode()
    assert over.justification in shown
    desk = client_for(AdminFactory(clinic=clinic))
    page = desk.get(review_page(over)).content.decode()
    assert "Medical emergency" in page
    assert not any(word in page for word in ("Canary", "Byron", over.justification))
    assert desk.post(review_page(over), {"verdict": "justified", "note": "Fine."}).status_code == 302
    over.refresh_from_db()
    assert (over.verdict, over.reviewed_by.role, over.review_note) == ("justified", "admin", "Fine.")


def test_the_review_shows_what_was_opened(client_for, api_for, other_therapist, therapist, grant):
    browser = client_for(other_therapist)
    browser.get(f"/patients/{grant.patient_id}")
    api_for(other_therapist).get(f"/api/v1/patients/{grant.patient_id}/timeline")
    client_for(therapist).get(f"/patients/{grant.patient_id}")
    opened = client_for(therapist).get(review_page(grant)).context["opened"]
    assert [(line["action"], line["times"]) for line in opened] == [("patient.read", 1), ("timeline.read", 1)]


def test_the_review_shows_the_lists_that_were_read_under_it(api_for, other_therapist, therapist, grant):
    other = BreakGlassFactory(patient=PatientFactory(clinic=grant.patient.clinic), therapist=other_therapist)
    unused = BreakGlassFactory(patient=PatientFactory(clinic=grant.patient.clinic), therapist=therapist)
    assert len(api_for(other_therapist).get("/api/v1/patients").json()["results"]) == 2
    assert AuditEvent.objects.get(action="patient.listed").patient_id is None
    for each in (grant, other):
        lines = opened_under(each)
        assert [(line["action"], line["times"]) for line in lines] == [("patient.listed", 1)]
    assert opened_under(unused) == []


def test_a_review_is_given_once(client_for, api_for, therapist, clinic, over):
    device = api_for(therapist)
    answer = device.post(f"{API}/{over.pk}/review", {"verdict": "unjustified"}, format="json")
    assert (answer.status_code, answer.json()["verdict"]) == (200, "unjustified")
    answer = api_for(AdminFactory(clinic=clinic)).post(
        f"{API}/{over.pk}/review", {"verdict": "justified"}, format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "already_reviewed")
    assert client_for(therapist).post(review_page(over), {"verdict": "justified"}).status_code == 422
    assert client_for(therapist).get(REVIEWS).context["page"].rows == []
    assert AuditEvent.objects.filter(action="emergency.reviewed", outcome="ok").count() == 1
    assert not AuditEvent.objects.filter(action="emergency.ended").exists(), "it was over by itself"


def test_a_late_review_still_counts(api_for, therapist, over):
    BreakGlassGrant.objects.update(review_due_at=timezone.now() - timedelta(days=9))
    answer = api_for(therapist).post(f"{API}/{over.pk}/review", {"verdict": "justified"}, format="json")
    assert answer.status_code == 200


def test_an_open_access_can_be_stopped_but_not_approved(api_for, therapist, other_therapist, grant):
    device = api_for(therapist)
    answer = device.post(f"{API}/{grant.pk}/review", {"verdict": "justified"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "still_open")
    assert not AuditEvent.objects.filter(action="emergency.ended").exists()
    assert device.post(f"{API}/{grant.pk}/review", {"verdict": "unjustified"}, format="json").status_code == 200
    row = AuditEvent.objects.get(action="emergency.ended")
    assert (row.actor, row.target_id, row.patient_id) == (therapist, grant.pk, grant.patient_id)
    assert BreakGlassGrant.objects.get().state == "ended"
    assert api_for(other_therapist).get(f"/api/v1/patients/{grant.patient_id}").status_code == 404


def test_the_holder_never_reviews_not_even_as_a_treating_therapist(client_for, api_for, other_therapist, over):
    CareFactory(therapist=other_therapist, patient=over.patient)
    body = {"verdict": "justified"}
    assert api_for(other_therapist).post(f"{API}/{over.pk}/review", body, format="json").status_code == 403
    browser = client_for(other_therapist)
    assert [browser.get(review_page(over)).status_code, browser.post(review_page(over), body).status_code] == [403, 403]
    assert browser.get(REVIEWS).context["page"].rows == []
    assert AuditEvent.objects.filter(outcome="denied", reason="own").count() == 3


@pytest.mark.parametrize("who", ["colleague", "foreign_therapist", "foreign admin", "second holder"])
def test_strangers_find_no_review(client_for, api_for, foreign_therapist, over, who):
    colleague = TherapistFactory(clinic=over.patient.clinic)
    if who == "second holder":
        BreakGlassFactory(patient=over.patient, therapist=colleague)
    person = {"foreign_therapist": foreign_therapist, "foreign admin": AdminFactory()}.get(who, colleague)
    assert client_for(person).get(review_page(over)).status_code == 404
    answer = api_for(person).post(f"{API}/{over.pk}/review", {"verdict": "justified"}, format="json")
    assert answer.status_code == 404
    assert AuditEvent.objects.filter(outcome="denied", reason="not_found", target_id=over.pk).count() == 2


def test_a_patient_has_no_part_in_it(client_for, api_for, over):
    patient = over.patient
    browser = client_for(patient)
    assert [browser.get(path).status_code for path in (PAGE, REVIEWS, review_page(over))] == [403] * 3
    assert api_for(patient).get(API).status_code == 403


def test_the_api_lists_own_and_what_waits_for_review(api_for, therapist, other_therapist, clinic, patient, over):
    of_mine = BreakGlassFactory(therapist=therapist, patient=PatientFactory(clinic=clinic))
    assert [row["id"] for row in api_for(therapist).get(API).json()["results"]] == [str(of_mine.pk), str(over.pk)]
    assert [row["id"] for row in api_for(other_therapist).get(API).json()["results"]] == [str(over.pk)]
    desk = api_for(AdminFactory(clinic=clinic)).get(API).json()["results"]
    assert [row["justification"] for row in desk] == [None, None]


def test_the_lists_take_the_same_queries_for_one_and_for_many(client_for, api_for, therapist, patient):
    browser, device = client_for(therapist), api_for(therapist)

    def queries() -> list[int]:
        counted = []
        for client, path in ((browser, REVIEWS), (device, API)):
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            counted.append(len(seen))
        return counted

    queries()
    BreakGlassFactory(patient=patient)
    one = queries()
    for _ in range(4):
        BreakGlassFactory(patient=patient)
    assert queries() == one


def test_a_late_review_is_asked_for_once(therapist, clinic, over):
    admin = AdminFactory(clinic=clinic)
    remind_reviews()
    assert emails() == []
    BreakGlassGrant.objects.update(review_due_at=timezone.now() - timedelta(minutes=1))
    remind_reviews()
    remind_reviews()
    assert {email.to for email in emails()} == {therapist.email, admin.email}
    assert AuditEvent.objects.filter(action="emergency.review_reminded", patient_id=over.patient_id).count() == 1


def test_a_review_that_was_given_is_not_asked_for(therapist, over):
    BreakGlassGrant.objects.update(review_due_at=timezone.now() - timedelta(minutes=1))
    access = open_grant_to_review(Actor(user=therapist), over.pk, EMERGENCY_REVIEWED)
    emergency.review_emergency_access(access, verdict="justified")
    remind_reviews()
    assert emails() == []
