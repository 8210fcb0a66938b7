"""Values that cannot be read: each in a sentence, all together, in every process."""

import subprocess
import sys
from pathlib import Path

import pytest

from therapybridge.tests.deployment import UNSET, Deployment
from therapybridge.values import Values

WRONG = [
    ("JOB_MAX_ATTEMPTS", "many"),
    ("JOB_MAX_ATTEMPTS", "0"),
    ("JOB_LEASE_SECONDS", "nan"),
    ("LLM_TIMEOUT", "-1"),
    ("NUM_PROXIES", "-1"),
    ("HTTPS_ONLY", "ture"),
    ("LOG_LEVEL", "loud"),
    ("RATE_LIMITS", "read"),
    ("RATE_LIMITS", "reed=5/m"),
    ("RATE_LIMITS", "read=5=m"),
    ("DATABASE_URL", "localhost/name"),
    ("DATABASE_URL", "mysql://localhost/name"),
    ("DATABASE_URL", "postgres://localhost"),
    ("DATABASE_URL", "postgres://user:s3cret#1@localhost/name"),
    ("DATABASE_URL", "postgres://user:s3cret@localhost:x/name"),
    ("CELERY_BROKER_URL", "redis//localhost"),
    ("CELERY_BROKER_URL", "redis://localhost/first"),
    ("CELERY_BROKER_URL", "redis:///localhost/0"),
    ("CACHE_URL", "memcache://localhost"),
    ("EMAIL_URL", "mail.example.org"),
    ("EMAIL_URL", "smtp://user:s3cret@"),
]
READ = {
    "JOB_MAX_ATTEMPTS": lambda env: env.count("JOB_MAX_ATTEMPTS", 5),
    "JOB_LEASE_SECONDS": lambda env: env.amount("JOB_LEASE_SECONDS", 60),
    "LLM_TIMEOUT": lambda env: env.amount("LLM_TIMEOUT", 180),
    "NUM_PROXIES": lambda env: env.count("NUM_PROXIES", None, least=0),
    "HTTPS_ONLY": lambda env: env.switch("HTTPS_ONLY", True),
    "LOG_LEVEL": lambda env: env.level("LOG_LEVEL", "INFO"),
    "RATE_LIMITS": lambda env: env.pairs("RATE_LIMITS", ["read", "write"]),
    "DATABASE_URL": lambda env: env.database("DATABASE_URL", "sqlite:////srv/db")["NAME"],
    "CELERY_BROKER_URL": lambda env: env.broker("CELERY_BROKER_URL", "memory://"),
    "CACHE_URL": lambda env: env.redis("CACHE_URL"),
    "EMAIL_URL": lambda env: env.mail("EMAIL_URL", "dummymail://")["EMAIL_HOST"],
}
RIGHT = [
    ("JOB_MAX_ATTEMPTS", "7", 7),
    ("JOB_LEASE_SECONDS", "0.2", 0.2),
    ("NUM_PROXIES", "0", 0),
    ("HTTPS_ONLY", "Off", False),
    ("LOG_LEVEL", "debug", "DEBUG"),
    ("RATE_LIMITS", "read=5/m, write=1/h", {"read": "5/m", "write": "1/h"}),
    ("DATABASE_URL", "postgres://user:s%23cret@[::1]:5433/name?sslmode=require", "name"),
    ("DATABASE_URL", "", "/srv/db"),
    ("CELERY_BROKER_URL", "rediss://:s3cret@redis:6380/0", "rediss://:s3cret@redis:6380/0"),
    ("CELERY_BROKER_URL", "amqp://localhost", "amqp://localhost"),
    ("CELERY_BROKER_URL", "redis://", "redis://"),
    ("CACHE_URL", "redis://redis", "redis://redis"),
    ("CACHE_URL", "unix:///run/redis.sock?db=1", "unix:///run/redis.sock?db=1"),
    ("EMAIL_URL", "smtp+tls://user%40example.org:x@mail.example.org:587", "mail.example.org"),
]


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_what_cannot_be_read_is_told_in_one_sentence_without_a_secret(monkeypatch, name, text):
    monkeypatch.setattr(Values, "ENVIRON", {name: text})
    env = Values()
    READ[name](env)
    with pytest.raises(SystemExit, match=rf"^tb\.E025: {name} .*\.$") as told:
        env.refuse()
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize(("name", "text", "value"), RIGHT)
def test_what_can_be_read_is(monkeypatch, name, text, value):
    monkeypatch.setattr(Values, "ENVIRON", {name: text} if text else {})
    env = Values()
    assert READ[name](env) == value
    env.refuse()


def test_a_folder_that_cannot_be_made_is_told_at_once(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match=r"^tb\.E025: VAR_DIR: the folder .*/file/var cannot be made"):
        Values().own_folder("VAR_DIR", tmp_path / "file" / "var")


PROCESSES = {
    "check": [sys.executable, "manage.py", "check"],
    "web": ["gunicorn", "--no-control-socket", "therapybridge.wsgi", "--bind", "127.0.0.1:0", "--preload"],
    "worker": ["celery", "--quiet", "--app", "therapybridge", "worker", "--queues", "control", "--concurrency", "1"],
    "timer": ["celery", "--quiet", "--app", "therapybridge.beat", "beat"],
}


def ends_with(command: list[str], folder: Path, **extra: str) -> tuple[int, list[str]]:
    """The exit code of a process that must not go on, and its last lines."""
    program = str(Path(sys.executable).with_name(command[0])) if "/" not in command[0] else command[0]
    own = {"VAR_DIR": str(folder)}
    given = Deployment(folder).env | UNSET | own | extra
    done = subprocess.run([program, *command[1:]], env=given, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stderr.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("process", PROCESSES)
def test_no_process_starts_with_values_that_cannot_be_read(tmp_path, process):
    code, lines = ends_with(PROCESSES[process], tmp_path, JOB_MAX_ATTEMPTS="many", CACHE_URL="redis//x")
    assert code == 1
    assert [line.split()[:2] for line in lines] == [["tb.E025:", "CACHE_URL"], ["tb.E025:", "JOB_MAX_ATTEMPTS"]]


@pytest.mark.slow
@pytest.mark.parametrize("process", PROCESSES)
def test_no_process_starts_with_unsafe_settings(tmp_path, process):
    code, lines = ends_with(PROCESSES[process], tmp_path, ENVIRONMENT="production", MFA_REQUIRED="0")
    assert code == 1
    assert any("tb.E017" in line for line in lines)
    assert not any("Traceback" in line for line in lines)
