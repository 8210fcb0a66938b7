"""The demonstration clinic: what `manage.py demo` creates in an empty database."""

import re
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.consent.services.decisions import missing_recording_consents
from accounts.models import BreakGlassGrant, Clinic, ConsentEntry, OutgoingMail, User
from audit.models import AuditEvent
from audit.services.chain import build_chain
from audit.services.verification import verify
from sessions_app.models import TherapySession
from therapybridge.demo import cast
from therapybridge.tests.demonstration import demonstration
from timeline.models import TimelineEvent

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
__all__ = ["demonstration"]  # a fixture


def run(*flags):
    out = StringIO()
    call_command("demo", *flags, stdout=out)
    return out.getvalue()


@pytest.fixture
def person(demonstration):
    return lambda name: User.objects.get(email=f"{name}@{cast.DOMAIN}")


def test_every_printed_sign_in_works_with_the_printed_password(demonstration):
    password = re.search(r"Password: (\S+)", demonstration).group(1)
    emails = re.findall(r"\S+@demo\.example", demonstration)
    assert len(password) >= 16
    assert [authenticate(username=email, password=password).email for email in emails] == emails
    assert {"therapist", "therapist2", "trainee", "admin", "patient"} <= {email.partition("@")[0] for email in emails}
    assert demonstration.count(password) == 1


def test_the_box_is_a_rectangle(demonstration):
    assert len({len(line) for line in demonstration.strip().splitlines()}) == 1


def test_only_those_who_treat_a_patient_reach_them(person):
    reach = {
        name: set(User.objects.patients_visible_to(person(name))) for name in ("therapist", "therapist2", "trainee")
    }
    assert {p.first_name for p in reach["therapist"]} == {
        *("Elena", "Samuel", "Maria Fernanda", "Claire", "Priya"),
        "Theo",  # as the trainee's supervisor
    }
    assert {p.first_name for p in reach["therapist2"]} == {"Jun", "Walter", "Lucía"}
    assert {p.first_name for p in reach["trainee"]} == {"Theo"}
    assert not User.objects.patients_visible_to(person("admin"))


def test_the_second_therapist_sees_nothing_of_the_first_patient(person):
    elena, second = person("patient"), person("therapist2")
    assert not TherapySession.objects.visible_to(second).filter(patient=elena)
    assert not TimelineEvent.objects.visible_to(second).filter(patient=elena)
    assert not ConsentEntry.objects.visible_to(second).filter(patient=elena)


def test_consent_was_given_in_every_way_is_asked_for_and_was_withdrawn(demonstration):
    missing = {p.first_name: missing_recording_consents(p) for p in User.objects.patients()}
    assert missing.pop("Maria Fernanda") == ["ai_processing"]
    assert missing.pop("Priya") == ["recording", "ai_processing"]
    assert not any(missing.values())
    granted = ConsentEntry.objects.filter(status="granted", consent_type="recording")
    assert set(granted.values_list("method", flat=True)) == {"written", "verbal", "electronic"}


def test_consent_is_as_old_as_the_treatment(person):
    first = TherapySession.objects.filter(patient=person("patient")).earliest("session_date")
    given = ConsentEntry.objects.filter(patient=person("patient")).exclude(consent_type="treatment_plan")
    assert given.latest("signed_at").signed_at < first.session_date


def test_each_therapist_treats_a_patient_from_before_the_first_session(demonstration):
    for session in TherapySession.objects.select_related("patient"):
        assert session.patient.care_relations.latest("started_at").started_at < session.session_date


def test_a_patient_does_not_see_private_events(person):
    elena = person("patient")
    assert TimelineEvent.objects.filter(patient=elena, is_private=True).exists()
    assert not TimelineEvent.objects.visible_to(elena).filter(is_private=True).exists()


def test_an_emergency_access_was_reviewed_by_somebody_else(demonstration):
    grant = BreakGlassGrant.objects.get()
    assert (grant.verdict, grant.therapist.first_name, grant.reviewed_by.first_name) == ("justified", "Marcus", "Ruth")
    assert grant.expires_at < grant.reviewed_at < grant.review_due_at


def test_no_email_leaves_the_demonstration(demonstration):
    assert set(OutgoingMail.objects.values_list("status", "to")) == {("sent", None)}


def test_the_audit_trail_tells_the_story_in_order_and_is_intact(demonstration):
    told = list(AuditEvent.objects.order_by("id").values_list("created_at", flat=True))
    assert told == sorted(told)
    build_chain(everything=True)
    assert not verify(Clinic.objects.get().pk).findings


def test_nothing_lies_in_the_future(demonstration):
    now = timezone.now()
    assert not TherapySession.objects.filter(session_date__gte=now).exists()
    assert not TherapySession.objects.filter(processed_at__gte=now).exists()
    assert not TimelineEvent.objects.filter(event_date__gte=now).exists()
    assert not AuditEvent.objects.filter(created_at__gte=now).exists()


def test_a_second_run_changes_nothing_and_names_the_addresses(demonstration):
    before = {model: model.objects.count() for model in (User, TherapySession, TimelineEvent, AuditEvent, ConsentEntry)}
    answer = run("--if-empty")
    assert {model: model.objects.count() for model in before} == before
    assert answer.count("\n") == 1
    assert "therapist@demo.example" in answer
    assert "Password" not in answer


def test_a_second_run_without_the_switch_is_refused(demonstration):
    with pytest.raises(CommandError, match="empty database"):
        run()
