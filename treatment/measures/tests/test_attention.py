"""An answer about thoughts of death opens a risk review at once, in whatever way it comes."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import OutgoingMail
from accounts.tests.factories import AdminFactory, CareFactory, TherapistFactory, access_for, end_care
from sessions_app.models import RiskReview
from sessions_app.risk.services import decisions
from sessions_app.risk.services.escalation import SECOND_STAGE_AFTER, escalate_overdue
from therapybridge.core.actor import SYSTEM
from treatment.instruments import INSTRUMENTS
from treatment.measures.services.risk import review_answers
from treatment.measures.services.withdrawing import withdraw_result
from treatment.measures.tests.conftest import ITEM_9, WAYS
from treatment.measures.tests.factories import all_answered, as_form, as_sent, assigned, taken
from treatment.models import MeasureResult

pytestmark = pytest.mark.django_db


def mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind="risk_review_opened"))


def test_a_yes_opens_one_review_whose_owner_hears_of_it(send, therapist, patient):
    send(all_answered("phq-9", 0, item_9=1))
    review, result = RiskReview.objects.get(), MeasureResult.objects.get()
    assert (review.source_id, review.source_day, review.session) == (result.pk, result.taken_date, None)
    assert (review.owner, review.patient, review.status) == (therapist, patient, "open")
    assert [(hit["question"], hit["quote"]) for hit in review.seen] == [(ITEM_9, "Several days")]
    assert [entry.kind for entry in review.history.all()] == ["opened"]
    [mail] = mails()
    assert mail.to == therapist.email
    words = f"{mail.subject} {mail.text}".lower()
    assert not any(word in words for word in ("risk", "death", "suicid", "questionnaire", "answer", "canary"))


def test_a_no_opens_none_and_is_called_nothing(send, client_for, therapist, patient):
    send(all_answered("phq-9", 3, item_9=0))
    assert (RiskReview.objects.count(), mails()) == (0, [])
    browser = client_for(therapist)
    for page in (f"/measures/{MeasureResult.objects.get().pk}", f"/patients/{patient.pk}/measures", "/today"):
        text = browser.get(page).content.decode().lower()
        assert "low risk" not in text
        assert "no risk" not in text


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_it_cannot_be_left_out(way, client_for, api_for, therapist, patient):
    refused = way(client_for, api_for, therapist, patient, all_answered("phq-9", 3, item_9=None))
    assert refused.status_code in {400, 422}
    assert "Please answer this one too, or talk to your therapist about it." in refused.content.decode()
    assert not MeasureResult.objects.exists()


def test_another_answer_that_was_left_out_is_shown_as_not_answered(send, client_for, therapist):
    send(all_answered("phq-9", 0, item_8=None))
    page = client_for(therapist).get(f"/measures/{MeasureResult.objects.get().pk}").content.decode()
    assert "Not answered" in page


def refuse_reviews() -> None:
    """Let the database take no new review."""
    table, vendor = "sessions_app_riskreview", connection.vendor
    refusal = (
        "FOR EACH ROW EXECUTE FUNCTION risk_refuse_update()"
        if vendor == "postgresql"
        else "BEGIN SELECT RAISE(ABORT, 'Full.'); END"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TRIGGER none_any_more BEFORE INSERT ON {table} {refusal}")


def test_without_the_review_there_is_no_result(send):
    refuse_reviews()
    with pytest.raises(IntegrityError):
        send(all_answered("phq-9", 0, item_9=3))
    assert (MeasureResult.objects.count(), RiskReview.objects.count(), mails()) == (0, 0, [])
    send(all_answered("phq-9", 0))
    assert MeasureResult.objects.count() == 1


def test_whoever_asked_owns_it_while_they_treat_the_patient(therapist, patient, api_for):
    colleague = TherapistFactory(clinic=patient.clinic)
    relation = CareFactory(therapist=colleague, patient=patient, relationship_type="secondary")
    assigned(colleague, patient)
    taken(therapist, patient, "phq-9", 1)
    assert RiskReview.objects.get().owner == colleague
    assigned(colleague, patient)
    end_care(relation)
    taken(therapist, patient, "phq-9", 2)
    assert RiskReview.objects.latest("id").owner == therapist


def test_where_nobody_treats_the_patient_no_answers_are_taken(therapist, patient, client_for, api_for):
    waiting = assigned(therapist, patient)
    path = client_for(patient).post(f"/account/questionnaires/{waiting.pk}").headers["Location"]
    end_care(patient.care_relations.get())
    answers = all_answered("phq-9", 1)
    pages = [Client().get(path), Client().post(path, as_form(answers))]
    for page in pages:
        text = page.content.decode()
        assert (page.status_code, 'href="tel:988"' in text, "no therapist" in text) == (409, True, True)
    body, api = {"answers": as_sent(answers)}, api_for(patient)
    refused = api.post(f"/api/v1/measure-assignments/{waiting.pk}/answers", body, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "nobody_treats")
    assert (MeasureResult.objects.count(), RiskReview.objects.count()) == (0, 0)


def test_a_review_that_nobody_owns_is_escalated_until_somebody_does(therapist, patient):
    admin = AdminFactory(clinic=patient.clinic)
    result = taken(therapist, patient, "phq-9", 0)
    end_care(patient.care_relations.get())
    with transaction.atomic():
        review_answers(result, INSTRUMENTS["phq-9"], all_answered("phq-9", 1))
    review = RiskReview.objects.get()
    assert (review.owner, mails()) == (None, [])
    for count in range(1, 4):
        with time_machine.travel(review.opened_at + (count - 1) * SECOND_STAGE_AFTER + timedelta(minutes=count)):
            escalate_overdue(by=SYSTEM)
        sent = OutgoingMail.objects.filter(kind="risk_review_escalated")
        assert [mail.to for mail in sent].count(admin.email) == count
    review.refresh_from_db()
    assert review.escalate_at is not None


def test_it_is_shown_where_reviews_are_shown(therapist, patient, client_for, api_for):
    result = taken(therapist, patient, "phq-9", 1)
    review, browser = RiskReview.objects.get(), client_for(therapist)
    for page in ("/today", "/risk-reviews", f"/risk-reviews/{review.pk}"):
        assert "Answer 9 of the mood questionnaire" in browser.get(page).content.decode()
    whole = browser.get(f"/risk-reviews/{review.pk}").content.decode()
    assert ITEM_9 in whole
    assert "Several days" in whole
    assert f'href="/measures/{result.pk}"' in whole
    header = browser.get(f"/patients/{patient.pk}").content.decode()
    assert review.get_absolute_url() in header
    assert "Answer 9 of the mood questionnaire" in header
    assert review.get_absolute_url() in browser.get(f"/measures/{result.pk}").content.decode()
    row = api_for(therapist).get(f"/api/v1/risk-reviews/{review.pk}").json()
    assert (row["session_id"], row["source_type"], row["source_id"]) == (None, "phq-9.9", str(result.pk))
    assert row["seen"][0]["question"] == ITEM_9


def test_withdrawing_the_answers_does_not_close_it(therapist, patient):
    result, access = taken(therapist, patient, "phq-9", 1), access_for(therapist, patient)
    withdraw_result(result, reason="Clicked by mistake.", access=access)
    review = RiskReview.objects.get()
    assert review.status == "open"
    decisions.acknowledge(review, revision=1, access=access)
    decisions.dispose(review, disposition="misheard", reason="It was a wrong click.", revision=2, access=access)
    assert RiskReview.objects.get().status == "disposed"


def execute(statement: str, *given: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
    connection.check_constraints()


@pytest.mark.parametrize(
    "change",
    [
        "source_type = 'other'",
        "source_id = patient_id",
        "source_day = '2020-01-01'",
        "source_type = '', source_id = NULL, source_day = NULL",
        "due_at = '2100-01-01'",
        "status = 'disposed'",
    ],
)
def test_the_database_refuses_to_change_what_it_comes_from(therapist, patient, change):
    taken(therapist, patient, "phq-9", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(f"UPDATE sessions_app_riskreview SET {change}")


def test_the_database_refuses_to_delete_or_replace_it(therapist, patient):
    taken(therapist, patient, "phq-9", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        execute("DELETE FROM sessions_app_riskreview")
    names = [field.column for field in RiskReview._meta.concrete_fields]
    columns = ", ".join("'01890000000070008000000000000000'" if name == "id" else name for name in names)
    insert = "INSERT" if connection.vendor == "postgresql" else "INSERT OR REPLACE"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"{insert} INTO sessions_app_riskreview ({', '.join(names)}) SELECT {columns} FROM sessions_app_riskreview"
        )
    assert RiskReview.objects.count() == 1


def test_a_review_comes_from_a_session_or_from_elsewhere(therapist, patient):
    with pytest.raises(IntegrityError), transaction.atomic():
        RiskReview.objects.create(patient=patient, clinic=patient.clinic, seen=[], due_at="2026-01-01T00:00:00Z")
