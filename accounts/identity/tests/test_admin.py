"""The admin site: only the clinic's people, no patients' names, every save audited."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Clinic, TherapistPatient, User
from accounts.tests.factories import PASSWORD, CareFactory, PatientFactory, TherapistFactory
from audit.models import AuditEvent

PEOPLE, CARE, CLINICS = "admin:accounts_user", "admin:accounts_therapistpatient", "admin:accounts_clinic"
ABSENT = "018f0000-0000-7000-8000-000000000000"


def page(name: str, kind: str, *args: object) -> str:
    return reverse(f"{name}_{kind}", args=args)


def colleague(**changes):
    return {
        "first_name": "Noa",
        "last_name": "Field",
        "role": "therapist",
        "time_zone": "",
        "is_active": "on",
        **changes,
    }


def test_every_page_opens_for_the_clinics_administrator(desk, patient, therapist):
    relation = TherapistPatient.objects.get(patient=patient)
    AuditEvent.objects.create(action="x", clinic_id=patient.clinic_id)
    for address in (
        reverse("admin:index"),
        page(PEOPLE, "changelist"),
        page(PEOPLE, "change", therapist.pk),
        page(PEOPLE, "change", patient.pk),
        page(PEOPLE, "history", patient.pk),
        page(CARE, "changelist"),
        page(CARE, "add"),
        page(CARE, "change", relation.pk),
        page(CLINICS, "changelist"),
        page(CLINICS, "change", patient.clinic.pk),
        reverse("admin:audit_auditevent_changelist"),
    ):
        answer = desk.get(address)
        assert answer.status_code == 200, address
        assert "Canary" not in answer.content.decode(), address
        assert patient.last_name not in answer.content.decode(), address


def test_there_is_one_door(therapist, client_for):
    anonymous = Client().get("/admin/", follow=True)
    assert anonymous.redirect_chain[-1][0] == "/sign-in?next=/admin/"
    inside = client_for(therapist).get("/admin/", follow=True)
    assert (inside.status_code, inside.redirect_chain[-1][0]) == (403, "/admin/login/?next=/admin/")


@pytest.mark.parametrize("kind", ["therapist", "patient"])
def test_therapists_and_patients_stay_outside(kind, therapist, patient, client_for):
    client = client_for({"therapist": therapist, "patient": patient}[kind])
    for address in (page(PEOPLE, "changelist"), page(PEOPLE, "change", patient.pk), page(CARE, "changelist")):
        assert client.get(address).status_code == 302
        assert client.post(address, colleague()).status_code == 302
    assert not User.objects.filter(first_name="Noa").exists()


@pytest.mark.usefixtures("foreign_therapist", "operator")
def test_lists_hold_the_clinics_own_rows_only(desk, admin_user, patient, therapist):
    people = desk.get(page(PEOPLE, "changelist")).context["cl"].queryset
    assert set(people) == {admin_user, patient, therapist}
    assert [one.patient for one in desk.get(page(CARE, "changelist")).context["cl"].queryset] == [patient]
    assert list(desk.get(page(CLINICS, "changelist")).context["cl"].queryset) == [patient.clinic]


def test_an_operator_sees_every_clinic(client_for, operator, patient, foreign_therapist):
    client = client_for(operator)
    assert client.get(page(CLINICS, "changelist")).context["cl"].queryset.count() == 2
    assert client.get(page(PEOPLE, "changelist")).context["cl"].queryset.count() == User.objects.count()


@pytest.mark.parametrize("kind", ["change", "history", "reset"])
def test_people_of_another_clinic_and_operators_are_not_there(desk, foreign_therapist, clinic, kind):
    operator = User.objects.create_superuser("root@example.org", PASSWORD, first_name="Root", clinic=clinic)
    for key in (foreign_therapist.pk, operator.pk, ABSENT):
        address = f"/admin/accounts/user/{key}/{kind}/"
        assert desk.get(address).status_code == 404
        assert desk.post(address, colleague()).status_code == 404


def test_relations_and_clinic_of_another_clinic_are_not_there(desk, foreign_therapist):
    relation = TherapistPatient.objects.get(therapist=foreign_therapist)
    assert desk.get(page(CARE, "change", relation.pk)).status_code == 404
    assert desk.get(page(CLINICS, "change", foreign_therapist.clinic.pk)).status_code == 404
    assert desk.get(page(CLINICS, "add")).status_code == 403


@pytest.mark.parametrize("query", ["q=canary@example.org", "q=Canary"])
def test_search_does_not_find_patients_by_name_or_address(desk, patient, query):
    User.objects.filter(pk=patient.pk).update(email="canary@example.org")
    assert list(desk.get(f"{page(PEOPLE, 'changelist')}?{query}").context["cl"].queryset) == []


def test_search_finds_staff_by_address_and_anyone_by_id(desk, patient, therapist):
    changelist = page(PEOPLE, "changelist")
    assert list(desk.get(changelist, {"q": therapist.email}).context["cl"].queryset) == [therapist]
    assert list(desk.get(changelist, {"q": str(patient.pk)}).context["cl"].queryset) == [patient]


@pytest.mark.parametrize(
    "lookup",
    [
        "last_name__startswith",
        "email",
        "password__startswith",
        "profile__phone__isnull",
        "role__regex",
        "role__in",
        "is_active__iregex",
        "care_relations__patient__last_name",
    ],
)
def test_no_address_answers_questions_about_fields(desk, patient, lookup):
    answer = desk.get(page(PEOPLE, "changelist"), {lookup: "1"})
    assert answer.status_code == 400
    assert desk.get(page(PEOPLE, "changelist"), {lookup: "1", "e": "1"}).status_code == 400


def test_the_filters_that_are_offered_work(desk, patient, therapist):
    changelist = page(PEOPLE, "changelist")
    assert list(desk.get(changelist, {"role__exact": "patient"}).context["cl"].queryset) == [patient]
    assert therapist in desk.get(changelist, {"is_active__exact": "1"}).context["cl"].queryset


def test_a_relation_is_made_and_recorded(desk, therapist, clinic):
    patient = PatientFactory(clinic=clinic)
    body = {"therapist": therapist.pk, "patient": patient.pk, "relationship_type": "secondary", "is_active": "on"}
    assert desk.post(page(CARE, "add"), body).status_code == 302
    assert list(User.objects.patients_visible_to(therapist)) == [patient]
    row = AuditEvent.objects.get(action="care.created")
    assert (row.patient_id, row.reason) == (patient.pk, "admin site")


def test_foreign_people_cannot_be_related(desk, therapist, clinic, foreign_therapist):
    own, foreign = PatientFactory(clinic=clinic), TherapistPatient.objects.get(therapist=foreign_therapist).patient
    unrelated = TherapistFactory(clinic=foreign_therapist.clinic)
    pairs = [(foreign_therapist, own), (therapist, foreign), (unrelated, foreign), (own, own), (therapist, therapist)]
    for one, other in pairs:
        body = {"therapist": one.pk, "patient": other.pk, "relationship_type": "primary", "is_active": "on"}
        answer = desk.post(page(CARE, "add"), body)
        assert (answer.status_code, "Canary" in answer.content.decode()) == (200, False)
        assert f"Patient {str(foreign.pk)[-8:]}" not in answer.content.decode()
    assert TherapistPatient.objects.get().therapist == foreign_therapist


def test_an_operator_cannot_mix_clinics(client_for, operator, therapist):
    body = {"therapist": therapist.pk, "patient": PatientFactory().pk, "relationship_type": "primary"}
    assert client_for(operator).post(page(CARE, "add"), body).status_code == 200
    assert not TherapistPatient.objects.exists()


def test_ending_and_resuming_a_relation_keeps_its_date_in_step(desk, patient):
    relation = TherapistPatient.objects.get(patient=patient)
    address = page(CARE, "change", relation.pk)
    other = CareFactory(therapist=relation.therapist).patient
    desk.post(address, {"relationship_type": "primary", "patient": other.pk})
    relation.refresh_from_db()
    assert (relation.is_active, relation.ended_at is not None, relation.patient) == (False, True, patient)
    desk.post(address, {"relationship_type": "primary", "is_active": "on"})
    relation.refresh_from_db()
    assert (relation.is_active, relation.ended_at) == (True, None)
    acts = AuditEvent.objects.filter(action__startswith="care.").order_by("id")
    assert list(acts.values_list("action", "patient_id")) == [("care.ended", patient.pk), ("care.resumed", patient.pk)]


def test_a_relation_is_ended_without_changing_anything_else(desk, patient):
    relation = TherapistPatient.objects.get(patient=patient)
    answer = desk.post(page(CARE, "change", relation.pk), {"relationship_type": "secondary"})
    assert "without changing anything else" in answer.content.decode()
    assert TherapistPatient.objects.get().is_active
    body = {"relationship_type": "secondary", "is_active": "on"}
    assert desk.post(page(CARE, "change", relation.pk), body).status_code == 302
    assert TherapistPatient.objects.get().relationship_type == "secondary"
    assert AuditEvent.objects.get(action__startswith="care.").action == "care.updated"


def test_nothing_can_be_deleted(desk, therapist, patient):
    relation = TherapistPatient.objects.get(patient=patient)
    for name, key in ((PEOPLE, therapist.pk), (CARE, relation.pk), (CLINICS, therapist.clinic.pk)):
        assert desk.post(page(name, "delete", key), {"post": "yes"}).status_code == 403
    assert Clinic.objects.count() == 1


def test_lists_cost_the_same_whatever_their_length(desk, therapist, django_assert_max_num_queries):
    for _ in range(8):
        CareFactory(therapist=therapist)
    for name in (PEOPLE, CARE):
        with django_assert_max_num_queries(8):
            desk.get(page(name, "changelist"))
