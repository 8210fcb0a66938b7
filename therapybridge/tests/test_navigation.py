"""Menus are built from the apps' entries, for the reader's role and the current page."""

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured

from accounts.models import Clinic, User
from accounts.tests.factories import AdminFactory, TherapistFactory
from therapybridge.core.compiled import forget_all
from therapybridge.core.pages import counts, navigation
from therapybridge.core.pages.navigation import Entry, declare

pytestmark = pytest.mark.django_db

MAIN = {
    "therapist": ["Today", "Patients", "Sessions", "Notes", "Risk reviews", "Templates", "Plans", "Exports"],
    "patient": ["Home", "Timeline", "Our plan", "Notes", "Check-ins", "Your privacy", "Consents"],
    "admin": ["Administration", "Invitations", "Reviews", "Language model"],
}
MENU = {
    "therapist": [
        "Your account",
        "Text snippets",
        "Interventions",
        "Take over data",
        "Invitations",
        "Emergency access",
        "Emergency reviews",
    ],
    "patient": ["Your account", "Copies of your record"],
    "admin": ["Your account", "Invitations", "Emergency reviews", "Clinic administration"],
}
TABS = {
    "therapist": ["Profile", "Drafts", "Password", "Two-step sign-in", "Devices"],
    "patient": ["Profile", "Reminders", "Password", "Two-step sign-in", "Devices"],
    "admin": ["Profile", "Password", "Two-step sign-in", "Devices"],
}


@pytest.fixture
def people(therapist, patient):
    return {"therapist": therapist, "patient": patient, "admin": AdminFactory(clinic=therapist.clinic)}


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    """Undo a test's declarations."""
    monkeypatch.setattr(navigation, "_declared", list(navigation._declared))


def labels(links):
    return [link.label for link in links]


@pytest.mark.parametrize("role", MAIN)
def test_each_role_has_menus_of_its_own(client_for, people, role):
    shown = client_for(people[role]).get("/account").context["navigation"]
    found = (labels(shown.main()), labels(shown.menu()), labels(shown.account()))
    assert found == (MAIN[role], MENU[role], TABS[role])


def test_an_operator_is_not_sent_to_invitations(client_for):
    operator = AdminFactory(clinic=None, is_superuser=True)
    assert "Invitations" not in labels(client_for(operator).get("/account").context["navigation"].menu())


@pytest.mark.parametrize(
    ("role", "path", "current"),
    [
        ("therapist", "/today", {"Today": "page"}),
        ("therapist", "/patients", {"Patients": "page"}),
        ("therapist", "/patients/{}", {"Patients": "true"}),
        ("therapist", "/patients/new", {"Patients": "true"}),
        ("therapist", "/patients/{}/consent", {"Patients": "true"}),
        ("therapist", "/patients/{}/access", {"Patients": "true"}),
        ("therapist", "/patients/{}/disclosures", {"Patients": "true"}),
        ("therapist", "/patients/{}/invite", {"Patients": "true"}),
        ("therapist", "/sessions", {"Sessions": "page"}),
        ("therapist", "/sessions/new", {"Sessions": "true"}),
        ("therapist", "/templates", {"Templates": "page"}),
        ("therapist", "/templates/new", {"Templates": "true"}),
        ("therapist", "/account", {}),
        ("therapist", "/emergency/reviews", {}),
        ("patient", "/portal", {"Home": "page"}),
        ("patient", "/portal/notes", {"Notes": "page"}),
        ("patient", "/portal/access", {"Your privacy": "page"}),
        ("patient", "/portal/disclosures", {}),
        ("admin", "/emergency/reviews", {"Reviews": "page"}),
        ("admin", "/invitations", {"Invitations": "page"}),
    ],
)
def test_the_open_page_is_marked(client_for, people, role, path, current):
    answer = client_for(people[role]).get(path.format(people["patient"].pk))
    assert answer.status_code == 200
    links = answer.context["navigation"].main()
    assert {link.label: link.current for link in links if link.current} == current
    assert answer.content.decode().count('class="nav__link') == len(links)


def test_nobody_who_is_not_signed_in_has_a_menu(client):
    shown = client.get("/sign-in").context["navigation"]
    assert shown.main() == shown.menu() == shown.account() == []


def test_a_page_stands_once_in_a_menu():
    with pytest.raises(ImproperlyConfigured):
        declare(Entry("Again", "today", 99, ("therapist", "admin")))
    declare(Entry("For others", "today", 99, ("admin",)))


@pytest.mark.parametrize(("waiting", "told"), [(0, ""), (1, "1"), (99, "99"), (100, "99+")])
def test_the_menu_tells_how_many_rows_wait_up_to_99(therapist, waiting, told):
    Clinic.objects.bulk_create(Clinic(name="Waiting") for _ in range(waiting))

    def none(user):
        return Clinic.objects.filter(name="Nobody")

    def some(user):
        return Clinic.objects.filter(name="Waiting")

    assert counts.count_waiting(therapist, [none, some, none]) == ["", told, ""]


def test_each_person_gets_counts_of_their_own(therapist, patient):
    def own(user):
        return type(user).objects.filter(pk=user.pk, role="therapist", clinic=user.clinic_id)

    other = TherapistFactory()
    assert [counts.count_waiting(person, [own]) for person in (therapist, other, patient)] == [["1"], ["1"], [""]]


def test_what_the_menu_asks_knows_of_no_moment():
    """Otherwise it would ask of the moment at which the process put it together."""
    kinds = tuple(entry.waiting for entry in navigation._declared if entry.waiting)
    assert len(kinds) == 3
    with time_machine.travel("2020-02-29T12:00:00Z"):
        once = counts._waiting(User.Role.THERAPIST, kinds)
    forget_all()
    again = counts._waiting(User.Role.THERAPIST, kinds)
    assert again is not once
    assert [vars(one) for one in once] == [vars(one) for one in again]
