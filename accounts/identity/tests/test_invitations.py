"""Inviting patients and colleagues, and accepting invitations."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.care.services import patients
from accounts.identity.services import invitations as invitation_services
from accounts.identity.tests.inviting import GOOD, invite, page_of
from accounts.models import AuthSession, Invitation, OutgoingMail, User
from accounts.tests.emails import emails, last_link
from accounts.tests.factories import (
    PASSWORD,
    AdminFactory,
    BreakGlassFactory,
    CareFactory,
    TherapistFactory,
    access_for,
)
from audit.models import AuditEvent
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Forbidden

API = "/api/v1/invitations"
COLLEAGUE = {"first_name": "Ines", "last_name": "Moreau", "time_zone": "Europe/Paris", "password": GOOD}


def test_a_patient_is_invited_accepts_and_signs_in(patient, invited, clinic):
    [email] = emails()
    assert email.to == "canary@example.org"
    for text in (email.subject, email.text, email.html):
        assert patient.first_name not in text
    assert clinic.name in email.subject
    browser = Client()
    assert clinic.name in browser.get(invited).content.decode()
    answer = browser.post(invited, {"password": GOOD})
    assert answer.headers["Location"] == "/sign-in"
    assert not AuthSession.objects.filter(user=patient).exists()
    patient.refresh_from_db()
    assert (patient.email, patient.is_verified, patient.role) == ("canary@example.org", True, "patient")
    assert patient.profile.email == "canary@example.org"
    assert browser.post("/sign-in", {"email": patient.email, "password": GOOD}).status_code == 302
    assert browser.get("/portal").status_code == 200


def test_the_secret_and_the_address_are_not_in_the_database(invited):
    row = Invitation.objects.values().get()
    assert invited.rsplit("/", 1)[1] not in str(row)
    assert "canary@example.org" not in str(row)
    assert row["email_index"] == Invitation.index_of(" Canary@Example.org")


def test_a_link_works_once(patient, invited):
    assert Client().post(invited, {"password": GOOD}).status_code == 302
    hashed = User.objects.get(pk=patient.pk).password
    assert Client().get(invited).status_code == 404
    assert Client().post(invited, {"password": GOOD + "!"}).status_code == 404
    assert User.objects.get(pk=patient.pk).password == hashed
    assert Invitation.objects.get().state == "accepted"


def test_a_link_works_for_seven_days(patient, invited):
    made = Invitation.objects.get()
    assert abs(made.expires_at - made.created_at - timedelta(days=7)) < timedelta(minutes=1)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert made.state == "expired"
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert (Client().get(invited).status_code, Client().post(invited, {"password": GOOD}).status_code) == (404, 404)


def test_a_second_invitation_ends_the_first(patient, therapist, invited, client_for):
    invite(client_for(therapist), patient, "other@example.org")
    assert Client().get(invited).status_code == 404
    assert Client().get(last_link("invitation.sent")).status_code == 200
    earlier, later = Invitation.objects.order_by("id")
    assert (earlier.state, later.state) == ("revoked", "open")
    row = AuditEvent.objects.get(action="invitation.revoked")
    assert (row.actor, row.target_id, row.patient_id) == (therapist, earlier.pk, patient.pk)


def test_a_revoked_link_is_dead(therapist, invited, client_for):
    browser, invitation = client_for(therapist), Invitation.objects.get()
    revoke = f"/invitations/{invitation.pk}/revoke"
    assert browser.get(revoke).status_code == 405
    assert browser.post(revoke).status_code == 302
    assert Client().post(invited, {"password": GOOD}).status_code == 404
    assert browser.post(revoke).status_code == 409


@pytest.mark.parametrize("password", ["short", "password12345", "canaryperson1", "x" * 129])
def test_a_bad_password_costs_nothing_but_another_try(patient, invited, password):
    patient.last_name = "Person"
    patient.save()
    page = Client().post(invited, {"password": password})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["password"])
    assert Client().post(invited, {"password": GOOD}).status_code == 302


def test_an_address_of_someone_else_fails_at_the_link_only(patient, therapist, foreign_therapist, client_for):
    browser = client_for(therapist)
    answers = [invite(browser, patient, email) for email in (foreign_therapist.email, "free@example.org")]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    invite(browser, patient, foreign_therapist.email)
    link, before = last_link("invitation.sent"), User.objects.values().get(pk=foreign_therapist.pk)
    assert Client().post(link, {"password": GOOD}).status_code == 404
    assert User.objects.values().get(pk=foreign_therapist.pk) == before
    assert not User.objects.get(pk=patient.pk).has_usable_password()
    assert Invitation.objects.order_by("id").last().state == "open"


def test_who_can_sign_in_already_is_not_invited(patient, therapist, invited, client_for, api_for):
    Client().post(invited, {"password": GOOD})
    hashed = User.objects.get(pk=patient.pk).password
    page = invite(client_for(therapist), patient, "mine@example.org")
    assert page.status_code == 422
    body = {"email": "mine@example.org", "patient": str(patient.pk)}
    assert api_for(therapist).post(API, body, format="json").status_code == 409
    assert User.objects.get(pk=patient.pk).password == hashed
    assert len(emails()) == 1


def test_strangers_and_emergency_access_invite_nobody(
    patient, other_therapist, foreign_therapist, admin_user, client_for, api_for
):
    grant = BreakGlassFactory(patient=patient, therapist=TherapistFactory(clinic=patient.clinic))
    body = {"email": "mine@example.org", "patient": str(patient.pk)}
    expected = [(other_therapist, 404), (foreign_therapist, 404), (grant.therapist, 403), (admin_user, 403)]
    for person, status in expected:
        assert invite(client_for(person), patient).status_code == status
    for person, status in [*expected[:3], (admin_user, 404)]:
        assert api_for(person).post(API, body, format="json").status_code == status
    assert not OutgoingMail.objects.exists()
    assert AuditEvent.objects.filter(action="invitation.sent", outcome="denied").count() == 8


def test_the_page_knows_the_address_on_record_and_is_on_record_once(patient, therapist, client_for):
    patients.update_patient(access_for(therapist, patient), email="home@example.org")
    seen = AuditEvent.objects.count()
    page = client_for(therapist).get(page_of(patient))
    assert "home@example.org" in page.content.decode()
    assert AuditEvent.objects.count() == seen + 1


def test_a_colleague_is_invited_and_joins_the_clinic(therapist, clinic, client_for):
    browser = client_for(therapist)
    browser.post("/invitations", {"email": "Ines@Example.org", "role": "admin"})
    link = last_link("invitation.sent")
    assert Client().post(link, COLLEAGUE).headers["Location"] == "/sign-in"
    colleague = User.objects.get(email="ines@example.org")
    assert (colleague.role, colleague.clinic_id, colleague.is_verified) == ("therapist", clinic.pk, True)
    assert (colleague.full_name, colleague.time_zone) == ("Ines Moreau", "Europe/Paris")
    assert not User.objects.patients_visible_to(colleague).exists()
    assert Client().post("/sign-in", {"email": "ines@example.org", "password": GOOD}).status_code == 302


def test_a_colleague_whose_address_is_known_is_added_nowhere(therapist, foreign_therapist, client_for):
    client_for(therapist).post("/invitations", {"email": foreign_therapist.email})
    before = User.objects.count()
    assert Client().post(last_link("invitation.sent"), COLLEAGUE).status_code == 404
    assert (User.objects.count(), Invitation.objects.get().state) == (before, "open")


def test_a_second_invitation_to_an_address_ends_the_first(therapist, clinic, foreign_therapist, client_for):
    client_for(foreign_therapist).post("/invitations", {"email": "ines@example.org"})
    browser = client_for(therapist)
    for _ in range(2):
        browser.post("/invitations", {"email": "INES@example.org"})
    assert [row.state for row in Invitation.objects.order_by("id")] == ["open", "revoked", "open"]


def test_only_an_administrator_who_proved_it_invites_administrators(
    therapist, admin_user, client_for, api_for, settings
):
    body = {"email": "chief@example.org", "role": "admin"}
    assert api_for(therapist).post(API, body, format="json").status_code == 403
    assert AuditEvent.objects.get(action="invitation.sent", outcome="denied").reason == "role"
    desk, device = client_for(admin_user), api_for(admin_user)
    AuthSession.objects.update(stepped_up_at=timezone.now() - timedelta(hours=1))
    assert desk.post("/invitations", body).headers["Location"].startswith("/account/confirm?")
    assert device.post(API, body, format="json").json()["code"] == "step_up_required"
    assert not Invitation.objects.exists()
    AuthSession.objects.update(stepped_up_at=timezone.now())
    assert device.post(API, body, format="json").status_code == 201
    assert Client().post(last_link("invitation.sent"), COLLEAGUE).status_code == 302
    assert User.objects.get(email="chief@example.org").role == "admin"


def test_patients_invite_nobody(patient, client_for, api_for):
    browser, device = client_for(patient), api_for(patient)
    assert [browser.get("/invitations").status_code, browser.post("/invitations").status_code] == [403, 403]
    assert [device.get(API).status_code, device.post(API, {}, format="json").status_code] == [403, 403]


def test_everybody_sees_and_revokes_their_own_share(
    patient, therapist, other_therapist, foreign_therapist, admin_user, invited, client_for, api_for
):
    client_for(other_therapist).post("/invitations", {"email": "ines@example.org"})
    of_patient, of_colleague = Invitation.objects.order_by("id")
    seen = {
        therapist: {of_patient.pk},
        other_therapist: {of_colleague.pk},
        admin_user: {of_colleague.pk},
        foreign_therapist: set(),
        AdminFactory(): set(),
    }
    for person, expected in seen.items():
        answer = api_for(person).get(API)
        assert {row["id"] for row in answer.json()["results"]} == {str(pk) for pk in expected}
        assert {row.pk for row in client_for(person).get("/invitations").context["page"]} == expected
        for foreign in {of_patient.pk, of_colleague.pk} - expected:
            assert api_for(person).delete(f"{API}/{foreign}").status_code == 404
            assert client_for(person).post(f"/invitations/{foreign}/revoke").status_code == 404
            assert AuditEvent.objects.filter(actor=person, outcome="denied", target_id=foreign).count() == 2
    assert set(Invitation.objects.values_list("revoked_at", flat=True)) == {None}
    assert api_for(admin_user).delete(f"{API}/{of_colleague.pk}").status_code == 204
    assert api_for(admin_user).delete(f"{API}/{of_colleague.pk}").status_code == 409


@pytest.mark.parametrize("path", [API, "/invitations"])
def test_a_list_costs_the_same_whatever_its_length_and_is_on_record(therapist, clinic, client_for, path):
    browser = client_for(therapist)

    def add(number: int) -> None:
        for _ in range(number):
            row = Invitation(clinic=clinic, role="therapist", email="a@example.org", invited_by=therapist)
            row.token_hash, row.expires_at = str(row.pk), timezone.now() + timedelta(days=1)
            row.save()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    add(1)
    queries()
    few = queries()
    add(10)
    assert queries() == few
    row = AuditEvent.objects.filter(action="invitation.listed").latest("id")
    assert len(row.ids) == 11


def test_the_api_invites_once_per_key_and_never_shows_the_secret(patient, therapist, api_for):
    device, body = api_for(therapist), {"email": "canary@example.org", "patient": str(patient.pk)}
    answers = [device.post(API, body, format="json", headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert set(answers[0].json()) == {
        "id",
        "email",
        "role",
        "patient",
        "invited_by",
        "state",
        "expires_at",
        "created_at",
    }
    assert len(emails()) == 1
    secret = last_link("invitation.sent").rsplit("/", 1)[1]
    accept = {"secret": secret, "password": GOOD}
    statuses = [APIClient().post(f"{API}/accept", accept, format="json").status_code for _ in range(2)]
    assert statuses == [204, 404]
    assert User.objects.get(pk=patient.pk).check_password(GOOD)


@pytest.mark.parametrize(
    "body",
    [
        {"email": "a@example.org"},
        {"email": "a@example.org", "role": "patient"},
        {"email": "a@example.org", "role": "superuser"},
        {"email": "no address", "role": "therapist"},
        {"email": "a@example.org", "role": "therapist", "clinic": "x"},
        {"email": "a@example.org", "role": "therapist", "patient": "018f0000-0000-7000-8000-000000000000"},
    ],
)
def test_a_wrong_invitation_is_refused(therapist, api_for, body):
    assert api_for(therapist).post(API, body, format="json").status_code == 400
    assert not Invitation.objects.exists()


def test_a_colleague_needs_a_name_over_the_api(therapist, client_for):
    client_for(therapist).post("/invitations", {"email": "ines@example.org"})
    accept = {"secret": last_link("invitation.sent").rsplit("/", 1)[1], "password": GOOD}
    answer = APIClient().post(f"{API}/accept", accept, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["first_name"])


def of_a_colleague(by: User) -> Invitation:
    return invitation_services.invite_colleague(email="ines@example.org", role="therapist", by=Actor(user=by))


def test_a_colleagues_invitation_is_revoked_by_who_sent_it_or_runs_the_clinic(
    therapist, other_therapist, admin_user, patient, foreign_therapist
):
    sent = of_a_colleague(therapist)
    for user in (other_therapist, patient, foreign_therapist, AdminFactory(), None):
        with pytest.raises(Forbidden):
            invitation_services.revoke_invitation(sent, by=Actor(user=user))
    with pytest.raises(Forbidden):
        invitation_services.revoke_invitation(sent, by=access_for(therapist, patient))
    assert Invitation.objects.get().state == "open"
    for user in (therapist, admin_user):
        invitation_services.revoke_invitation(of_a_colleague(therapist), by=Actor(user=user))
    assert {one.state for one in Invitation.objects.all()} == {"revoked"}


def test_a_patients_invitation_takes_the_access_of_who_treats_the_patient(
    patient, therapist, other_therapist, admin_user, invited
):
    sent, other = Invitation.objects.get(), CareFactory(therapist=therapist).patient
    BreakGlassFactory(patient=patient, therapist=other_therapist)
    refused = [Actor(user=therapist), Actor(user=admin_user), access_for(other_therapist, patient)]
    for by in (*refused, access_for(therapist, other)):
        with pytest.raises(Forbidden):
            invitation_services.revoke_invitation(sent, by=by)
    with pytest.raises(Forbidden):
        invitation_services.invite_patient(access_for(other_therapist, patient), email="thief@example.org")
    assert Invitation.objects.get().state == "open"
    invitation_services.revoke_invitation(sent, by=access_for(therapist, patient))
    assert Invitation.objects.get().state == "revoked"


def test_anonymous_people_sign_in_first(patient, client):
    for path in ("/invitations", page_of(patient)):
        assert client.get(path).headers["Location"].startswith("/sign-in?")
    assert APIClient().get(API).status_code == 401


def test_the_patients_page_offers_the_invitation_until_it_is_used(patient, therapist, client_for):
    browser, link = client_for(therapist), f'href="{page_of(patient)}"'
    assert link in browser.get(f"/patients/{patient.pk}").content.decode()
    patient.set_password(PASSWORD)
    patient.save()
    assert link not in browser.get(f"/patients/{patient.pk}").content.decode()


def test_a_patient_of_the_list_is_named_without_their_address_in_the_trail(therapist, invited):
    assert "canary@example.org" not in str([vars(row) for row in AuditEvent.objects.all()])


def test_an_invitation_to_a_patient_without_profile_works(therapist, patient, client_for):
    patient.profile.delete()
    assert client_for(therapist).get(page_of(patient)).status_code == 200
    invite(client_for(therapist), patient)
    assert Client().post(last_link("invitation.sent"), {"password": GOOD}).status_code == 302
    assert User.objects.get(pk=patient.pk).profile.email == "canary@example.org"
