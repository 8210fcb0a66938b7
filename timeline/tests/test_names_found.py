"""Two hundred people are found, by whoever may, on pages and through the API, and listed in one order."""

import pytest
from django.db import connection

from accounts.identity.tests import spellings
from accounts.models import BreakGlassGrant, PatientProfile, TherapistPatient, User
from accounts.tests.factories import CareFactory, PatientFactory
from therapybridge.core.pagination import turn_page
from timeline.contexts.patients import PATIENTS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BORN = "1988-02-29"
WHY = {"reason": "medical", "justification": "The ward asks for the medication now."}


@pytest.fixture
def everyone(therapist, settings):
    """The people of the oracle, each with the spelling of it that differs most from the owner's."""
    settings.LIMITS = {**settings.LIMITS, "emergency": "1000/h"}
    oracle = list(spellings.people())
    names = [list(spellings.typed([*own, *spelled_out]))[-1] for own, spelled_out in oracle]
    owners = [own[0] for own, _ in oracle]
    rows = User.objects.bulk_create(
        User(clinic=therapist.clinic, role="patient", first_name=first, last_name=last) for first, last in owners
    )
    TherapistPatient.objects.bulk_create(TherapistPatient(patient=row, therapist=therapist) for row in rows)
    PatientProfile.objects.bulk_create(PatientProfile(patient=row, date_of_birth=BORN) for row in rows)
    return list(zip(rows, names, strict=True))


def test_each_is_found_by_the_search_of_page_and_api(client_for, api_for, therapist, everyone):
    browser, device = client_for(therapist), api_for(therapist)
    for at, (person, (first, last)) in enumerate(everyone):
        if at % 2:
            page = browser.get("/patients", {"q": f"{first} {last}"}).context["page"]
            found = [str(row.pk) for row in page]
        else:
            rows = device.get("/api/v1/patients", {"search": f"{last}, {first}"}).json()["results"]
            found = [row["id"] for row in rows]
        assert found == [str(person.pk)], (first, last)


def test_each_is_found_by_the_emergency_look_up_of_page_and_api(client_for, api_for, other_therapist, everyone):
    browser, device = client_for(other_therapist), api_for(other_therapist)
    for at, (person, (first, last)) in enumerate(everyone):
        asked = WHY | {"first_name": first, "last_name": last, "date_of_birth": BORN}
        if at % 2:
            answer = device.post("/api/v1/emergency-access", asked, format="json")
            assert (answer.status_code, answer.json().get("patient_id")) == (201, str(person.pk)), (first, last)
        else:
            answer = browser.post("/emergency", asked | {"hours": 1})
            assert answer.headers.get("Location") == f"/patients/{person.pk}", (first, last)
    assert BreakGlassGrant.objects.count() == len(everyone)


# In this order on both databases: accents and case do not count, a name of one part is sorted by it.
IN_ORDER = [("Ben", "de Árbol"), ("Ana", "Érard"), ("Zoë", "Erard"), ("Ida", "eriksen"), ("Ål", "Łapa"), ("Al", "Lapp")]
IN_ORDER += [("Uwe", "Nadal"), ("Ana", "Ñandú"), ("Éva", "NANDU"), ("Eva", "Núñez"), ("Oda", ""), ("Al", "Özil")]
IN_ORDER += [("Émile", "Roth"), ("Zoe", "Roth"), ("Al", "Roth-Ober"), ("Al", "Rothe"), ("Øre", "Żak")]
IN_ORDER += [("Ζωή", "Άνθης"), ("Ян", "Ёлкин"), ("Ян", "Иванов"), ("Ян", "Йовов"), ("ה", "אבן"), ("蓮", "李")]


def test_lists_of_people_are_sorted_by_folded_names_page_by_page(client_for, therapist):
    for first, last in sorted(IN_ORDER):
        CareFactory(
            therapist=therapist, patient=PatientFactory(clinic=therapist.clinic, first_name=first, last_name=last)
        )
    browser = client_for(therapist)
    page = browser.get("/patients").context["page"]
    assert [(row.first_name, row.last_name) for row in page] == IN_ORDER
    offered = browser.get("/sessions/new").context["form"].fields["patient"].queryset
    assert [(row.first_name, row.last_name) for row in offered] == IN_ORDER
    walked, cursor = [], ""
    while not walked or cursor:
        leaf = turn_page(User.objects.patients_visible_to(therapist), PATIENTS.order, cursor, limit=4)
        walked, cursor = walked + [(row.first_name, row.last_name) for row in leaf.rows], leaf.next
    assert walked == IN_ORDER


def test_a_page_of_a_long_list_reads_its_index_in_order(therapist):
    User.objects.bulk_create(User(clinic=therapist.clinic, first_name=f"N{at}", role="patient") for at in range(2_000))
    rows = User.objects.patients().filter(clinic=therapist.clinic_id).order_by(*PATIENTS.order)[:25]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_user")
    plan = rows.explain()
    assert "user_clinic_sorted" in plan
    assert not any(word in plan for word in ("Sort ", "B-TREE"))
