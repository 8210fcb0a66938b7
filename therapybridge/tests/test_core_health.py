"""Health endpoints with working and failing components."""

import pytest
from django.test import RequestFactory

from therapybridge.core import health

pytestmark = pytest.mark.django_db
DEAD_REDIS = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://:s3cret@127.0.0.1:1/0"}


@pytest.fixture(autouse=True)
def _working_parts(settings, tmp_path):
    settings.STORAGE_DIR = tmp_path / "files"


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
    assert set(body["parts"]) == {"database", "broker", "cache", "storage", "engine"}
    assert all(part["ok"] for part in body["parts"].values())
    assert all(part["ms"] >= 0 for name, part in body["parts"].items() if name != "engine")


def test_the_storage_probe_leaves_nothing(settings):
    ask(health.health)
    assert list(settings.STORAGE_DIR.iterdir()) == []


def test_a_lost_cache_degrades_and_does_not_fail(settings):
    settings.CACHES = {"default": DEAD_REDIS}
    response = ask(health.health)
    assert (response.status_code, read(response)["status"]) == (200, "degraded")
    assert read(response)["parts"]["cache"]["ok"] is False
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
    answer = ask(health.health)
    assert read(answer)["parts"]["engine"]["name"] == "gpt-transcribe"
    assert b"sk-secret" not in answer.content


@pytest.mark.parametrize("view", [health.live, health.ready, health.health])
def test_probes_answer_head_and_refuse_post(view):
    assert ask(view, "head").status_code == 200
    assert ask(view, "post").status_code == 405
