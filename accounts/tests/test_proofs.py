"""Every service that takes an access believes it, and refuses one that is not enough."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

import accounts
from accounts.care.access import RecordAccess, by_link, open_grant
from accounts.care.services import emergency, patients
from accounts.consent.services import decisions
from accounts.consent.services import requests as signing
from accounts.identity.services import invitations
from accounts.models import AccessRequest, ConsentRequest, Invitation, User
from accounts.rights.services import requests as rights
from accounts.tests.factories import AdminFactory, BreakGlassFactory, CareFactory, access_for
from audit.models import AuditEvent
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Forbidden

pytestmark = pytest.mark.django_db
Rows = SimpleNamespace
Act = Callable[[RecordAccess, Rows], object]
DISCLOSED = {"recipient": "Dr. Ortiz", "what": "Summary", "basis": "law", "disclosed_at": timezone.now()}
SIGNED = {"digest": "", "signer_role": "patient", "signer_name": "Canary"}

# What changes the record that the access names.
OF_THE_PATIENT: dict[str, Act] = {
    "update_patient": lambda access, rows: patients.update_patient(access, first_name="Robin"),
    "record_consent": lambda access, rows: decisions.record_consent(access, ["billing"], "granted", "verbal"),
    "create_request": lambda access, rows: signing.create_request(access, ["recording"], by_mail=False),
    "request_consent": lambda access, rows: signing.request_consent(access, ["recording"]),
    "invite_patient": lambda access, rows: invitations.invite_patient(access, email="a@example.org"),
    "record_disclosure": lambda access, rows: rights.record_disclosure(access, **DISCLOSED),
}
# What changes a row, which may be another patient's.
OF_A_ROW: dict[str, Act] = {
    "revoke_request": lambda access, rows: signing.revoke_request(rows.link, access=access),
    "revoke_invitation": lambda access, rows: invitations.revoke_invitation(rows.invitation, by=access),
    "handle_access_request": lambda access, rows: rights.handle_access_request(
        rows.asked, access=access, status="in_progress"
    ),
}
# What only the patient can do.
OF_ONESELF: dict[str, Act] = {
    "create_access_request": lambda access, rows: rights.create_access_request(access, kind="view"),
    "withdraw_access_request": lambda access, rows: rights.withdraw_access_request(rows.asked, access=access),
}
# What whoever holds a link can do.
BY_LINK: dict[str, Act] = {
    "sign": lambda access, rows: signing.sign(rows.link, {"recording": "granted"}, access=access, **SIGNED),
}
OF_A_GRANT = {"end_emergency_access", "review_emergency_access"}
READS = {"read_access_log"}
# Puts on record what a reader was handed, who was checked for that: a patient's own copy too.
OF_A_READING = {"account_for"}


@pytest.fixture
def rows(patient: User, therapist: User) -> Rows:
    soon = timezone.now() + timedelta(days=1)
    return Rows(
        link=ConsentRequest.objects.create(patient=patient, types=["recording"], expires_at=soon, token_hash="link"),
        invitation=Invitation.objects.create(
            clinic=patient.clinic, role="patient", patient=patient, email="a@example.org", expires_at=soon
        ),
        asked=AccessRequest.objects.create(patient=patient, kind="view", due_at=soon),
    )


@pytest.fixture
def other_patient(therapist: User) -> User:
    return CareFactory(therapist=therapist).patient


def services_with_proof() -> Iterator[str]:
    for found in pkgutil.walk_packages(accounts.__path__, "accounts."):
        if ".services" not in found.name:
            continue
        module = import_module(found.name)
        for name, service in inspect.getmembers(module, inspect.isfunction):
            named = " ".join(str(one.annotation) for one in inspect.signature(service).parameters.values())
            if (
                service.__module__ == module.__name__
                and not name.startswith("_")
                and "Access" in named.replace("AccessRequest", "")
            ):
                yield name


def assert_refused(act: Act, access: Any, rows: Any) -> None:
    before = AuditEvent.objects.count()
    with pytest.raises(Forbidden):
        act(access, rows)
    assert AuditEvent.objects.count() == before


def test_no_service_that_takes_an_access_is_left_out():
    tried = {*OF_THE_PATIENT, *OF_A_ROW, *OF_ONESELF, *BY_LINK, *OF_A_GRANT, *READS, *OF_A_READING}
    assert set(services_with_proof()) == tried


@pytest.mark.parametrize("reader", ["in an emergency", "the patient"])
@pytest.mark.parametrize("name", [*OF_THE_PATIENT, *OF_A_ROW])
def test_an_access_that_only_reads_changes_nothing(patient, other_therapist, rows, name, reader):
    BreakGlassFactory(patient=patient, therapist=other_therapist)
    person = patient if reader == "the patient" else other_therapist
    assert_refused((OF_THE_PATIENT | OF_A_ROW)[name], access_for(person, patient), rows)


@pytest.mark.parametrize("name", OF_A_ROW)
def test_the_access_to_one_patient_changes_no_row_of_another(therapist, other_patient, rows, name):
    assert_refused(OF_A_ROW[name], access_for(therapist, other_patient), rows)


@pytest.mark.parametrize("name", OF_ONESELF)
def test_a_therapist_asks_for_nothing_in_the_patients_place(therapist, patient, rows, name):
    assert_refused(OF_ONESELF[name], access_for(therapist, patient), rows)


def test_a_patient_withdraws_no_request_of_another(other_patient, rows):
    assert_refused(OF_ONESELF["withdraw_access_request"], access_for(other_patient, other_patient), rows)


def test_the_link_of_one_patient_signs_nothing_for_another(other_patient, rows):
    assert_refused(BY_LINK["sign"], by_link(Actor(), other_patient), rows)


def test_only_its_holder_ends_an_emergency_access_and_only_others_review_it(patient, other_therapist):
    grant = BreakGlassFactory(patient=patient, therapist=other_therapist)
    holder, reviewer = Actor(user=other_therapist), Actor(user=AdminFactory(clinic=patient.clinic))
    review = {"verdict": "unjustified"}
    assert_refused(
        lambda access, rows: emergency.review_emergency_access(access, **review),
        open_grant(holder, grant.pk, "emergency.reviewed"),
        None,
    )
    assert_refused(
        lambda access, rows: emergency.end_emergency_access(access),
        open_grant(reviewer, grant.pk, "emergency.ended"),
        None,
    )
