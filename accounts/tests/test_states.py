"""State machines allow only listed transitions, and concurrent changes are refused."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.consent.audit_actions import CONSENT_REQUEST_REVOKED
from accounts.models import AccessRequest, ConsentRequest
from accounts.rights.audit_actions import ACCESS_REQUEST_WITHDRAWN
from audit.models import AuditEvent
from audit.states import InvalidTransition, OpenUntil, StateMachine
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict

MACHINES = [model for model in apps.get_models() if issubclass(model, StateMachine)]


def test_the_machines_are_found():
    records, links = {"TherapySession", "ProcessingJob", "AccessRequest"}, {"Invitation", "ConsentRequest"}
    assert {model.__name__ for model in MACHINES} >= records | links | {"BreakGlassGrant"}


@pytest.mark.parametrize("model", MACHINES)
def test_the_table_names_every_state_and_no_other(model):
    if issubclass(model, OpenUntil):
        states = {model.OPEN, model.EXPIRED, *model.ENDS}
    else:
        states = {value for value, _ in model._meta.get_field(model.STATE).choices}
    assert set(model.NEXT) == states
    assert {after for follows in model.NEXT.values() for after in follows} <= states


def request_of(patient):
    return AccessRequest.objects.create(patient=patient, kind="view", due_at=timezone.now())


def test_a_step_is_on_record_with_who_took_it(patient):
    asked = request_of(patient)
    asked.move_to("withdrawn", action=ACCESS_REQUEST_WITHDRAWN, by=Actor(user=patient))
    row = AuditEvent.objects.get(action="access_request.withdrawn")
    assert (row.actor_id, row.target_id, row.patient_id, row.changed) == (patient.pk, asked.pk, patient.pk, ["status"])
    assert AccessRequest.objects.get().status == asked.status == "withdrawn"


def test_a_step_that_the_table_does_not_have_leaves_row_and_trail_alone(patient):
    asked = request_of(patient)
    asked.move_to("fulfilled")
    with pytest.raises(Conflict):
        asked.move_to("withdrawn", action=ACCESS_REQUEST_WITHDRAWN, by=Actor(user=patient))
    assert AccessRequest.objects.get().status == "fulfilled"
    assert not AuditEvent.objects.exists()


def test_of_two_who_know_the_same_state_one_moves_the_row(patient):
    first = request_of(patient)
    second = AccessRequest.objects.get()
    first.move_to("denied")
    with pytest.raises(Conflict):
        second.move_to("withdrawn", action=ACCESS_REQUEST_WITHDRAWN, by=Actor(user=patient))
    assert AccessRequest.objects.get().status == "denied"
    assert not AuditEvent.objects.exists()


def link_of(patient, **given):
    soon = timezone.now() + timedelta(days=1)
    return ConsentRequest.objects.create(patient=patient, types=["recording"], **{"expires_at": soon} | given)


def test_a_link_is_open_until_something_happens(patient):
    link = link_of(patient)
    known = ConsentRequest.objects.get()
    assert link.state == "open"
    link.move_to("revoked")
    assert ConsentRequest.objects.get().state == link.state == "revoked"
    with pytest.raises(Conflict):
        known.move_to("used")
    assert ConsentRequest.objects.get().used_at is None


def test_a_link_that_runs_out_after_it_was_loaded_goes_nowhere(patient):
    link = link_of(patient)
    ConsentRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Conflict):
        link.move_to("used")
    assert ConsentRequest.objects.get().used_at is None


def test_no_link_has_two_ends(patient):
    link_of(patient)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentRequest.objects.update(used_at=timezone.now(), revoked_at=timezone.now())


def test_a_link_that_is_over_goes_nowhere(patient):
    link = link_of(patient, expires_at=timezone.now() - timedelta(seconds=1))
    assert link.state == "expired"
    with pytest.raises(Conflict):
        link.move_to("used")


def revoke_all(rows, person, end="revoked"):
    ConsentRequest.end_all(rows, end, action=CONSENT_REQUEST_REVOKED, by=Actor(user=person))


def test_of_many_links_each_is_ended_on_record_but_those_that_are_over(patient, therapist):
    first, used, over, last = (link_of(patient, token_hash=name) for name in ("first", "used", "over", "last"))
    rows = ConsentRequest.objects.all()
    assert len(rows) == 4  # known as open; what follows happens meanwhile
    ConsentRequest.objects.get(pk=used.pk).move_to("used")
    ConsentRequest.objects.filter(pk=over.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    revoke_all(rows, therapist)
    assert [row.state for row in ConsentRequest.objects.order_by("id")] == ["revoked", "used", "expired", "revoked"]
    told = AuditEvent.objects.order_by("id").values_list("target_id", "actor_id", "patient_id", "changed")
    assert sorted(told) == [(pk, therapist.pk, patient.pk, ["revoked_at"]) for pk in sorted([first.pk, last.pk])]


@pytest.mark.parametrize("end", ["expired", "open", "unheard of"])
def test_many_links_come_to_no_end_that_the_table_does_not_have(patient, therapist, end):
    link_of(patient)
    with pytest.raises(InvalidTransition):
        revoke_all(ConsentRequest.objects.all(), therapist, end)
    assert ConsentRequest.objects.get().state == "open"
    assert not AuditEvent.objects.exists()
