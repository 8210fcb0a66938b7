"""An unconfigured installation with real processes, and a real Chromium."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from e2e.browser import CHROMIUM, FLAGS, Watch, program
from e2e.steps import THERAPIST, add_statement, reaches, sign_in, upload
from e2e.visits import Onlookers
from therapybridge.tests.deployment import deployment

MAKE_RECORDING = Path(__file__).parent / "make_recording.py"

expect.set_options(timeout=15_000)
logging.getLogger("httpx").setLevel(logging.WARNING)  # polling would bury what a failure says


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Web server and worker over the demonstration clinic."""
    # The harness takes jobs over after 3 s; on a busy machine that is too soon. People sign in once for all tests.
    with deployment(tmp_path_factory.mktemp("site"), JOB_LEASE_SECONDS="20", STEP_UP_SECONDS="100000") as running:
        running.manage("collectstatic", "--noinput", "--verbosity", "0")
        running.manage("demo")
        running.start_web()
        running.start_workers()
        yield running
        assert "Traceback" not in running.log("web")


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, without a window."""
    executable = program(CHROMIUM, "chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def speak(tmp_path_factory):
    """Make a recording with the given number of turns."""
    program(["espeak-ng"], "espeak-ng")
    folder = tmp_path_factory.mktemp("recordings")

    def made(turns):
        path = folder / f"session-{turns}.wav"
        subprocess.run([sys.executable, MAKE_RECORDING, path, "--turns", str(turns)], check=True, capture_output=True)
        return path

    return made


@pytest.fixture
def open_context(browser, site):
    """Open browser contexts on the installation; closed after the test."""
    contexts = []

    def opened(**options):
        options = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"} | options
        contexts.append(browser.new_context(base_url=site.base, **options))
        return contexts[-1]

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def cookies_of(browser, site):
    """The cookies of a person, signed in once for all read-only tests."""
    known = {None: None}

    def signed_in(email):
        if email not in known:
            context = browser.new_context(base_url=site.base)
            sign_in(context.new_page(), email, site.env["DEMO_PASSWORD"])
            known[email] = context.storage_state()
            context.close()
        return known[email]

    return signed_in


@pytest.fixture
def page(open_context, cookies_of):
    """A page of the therapist, signed in."""
    return open_context(storage_state=cookies_of(THERAPIST)).new_page()


@pytest.fixture(scope="session")
def onlookers(browser, site, cookies_of):
    """Contexts in which pages are only looked at."""
    kept = Onlookers(browser, site.base, cookies_of)
    yield kept
    kept.close()


@pytest.fixture
def watch(open_context, onlookers, site, visit, look):
    """A monitored page in one look, signed in as the visitor."""
    page = onlookers.page(visit, look, open_context)
    yield Watch(page, site.base)
    page.close()


@pytest.fixture(scope="session")
def patients(site):
    """Ids by first name."""
    rows = site.client(THERAPIST).get("/patients").json()["results"]
    return {row["first_name"]: row["id"] for row in rows}


@pytest.fixture(scope="session")
def recorded(site, patients, speak):
    """The id of a short, processed session with a recording."""
    session = upload(site, patients["Samuel"], speak(4), "2026-01-15T15:00:00Z")
    reaches(site, session, "done")
    add_statement(site, session)
    return session
