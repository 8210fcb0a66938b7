"""Field history: who changed which setting, by cookie and by token, and nothing about patients."""

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.auth import get_user_model

from accounts.identity.services.field_history import FIELDS
from accounts.models import Clinic, PatientProfile, TherapistPatient
from accounts.tests.factories import AdminFactory, PatientFactory
from therapybridge.core import fields

NAMES = {"first_name", "last_name", "email", "name", "text", "password"}


def latest(instance) -> LogEntry:
    return LogEntry.objects.filter(object_pk=str(instance.pk)).order_by("-id").first()


@pytest.mark.parametrize("channel", ["client_for", "api_for"])
def test_a_change_names_its_author_by_cookie_and_by_token(channel, request, therapist):
    sender = request.getfixturevalue(channel)(therapist)
    headers = {"X-Request-ID": "trace-me-123"}
    answer = sender.patch(
        "/api/v1/me",
        {"time_zone": "Asia/Tokyo"},
        **({"format": "json"} if channel == "api_for" else {"content_type": "application/json"}),
        headers=headers,
    )
    assert answer.status_code == 200
    entry = latest(therapist)
    assert entry.changes == {"time_zone": ["", "Asia/Tokyo"]}
    assert (entry.actor_id, entry.cid, entry.actor_email) == (therapist.pk, "trace-me-123", None)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (1, "garbage'; DROP TABLE x", "127.0.0.1"),
        (1, "1.2.3.4:99999,[::", "127.0.0.1"),
    ],
)
def test_the_address_is_what_a_trusted_proxy_saw(api_for, therapist, settings, proxies, forwarded, address):
    settings.NUM_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Port": "garbage"}
    answer = api_for(therapist).patch("/api/v1/me", {"time_zone": "Asia/Tokyo"}, format="json", headers=headers)
    assert answer.status_code == 200
    assert latest(therapist).remote_addr == address


def test_what_no_request_changed_has_no_author(therapist):
    therapist.is_active = False
    therapist.save()
    entry = latest(therapist)
    assert (entry.changes, entry.actor_id, entry.remote_addr) == ({"is_active": ["True", "False"]}, None, None)


def test_one_request_does_not_sign_for_the_next(therapist, api_for):
    api_for(therapist).get("/api/v1/me")
    therapist.is_verified = not therapist.is_verified
    therapist.save()
    assert latest(therapist).actor_id is None


def test_the_administration_changes_a_clinic_on_record(client_for, clinic):
    desk = client_for(AdminFactory(clinic=clinic))
    page = f"/admin/accounts/clinic/{clinic.pk}/change/"
    form = desk.get(page).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in {None, False}}
    assert desk.post(page, {**sent, "name": "New name", "time_zone": "Asia/Tokyo"}).status_code == 302
    entry = latest(clinic)
    assert entry.changes["time_zone"] == ["Europe/Berlin", "Asia/Tokyo"]
    assert "New name" not in str(vars(entry))


def test_no_name_address_or_sealed_field_is_ever_in_it(clinic, therapist):
    patient = PatientFactory(clinic=clinic, last_name="Canary", email="canary@example.org")
    patient.first_name = "Canary the second"
    patient.save()
    patient.profile.phone = "canary 123"
    patient.profile.save()
    TherapistPatient.objects.create(therapist=therapist, patient=patient)
    clinic.name = "Canary's practice"
    clinic.save()
    told = str([vars(entry) for entry in LogEntry.objects.all()]).lower()
    for word in ("canary", therapist.email, therapist.last_name.lower(), "example.org"):
        assert word not in told


def test_only_named_fields_are_followed_and_none_is_sealed_or_a_name():
    for model in auditlog.get_models():
        names = set(auditlog.get_model_fields(model)["include_fields"])
        sealed = {field.name for field in model._meta.get_fields() if isinstance(field, fields.EncryptedTextField)}
        assert names
        assert not names & (NAMES | sealed)
    assert set(auditlog.get_models()) == set(FIELDS)
    assert PatientProfile not in FIELDS
    assert {get_user_model(), Clinic} <= set(FIELDS)
