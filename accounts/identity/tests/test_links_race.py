"""A one-time link works once, even for concurrent requests."""

import threading

import pytest
from django.db import connections
from django.test import Client

from accounts.identity.services import staff
from accounts.identity.tests.inviting import GOOD, invite
from accounts.models import OutgoingMail, User
from accounts.tests.emails import last_link
from accounts.tests.factories import AdminFactory, ClinicFactory, TherapistFactory
from therapybridge.core.actor import Actor
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
