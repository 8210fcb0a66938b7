"""What Prometheus is told, and who is told."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.conf import settings as configured
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import OutgoingMail
from accounts.tests.factories import ClinicFactory
from audit.models import AuditEvent
from exports.models import RecordImport
from sessions_app.models import EngineCircuit
from therapybridge.core import health, metrics
from therapybridge.tests.plans import analyze, plan_of, queries_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
TOKEN = "kN3v-x8Qz2Lr7Wm4Yp9Ts6Bc1Df5Gh0Jk"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.METRICS_TOKEN = TOKEN
    settings.STORAGE_DIR = tmp_path
    health.forget()
    metrics.forget()
    yield
    metrics.forget()


@pytest.fixture
def scrape(client):
    """Every sample that is told, by name and labels."""

    def ask():
        health.forget()
        metrics.forget()
        answer = client.get("/metrics", headers=BEARER)
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        return {(one.name, *sorted(one.labels.values())): one.value for family in families for one in family.samples}

    return ask


def due_import():
    tomorrow = timezone.now() + timedelta(days=1)
    return RecordImport.objects.create(clinic=ClinicFactory(), size=1, sha256="0" * 64, expires_at=tomorrow)


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Basic {TOKEN}", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        ("Bearer", 401),
        ("Bearer schl\u00fcssel", 401),
        ("", 401),
    ],
)
def test_only_the_token_opens_it(client, header, status):
    answer = client.get("/metrics", headers={"authorization": header} if header else {})
    assert (answer.status_code, b"therapybridge" in answer.content) == (status, status == 200)


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer "}, BEARER])
def test_without_a_token_there_is_no_such_page(client, settings, headers):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers=headers).status_code == 404


def test_a_person_who_is_signed_in_needs_the_token_as_well(client_for, therapist):
    assert client_for(therapist).get("/metrics").status_code == 401


def test_it_tells_what_health_tells(scrape, client):
    health.beat()
    told = scrape()
    parts = client.get("/health").json()["parts"]
    assert {name: float(part["ok"]) for name, part in parts.items()} == {
        key[1]: value for key, value in told.items() if key[0] == "therapybridge_part_ok"
    }
    waiting = {name for name, part in parts.items() if "waits_seconds" in part}
    assert waiting == {key[1] for key in told if key[0] == "therapybridge_waits_seconds"}


def test_what_waits_and_what_failed_is_counted(scrape):
    before = scrape()
    OutgoingMail.objects.create(kind="test", to="a@example.org", subject="Robin", text="Robin")
    OutgoingMail.objects.create(kind="test", to="b@example.org", subject="Robin", text="Robin", status="failed")
    AuditEvent.objects.bulk_create([AuditEvent(action="user.signed_in", clinic_id=ClinicFactory().pk)])
    due_import()
    EngineCircuit.objects.create(kind="language", opened_at="2026-01-01T00:00Z", error_code="wrong_key", failures=3)
    after = scrape()
    changed = {key for key in after if after[key] != before.get(key)}
    assert {key for key in changed if not key[0].endswith(("waits_seconds", "_bytes"))} == {
        ("therapybridge_emails", "pending"),
        ("therapybridge_emails", "failed"),
        ("therapybridge_audit_unsealed",),
        ("therapybridge_jobs", "due", "recordimport"),
        ("therapybridge_engine_away", "language", "paused", "wrong_key"),
        ("therapybridge_engine_failures", "language"),
        ("therapybridge_part_ok", "engine"),
        ("therapybridge_part_ok", "failed_mail"),
    }
    assert after["therapybridge_engine_failures", "language"] == 3


def test_job_states_are_told_apart(scrape):
    def told():
        return {key[1:]: value for key, value in scrape().items() if key[0] == "therapybridge_jobs" and value}

    job = due_import()
    RecordImport.claim(job.pk)
    assert told() == {("recordimport", "running"): 1}
    RecordImport.objects.filter(pk=job.pk).update(lease_until=None, next_attempt_at="2126-01-01T00:00Z")
    assert told() == {("later", "recordimport"): 1}
    RecordImport.objects.filter(pk=job.pk).update(status="failed", last_error="wrong")
    assert told() == {("failed", "recordimport"): 1}


def test_no_label_tells_who(client, therapist, patient):
    text = client.get("/metrics", headers=BEARER).content.decode()
    names = set(re.findall(r"[{,](\w+)=", text))
    assert names <= {"part", "engine", "state", "error_code", "kind", "space", "revision", "django", "python"}
    for private in (str(therapist.pk), str(therapist.clinic_id), therapist.clinic.name, therapist.email):
        assert private not in text


def test_a_number_that_cannot_be_read_hides_no_other(scrape, settings):
    settings.STORAGE_DIR = settings.STORAGE_DIR / "nowhere" / "file"
    settings.STORAGE_DIR.parent.touch()
    told = scrape()
    assert told["therapybridge_part_ok", "storage"] == 0
    assert ("therapybridge_storage_bytes", "free") not in told
    assert told["therapybridge_database_bytes",] > 0


def test_whoever_asks_all_the_time_counts_nothing_anew(client, django_assert_num_queries):
    client.get("/metrics", headers=BEARER)
    with django_assert_num_queries(0):
        assert client.get("/metrics", headers=BEARER).status_code == 200


def test_no_count_reads_all_that_is_done(scrape):
    begun = timezone.now() - timedelta(days=2)
    done = {"status": "failed", "stage_started_at": begun, "size": 1, "sha256": "0" * 64, "expires_at": begun}
    clinic = ClinicFactory()
    RecordImport.objects.bulk_create([RecordImport(clinic=clinic, **done) for _ in range(2000)])
    OutgoingMail.objects.bulk_create([OutgoingMail(kind="test", status="sent", sent_at=begun) for _ in range(2000)])
    analyze()
    asked = [sql for sql in queries_of(scrape) if "recordimport" in sql or "outgoingmail" in sql]
    scans = [step for sql in asked for table in ("exports_", "accounts_out") for step in plan_of(sql, table)[0]]
    assert len(asked) > 5
    assert [step for step in scans if " USING " not in step] == []


def told_families(client):
    answer = client.get("/metrics", headers=BEARER).content.decode()
    return {family.name for family in text_string_to_metric_families(answer)}


def test_the_page_on_operations_lists_every_number(client):
    section = (ROOT / "docs" / "operations.md").read_text().partition("| `therapybridge_…` |")[2].partition("\n\n")[0]
    rows = [line.split("|")[1] for line in section.splitlines()[2:]]
    listed = {f"therapybridge_{name}" for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert listed == told_families(client)


RULES = yaml.safe_load((ROOT / "docs" / "examples" / "alerts.yml").read_text())["groups"][0]["rules"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_asks_for_numbers_and_labels_that_exist(rule, scrape, client):
    named = set(re.findall(r"\b(?:therapybridge_\w+)", rule["expr"]))
    assert named <= told_families(client)
    known = set(our_labels())
    for label, value in re.findall(r"(\w+)=~?\"([^\"]+)\"", rule["expr"]):
        assert {(label, one) for one in value.split("|")} <= known | {("job", "therapybridge")}
    assert rule["annotations"]["summary"].endswith(".")


def our_labels():
    """Every label with a value that it can have."""
    parts = health.examined()
    yield from (("part", name) for name in parts)
    yield from (("state", state) for state in ("due", "running", "later", "failed", "pending", "outage", "paused"))
    yield from (("space", space) for space in ("free", "total"))


def test_it_is_no_part_of_the_public_interface(client):
    assert "/metrics" not in client.get("/api/v1/schema").content.decode()
    assert "metrics" in " ".join(configured.SECURE_REDIRECT_EXEMPT)
