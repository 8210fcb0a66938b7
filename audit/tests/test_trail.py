"""The trail: added to, read by the clinic's administrators, never rewritten."""

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from audit import log
from audit.models import AuditEvent
from therapybridge.core.actor import SYSTEM, Actor, anonymous

LIST = "admin:audit_auditevent_changelist"


@pytest.fixture
def event(therapist, patient):
    return log.record("patient.read", patient, by=Actor(user=therapist), patient_id=patient.pk)


def test_a_row_says_who_what_whose_and_from_where(therapist, patient):
    request = RequestFactory().get("/", headers={"User-Agent": "probe" * 100}, REMOTE_ADDR="203.0.113.9")
    by = anonymous(request).acting_as(therapist)
    row = log.record("patient.read", patient, by=by, patient_id=patient.pk)
    row.refresh_from_db()
    assert (row.actor, row.clinic_id, row.action) == (therapist, therapist.clinic_id, "patient.read")
    assert (row.target_type, row.target_id, row.patient_id) == ("accounts.user", patient.pk, patient.pk)
    assert (row.outcome, row.ip, len(row.user_agent)) == ("ok", "203.0.113.9", 200)


def test_the_system_can_be_the_actor(patient):
    consent = patient.consents.create(consent_type="recording", status="granted", method="verbal")
    for target in (patient, consent, patient.clinic):
        row = log.record("session.read", target, by=SYSTEM)
        assert (row.actor, row.clinic_id) == (None, patient.clinic_id), target


def test_the_request_id_joins_row_and_log(therapist, client_for):
    client_for(therapist).get("/api/v1/patients", headers={"X-Request-ID": "trace-me-123"})
    assert AuditEvent.objects.get(action="patient.listed").request_id == "trace-me-123"


def test_a_row_cannot_be_changed_or_removed_by_the_application(event):
    event.action = "something.else"
    for rewrite in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(action="x"),
        lambda: AuditEvent.objects.bulk_update([event], ["action"]),
    ):
        with pytest.raises(TypeError):
            rewrite()


def test_the_database_refuses_to_change_a_row(event):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditevent SET action = 'x'")
    event.refresh_from_db()
    assert event.action == "patient.read"


def test_an_unknown_outcome_is_refused(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.create(action="session.read", outcome="perhaps")


def test_an_act_that_fails_leaves_no_row(therapist):
    def failing() -> None:
        with transaction.atomic():
            log.record("session.read", by=Actor(user=therapist))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert not AuditEvent.objects.exists()


def test_rows_survive_the_person(event, therapist):
    get_user_model().objects.filter(pk=therapist.pk).delete()
    event.refresh_from_db()
    assert event.actor_id == therapist.pk


def test_administrators_read_their_clinics_trail_without_names(event, administrator, foreign_therapist, client_for):
    log.record("patient.listed", by=Actor(user=foreign_therapist))
    desk = client_for(administrator)
    answer = desk.get(reverse(LIST))
    assert list(answer.context["cl"].result_list) == [event]
    for text in (answer, desk.get(reverse("admin:audit_auditevent_change", args=[event.pk]))):
        assert text.status_code == 200
        assert "Canary" not in text.content.decode()


def test_another_clinics_row_is_not_there(administrator, foreign_therapist, client_for):
    foreign = log.record("patient.listed", by=Actor(user=foreign_therapist))
    address = reverse("admin:audit_auditevent_change", args=[foreign.pk])
    assert client_for(administrator).get(address).status_code == 404


def test_administrators_cannot_write_the_trail(event, administrator, client_for):
    desk = client_for(administrator)
    for kind, args in (("add", []), ("change", [event.pk]), ("delete", [event.pk])):
        answer = desk.post(reverse(f"admin:audit_auditevent_{kind}", args=args), {"action": "x", "post": "yes"})
        assert answer.status_code == 403
    assert AuditEvent.objects.get().action == "patient.read"


def test_the_list_costs_the_same_whatever_its_length(
    administrator, therapist, client_for, django_assert_max_num_queries
):
    for _ in range(8):
        log.record("patient.listed", by=Actor(user=therapist))
    desk = client_for(administrator)
    with django_assert_max_num_queries(8):
        desk.get(reverse(LIST))
