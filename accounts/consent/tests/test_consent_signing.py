"""The signing page: open once to the holder of the link, and to nobody else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.care.access import by_link
from accounts.consent.access import open_signing_link
from accounts.consent.services import consent_log, requests
from accounts.consent.services.decisions import missing_recording_consents
from accounts.models import ConsentEntry, ConsentRequest, ConsentTemplate
from accounts.tests.factories import CareFactory, access_for, end_care
from audit.models import AuditEvent
from therapybridge.core import links
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Forbidden, InvalidInput

SIGNED = {"signer_role": "patient", "signer_name": "Canary Bird", "witness_name": ""}
YES_NO = {"choice_recording": "granted", "choice_ai_processing": "declined"}


@pytest.fixture
def newcomer(therapist):
    """A patient without any decisions."""
    return CareFactory(therapist=therapist).patient


@pytest.fixture
def ask(therapist, newcomer):
    """Create a signing link as the therapist; returns its path."""

    def make(types=("recording", "ai_processing"), patient=newcomer):
        _, link = requests.request_consent(access_for(therapist, patient), types)
        return "/sign/" + link.rpartition("/")[2]

    return make


def digest(page):
    return re.search(r'name="digest" value="(\w+)"', page.content.decode()).group(1)


def send(path, client=None, **change):
    client = client or Client()
    return client.post(path, {**SIGNED, **YES_NO, "digest": digest(client.get(path)), **change})


def test_the_page_shows_the_texts_and_no_more_of_the_patient_than_a_first_name(ask, newcomer, clinic, client):
    page = client.get(ask())
    text = page.content.decode()
    assert page.status_code == 200
    assert newcomer.first_name in text
    assert newcomer.last_name not in text
    assert clinic.name in text
    assert "audio recording" in text
    assert "Version standard 1" in text
    assert "checked" not in text, "nothing is chosen beforehand"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] in {"no-referrer", "strict-origin"}


def test_signing_records_each_decision_once(ask, newcomer, client):
    path = ask()
    answer = client.post(
        path,
        {**SIGNED, **YES_NO, "witness_name": "Wim", "digest": digest(client.get(path))},
        headers={"User-Agent": "Tablet"},
        REMOTE_ADDR="203.0.113.7",
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/signed")
    assert client.get("/signed").status_code == 200
    entries = {entry.consent_type: entry for entry in ConsentEntry.objects.all()}
    assert {kind: entry.status for kind, entry in entries.items()} == {
        "recording": "granted",
        "ai_processing": "declined",
    }
    entry = entries["recording"]
    assert (entry.method, entry.signer_role, entry.signer_name) == ("electronic", "patient", "Canary Bird")
    assert (entry.witness_name, entry.ip, entry.recorded_by) == ("Wim", "203.0.113.7", None)
    assert missing_recording_consents(newcomer) == ["ai_processing"]
    assert ConsentRequest.objects.get().used_at is not None
    row = AuditEvent.objects.get(action="consent.signed")
    assert (row.actor, row.clinic_id, row.patient_id) == (None, newcomer.clinic_id, newcomer.pk)
    assert row.target_id == ConsentRequest.objects.get().pk
    assert (row.user_agent, len(row.ids), "Canary Bird" in str(vars(row))) == ("Tablet", 2, False)


def used(path):
    assert send(path).status_code == 302


def expired(path):
    ConsentRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def revoked(path):
    ConsentRequest.objects.update(revoked_at=timezone.now())


def closed(path):
    patient = ConsentRequest.objects.get().patient
    patient.is_active = False
    patient.save()


@pytest.mark.parametrize("end", [used, expired, revoked, closed])
def test_every_link_that_does_not_work_looks_like_one_that_never_was(ask, end):
    path = ask()
    good = digest(Client().get(path))
    end(path)
    before = ConsentEntry.objects.count()
    unknown = f"/sign/{links.new_secret()[0]}"
    pages = [Client().get(path), Client().post(path, {**SIGNED, **YES_NO, "digest": good}), Client().get(unknown)]
    bodies = {re.sub(r"Reference: \S+", "", page.content.decode()) for page in pages}
    assert [page.status_code for page in pages] == [404] * 3
    assert len(bodies) == 1
    assert "Canary" not in bodies.pop()
    assert ConsentEntry.objects.count() == before


def test_a_link_ends_with_the_care_of_the_therapist_who_saw_it(ask, newcomer, client):
    path = ask()
    answer = digest(client.get(path))
    end_care(newcomer.care_relations.get())
    assert client.get(path).status_code == 404
    assert client.post(path, {**SIGNED, **YES_NO, "digest": answer}).status_code == 404
    assert not ConsentEntry.objects.exists()


def test_a_look_at_the_page_does_not_use_it_up(ask, client):
    path = ask()
    for _ in range(3):
        assert client.get(path).status_code == client.head(path).status_code == 200
    assert send(path).status_code == 302


def test_of_two_signatures_at_once_one_counts(ask):
    path = ask()
    row, access = open_signing_link(Actor(), path.rpartition("/")[2])
    given = {
        "digest": consent_log.digest_of(requests.texts_of(row)),
        "signer_role": "patient",
        "signer_name": "C",
        "access": access,
    }
    decisions = {"recording": "granted", "ai_processing": "granted"}
    requests.sign(row, decisions, **given)
    with pytest.raises(links.LinkGone):
        requests.sign(row, decisions, **given)
    assert ConsentEntry.objects.count() == 2


def test_the_link_of_one_patient_signs_nothing_for_another(ask, therapist):
    row, _ = open_signing_link(Actor(), ask().rpartition("/")[2])
    other = CareFactory(therapist=therapist).patient
    given = {"digest": consent_log.digest_of(requests.texts_of(row)), "signer_role": "patient", "signer_name": "C"}
    decisions = {"recording": "granted", "ai_processing": "granted"}
    with pytest.raises(Forbidden):
        requests.sign(row, decisions, access=by_link(Actor(), other), **given)
    assert not ConsentEntry.objects.exists()
    assert ConsentRequest.objects.open().count() == 1


def test_a_decision_that_cannot_be_kept_leaves_the_link(ask, monkeypatch):
    path = ask()
    row, access = open_signing_link(Actor(), path.rpartition("/")[2])
    given = {"digest": "", "signer_role": "patient", "signer_name": "C", "access": access}
    for decisions in ({"recording": "granted"}, {"recording": "expired", "ai_processing": "granted"}):
        with pytest.raises(InvalidInput):
            requests.sign(row, decisions, **given)
    assert ConsentRequest.objects.open().count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"choice_recording": ""}, "choice_recording"),
        ({"choice_ai_processing": "revoked"}, "choice_ai_processing"),
        ({"signer_role": ""}, "signer_role"),
        ({"signer_role": "neighbour"}, "signer_role"),
        ({"signer_name": "   "}, "signer_name"),
        ({"signer_name": "x" * 201}, "signer_name"),
    ],
)
def test_an_incomplete_signature_comes_back_and_keeps_what_was_chosen(ask, change, field):
    path = ask()
    answer = send(path, **change)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert 'role="alert"' in answer.content.decode()
    assert not ConsentEntry.objects.exists()
    assert send(path).status_code == 302, "the link still works"


def test_nobody_signs_a_text_that_was_not_shown(ask, clinic):
    path = ask()
    old = digest(Client().get(path))
    ConsentTemplate.objects.create(clinic=clinic, consent_type="recording", version=1, text="New words.")
    answer = Client().post(path, {**SIGNED, **YES_NO, "digest": old})
    assert answer.status_code == 422
    assert "The text has changed in the meantime" in answer.content.decode()
    assert "New words." in answer.content.decode()
    assert not ConsentEntry.objects.exists()
    assert send(path).status_code == 302
    assert ConsentEntry.objects.get(consent_type="recording").text == "New words."


def test_a_signed_consent_ends_when_the_clinic_says(ask, clinic):
    ConsentTemplate.objects.create(clinic=clinic, consent_type="recording", version=3, text="Words.", valid_days=10)
    send(ask())
    entries = {entry.consent_type: entry for entry in ConsentEntry.objects.all()}
    granted = entries["recording"]
    assert granted.expires_at - granted.signed_at == timedelta(days=10)
    assert entries["ai_processing"].expires_at is None


def test_the_page_refuses_forged_requests(ask):
    browser = Client(enforce_csrf_checks=True)
    path = ask()
    page = browser.get(path)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode()).group(1)
    data = {**SIGNED, **YES_NO, "digest": digest(page)}
    assert browser.post(path, data).status_code == 403
    assert browser.post(path, data | {"csrfmiddlewaretoken": token}).status_code == 302


@pytest.mark.usefixtures("still_clock")
def test_guessing_is_limited_by_address(ask, settings):
    settings.LIMITS = {**settings.LIMITS, "signing": "3/m"}
    path = ask()
    answers = [Client().get(f"/sign/guess{number}", REMOTE_ADDR="203.0.113.9").status_code for number in range(4)]
    assert answers == [404, 404, 404, 429]
    assert Client().get(path, REMOTE_ADDR="203.0.113.9").status_code == 429
    assert Client().get(path, REMOTE_ADDR="203.0.113.10").status_code == 200


def test_the_secret_is_in_no_log_line(ask, capsys, caplog):
    path = ask()
    send(path)
    said = capsys.readouterr()
    assert path.rpartition("/")[2] not in said.out + said.err + caplog.text


def test_a_signed_in_browser_shows_nothing_of_its_person(ask, therapist, client_for):
    page = client_for(therapist).get(ask()).content.decode()
    assert therapist.last_name not in page
    assert "/sign-out" not in page


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_verbs_are_405(ask, method):
    assert getattr(Client(), method)(ask()).status_code == 405
