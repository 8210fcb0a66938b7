"""Each misconfiguration of production has an id and prevents the start."""

import base64
from pathlib import Path

import pytest
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from therapybridge.checks import check_settings, refuse_to_start


def key_line(key_id):
    return f"{key_id}:{base64.b64encode(key_id[:1].encode() * 32).decode()}"


GOOD = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "kN3v!x8Qz2Lr7Wm4Yp9Ts6Bc1Df5Gh0Jk",
    "DEBUG": False,
    "ALLOWED_HOSTS": ["clinic.example.org"],
    "FIELD_ENCRYPTION_KEYS": [key_line("k1")],
    "BLIND_INDEX_KEY": "",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "CELERY_BROKER_URL": "redis://redis:6379/0",
    "CACHES": {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://redis:6379/1"}
    },
    "STORAGE_URL": "file:///srv/recordings",
    "STORAGE_DIR": Path("/srv/recordings"),
    "STATIC_ROOT": "/srv/static",
    "NUM_PROXIES": 1,
    "LIMITS": {"read": "1000/m"},
    "DEMO_PASSWORD": "",
    "MFA_REQUIRED": True,
    "PUBLIC_URL": "https://clinic.example.org",
    "CORS_ALLOWED_ORIGINS": ["https://app.example.org"],
    "CSRF_TRUSTED_ORIGINS": [],
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_USE_TLS": True,
    "EMAIL_USE_SSL": False,
    "OPENAI_BASE_URL": "",
    "TRANSCRIBE_BASE_URL": "https://speech.example.org/v1",
    "LLM_BASE_URL": "http://127.0.0.1:11434/v1",
    "WHISPER_MODEL_DIR": "",
    "MOONSHINE_MODEL_DIR": "",
}


@pytest.fixture
def production(settings, monkeypatch):
    """A valid production; call it with wrong settings to get the ids of the problems."""

    def configure(*, engine="django.db.backends.postgresql", **changes):
        # Not through the settings fixture: it would warn, and the test's own connection stays what it is.
        monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", engine)
        for name, value in {**GOOD, **changes}.items():
            setattr(settings, name, value)
        return [problem.id for problem in check_settings(None)]

    return configure


def test_a_sound_production_has_no_problem(production):
    assert production() == []
    refuse_to_start()


@pytest.mark.parametrize(
    ("problem", "changes"),
    [
        ("tb.E001", {"SECRET_KEY": "short"}),
        ("tb.E001", {"SECRET_KEY": "a" * 64}),
        ("tb.E001", {"SECRET_KEY": "django-insecure-kN3v!x8Qz2Lr7Wm4Yp9Ts6Bc1Df5"}),
        ("tb.E002", {"DEBUG": True}),
        ("tb.E003", {"ALLOWED_HOSTS": []}),
        ("tb.E003", {"ALLOWED_HOSTS": ["clinic.example.org", "*"]}),
        ("tb.E003", {"ALLOWED_HOSTS": ["."]}),
        ("tb.E004", {"FIELD_ENCRYPTION_KEYS": []}),
        ("tb.E004", {"FIELD_ENCRYPTION_KEYS": ["k1:short"]}),
        ("tb.E004", {"BLIND_INDEX_KEY": "short"}),
        ("tb.E020", {"FIELD_ENCRYPTION_KEYS": [key_line("k1"), key_line("k2")]}),
        ("tb.E022", {"CORS_ALLOWED_ORIGINS": ["https://app.example.org", "https://*.example.org"]}),
        ("tb.E022", {"CORS_ALLOW_ALL_ORIGINS": True}),
        ("tb.E024", {"SIGN_UP": "never"}),
        ("tb.E023", {"CORS_ALLOWED_ORIGINS": ["http://app.example.org"]}),
        ("tb.E023", {"CORS_ALLOWED_ORIGINS": ["null"]}),
        ("tb.E021", {"WHISPER_MODEL_DIR": "/nowhere/base"}),
        ("tb.E021", {"MOONSHINE_MODEL_DIR": "/nowhere/base-en"}),
        ("tb.E029", {"LLM_BASE_URL": "ollama:11434"}),
        ("tb.E029", {"LLM_BASE_URL": "http://[::1"}),
        ("tb.E030", {"TRANSCRIBE_BASE_URL": "http://speech.example.org/v1"}),
        ("tb.E030", {"LLM_BASE_URL": "http://203.0.114.5/v1"}),
        # Both fall back to it, and it is told once.
        ("tb.E030", dict.fromkeys(("OPENAI_BASE_URL", "TRANSCRIBE_BASE_URL", "LLM_BASE_URL"), "http://ai.example.org")),
        ("tb.E031", {"EMAIL_USE_TLS": False}),
        ("tb.E026", {"NUM_PROXIES": 0}),
        ("tb.E027", {"PUBLIC_URL": "https://other.example.org"}),
        ("tb.E028", {"CSRF_TRUSTED_ORIGINS": ["https://app.example.org", "https://*.app.example.org"]}),
        ("tb.E028", {"CSRF_TRUSTED_ORIGINS": ["https://clinic.example.org:8443"]}),
        ("tb.E005", {"SESSION_COOKIE_SECURE": False}),
        ("tb.E005", {"CSRF_COOKIE_SECURE": False}),
        ("tb.E006", {"engine": "django.db.backends.sqlite3"}),
        ("tb.E007", {"CELERY_BROKER_URL": "sqla+sqlite:////srv/broker.sqlite3"}),
        ("tb.E007", {"CELERY_BROKER_URL": "memory://"}),
        ("tb.E016", {"STORAGE_URL": "s3://recordings"}),
        ("tb.E008", {"STORAGE_DIR": Path("/srv/static/files")}),
        ("tb.E008", {"STORAGE_DIR": Path("/srv")}),
        ("tb.E009", {"NUM_PROXIES": None}),
        ("tb.E009", {"NUM_PROXIES": -1}),
        ("tb.E010", {"SECURE_SSL_REDIRECT": False}),
        ("tb.E010", {"SECURE_HSTS_SECONDS": 0}),
        ("tb.E011", {"LIMITS": {"read": "many"}}),
        ("tb.E012", {"RATELIMIT_ENABLE": False}),
        ("tb.E032", {"METRICS_TOKEN": "short"}),
        ("tb.E013", {"DEMO_PASSWORD": "demo"}),
        ("tb.E014", {"ENVIRONMENT": "prod"}),
        ("tb.E017", {"MFA_REQUIRED": False}),
        ("tb.E018", {"PUBLIC_URL": "http://clinic.example.org"}),
        ("tb.E018", {"PUBLIC_URL": "https://"}),
        ("tb.E018", {"PUBLIC_URL": "https://[clinic"}),
        ("tb.E018", {"PUBLIC_URL": "clinic.example.org"}),
        ("tb.E019", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        ("tb.E019", {"EMAIL_BACKEND": "therapybridge.core.console_mail.EmailBackend"}),
        ("tb.E015", {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}),
    ],
)
def test_every_mistake_has_its_id_and_stops_the_start(production, problem, changes):
    assert production(**changes) == [problem]
    with pytest.raises(SystemExit, match=problem):
        refuse_to_start()


@pytest.mark.parametrize(
    ("warning", "changes"),
    [
        ("tb.W001", {"LLM_BASE_URL": "http://192.168.1.5:11434/v1"}),
        ("tb.W001", {"TRANSCRIBE_BASE_URL": "http://speech.lan/v1"}),
        ("tb.W001", {"LLM_BASE_URL": "http://100.64.1.2/v1"}),
        ("tb.W002", {"EMAIL_USE_TLS": False, "EMAIL_HOST": "10.0.0.3"}),
    ],
)
def test_what_may_be_right_in_a_private_network_is_told_and_starts(production, warning, changes):
    assert production(**changes) == [warning]
    refuse_to_start()


@pytest.mark.parametrize(
    "changes",
    [
        {"LLM_BASE_URL": "http://ollama:11434/v1"},
        {"LLM_BASE_URL": "http://host.docker.internal:11434/v1"},
        {"LLM_BASE_URL": "http://[::1]:11434/v1"},
        {"EMAIL_USE_TLS": False, "EMAIL_HOST": "localhost"},
        {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": True},
        {"ALLOWED_HOSTS": [".example.org"]},
        {"CSRF_TRUSTED_ORIGINS": ["https://*.example.org"]},
        {"CSRF_TRUSTED_ORIGINS": ["https://clinic.example.org"]},
    ],
)
def test_what_stays_on_the_machine_or_fits_is_no_problem(production, changes):
    assert production(**changes) == []


@pytest.mark.parametrize(
    ("setting", "name", "files"),
    [
        ("WHISPER_MODEL_DIR", "small", ("model.bin", "config.json", "tokenizer.json")),
        ("MOONSHINE_MODEL_DIR", "base-en", ("decoder_model_merged.ort", "tokenizer.bin")),
    ],
)
def test_a_model_folder_holds_its_files(production, tmp_path, setting, name, files):
    folder = tmp_path / name
    folder.mkdir()
    for file in files:
        assert production(**{setting: str(folder)}) == ["tb.E021"]
        (folder / file).touch()
    assert production(**{setting: str(folder)}) == []


def test_a_moonshine_model_is_named_after_its_kind(production, tmp_path):
    for file in ("decoder_model_merged.ort", "tokenizer.bin"):
        (tmp_path / file).touch()
    assert production(MOONSHINE_MODEL_DIR=str(tmp_path)) == ["tb.E021"]


def test_several_keys_are_fine_once_the_index_has_its_own(production):
    ring = {"FIELD_ENCRYPTION_KEYS": [key_line("k2"), key_line("k1")]}
    assert production(**ring, BLIND_INDEX_KEY=key_line("k1").partition(":")[2]) == []
    assert production(**ring, ENVIRONMENT="development") == []


def test_recordings_inside_the_program_are_refused(production, settings):
    assert production(STORAGE_DIR=Path(settings.BASE_DIR) / "var" / "files") == ["tb.E008"]


def test_no_message_shows_a_secret(production):
    production(FIELD_ENCRYPTION_KEYS=["k1:c2VjcmV0"], SECRET_KEY="topsecret")
    assert not any("c2VjcmV0" in problem.msg or "topsecret" in problem.msg for problem in check_settings(None))


@pytest.mark.parametrize("environment", ["development", "test"])
def test_elsewhere_only_what_cannot_work_is_refused(production, environment):
    assert production(ENVIRONMENT=environment, DEBUG=True, SECRET_KEY="x", ALLOWED_HOSTS=["*"]) == []
    assert production(ENVIRONMENT=environment, FIELD_ENCRYPTION_KEYS=["k1"], LIMITS={"a": "b"}) == [
        "tb.E004",
        "tb.E011",
    ]


def test_the_checks_run_with_the_ordinary_command(settings):
    settings.FIELD_ENCRYPTION_KEYS = ["broken"]
    with pytest.raises(SystemCheckError, match=r"tb\.E004"):
        call_command("check", tags=[checks.Tags.security])
