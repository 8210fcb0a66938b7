"""The trail's pages: filters, statistics and the file, of one's own clinic, each look on record once."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from audit import log
from audit.admin import changelist
from audit.models import AuditEvent
from audit.services import chain, csv_export
from audit.tests.trails import write, write_aged
from therapybridge.core.actor import Actor
from therapybridge.core.models import uuid7

LIST, EXPORT = reverse("admin:audit_auditevent_changelist"), reverse("admin:audit_auditevent_export")
STATISTICS = reverse("admin:audit_auditevent_statistics")
ANY, EARLIER = uuid4(), uuid7()


@pytest.fixture
def desk(administrator, client_for):
    return client_for(administrator)


def shown(desk, **query) -> list[AuditEvent]:
    answer = desk.get(LIST, query)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


def exported(desk, **query) -> list[dict[str, str]]:
    answer = desk.get(EXPORT, query)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode())))


@pytest.mark.parametrize(
    ("columns", "query"),
    [
        ({"action": "session.read"}, {"category": "session"}),
        ({"action": "session.read"}, {"action": "session.read"}),
        ({"outcome": "denied"}, {"outcome": "denied"}),
        ({"grant_id": uuid4()}, {"emergency": "on"}),
        ({"actor_id": ANY}, {"actor": ANY}),
        ({"patient_id": ANY}, {"patient": ANY}),
        ({"request_id": "trace-me-123"}, {"search": "trace-me-123"}),
        ({"request_id": str(ANY)}, {"search": ANY}),
        ({"target_id": ANY}, {"search": ANY}),
        ({"patient_id": ANY}, {"search": f" {ANY} "}),
        ({"grant_id": ANY}, {"search": ANY}),
        ({"id": EARLIER}, {"search": EARLIER}),
    ],
)
def test_a_filter_finds_what_it_names_in_list_file_and_api(desk, administrator, api_for, clinic, columns, query):
    write(clinic.pk, 2, action="sessions.read")
    write(uuid4(), 1, **({**columns, "id": uuid4()} if "id" in columns else columns))
    [wanted] = write(clinic.pk, 1, **columns)
    assert shown(desk, **query) == [wanted]
    assert [row["id"] for row in exported(desk, **query)] == [str(wanted.pk)]
    found = api_for(administrator).get("/api/v1/audit/events", query).json()["results"]
    assert [row["id"] for row in found] == [str(wanted.pk)]


def test_days_are_the_readers_and_include_both_ends(desk, clinic, administrator):
    administrator.time_zone = "Pacific/Auckland"
    administrator.save()
    [old], [middle], [young] = (write_aged(clinic.pk, 1, days=days) for days in (40, 20, 5))
    day = timezone.localtime(middle.created_at, administrator.zone).date()
    assert shown(desk, since=day, until=day) == [middle]
    assert old in shown(desk, until=day)
    assert young in shown(desk, since=day)
    assert shown(desk, since=day + timedelta(days=1), until=day + timedelta(days=2)) == []


@pytest.mark.parametrize(
    "query",
    [
        {"outcome": "perhaps"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "yesterday"},
        {"actor": "x"},
        {"category": "x"},
        {"action": "x" * 81},
        {"search": "a\x00b"},
    ],
)
def test_a_filter_that_is_not_valid_shows_nothing_and_says_why(desk, clinic, administrator, api_for, query):
    write(clinic.pk, 1)
    answer = desk.get(LIST, query)
    assert (answer.status_code, list(answer.context["cl"].result_list)) == (200, [])
    assert "errorlist" in answer.content.decode()
    assert desk.get(EXPORT, query).status_code == 400
    assert api_for(administrator).get("/api/v1/audit/events", query).status_code == 400


@pytest.mark.parametrize("lookup", ["actor__password", "reason__startswith", "clinic_id"])
def test_no_address_asks_what_the_form_does_not_offer(desk, lookup):
    assert desk.get(LIST, {lookup: "x"}).status_code == 400


def test_the_address_cannot_choose_another_order(desk, clinic):
    first, second = write(clinic.pk, 1, action="b"), write(clinic.pk, 1, action="a")
    assert shown(desk, o="2") == [*second, *first]


@pytest.mark.parametrize(
    ("address", "action"), [(LIST, "audit.listed"), (STATISTICS, "audit.counted"), (EXPORT, "audit.exported")]
)
def test_each_look_is_on_record_once(desk, administrator, clinic, address, action):
    [event] = write(clinic.pk, 1)
    desk.get(address).getvalue()
    row = AuditEvent.objects.exclude(pk=event.pk).exclude(action__startswith="user.").get()
    assert (row.action, row.actor_id, row.clinic_id) == (action, administrator.pk, clinic.pk)
    assert row.ids == ([str(event.pk)] if address == LIST else [])


def test_one_row_is_shown_with_its_place_in_the_chain_and_on_record(desk, clinic):
    [event] = write(clinic.pk, 1)
    address = reverse("admin:audit_auditevent_change", args=[event.pk])
    assert "Not chained yet" in desk.get(address).content.decode()
    chain.build_chain()
    assert "Position 1" in desk.get(address).content.decode()
    assert AuditEvent.objects.filter(action="audit.read", target_id=event.pk).count() == 2


def test_the_row_of_someone_who_is_gone_still_opens(desk, clinic):
    [event] = write(clinic.pk, 1, actor_id=uuid4())
    assert desk.get(reverse("admin:audit_auditevent_change", args=[event.pk])).status_code == 200


def test_the_file_says_how_many_rows_it_has(desk, clinic, monkeypatch):
    monkeypatch.setattr(csv_export, "CHUNK", 2)
    write(clinic.pk, 5)
    assert len(exported(desk)) == 5
    assert AuditEvent.objects.get(action="audit.exported").reason == "5 rows"


def test_a_cell_of_the_file_is_no_formula(desk, clinic):
    for text in ("=1+1", "@x", "-1", "+1", "\t=1", " =1", "\uff1dx"):
        write(clinic.pk, 1, user_agent=text, action="patient.read")
    rows = exported(desk)
    assert [row["user_agent"][0] for row in rows] == ["'"] * 7


def test_too_many_rows_for_a_file_are_refused(desk, clinic, monkeypatch):
    monkeypatch.setattr("audit.admin.events.MOST_EXPORTED", 2)
    write(clinic.pk, 3)
    assert desk.get(EXPORT).status_code == 400
    assert not AuditEvent.objects.filter(action="audit.exported").exists()


def test_files_are_limited(desk, settings):
    settings.LIMITS = settings.LIMITS | {"export": "1/h"}
    assert [desk.get(EXPORT).status_code for _ in range(2)] == [200, 429]


def test_statistics_count_the_clinics_last_thirty_days(desk, clinic, therapist):
    write(clinic.pk, 3, action="patient.read", actor=therapist)
    write(clinic.pk, 2, action="user.signed_in", outcome="denied")
    write(clinic.pk, 1, grant_id=uuid4(), action="patient.read")
    write(uuid4(), 4)
    write_aged(clinic.pk, 1, days=31)
    page = desk.get(STATISTICS)
    signed_in = AuditEvent.objects.filter(action="audit.counted").count()
    totals = page.context_data["totals"]
    assert totals == {"all": 6 + signed_in, "denied": 2, "failed_sign_ins": 2, "emergency": 1}
    assert page.context_data["actions"][0] == {"action": "patient.read", "total": 4, "refused": 0}
    assert str(therapist) in [row["label"] for row in page.context_data["actors"]]
    assert len(page.context_data["bars"]) == 30
    assert sum(bar.total for bar in page.context_data["bars"]) == totals["all"]
    assert therapist.last_name not in page.content.decode()


@pytest.mark.parametrize("address", [LIST, STATISTICS, EXPORT])
def test_costs_do_not_grow(desk, clinic, therapist, address, django_assert_max_num_queries):
    for _ in range(60):
        write(clinic.pk, 1, actor=therapist, action="patient.read", user_agent="probe")
    desk.get(LIST)
    with django_assert_max_num_queries(13):
        desk.get(address).getvalue()


def test_the_list_ends_after_so_many_rows(desk, clinic, monkeypatch):
    monkeypatch.setattr(changelist, "MOST_ROWS", 60)
    write(clinic.pk, 70)
    answer = desk.get(LIST, {"p": 2})
    assert (answer.context["cl"].result_count, len(answer.context["cl"].result_list)) == (60, 10)


@pytest.mark.parametrize("address", [LIST, STATISTICS, EXPORT])
def test_others_do_not_get_in(client_for, therapist, patient, client, address):
    for person in (client_for(therapist), client_for(patient), client):
        answer = person.get(address)
        assert answer.status_code in {302, 403}
    assert not AuditEvent.objects.filter(action__startswith="audit.", outcome="ok").exists()


@pytest.mark.parametrize("address", [STATISTICS, EXPORT])
def test_pages_that_only_read_refuse_to_write(desk, address):
    assert desk.post(address).status_code in {403, 405}


def test_no_page_shows_a_patients_name(desk, clinic, therapist, patient):
    log.record("patient.read", patient, by=Actor(user=therapist), patient_id=patient.pk)
    for address in (LIST, STATISTICS, EXPORT):
        assert "canary" not in desk.get(address).getvalue().decode().lower()


def test_the_history_of_every_clinic_has_no_page(desk):
    assert desk.get("/admin/auditlog/logentry/").status_code == 404
