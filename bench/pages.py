"""A browser of a measured installation, and pages measured as it asks for them."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.figures import Figure, slowness
from bench.load import HEAD, Load
from therapybridge.tests.deployment import Deployment, deployment

THERAPIST = "therapist@demo.example"
TOKEN = r'name="csrfmiddlewaretoken" value="([^"]+)"'
ROW, MOST = "10", 150  # p95, ms
MOST_CPU = 60  # ms of a request, of the web process and the database together


def signed_in(installed: Deployment, email: str = THERAPIST) -> httpx.Client:
    """A browser in which this person is signed in."""
    browser = httpx.Client(base_url=installed.base, timeout=60)
    installed.clients[f"browser of {email}"] = browser
    token = found(TOKEN, browser.get("/sign-in").text)
    form = {"email": email, "password": installed.env["DEMO_PASSWORD"], "csrfmiddlewaretoken": token}
    assert browser.post("/sign-in", data=form).status_code == 302
    return browser


def found(pattern: str, text: str) -> str:
    """The first group of the pattern."""
    match = re.search(pattern, text)
    assert match, pattern
    return match[1]


def expected(answer: httpx.Response) -> httpx.Response:
    """The response, if it is 200."""
    assert answer.status_code == 200, answer.text
    return answer


def measure_pages(
    installed: Deployment, browser: httpx.Client, pages: Mapping[str, str], requests: int
) -> Iterator[Figure]:
    """Ask for the pages, paths by name, one after another, and print what each took."""
    load = Load(installed.web_port, installed.processes["web"].pid, installed.env.get("DATABASE_URL", ""))
    cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    print(HEAD)
    for name, path in pages.items():
        slow = slowness()
        one = load.ask(path, cookies, connections=1, requests=requests)
        print(one.line(name))
        yield Figure(ROW, f"{name}, p95", one.at(0.95), "ms", MOST, slow)
        yield Figure(ROW, f"{name}, CPU", one.cpu, "ms", MOST_CPU, slow)


@contextmanager
def installation() -> Iterator[Deployment]:
    """One to measure pages in."""
    with tempfile.TemporaryDirectory() as folder, deployment(Path(folder) / "installed", JOB_LEASE_SECONDS="60") as one:
        one.manage("collectstatic", "--noinput", "--verbosity", "0")
        yield one
