"""Real workers end while a document is drawn: nothing goes on drawing for nobody."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from therapybridge.tests.deployment import Deployment, deployment, until
from therapybridge.tests.test_export_crashes import LIMITS, PEOPLE, ask

pytestmark = [pytest.mark.processes, pytest.mark.any_database]
DRAWING = 2  # the program, and the process of a document


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Deployment]:
    with deployment(tmp_path, RATE_LIMITS=LIMITS) as running:
        running.patient = running.manage("shell", "-v0", "-c", PEOPLE).split()[-1]  # type: ignore[attr-defined]
        running.start_web()
        yield running


def drawing(installed: Deployment) -> list[psutil.Process]:
    program = str(installed.root / "endless_page.py")
    return [one for one in psutil.process_iter(["cmdline"]) if program in (one.info["cmdline"] or ())]


def test_no_program_draws_on_for_a_worker_that_was_killed(installed: Deployment) -> None:
    installed.start_workers("therapybridge.tests.endless")
    ask(installed, form="pdf")
    until(lambda: len(drawing(installed)) == DRAWING, 120, "a document is being drawn")
    installed.kill("work")
    until(lambda: not drawing(installed), 30, "nothing draws any more")
