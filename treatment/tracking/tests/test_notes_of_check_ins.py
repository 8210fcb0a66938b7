"""Notes of check-ins: therapists read them, and the worker looks for possible risk in each once."""

from uuid import uuid4

import pytest

from accounts.care.access import access_to
from accounts.models import OutgoingMail
from accounts.tests.threads import at_once
from sessions_app.models import RiskReview
from therapybridge.core.actor import Actor
from therapybridge.core.batches import RowsFailed
from treatment.models import CheckIn
from treatment.tracking.services.check_ins import send_check_in
from treatment.tracking.services.notes import search_notes

RISKY = "Tonight I want to kill myself."


@pytest.fixture
def sent(patient):
    own = access_to(Actor(user=patient), patient, may_write=False)
    return lambda note, key="a": send_check_in(own, sent_key=key, values={}, note=note)[0]


@pytest.mark.django_db
def test_a_therapist_reads_mood_note_and_day(sent, client_for, therapist, patient):
    sent("Walked to the shop.")
    page = client_for(therapist).get(f"/patients/{patient.pk}/check-ins").text
    assert "Walked to the shop." in page
    assert "/check-ins" in client_for(therapist).get(f"/patients/{patient.pk}/measures").text


@pytest.mark.django_db
def test_possible_risk_opens_one_review_whose_owner_hears_of_it(sent, therapist, patient, client_for):
    check_in = sent(RISKY)
    assert [search_notes(), search_notes()] == [1, 0]
    review = RiskReview.objects.get()
    assert (review.source_id, review.patient, review.owner) == (check_in.pk, patient, therapist)
    assert "kill myself" in review.seen[0]["quote"]
    mail = OutgoingMail.objects.get(kind="risk_review_opened")
    assert (mail.to, "kill" in f"{mail.subject} {mail.text}") == (therapist.email, False)
    page = client_for(therapist).get(f"/risk-reviews/{review.pk}").text
    assert f'href="/check-ins/{check_in.pk}"' in page
    led = client_for(therapist).get(f"/check-ins/{check_in.pk}")
    assert led.url == f"/patients/{patient.pk}/check-ins#check-in-{check_in.pk}"


@pytest.mark.django_db
def test_other_notes_open_none_and_are_searched_once(sent):
    sent("Slept badly, then better.")
    assert search_notes() == 0
    assert CheckIn.objects.get().searched_at


@pytest.mark.django_db
def test_a_note_that_cannot_be_read_keeps_no_other_from_being_searched(sent):
    broken, _ = sent("Fine."), sent(RISKY, "b")
    CheckIn.objects.filter(pk=broken.pk).update(note=CheckIn._meta.get_field("note").seal("Fine.", uuid4()))
    with pytest.raises(RowsFailed) as told:
        search_notes()
    assert (told.value.done, told.value.failed, RiskReview.objects.count()) == (1, 1, 1)
    assert CheckIn.objects.get(searched_at=None).pk == broken.pk


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_opens_the_review(sent):
    sent(RISKY)
    assert at_once([search_notes] * 8) == []
    assert RiskReview.objects.count() == 1
