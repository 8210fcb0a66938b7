"""A patient's header, details, their changes, and editing them."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.care.services.emergency import open_emergency_access
from accounts.care.services.patients import update_patient
from accounts.models import BreakGlassGrant, PatientProfile, User
from accounts.tests.factories import CareFactory, TherapistFactory, access_for, give_consents
from audit.models import AuditEvent
from therapybridge.core.actor import Actor
from therapybridge.core.errors import InvalidInput

pytestmark = pytest.mark.django_db
DETAILS = {
    "pronouns": "they/them",
    "phone": "+44 20 7946 0000",
    "emergency_contact": "Sam, brother, +44 20 7946 0001",
    "safety_plan": "Call Sam, then the crisis line.",
    "diagnosis": "F41.1",
    "medication": "Sertraline 50 mg",
    "next_step": "Ask about sleep.",
}


def page(patient, name):
    return f"/patients/{patient.pk}/{name}"


def edited(client, patient, **changes):
    shown = client.get(page(patient, "edit")).context["form"].initial
    return {name: value for name, value in shown.items() if value} | changes


def test_an_edit_is_saved_audited_by_field_names_and_shown(client_for, therapist, patient):
    client = client_for(therapist)
    answer = client.post(page(patient, "edit"), edited(client, patient, **DETAILS, tags="weekly, adult"))
    assert (answer.status_code, answer.url) == (302, page(patient, "details"))
    profile = PatientProfile.objects.get(patient=patient)
    assert {name: getattr(profile, name) for name in DETAILS} == DETAILS
    assert profile.tags == ["weekly", "adult"]
    row = AuditEvent.objects.get(action="patient.updated")
    assert row.changed == sorted([*DETAILS, "tags"])
    assert "Sertraline" not in str(vars(row))
    shown = client.get(page(patient, "details")).content.decode()
    assert all(text in shown for text in DETAILS.values())
    assert "Changed: diagnosis, emergency contact" in shown


def test_what_is_changed_can_be_read_in_an_emergency_but_not_edited(client_for, therapist, patient):
    update_patient(access_for(therapist, patient), **DETAILS)
    colleague = TherapistFactory(clinic=patient.clinic)
    why = {"reason": BreakGlassGrant.Reason.MEDICAL, "justification": "The ward asks for the medication today."}
    open_emergency_access(patient, by=Actor(user=colleague), **why)
    client = client_for(colleague)
    for path in (page(patient, "details"), f"/patients/{patient.pk}"):
        shown = client.get(path).content.decode()
        assert all(DETAILS[name] in shown for name in ("emergency_contact", "safety_plan", "medication"))
        assert page(patient, "edit") not in shown
    assert client.get(page(patient, "edit")).status_code == 403


def test_the_second_of_two_tabs_overwrites_nothing(client_for, therapist, patient):
    client = client_for(therapist)
    first, second = (edited(client, patient, phone=phone) for phone in ("1", "2"))
    assert client.post(page(patient, "edit"), first).status_code == 302
    answer = client.post(page(patient, "edit"), second)
    assert answer.status_code == 422
    assert f"{therapist.full_name} changed these details on" in answer.content.decode()
    assert "Your text is still here" in answer.content.decode()
    assert PatientProfile.objects.get(patient=patient).phone == "1"


@pytest.mark.parametrize(("field", "value"), [("first_name", ""), ("tags", "x" * 51), ("date_of_birth", "2999-01-01")])
def test_a_wrong_field_is_named_and_nothing_is_written(client_for, therapist, patient, field, value):
    client = client_for(therapist)
    answer = client.post(page(patient, "edit"), edited(client, patient, phone="1", **{field: value}))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert PatientProfile.objects.get(patient=patient).phone is None


@pytest.mark.parametrize("name", ["details", "edit"])
def test_strangers_find_nothing_and_other_roles_are_refused(client_for, patient, name):
    assert client_for(TherapistFactory()).get(page(patient, name)).status_code == 404
    assert client_for(patient).get(page(patient, name)).status_code == 403


def test_the_header_says_whether_to_record(client_for, therapist, patient):
    client, path = client_for(therapist), f"/patients/{patient.pk}"
    assert "You may record" in client.get(path).content.decode()
    give_consents(patient, "declined")
    assert "No recording: consent missing (Recording, AI processing)" in client.get(path).content.decode()


def test_a_long_history_takes_no_more_queries_than_a_short_one(client_for, therapist, patient):
    client, counts = client_for(therapist), []
    client.get(page(patient, "details"))
    for number in range(2):
        for phone in range(1 + 24 * number):
            update_patient(access_for(therapist, patient), phone=f"{number} {phone}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(page(patient, "details")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_devices_read_and_write_the_same_fields(api_for, therapist, patient):
    device, path = api_for(therapist), f"/api/v1/patients/{patient.pk}"
    assert device.patch(path, DETAILS, format="json").status_code == 200
    assert DETAILS.items() <= device.get(path).json().items()
    patient.set_password("correct-horse-battery")
    patient.email = "canary@example.org"
    patient.save()
    own = api_for(patient).get(path).json()
    assert own["pronouns"] == "they/them"
    assert not {"diagnosis", "medication", "safety_plan", "next_step"} & set(own)
    assert User.objects.get(pk=patient.pk).profile.next_step == DETAILS["next_step"]


def test_a_device_with_an_older_version_is_told_who_changed_the_patient(api_for, therapist, patient):
    colleague = CareFactory(patient=patient, therapist__clinic=patient.clinic).therapist
    device, path = api_for(therapist), f"/api/v1/patients/{patient.pk}"
    read = device.get(path).headers["ETag"]
    update_patient(access_for(colleague, patient), phone="1")
    refused = device.patch(path, {"phone": "2"}, format="json", headers={"If-Match": read})
    told = refused.json()
    assert (refused.status_code, told["code"], told["change"]["by"]) == (409, "edit_conflict", colleague.full_name)
    assert told["change"]["at"] == f"{User.objects.get(pk=patient.pk).updated_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert PatientProfile.objects.get(patient=patient).phone == "1"
    again = device.patch(path, {"phone": "2"}, format="json", headers={"If-Match": device.get(path).headers["ETag"]})
    assert (again.status_code, again.headers["ETag"]) == (200, device.get(path).headers["ETag"])


def test_a_version_that_is_none_of_ours_is_refused_and_without_one_the_change_is_taken(api_for, therapist, patient):
    device, path = api_for(therapist), f"/api/v1/patients/{patient.pk}"
    wrong = device.patch(path, {"phone": "1"}, format="json", headers={"If-Match": "*"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_revision")
    assert device.patch(path, {"phone": "1"}, format="json").status_code == 200


def test_a_change_of_something_else_names_nobody(api_for, therapist, patient):
    device, path = api_for(therapist), f"/api/v1/patients/{patient.pk}"
    update_patient(access_for(therapist, patient), phone="1")
    read = device.get(path).headers["ETag"]
    User.objects.get(pk=patient.pk).save()
    refused = device.patch(path, {"phone": "2"}, format="json", headers={"If-Match": read})
    assert (refused.status_code, refused.json()["change"]["by"]) == (409, None)


def test_the_history_says_what_was_done_and_no_more(client_for, therapist, patient):
    update_patient(access_for(therapist, patient), phone="1")
    update_patient(access_for(therapist, patient), phone="1")
    AuditEvent.objects.create(action="patient.updated", patient_id=patient.pk, clinic_id=patient.clinic_id)
    shown = [
        (change["what"], change["who"])
        for change in client_for(therapist).get(page(patient, "details")).context["changes"]
    ]
    assert shown == [
        ("Saved without a change", "The system"),
        ("Saved without a change", therapist.full_name),
        ("Changed: phone", therapist.full_name),
    ]


def test_days_and_zones_read_as_elsewhere(client_for, therapist, patient):
    update_patient(access_for(therapist, patient), date_of_birth="1989-04-17", time_zone="")
    shown = dict(client_for(therapist).get(page(patient, "details")).context["details"])
    assert (shown["Date of birth"], shown["Time zone"]) == ("17 Apr 1989", "Same as the clinic")


@pytest.mark.parametrize(("zone", "age"), [("Asia/Tokyo", 36), ("America/Los_Angeles", 35)])
def test_age_is_that_on_the_clinics_day(patient, zone, age):
    profile = PatientProfile(patient=patient, date_of_birth="1990-03-02")
    patient.clinic.time_zone = zone
    with time_machine.travel("2026-03-01T20:00Z", tick=False):
        assert profile.age == age


def test_nobody_is_born_after_the_clinics_day(therapist, patient):
    access = access_for(therapist, patient)
    access.patient.clinic.time_zone = "America/Los_Angeles"
    with time_machine.travel("2026-03-02T07:00Z", tick=False):
        with pytest.raises(InvalidInput):
            update_patient(access, date_of_birth="2026-03-02")
        update_patient(access, date_of_birth="2026-03-01")


def test_a_birth_in_the_future_is_refused_by_its_field(client_for, api_for, therapist, patient):
    day = str(patient.clinic.today + timedelta(days=2))
    answer = client_for(therapist).post("/patients/new", {"first_name": "Ada", "date_of_birth": day})
    assert (answer.status_code, "date_of_birth" in answer.context["form"].errors) == (422, True)
    refused = api_for(therapist).patch(f"/api/v1/patients/{patient.pk}", {"date_of_birth": day}, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["date_of_birth"])


def test_a_record_under_part_2_is_marked_for_staff_and_not_told_to_the_patient(client_for, api_for, therapist, patient):
    client = client_for(therapist)
    assert "42 CFR Part 2</span>" not in client.get(page(patient, "details")).content.decode()
    assert client.post(page(patient, "edit"), edited(client, patient, is_part_2="on")).status_code == 302
    assert AuditEvent.objects.filter(action="patient.updated").latest("id").changed == ["is_part_2"]
    assert PatientProfile.objects.get(patient=patient).is_part_2 == 1
    assert "42 CFR Part 2</span>" in client.get(f"/patients/{patient.pk}").content.decode()
    path = f"/api/v1/patients/{patient.pk}"
    assert api_for(therapist).get(path).json()["is_part_2"] is True
    assert "is_part_2" not in api_for(patient).get(path).json()


def test_part_2_is_taken_off_again_and_saving_without_it_changes_nothing(client_for, api_for, therapist, patient):
    api = api_for(therapist)
    path = f"/api/v1/patients/{patient.pk}"
    assert api.get(path).json()["is_part_2"] is False
    client = client_for(therapist)
    client.post(page(patient, "edit"), edited(client, patient))
    assert AuditEvent.objects.filter(action="patient.updated").latest("id").changed == []
    assert api.patch(path, {"is_part_2": True}, format="json").json()["is_part_2"] is True
    assert api.patch(path, {"is_part_2": False}, format="json").json()["is_part_2"] is False
    assert not client.get(page(patient, "edit")).context["form"].initial["is_part_2"]


def test_the_word_that_a_patient_was_added_is_on_the_next_page_and_in_no_cookie(therapist, client_for):
    browser = client_for(therapist)
    added = browser.post("/patients/new", {"first_name": "Ada", "last_name": "Quill"})
    assert "Quill" not in str(browser.cookies)
    assert "messages" not in added.cookies
    assert "Ada Quill is now your patient." in browser.get(added.headers["Location"]).content.decode()
