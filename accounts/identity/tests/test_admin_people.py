"""Administration of people: roles, closed accounts and reset e-mails, but no passwords or addresses."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.identity.services import staff
from accounts.models import AuthSession, OutgoingMail, User
from accounts.tests.factories import PASSWORD, AdminFactory, PatientFactory, TherapistFactory
from audit.models import AuditEvent
from therapybridge.core.actor import Actor
from therapybridge.core.errors import Conflict, Forbidden


def page(person):
    return reverse("admin:accounts_user_change", args=[person.pk])


def reset(person):
    return reverse("admin:accounts_user_reset", args=[person.pk])


def details(person, **changes):
    body = {name: getattr(person, name) for name in ("first_name", "last_name", "role", "time_zone")}
    return {**body, **({"is_active": "on"} if person.is_active else {}), **changes}


def audited():
    """Audited actions, without sign-ins."""
    return list(AuditEvent.objects.exclude(action__startswith="user.signed").values_list("action", "changed"))


def test_a_new_role_is_told_to_the_person_and_all_other_administrators(desk, admin_user, therapist, api_for):
    other, closed = AdminFactory(clinic=therapist.clinic), AdminFactory(clinic=therapist.clinic, is_active=False)
    AdminFactory()
    device = api_for(therapist)
    assert desk.post(page(therapist), details(therapist, role="admin")).status_code == 302
    therapist.refresh_from_db()
    assert therapist.role == "admin"
    emails = OutgoingMail.objects.filter(kind="user.role_changed")
    assert {email.to for email in emails} == {therapist.email, other.email}
    assert closed.email not in {email.to for email in emails}
    assert any(therapist.full_name in email.text and admin_user.full_name in email.text for email in emails)
    assert audited() == [("user.role_changed", ["role"])]
    assert device.get("/api/v1/me").status_code == 401


def test_a_role_changes_after_a_recent_proof_only(desk, therapist):
    AuthSession.objects.update(stepped_up_at=timezone.now() - timedelta(hours=1))
    answer = desk.post(page(therapist), details(therapist, role="admin"))
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert page(therapist) in answer.url
    therapist.refresh_from_db()
    assert (therapist.role, OutgoingMail.objects.count(), audited()) == ("therapist", 0, [])


def test_other_details_need_no_proof(desk, therapist):
    AuthSession.objects.update(stepped_up_at=timezone.now() - timedelta(hours=1))
    assert desk.post(page(therapist), details(therapist, last_name="Field")).url.startswith("/admin/")
    therapist.refresh_from_db()
    assert therapist.last_name == "Field"
    assert audited() == [("user.updated", ["last_name"])]


def test_one_change_at_a_time(desk, therapist):
    for changes in ({"role": "admin", "last_name": "Field"}, {"role": "admin", "is_active": ""}):
        answer = desk.post(page(therapist), details(therapist, **changes))
        assert "and nothing else" in answer.content.decode()
    assert User.objects.get(pk=therapist.pk).role == "therapist"
    assert audited() == []


@pytest.mark.parametrize("role", ["patient", "superuser", ""])
def test_a_colleague_cannot_become_anything_else(desk, therapist, role):
    assert desk.post(page(therapist), details(therapist, role=role)).status_code == 200
    assert User.objects.get(pk=therapist.pk).role == "therapist"


def test_nobody_changes_their_own_role_or_closes_their_own_account(desk, admin_user):
    assert set(desk.get(page(admin_user)).context["adminform"].form.fields) == {"first_name", "last_name", "time_zone"}
    assert desk.post(page(admin_user), details(admin_user, role="therapist", is_active="")).status_code == 302
    admin_user.refresh_from_db()
    assert (admin_user.role, admin_user.is_active) == ("admin", True)
    with pytest.raises(Conflict):
        staff.deactivate_user(admin_user, by=Actor(user=admin_user))
    with pytest.raises(Conflict):
        staff.change_role(admin_user, "therapist", by=Actor(user=admin_user))


@pytest.mark.parametrize("changes", [{"role": "therapist"}, {"is_active": ""}])
def test_the_clinics_last_administrator_stays(client_for, operator, admin_user, changes):
    AdminFactory(clinic=admin_user.clinic, is_active=False)
    AdminFactory()
    answer = client_for(operator).post(page(admin_user), details(admin_user, **changes))
    assert answer.status_code == 409
    admin_user.refresh_from_db()
    assert (admin_user.role, admin_user.is_active, audited()) == ("admin", True, [])


def test_two_administrators_cannot_remove_each_other(admin_user):
    other = AdminFactory(clinic=admin_user.clinic)
    stale = User.objects.get(pk=admin_user.pk)
    staff.change_role(other, "therapist", by=Actor(user=admin_user))
    other.role = "admin"  # as the other's request still believes
    with pytest.raises(Conflict):
        staff.change_role(stale, "therapist", by=Actor(user=other))


def test_services_refuse_strangers_and_other_roles(admin_user, therapist, foreign_therapist):
    boss = AdminFactory(clinic=foreign_therapist.clinic)
    for person, role, by in (
        (therapist, "admin", boss),
        (admin_user, "therapist", therapist),
        (therapist, "patient", admin_user),
        (PatientFactory(clinic=therapist.clinic), "admin", admin_user),
    ):
        with pytest.raises(Forbidden):
            staff.change_role(person, role, by=Actor(user=by))


@pytest.mark.parametrize("service", [staff.deactivate_user, staff.reactivate_user])
def test_nobody_but_an_administrator_of_the_clinic_closes_or_opens_an_account(
    service, therapist, other_therapist, patient, foreign_therapist, operator
):
    boss = AdminFactory(clinic=foreign_therapist.clinic)
    dismissed = AdminFactory(clinic=therapist.clinic, is_active=False)
    for user in (other_therapist, patient, foreign_therapist, boss, dismissed, None):
        with pytest.raises(Forbidden):
            service(therapist, by=Actor(user=user))
    User.objects.filter(pk=operator.pk).update(clinic=therapist.clinic)
    operator.refresh_from_db()
    with pytest.raises(Forbidden):
        service(operator, by=Actor(user=AdminFactory(clinic=therapist.clinic)))
    assert set(User.objects.filter(pk__in=[therapist.pk, operator.pk]).values_list("is_active", flat=True)) == {True}
    assert audited() == []


def test_a_closed_account_ends_its_open_browser_and_device_at_once_and_opens_again(
    desk, therapist, client_for, api_for
):
    browser, device = client_for(therapist), api_for(therapist)
    assert browser.get("/patients/new").status_code == 200
    assert desk.post(page(therapist), details(therapist, is_active="")).status_code == 302
    assert (browser.get("/patients/new").status_code, device.get("/api/v1/me").status_code) == (302, 401)
    assert not AuthSession.objects.filter(user=therapist, revoked_at=None).exists()
    therapist.refresh_from_db()
    assert desk.post(page(therapist), details(therapist, is_active="on")).status_code == 302
    assert browser.get("/patients/new").status_code == 302
    assert audited() == [("user.reactivated", ["is_active"]), ("user.deactivated", ["is_active"])]


def test_of_a_patient_only_the_account_can_be_closed(desk, patient):
    before = OutgoingMail.objects.count()
    assert list(desk.get(page(patient)).context["adminform"].form.fields) == ["is_active"]
    assert desk.post(page(patient), {"first_name": "X", "role": "admin", "email": "x@example.org"}).status_code == 302
    patient.refresh_from_db()
    assert (patient.is_active, patient.first_name, patient.role, patient.email) == (False, "Canary", "patient", None)
    assert (audited(), OutgoingMail.objects.count()) == ([("user.deactivated", ["is_active"])], before)


def test_a_change_reaches_neither_rights_clinic_password_nor_address(desk, therapist):
    before = User.objects.values().get(pk=therapist.pk)
    body = {"is_superuser": "on", "clinic": "x", "password": "x", "email": "mine@example.org", "is_verified": ""}
    assert desk.post(page(therapist), details(therapist, **body)).status_code == 302
    assert User.objects.values().get(pk=therapist.pk) == before
    assert audited() == []


def test_a_save_leaves_alone_what_changed_meanwhile(therapist, desk):
    waiting = [{"password": "a newer hash"}]

    def just_before(execute, sql, params, many, context):
        if sql.startswith('UPDATE "accounts_user"') and waiting:
            User.objects.filter(pk=therapist.pk).update(**waiting.pop())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(just_before):
        assert desk.post(page(therapist), details(therapist, last_name="Field")).status_code == 302
    therapist.refresh_from_db()
    assert (therapist.last_name, therapist.password) == ("Field", "a newer hash")


def test_colleagues_come_by_invitation(desk):
    address = reverse("admin:accounts_user_add")
    for answer in (desk.get(address), desk.post(address, {"email": "new@example.org", "role": "admin"})):
        assert (answer.status_code, answer.url) == (302, reverse("accounts:invitations"))
    assert not User.objects.filter(email="new@example.org").exists()


def test_an_email_for_a_new_password_goes_to_the_colleague(desk, admin_user, therapist):
    before = therapist.password
    assert desk.post(reset(therapist)).url == page(therapist)
    [email] = OutgoingMail.objects.all()
    assert (email.kind, email.to) == ("password.reset", therapist.email)
    [row] = AuditEvent.objects.filter(action="user.reset_asked")
    assert (row.actor_id, row.target_id) == (admin_user.pk, therapist.pk)
    therapist.refresh_from_db()
    assert therapist.password == before
    assert "/password/reset/" not in desk.get(page(therapist)).content.decode()


def test_no_email_for_patients_strangers_or_by_following_a_link(desk, patient, therapist, foreign_therapist):
    User.objects.filter(pk=patient.pk).update(email="patient@example.org")
    assert desk.post(reset(patient)).status_code == 404
    assert desk.post(reset(foreign_therapist)).status_code == 404
    assert desk.get(reset(therapist)).status_code == 404
    assert not OutgoingMail.objects.exists()


def test_there_is_no_page_to_set_a_password(desk, therapist):
    assert desk.get(f"/admin/accounts/user/{therapist.pk}/password/", follow=True).status_code == 404


def test_histories_name_fields_and_no_values(desk, therapist):
    desk.post(page(therapist), details(therapist, last_name="Fieldstone"))
    entry = LogEntry.objects.get()
    assert entry.object_repr == str(therapist)
    assert "Fieldstone" not in entry.change_message
    assert "Last name" in entry.change_message
    history = desk.get(reverse("admin:accounts_user_history", args=[therapist.pk])).content.decode()
    assert "Fieldstone" not in history


def test_an_operator_gives_roles_in_every_clinic_but_not_to_operators(client_for, operator):
    other = User.objects.create_superuser("root2@example.org", PASSWORD, first_name="Root")
    client, person = client_for(operator), TherapistFactory()
    assert client.post(page(person), details(person, role="admin")).status_code == 302
    assert User.objects.get(pk=person.pk).role == "admin"
    client.post(page(other), details(other, role="therapist"))
    assert User.objects.get(pk=other.pk).role == "admin"
