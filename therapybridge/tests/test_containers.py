"""What can be told of containers without an engine: who may do what, reach whom, and what gets into the image."""

import re
from pathlib import Path

import pytest
import yaml
from celery import Celery

from therapybridge.core.timer import Timer
from therapybridge.tests.deployment import deployment, until
from therapybridge.tests.our_apps import OUR_APPS

ROOT = Path(__file__).resolve().parents[2]
COMPOSED = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSED["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
every_service = pytest.mark.parametrize("name", SERVICES)


@every_service
def test_no_service_can_do_more_than_it_must(name):
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & set(service)
    assert service.get("user", "app" if "build" in service else "root") != "root"
    assert not any(volume.startswith(("/", ".")) for volume in service.get("volumes", ()))


@every_service
def test_no_service_fills_the_disk_or_the_memory(name):
    assert set(SERVICES[name]["logging"]["options"]) == {"max-size", "max-file"}
    assert SERVICES[name]["mem_limit"]


@every_service
def test_every_service_that_goes_on_is_looked_after(name):
    has_end = SERVICES[name]["restart"] == "no"
    assert has_end == ("healthcheck" not in SERVICES[name])


def test_only_the_web_process_is_reached_and_by_a_proxy_of_this_machine():
    assert {name: one["ports"] for name, one in SERVICES.items() if "ports" in one} == {"web": ["127.0.0.1:8000:8000"]}
    assert COMPOSED["networks"]["inside"] == {"internal": True}
    assert {name for name, one in SERVICES.items() if one["networks"] == ["inside"]} == {"database", "redis"}


def test_redis_writes_nothing_down_and_forgets_no_call():
    command = " ".join(SERVICES["redis"]["command"])
    assert "--save  --appendonly no" in command
    assert "--maxmemory-policy noeviction" in command
    assert int(re.search(r"--maxmemory (\d+)mb", command)[1]) < int(SERVICES["redis"]["mem_limit"].removesuffix("m"))


def test_every_setting_of_a_container_is_a_known_one():
    text = (ROOT / "compose.yaml").read_text()
    given = {name for one in SERVICES.values() if "build" in one for name in one["environment"]}
    assert given | set(re.findall(r"\$\{([A-Z_]+)", text)) <= EXAMPLE
    baked = set(re.findall(r"^ENV (.+)$", DOCKERFILE, re.MULTILINE))
    assert {name for line in baked for name in re.findall(r"(\w+)=", line)} - EXAMPLE == {
        *("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "XDG_CACHE_HOME")
    }


def test_the_image_is_not_run_by_root():
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)[-1] == "app"


def test_nothing_gets_into_the_image_but_the_program():
    first, *others = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    let_in = {line[1:] for line in others if line.startswith("!")}
    assert first == "*"
    assert let_in == OUR_APPS | {"therapybridge", "static", "templates", "manage.py", "Procfile"} | set(
        re.findall(r"requirements[\w-]*\.txt", re.search(r"^COPY (requirements.+)$", DOCKERFILE, re.MULTILINE)[1])
    )


@pytest.mark.processes
def test_a_worker_shows_again_and_again_that_it_turns(tmp_path):
    sign = tmp_path / "alive"
    with deployment(tmp_path / "site") as site:
        command = ["celery", "--app", "therapybridge", "worker", "--queues", "work", "--concurrency", "1"]
        site.start("work", command, ALIVE_FILE=str(sign))
        for _ in range(2):
            until(sign.exists, 30, "a sign of life")
            sign.unlink()


def test_the_timer_shows_with_each_turn_that_it_turns(settings, tmp_path):
    settings.ALIVE_FILE = str(tmp_path / "alive")
    probe = Celery("probe", broker="memory://", set_as_current=False)
    Timer(probe, lazy=True).tick()
    assert (tmp_path / "alive").exists()
