"""How invitations end: with a person, a role, a care relation, or a limit."""

import pytest
from django.test import Client

from accounts.care.services import relations
from accounts.identity.services import staff
from accounts.models import User
from accounts.tests.emails import emails, last_link, link_in
from accounts.tests.factories import (
    AdminFactory,
    access_for,
)
from therapybridge.core.actor import Actor

GOOD = "three green bicycles"


def page_of(patient: User) -> str:
    return f"/patients/{patient.pk}/invite"


def invite(client: Client, patient: User, email: str = "canary@example.org"):
    return client.post(page_of(patient), {"email": email})


@pytest.fixture
def invited(patient, therapist, client_for) -> str:
    """The link in the patient's e-mail."""
    assert invite(client_for(therapist), patient).status_code == 302
    return last_link("invitation.sent")


@pytest.fixture
def admin(clinic) -> User:
    return AdminFactory(clinic=clinic)


def test_emails_have_a_limit(therapist, client_for, still_clock, settings):
    settings.LIMITS = {**settings.LIMITS, "invitation": "2/h"}
    browser = client_for(therapist)
    statuses = [browser.post("/invitations", {"email": f"{n}@example.org"}).status_code for n in range(3)]
    assert statuses == [302, 302, 429]


def test_a_person_who_leaves_takes_their_open_invitations_along(patient, therapist, admin, invited):
    staff.deactivate_user(therapist, by=Actor(user=admin))
    assert Client().get(invited).status_code == 404
    staff.reactivate_user(therapist, by=Actor(user=admin))
    assert Client().get(invited).status_code == 404


def test_an_invitation_ends_with_the_care_of_the_therapist_who_chose_its_address(patient, therapist, invited):
    relations.end_relation(patient.care_relations.get(), access=access_for(therapist, patient))
    assert Client().get(invited).status_code == 404
    assert Client().post(invited, {"password": GOOD}).status_code == 404
    patient.refresh_from_db()
    assert not patient.has_usable_password()


def test_whoever_no_longer_runs_the_clinic_brings_no_administrators_in(admin, client_for):
    chief = AdminFactory(clinic=admin.clinic)
    browser = client_for(admin)
    for role in ("admin", "therapist"):
        browser.post("/invitations", {"email": f"{role}@example.org", "role": role})
    links = [last_link("invitation.sent"), link_in(emails("invitation.sent")[0])]
    staff.change_role(admin, "therapist", by=Actor(user=chief))
    assert [Client().get(link).status_code for link in links] == [200, 404]


def test_a_closed_patient_cannot_join(patient, admin, invited):
    User.objects.filter(pk=patient.pk).update(is_active=False)
    assert Client().post(invited, {"password": GOOD}).status_code == 404
