"""The admin site as a whole: who may open which page, and what no page reveals."""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRequest, Clinic, ConsentTemplate, OutgoingMail, TherapistPatient, User
from accounts.tests.factories import PASSWORD, AdminFactory, CareFactory, PatientFactory
from audit.models import AuditEvent
from therapybridge.core.actor import Actor

# Of a higher floor.
Intervention = apps.get_model("treatment", "Intervention")
ExportJob = apps.get_model("exports", "ExportJob")
EngineCircuit = apps.get_model("sessions_app", "EngineCircuit")
ABSENT = "018f0000-0000-7000-8000-000000000000"
CANARIES = ("Canary", "Quillfeather", "secret@patients.example", "1987-06-05", "+49 30 5551234", "Moonlane 9")


@pytest.fixture
def addresses(admin_user, therapist):
    return [
        reverse("admin:index"),
        reverse("admin:app_list", args=["accounts"]),
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_change", args=[therapist.pk]),
        reverse("admin:accounts_user_history", args=[therapist.pk]),
        reverse("admin:jsi18n"),
        reverse("admin:autocomplete"),
        "/admin/nothing-here",
    ]


def with_app(person):
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})


@pytest.mark.parametrize("required", [True, False])
def test_whoever_has_a_second_factor_gets_in_with_it_only(settings, addresses, client_for, admin_user, required):
    settings.MFA_REQUIRED = required
    with_app(admin_user)
    for address in addresses:
        for client in (Client(), client_for(admin_user)):
            answer = client.get(address)
            assert (answer.status_code, answer.url.partition("?")[0]) in {(302, "/admin/login/"), (302, "/sign-in")}
            assert client.post(address).status_code == 302
    assert client_for(admin_user, second_factor=True).get(addresses[0]).status_code == 200


def test_whoever_has_to_have_one_and_has_none_gets_to_where_it_is_set_up(settings, addresses, client_for, admin_user):
    settings.MFA_REQUIRED = True
    operator = User.objects.create_superuser("root@example.org", PASSWORD, first_name="Root")
    for person in (admin_user, operator):
        client = client_for(person)
        for address in addresses:
            assert client.get(address).url == reverse("mfa_index"), address
            assert client.post(address).url == reverse("mfa_index"), address


@pytest.mark.parametrize(
    ("required", "has_factor", "shown", "opens"),
    [
        (False, False, False, True),
        (False, True, False, False),
        (True, False, False, False),
        (True, True, False, False),
        (True, True, True, True),
        (False, True, True, True),
    ],
)
def test_the_site_asks_itself_should_the_gate_be_open(settings, admin_user, required, has_factor, shown, opens):
    settings.MFA_REQUIRED = required
    request = RequestFactory().get("/admin/")
    request.user = admin_user
    assert admin.site.has_permission(request) is False
    moment = timezone.now() if shown else None
    session = SimpleNamespace(has_factor=has_factor, second_factor_at=moment)
    request.actor = Actor(user=admin_user, auth_session=session)
    assert admin.site.has_permission(request) is opens


def test_the_site_has_no_sign_in_of_its_own(admin_user):
    body = {"username": admin_user.email, "password": PASSWORD, "next": "/admin/"}
    client = Client()
    assert client.post("/admin/login/", body).status_code == 405
    assert client.get("/admin/").status_code == 302


def test_pages_that_look_past_the_clinic_lead_nowhere(client_for, admin_user, patient, therapist):
    client = client_for(admin_user)
    model = apps.get_model("sessions_app", "TherapySession")
    people = {"patient": patient, "therapist": therapist, "clinic": patient.clinic}
    session, kind = (
        model.objects.create(**people, session_date=timezone.now()),
        ContentType.objects.get_for_model(model),
    )
    for key in (session.pk, ABSENT):
        assert client.get(f"/admin/r/{kind.pk}/{key}/").status_code == 404
    for name in ("password_change", "password_change_done"):
        assert client.get(reverse(f"admin:{name}")).status_code == 404
    query = {"app_label": "accounts", "model_name": "therapistpatient", "field_name": "patient", "term": ""}
    assert client.get(f"{reverse('admin:autocomplete')}?{urlencode(query)}").status_code == 403


def test_signing_out_is_the_portals(client_for, admin_user):
    client = client_for(admin_user)
    assert f'action="{reverse("accounts:sign_out")}"' in client.get("/admin/").content.decode()
    assert client.post(reverse("admin:logout")).url == reverse("home")
    assert client.get("/admin/").status_code == 200


def row_in(model, clinic):
    """A row of the clinic for each admin page."""
    staff = AdminFactory(clinic=clinic)
    details = {
        "email": CANARIES[2],
        "date_of_birth": CANARIES[3],
        "phone": CANARIES[4],
        "address": CANARIES[5],
        "emergency_contact": CANARIES[1],
    }
    person = PatientFactory(clinic=clinic, last_name="Quillfeather", **{f"profile__{k}": v for k, v in details.items()})
    makers = {
        Clinic: lambda: clinic,
        User: lambda: person,
        TherapistPatient: lambda: CareFactory(therapist__clinic=clinic, patient=person),
        AuditEvent: lambda: AuditEvent.objects.create(
            action="patient.viewed", clinic_id=clinic.pk, actor=staff, patient_id=person.pk
        ),
        ExportJob: lambda: ExportJob.objects.create(
            clinic=clinic,
            patient=person,
            kind="timeline",
            format="json",
            basis="law",
            recipient="Quillfeather",
            purpose="Quillfeather",
        ),
        AccessRequest: lambda: AccessRequest.objects.create(
            patient=person, kind="correct", details="Quillfeather", due_at=timezone.now() + timedelta(days=1)
        ),
        ConsentTemplate: lambda: ConsentTemplate.objects.create(
            clinic=clinic,
            consent_type="recording",
            text="We record.",
            version=ConsentTemplate.objects.filter(clinic=clinic).count() + 1,
        ),
        Intervention: lambda: Intervention.objects.create(
            clinic=clinic, name=f"Walk {Intervention.objects.filter(clinic=clinic).count()}"
        ),
    }
    return makers[model]()


def address(model, kind, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
# Of no clinic, and for operators alone.
OPERATED = [OutgoingMail, EngineCircuit]
OF_CLINICS = [model for model in REGISTERED if model not in OPERATED]


def test_staff_see_operations_and_no_care():
    """How far somebody's goals have come is clinical, though no name stands beside it."""
    care = {
        model for app in ("sessions_app", "treatment", "timeline") for model in apps.get_app_config(app).get_models()
    }
    assert care & set(OF_CLINICS) == {Intervention}


@pytest.mark.parametrize("model", OPERATED)
def test_what_is_of_no_clinic_is_closed_to_the_staff_of_clinics(client_for, admin_user, model):
    client = client_for(admin_user)
    assert client.get(address(model, "changelist")).status_code == 403
    assert address(model, "changelist") not in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("model", OF_CLINICS, ids=lambda model: model._meta.label_lower)
def test_no_page_tells_anything_of_a_patient(client_for, admin_user, model):
    client, row = client_for(admin_user), row_in(model, admin_user.clinic)
    pages = [
        address(model, "changelist"),
        address(model, "add"),
        address(model, "change", row.pk),
        address(model, "history", row.pk),
        address(model, "delete", row.pk),
        f"{address(model, 'changelist')}?_popup=1",
        reverse("admin:index"),
    ]
    answers = [client.get(one) for one in pages]
    # A page that cannot be opened would pass without having been looked at.
    assert [answer.status_code for answer in answers[:1] + answers[2:4]] == [200, 200, 200]
    for one, answer in zip(pages, answers, strict=True):
        body = answer.content.decode()
        assert [word for word in CANARIES if word in body] == [], one
    assert [word for word in CANARIES if word in str(row)] == []
    for word in CANARIES if admin.site._registry[model].search_fields else ():
        assert not client.get(address(model, "changelist"), {"q": word}).context["cl"].queryset.exists()


@pytest.mark.parametrize("model", OF_CLINICS, ids=lambda model: model._meta.label_lower)
def test_rows_of_another_clinic_are_not_there(client_for, admin_user, foreign_therapist, model):
    client, row = client_for(admin_user), row_in(model, foreign_therapist.clinic)
    for kind in ("change", "history"):
        own, absent = (client.get(address(model, kind, key)) for key in (row.pk, ABSENT))
        assert (own.status_code, absent.status_code) == (404, 404)
    # Deleting is closed for every row, so that the answer tells nothing.
    answers = {client.post(address(model, "delete", key), {"post": "yes"}).status_code for key in (row.pk, ABSENT)}
    assert answers == {403}
    assert str(row.pk) not in client.get(address(model, "changelist")).content.decode()
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", OF_CLINICS, ids=lambda model: model._meta.label_lower)
def test_a_list_costs_the_same_whatever_its_length(client_for, admin_user, model):
    client = client_for(admin_user)
    row_in(model, admin_user.clinic)
    few, many = queries_of(client, model), None
    for _ in range(5):
        row_in(model, admin_user.clinic)
    many = queries_of(client, model)
    assert many == few


def queries_of(client, model):
    client.get(address(model, "changelist"))
    with CaptureQueriesContext(connection) as asked:
        client.get(address(model, "changelist"))
    return len(asked)
