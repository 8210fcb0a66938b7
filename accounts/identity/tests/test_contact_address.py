"""The migration of patients' addresses to contact data."""

from importlib import import_module

import pytest
from django.apps import apps

from accounts.models import PatientProfile, User
from accounts.tests.factories import PASSWORD, PatientFactory, TherapistFactory

move = import_module("accounts.migrations.0004_move_contact_addresses").move_addresses
pytestmark = pytest.mark.django_db


def test_addresses_move_and_those_who_sign_in_keep_theirs():
    silent = PatientFactory(email="silent@example.org")
    portal = PatientFactory(email="portal@example.org", password=PASSWORD)
    bare = PatientFactory(email="bare@example.org")
    bare.profile.delete()
    therapist = TherapistFactory(email="therapist@example.org")
    move(apps, None)
    move(apps, None)
    emails = dict(User.objects.values_list("pk", "email"))
    assert [emails[person.pk] for person in (silent, portal, bare)] == [None, "portal@example.org", None]
    assert emails[therapist.pk] == "therapist@example.org"
    for patient, address in ((silent, "silent"), (portal, "portal"), (bare, "bare")):
        profile = PatientProfile.objects.get(patient=patient)
        assert profile.email == f"{address}@example.org"
        assert profile.email_index == PatientProfile.index_of(f"{address}@example.org")
