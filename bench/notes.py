"""The writing of a note beside a two-hour transcript: its page, and autosaves."""

import re
import time
from collections.abc import Callable

import httpx

from bench.figures import Figure, slowness
from bench.pages import THERAPIST, TOKEN, expected, found, installation, measure_pages, signed_in
from e2e.make_recording import DIALOGUE
from therapybridge.tests.deployment import Deployment, until
from therapybridge.tests.test_crashes import PEOPLE

SECONDS = 2 * 60 * 60
A_LINE = 5  # seconds
MOST = 80  # p95 of an autosave, ms


def transcript() -> bytes:
    """Two hours of talk as WebVTT, one line every five seconds, none the same as another."""
    lines = ["WEBVTT"]
    for at in range(0, SECONDS, A_LINE):
        speaker, text = DIALOGUE[at // A_LINE % len(DIALOGUE)]
        lines.append(f"\n{_clock(at)} --> {_clock(at + A_LINE)}\n{speaker.title()}: {text} That was at {at}.")
    return "\n".join(lines).encode()


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"


def measure(requests: int) -> list[Figure]:
    """Ask for the page and save so many times."""
    with installation() as installed:
        page = f"/notes/{begun_note(installed)}"
        browser = signed_in(installed)
        text = browser.get(page).text
        assert "That was at 7195." in text
        figures = list(measure_pages(installed, browser, {"a note beside 2 h of transcript": page}, requests))
        save, times, slow = _saver(browser, page, text), [], slowness()
        for number in range(requests):
            began = time.perf_counter()
            save(number)
            times.append((time.perf_counter() - began) * 1000)
    return [*figures, Figure("11", "note autosave, p95", sorted(times)[int(requests * 0.95)], "ms", MOST, slow)]


def begun_note(installed: Deployment) -> str:
    """The key of a note that is begun beside a two-hour transcript."""
    patient = installed.manage("shell", "-v0", "-c", PEOPLE).split()[-1]
    installed.start_web()
    installed.start_workers()
    client = installed.client(THERAPIST)
    form = {"patient": patient, "session_date": "2026-01-05T10:00:00Z"}
    session = client.post("/sessions", json=form).json()["id"]
    sent = client.post(f"/sessions/{session}/transcript", files={"file": ("talk.vtt", transcript())})
    assert sent.is_success, sent.text
    until(lambda: client.get(f"/sessions/{session}").json()["status"] == "processed", 900, "a draft")
    for name in ("control", "work"):
        installed.kill(name)
    templates = client.get("/templates").json()["results"]
    soap = next(row["id"] for row in templates if row["name"].startswith("SOAP"))
    return str(client.post("/notes", json={"session": session, "template": soap}).json()["id"])


def _saver(browser: httpx.Client, page: str, text: str) -> Callable[[int], None]:
    """Saves as the page's script does: all fields go along, one is named as changed."""
    names = re.findall(r'name="(field-[^"]+)"', text)
    form = dict.fromkeys(names, "") | {"csrfmiddlewaretoken": found(TOKEN, text), "changed": names[0][len("field-") :]}
    form["revision"] = found(r'name="revision" value="(\d+)"', text)

    def save(number: int) -> None:
        form[names[0]] = f"{DIALOGUE[number % len(DIALOGUE)][1]} {number}"
        answer = expected(browser.post(f"{page}/save", data=form, headers={"Accept": "application/json"}))
        form["revision"] = str(answer.json()["revision"])

    return save
