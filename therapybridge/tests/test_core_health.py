"""Health endpoints with working and failing components."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import OutgoingMail
from accounts.tests.factories import ClinicFactory
from audit.models import AuditEvent
from audit.services.chain import build_chain
from exports.models import RecordImport
from therapybridge.core import health

pytestmark = pytest.mark.django_db
DEAD_REDIS = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://:s3cret@127.0.0.1:1/0"}


@pytest.fixture(autouse=True)
def _working_parts(settings, tmp_path):
    settings.STORAGE_DIR = tmp_path / "files"
    health.forget()
    health.beat()
    health.beat_from_worker()
    build_chain(everything=True)


@pytest.fixture
def broken_storage(settings, tmp_path):
    """Put a file in place of the folder."""
    (tmp_path / "blocked").touch()
    settings.STORAGE_DIR = tmp_path / "blocked" / "files"


def ask(view, method: str = "get"):
    return view(getattr(RequestFactory(), method)("/"))


def read(response) -> dict:
    import json

    return json.loads(response.content)


def test_everything_works(settings):
    response = ask(health.health)
    body = read(response)
    assert response.status_code == 200
    assert body["status"] == "ok"
    probed = {"database", "broker", "cache", "storage"}
    watched = {"background", "work", "jobs", "audit", "mail", "failed_mail"}
    assert set(body["parts"]) == probed | watched | {"engine"}
    assert all("waits_seconds" in body["parts"][name] for name in watched)
    assert all(part["ok"] for part in body["parts"].values())
    assert all(part["ms"] >= 0 for name, part in body["parts"].items() if name != "engine")


def test_the_storage_probe_leaves_nothing(settings):
    ask(health.health)
    assert list(settings.STORAGE_DIR.iterdir()) == []


def test_a_lost_cache_degrades_and_does_not_fail(settings):
    settings.CACHES = {"default": DEAD_REDIS}
    response = ask(health.health)
    assert (response.status_code, read(response)["status"]) == (200, "degraded")
    assert [read(response)["parts"][name]["ok"] for name in ("cache", "background")] == [False, False]
    assert ask(health.ready).status_code == 200


def test_broken_storage_fails(broken_storage):
    for view in (health.health, health.ready):
        response = ask(view)
        assert (response.status_code, read(response)["status"]) == (503, "failed")


def test_the_process_is_alive_whatever_breaks(broken_storage):
    assert ask(health.live).status_code == 200


def test_no_secret_is_told(settings, broken_storage):
    settings.CACHES = {"default": DEAD_REDIS}
    text = ask(health.health).content.decode()
    assert "s3cret" not in text
    assert "blocked" not in text


def test_the_engine_is_named(settings):
    settings.TRANSCRIBE_BASE_URL = settings.TRANSCRIBE_API_KEY = ""
    assert read(ask(health.health))["parts"]["engine"]["name"] == "builtin"
    settings.TRANSCRIBE_API_KEY, settings.TRANSCRIBE_MODEL = "sk-secret", "gpt-transcribe"
    health.forget()
    answer = ask(health.health)
    assert read(answer)["parts"]["engine"]["name"] == "gpt-transcribe"
    assert b"sk-secret" not in answer.content


@pytest.mark.parametrize("view", [health.live, health.ready, health.health])
def test_probes_answer_head_and_refuse_post(view):
    assert ask(view, "head").status_code == 200
    assert ask(view, "post").status_code == 405


@pytest.fixture
def later():
    """The same a while later."""

    def ask_later(**by: float) -> dict:
        health.forget()
        with time_machine.travel(timezone.now() + timedelta(**by), tick=False):
            return read(ask(health.health))

    return ask_later


@pytest.mark.parametrize(
    ("dead", "alive"), [("background", health.beat_from_worker), ("work", health.beat)], ids=["short tasks", "sessions"]
)
def test_either_worker_or_the_timer_being_dead_is_noticed_within_minutes(later, dead, alive):
    assert later(seconds=100)["parts"][dead]["ok"] is True
    with time_machine.travel(timezone.now() + timedelta(seconds=120), tick=False):
        alive()
    body = later(seconds=130)
    assert body["status"] == "degraded"
    assert [name for name, part in body["parts"].items() if not part["ok"]] == [dead]
    assert body["parts"][dead]["waits_seconds"] == pytest.approx(130, abs=2)


def test_before_the_first_pulse_nothing_is_said_to_work():
    cache.delete(health.PULSE)
    part = read(ask(health.health))["parts"]["background"]
    assert (part["ok"], "waits_seconds" in part) == (False, False)  # nobody knows since when


def test_an_unsealed_event_is_noticed(later):
    AuditEvent.objects.bulk_create([AuditEvent(action="user.signed_in", clinic_id=ClinicFactory().pk)])
    assert later(seconds=60)["parts"]["audit"]["ok"] is True
    assert later(seconds=150)["parts"]["audit"]["ok"] is False
    build_chain(everything=True)
    assert later(seconds=150)["parts"]["audit"] | {"ms": 0} == {"ok": True, "ms": 0, "waits_seconds": 0}


def test_an_email_that_waits_and_one_that_was_given_up_are_noticed(later):
    OutgoingMail.objects.create(kind="test", to="a@example.org", subject="Robin", text="Robin")
    assert later(minutes=50)["parts"]["mail"]["ok"] is True
    body = later(minutes=70)
    assert (body["parts"]["mail"]["ok"], body["parts"]["failed_mail"]["ok"]) == (False, True)
    assert "Robin" not in str(body)
    OutgoingMail.objects.get().move_to(OutgoingMail.Status.FAILED)
    body = later(minutes=70)
    assert (body["parts"]["mail"]["ok"], body["parts"]["failed_mail"]["ok"]) == (True, False)
    assert later(hours=25)["parts"]["failed_mail"]["ok"] is True


def test_a_job_that_nobody_runs_is_noticed(later):
    now = timezone.now()
    RecordImport.objects.create(
        clinic=ClinicFactory(),
        size=1,
        sha256="0" * 64,
        expires_at=now + timedelta(days=1),
        next_attempt_at=now - timedelta(minutes=14),
    )
    assert later(seconds=0)["parts"]["jobs"]["ok"] is True
    RecordImport.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=16))
    assert later(seconds=0)["parts"]["jobs"]["ok"] is False


def test_nobody_keeps_the_disk_busy_by_asking(settings, monkeypatch):
    probes = []
    monkeypatch.setitem(health.CHECKS, "storage", lambda: probes.append(1))
    for _ in range(5):
        ask(health.health)
        ask(health.ready)
    assert len(probes) == 1


def test_the_command_ends_with_one_if_something_needs_attention(capsys):
    call_command("status")
    assert "NEEDS ATTENTION" not in capsys.readouterr().out
    health.forget()
    cache.delete(health.PULSE)
    with pytest.raises(SystemExit) as ended:
        call_command("status")
    assert ended.value.code == 1
    assert "background  NEEDS ATTENTION\n" in capsys.readouterr().out
