"""How invitations end: with a person, a role, a care relation, or a limit."""

from django.test import Client

from accounts.identity.services import staff
from accounts.identity.tests.inviting import GOOD
from accounts.models import User
from accounts.tests.emails import emails, last_link, link_in
from accounts.tests.factories import (
    AdminFactory,
    end_care,
)
from audit.models import AuditEvent
from therapybridge.core.actor import Actor


def test_emails_have_a_limit(therapist, client_for, still_clock, settings):
    settings.LIMITS = {**settings.LIMITS, "invitation": "2/h"}
    browser = client_for(therapist)
    statuses = [browser.post("/invitations", {"email": f"{n}@example.org"}).status_code for n in range(3)]
    assert statuses == [302, 302, 429]


def test_a_person_who_leaves_takes_their_open_invitations_along(patient, therapist, admin_user, invited):
    staff.deactivate_user(therapist, by=Actor(user=admin_user))
    assert AuditEvent.objects.get(action="invitation.revoked").actor == admin_user
    assert Client().get(invited).status_code == 404
    staff.reactivate_user(therapist, by=Actor(user=admin_user))
    assert Client().get(invited).status_code == 404


def test_an_invitation_ends_with_the_care_of_the_therapist_who_chose_its_address(patient, invited):
    end_care(patient.care_relations.get())
    assert Client().get(invited).status_code == 404
    assert Client().post(invited, {"password": GOOD}).status_code == 404
    patient.refresh_from_db()
    assert not patient.has_usable_password()


def test_whoever_no_longer_runs_the_clinic_brings_no_administrators_in(admin_user, client_for):
    chief = AdminFactory(clinic=admin_user.clinic)
    browser = client_for(admin_user)
    for role in ("admin", "therapist"):
        browser.post("/invitations", {"email": f"{role}@example.org", "role": role})
    links = [last_link("invitation.sent"), link_in(emails("invitation.sent")[0])]
    staff.change_role(admin_user, "therapist", by=Actor(user=chief))
    assert [Client().get(link).status_code for link in links] == [200, 404]
    assert AuditEvent.objects.get(action="invitation.revoked").actor == chief


def test_a_closed_patient_cannot_join(patient, admin_user, invited):
    User.objects.filter(pk=patient.pk).update(is_active=False)
    assert Client().post(invited, {"password": GOOD}).status_code == 404
