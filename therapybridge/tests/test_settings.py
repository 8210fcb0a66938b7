"""Settings as a fresh process reads them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password

from therapybridge import settings as service
from therapybridge.tests.deployment import Deployment

ROOT = Path(__file__).resolve().parents[2]
SHOW = """
from django.conf import settings as s
print(s.IS_SQLITE, s.IS_EMBEDDED_BROKER, s.STORAGE_DIR.is_absolute(), s.LOGGING["root"]["level"], s.EMAIL_BACKEND)
"""


@pytest.mark.slow
def test_the_example_left_as_it_is_means_the_embedded_installation(tmp_path):
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    given = os.environ | example | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "therapybridge.settings"}
    shown = subprocess.run(
        [sys.executable, "-c", SHOW], cwd=ROOT, env=given, capture_output=True, text=True, check=True
    )
    backend = "therapybridge.core.console_mail.EmailBackend"
    assert shown.stdout == f"True True True WARNING {backend}\n"


ENGINES = """
from sessions_app.pipeline.engines.registry import from_settings
chosen = from_settings()
print(chosen.transcribe_base_url, chosen.transcribe_api_key, chosen.llm_base_url, chosen.llm_api_key)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("extra", "shown"),
    [
        ({"WHISPER_MODEL_DIR": ""}, "http://all key http://all key"),
        ({}, "  http://all key"),
        ({"TRANSCRIBE_BASE_URL": "http://audio"}, "http://audio key http://all key"),
        ({"TRANSCRIBE_API_KEY": "audio"}, "http://all audio http://all key"),
    ],
)
def test_with_a_model_folder_recordings_leave_only_for_a_server_named_for_them(tmp_path, extra, shown):
    unset = dict.fromkeys(("TRANSCRIBE_BASE_URL", "TRANSCRIBE_API_KEY", "LLM_BASE_URL", "LLM_API_KEY"), "")
    general = {"OPENAI_BASE_URL": "http://all", "OPENAI_API_KEY": "key", "WHISPER_MODEL_DIR": "/models/small"}
    own = {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "therapybridge.settings"}
    given = os.environ | unset | general | own | extra
    told = subprocess.run(
        [sys.executable, "-c", ENGINES], cwd=ROOT, env=given, capture_output=True, text=True, check=True
    )
    assert told.stdout == f"{shown}\n"


def test_processes_of_a_deployment_inherit_no_setting(tmp_path, monkeypatch):
    monkeypatch.setenv("MFA_REQUIRED", "1")
    monkeypatch.setenv("EMAIL_URL", "smtp://127.0.0.1:1")
    given = Deployment(tmp_path, EMAIL_URL="dummymail://").env
    assert (given["MFA_REQUIRED"], given["EMAIL_URL"], given["VAR_DIR"]) == ("", "dummymail://", str(tmp_path))


def test_every_setting_is_in_the_example():
    text = "".join((ROOT / "therapybridge" / name).read_text() for name in ("settings.py", "stores.py"))
    read = set(re.findall(r'(?:env\.\w+|secret)\(\s*"([A-Z_]+)"', text))
    told = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert {"SECRET_KEY", "STATICFILES_BACKEND"} < read
    assert read - told == set()


@pytest.mark.slow
def test_production_without_settings_hears_of_all_that_is_missing(tmp_path):
    example = dict.fromkeys(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE), "")
    given = os.environ | example | {"ENVIRONMENT": "production", "STORAGE_URL": f"file://{tmp_path}"}
    told = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    found = set(re.findall(r"tb\.E\d+", told.stderr))
    assert found == {f"tb.E{number:03}" for number in (1, 3, 4, 6, 7, 9, 18, 19)}
    # Beside what Django says of the same key and hosts nothing: no warning to get used to.
    assert set(re.findall(r"\(([a-z_]+\.W\d+)\)", told.stderr)) == {"security.W009", "security.W020"}


def test_a_hash_in_service_is_argon2id_of_the_agreed_cost(settings):
    settings.PASSWORD_HASHERS = service.PASSWORD_HASHERS
    assert make_password("any").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
