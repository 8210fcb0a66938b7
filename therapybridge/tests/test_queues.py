"""Every task has a queue, and every queue a worker: no session keeps short work waiting."""

import re
from pathlib import Path

import pytest
import yaml
from celery import current_app

from therapybridge import beat
from therapybridge.celery import app as worker
from therapybridge.queues import CONTROL, CONTROL_SECONDS, GRACE, WORK, WORK_SECONDS

ROOT = Path(__file__).parents[2]
PROCESSES = dict(re.findall(r"^(\w+): (.+)$", (ROOT / "Procfile").read_text(), re.MULTILINE))
WORKERS = {name: line for name, line in PROCESSES.items() if " worker " in line}


@pytest.fixture(scope="module")
def ours() -> set[str]:
    current_app.loader.import_default_modules()
    return {name for name in current_app.tasks if not name.startswith("celery.")}


def test_every_task_is_in_one_queue(ours):
    assert ours == set(CONTROL_SECONDS) | set(WORK_SECONDS)
    assert not set(CONTROL_SECONDS) & set(WORK_SECONDS)


@pytest.mark.parametrize("app", [beat.app, worker], ids=["the timer", "everybody else"])
def test_a_task_is_sent_to_its_queue(app, ours):
    sent = {name: app.amqp.router.route({}, name)["queue"].name for name in ours}
    assert sent == dict.fromkeys(CONTROL_SECONDS, CONTROL) | dict.fromkeys(WORK_SECONDS, WORK)


def test_nothing_on_the_schedule_waits_for_a_session():
    assert {entry["task"] for entry in beat.app.conf.beat_schedule.values()} <= set(CONTROL_SECONDS)


def test_every_queue_has_a_worker_of_its_own():
    assert {name: re.findall(r"--queues (\S+)", line) for name, line in WORKERS.items()} == {
        CONTROL: [CONTROL],
        WORK: [WORK],
    }


def test_the_containers_run_every_process():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    run = {name: one["command"][-1] for name, one in services.items() if "honcho" in one.get("command", ())}
    assert run == {name: name for name in PROCESSES if name != "web"}


def test_every_task_ends_before_its_process_is_killed(ours):
    for name in ours:
        task = current_app.tasks[name]
        assert 0 < task.soft_time_limit == task.time_limit - GRACE
        if name in CONTROL_SECONDS:
            assert task.time_limit <= 180
