"""Who may start a practice: anyone, whom the operator invites, or the first people alone."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.test import APIClient

from accounts.identity.tests.inviting import GOOD, invite, page_of
from accounts.identity.tests.test_registration import NEW
from accounts.models import Clinic, Invitation, User
from accounts.tests.emails import emails, last_link
from audit.models import AuditEvent

pytestmark = pytest.mark.django_db
PERSON = {"first_name": "Noor", "last_name": "Haddad", "time_zone": "Europe/Berlin", "password": GOOD}
LINKS = ["https://ev.il", "Call ev.il", "www.evil", "Practice。example", "a@ev.il", "Prize://x"]


@pytest.fixture(params=["invite", "closed"])
def is_not_open(settings, request):
    settings.SIGN_UP = request.param


def first_clinic(*extra, name="Practice by the park", email="noor@example.org"):
    out = io.StringIO()
    call_command("first_clinic", *extra, clinic_name=name, time_zone="Europe/Berlin", email=email, stdout=out)
    return out.getvalue().strip()


def path_of(link, settings):
    assert link.startswith(settings.PUBLIC_URL)
    return link.removeprefix(settings.PUBLIC_URL)


@pytest.mark.usefixtures("is_not_open")
def test_where_sign_up_is_not_open_page_api_and_links_say_so():
    for page in (Client().get("/sign-up"), Client().post("/sign-up", NEW)):
        assert page.status_code == 403
        assert "by invitation here" in page.content.decode()
    answer = APIClient().post("/api/v1/auth/sign-up", NEW, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "sign_up_closed")
    assert "/sign-up" not in Client().get("/sign-in").content.decode()
    assert [User.objects.count(), Clinic.objects.count(), emails()] == [0, 0, []]


def test_where_it_is_open_the_sign_in_page_links_to_it():
    assert 'href="/sign-up"' in Client().get("/sign-in").content.decode()


@pytest.mark.usefixtures("is_not_open")
def test_people_who_were_invited_still_join(client_for, therapist, patient):
    invite(client_for(therapist), patient)
    assert Client().post(last_link("invitation.sent"), {"password": GOOD}).status_code == 302
    client_for(therapist).post("/invitations", {"email": "ines@example.org"})
    assert Client().post(last_link("invitation.sent"), PERSON).status_code == 302
    assert User.objects.get(email="ines@example.org").clinic == therapist.clinic


@pytest.mark.parametrize("role", ["therapist", "admin"])
def test_the_operator_opens_the_first_clinic_with_a_command(settings, role):
    settings.SIGN_UP = "closed"
    link = path_of(first_clinic("--role", role), settings)
    assert Client().post(link, PERSON).status_code == 302
    person = User.objects.get()
    assert (person.role, person.is_verified, person.clinic.name) == (role, True, "Practice by the park")
    assert person.clinic.time_zone == "Europe/Berlin"
    assert Client().post("/sign-in", {"email": person.email, "password": GOOD}).status_code == 302
    assert list(AuditEvent.objects.filter(clinic_id=person.clinic_id).order_by("id").values_list("action", flat=True))[
        :2
    ] == ["clinic.created", "invitation.sent"]


def test_the_link_is_sent_instead_of_printed():
    assert first_clinic("--send") == "The link has been sent."
    assert Client().get(last_link("invitation.sent")).status_code == 200


def test_it_is_refused_once_somebody_has_joined(settings):
    settings.SIGN_UP = "closed"
    assert Client().post(path_of(first_clinic(), settings), PERSON).status_code == 302
    with pytest.raises(CommandError, match="exists already"):
        first_clinic()
    with pytest.raises(CommandError, match="SIGN_UP=invite"):
        first_clinic(name="Another practice")
    assert Clinic.objects.count() == 1


def test_a_lost_link_is_replaced_until_somebody_has_joined(settings):
    lost, new = first_clinic(), first_clinic(email="Noor@Example.org")
    assert Client().get(path_of(lost, settings)).status_code == 404
    assert Client().get(path_of(new, settings)).status_code == 200
    assert Clinic.objects.count() == 1


def test_where_the_operator_invites_there_may_be_further_clinics(settings):
    settings.SIGN_UP = "invite"
    first_clinic()
    first_clinic(name="Another practice", email="ines@example.org")
    assert Clinic.objects.count() == Invitation.objects.open().count() == 2


def test_what_is_wrong_is_told_and_nothing_happens():
    with pytest.raises(CommandError, match="clinic_name: This looks like a link"):
        first_clinic(name="Win at ev.il")
    with pytest.raises(CommandError, match="email: "):
        first_clinic(email="nobody")
    assert not Clinic.objects.exists()


@pytest.mark.parametrize("name", LINKS)
def test_no_clinic_is_called_by_a_link(name):
    page = Client().post("/sign-up", NEW | {"clinic_name": name})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["clinic_name"])
    answer = APIClient().post("/api/v1/auth/sign-up", NEW | {"clinic_name": name}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["clinic_name"])


@pytest.mark.parametrize("name", ["St. Mary's", "Dr. A. B. Smith & Partners", "Praxis am Park, Nr.5", "J.R. Ewing"])
def test_ordinary_names_are_none(name):
    assert Client().post("/sign-up", NEW | {"clinic_name": name}).status_code == 200
    assert Clinic.objects.get().name == name


def test_nobody_invites_before_the_own_address_is_confirmed(client_for, therapist, patient):
    browser = client_for(therapist)
    User.objects.filter(pk=therapist.pk).update(is_verified=False)
    assert browser.post("/invitations", {"email": "ines@example.org"}).status_code == 403
    assert browser.post(page_of(patient), {"email": "canary@example.org"}).status_code == 403
    assert [Invitation.objects.count(), emails()] == [0, []]
