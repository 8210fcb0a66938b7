"""The clinic's own page in the admin site."""

import pytest
from django.urls import reverse

from audit.models import AuditEvent


def settings_of(clinic, **changes):
    hours = {"risk_review_hours": 24, "grave_risk_review_hours": 4}
    return {"name": clinic.name, "time_zone": clinic.time_zone, "jurisdiction": "DE", **hours, **changes}


def page(clinic):
    return reverse("admin:accounts_clinic_change", args=[clinic.pk])


def test_staff_decide_whether_patients_see_who_opened_their_record(client_for, admin_user, clinic):
    client = client_for(admin_user)
    assert client.post(page(clinic), settings_of(clinic)).status_code == 302
    clinic.refresh_from_db()
    assert (clinic.show_access_log, clinic.jurisdiction) == (False, "DE")
    client.post(page(clinic), settings_of(clinic, show_access_log="on"))
    clinic.refresh_from_db()
    assert clinic.show_access_log is True
    assert AuditEvent.objects.filter(action="clinic.updated", reason="admin site").count() == 2


@pytest.mark.parametrize("zone", ["Mars/Base", "../etc/passwd", "", "Europe/Berlin\x00"])
def test_a_time_zone_has_to_be_one(client_for, admin_user, clinic, zone):
    answer = client_for(admin_user).post(page(clinic), settings_of(clinic, time_zone=zone))
    assert answer.context["adminform"].form.errors["time_zone"]
    clinic.refresh_from_db()
    assert clinic.time_zone == "Europe/Berlin"


@pytest.mark.parametrize("hours", [0, 169])
def test_a_risk_review_is_due_within_an_hour_to_a_week(client_for, admin_user, clinic, hours):
    answer = client_for(admin_user).post(page(clinic), settings_of(clinic, risk_review_hours=hours))
    assert answer.context["adminform"].form.errors["risk_review_hours"]


def test_staff_see_what_is_stored_and_operators_say_how_much_may_be(client_for, admin_user, operator, clinic):
    shown = client_for(admin_user).get(page(clinic)).content.decode()
    assert "0.0 GB" in shown
    client_for(admin_user).post(page(clinic), settings_of(clinic, storage_quota_gb="900"))
    clinic.refresh_from_db()
    assert clinic.storage_quota_gb is None
    client_for(operator).post(page(clinic), settings_of(clinic, storage_quota_gb="50"))
    clinic.refresh_from_db()
    assert clinic.storage_quota_gb == 50
    assert "0.0 of 50 GB" in client_for(admin_user).get(page(clinic)).content.decode()
