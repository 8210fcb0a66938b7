"""A one-time link works once, even for concurrent requests."""

import threading

import pytest
from django.db import connections
from django.test import Client

from accounts.identity.services import invitations, staff
from accounts.identity.tests.inviting import GOOD, invite
from accounts.models import Invitation, OutgoingMail, User
from accounts.tests.emails import last_link
from accounts.tests.factories import AdminFactory, ClinicFactory, TherapistFactory, access_for
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, Forbidden
from therapybridge.tests.waiting import start_waiting

AT_ONCE = 6
pytestmark = pytest.mark.django_db(transaction=True)


def statuses(link: str, form: dict[str, str]) -> list[int]:
    """The responses to browsers that submit the form at the same time."""
    gate, answers = threading.Barrier(AT_ONCE), []

    def follow() -> None:
        browser = Client()
        gate.wait(10)
        answers.append(browser.post(link, form).status_code)
        connections.close_all()

    browsers = [threading.Thread(target=follow) for _ in range(AT_ONCE)]
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    return sorted(answers)


ONE_WINS = [302] + [404] * (AT_ONCE - 1)


def test_one_new_password():
    person = TherapistFactory()
    Client().post("/password/forgot", {"email": person.email})
    assert statuses(last_link("password.reset"), {"password": GOOD}) == ONE_WINS
    assert OutgoingMail.objects.filter(kind="password.changed").count() == 1


def test_one_confirmation(client_for):
    person = TherapistFactory()
    client_for(person).post("/account/email", {"email": "new@example.org"})
    assert statuses(last_link("account.email_confirm"), {}) == ONE_WINS
    assert OutgoingMail.objects.filter(kind="account.email_changed").count() == 1


def test_one_colleague(client_for):
    inviter = TherapistFactory(clinic=ClinicFactory())
    client_for(inviter).post("/invitations", {"email": "ines@example.org"})
    accept = {"first_name": "Ines", "password": GOOD}
    assert statuses(last_link("invitation.sent"), accept) == ONE_WINS
    assert User.objects.filter(clinic=inviter.clinic).count() == 2


def test_a_patient_whose_account_is_closed_at_that_moment_cannot_join(client_for, patient, therapist):
    admin = AdminFactory(clinic=patient.clinic)
    invite(client_for(therapist), patient)
    link = last_link("invitation.sent")
    with patient.locked():
        second = start_waiting(lambda: Client().post(link, {"password": GOOD}))
        staff.deactivate_user(patient, by=Actor(user=admin))
    assert second.result(10).status_code == 404
    patient.refresh_from_db()
    assert not patient.has_usable_password()


def test_of_two_invitations_of_a_patient_at_once_one_stays_open(patient, therapist):
    access = access_for(therapist, patient)
    with patient.locked():
        second = start_waiting(lambda: invitations.invite_patient(access, email="second@example.org"))
        invitations.invite_patient(access_for(therapist, patient), email="first@example.org")
    later = second.result(10)
    assert Invitation.objects.open().get().pk == later.pk


def test_of_two_invitations_of_a_colleague_at_once_one_stays_open(therapist, other_therapist):
    given = {"email": "ines@example.org", "role": "therapist"}
    with therapist.clinic.locked():
        second = start_waiting(lambda: invitations.invite_colleague(**given, by=Actor(user=other_therapist)))
        invitations.invite_colleague(**given, by=Actor(user=therapist))
    later = second.result(10)
    assert Invitation.objects.open().get().pk == later.pk


def test_a_patient_whose_account_is_closed_at_that_moment_is_not_invited(patient, therapist):
    access = access_for(therapist, patient)
    with patient.locked():
        second = start_waiting(lambda: invitations.invite_patient(access, email="canary@example.org"))
        staff.deactivate_user(User.objects.get(pk=patient.pk), by=Actor(user=AdminFactory(clinic=patient.clinic)))
    with pytest.raises(Conflict):
        second.result(10)
    assert not Invitation.objects.exists()


def test_who_loses_the_role_at_that_moment_invites_no_administrator(clinic):
    admin, other = AdminFactory(clinic=clinic), AdminFactory(clinic=clinic)
    given = {"email": "ines@example.org", "role": "admin"}
    with clinic.locked():
        second = start_waiting(lambda: invitations.invite_colleague(**given, by=Actor(user=admin)))
        staff.change_role(User.objects.get(pk=admin.pk), "therapist", by=Actor(user=other))
    with pytest.raises(Forbidden):
        second.result(10)
    assert not Invitation.objects.exists()
