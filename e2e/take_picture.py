"""Take the picture of the session page: `python -m e2e.take_picture docs/session.png`.

The words come from the script of the dialogue, as a good speech model would transcribe them; everything else is real.
"""

import argparse
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from e2e.browser import CHROMIUM, FLAGS, program
from e2e.steps import THERAPIST, reaches, sign_in, upload
from sessions_app.management.ai_stub.server import load_truth, running_stub
from therapybridge.tests.deployment import deployment

MAKE_RECORDING = Path(__file__).with_name("make_recording.py")
SIZE = {"width": 1440, "height": 1000}


def processed(site, recording):
    """Add a session of Elena's with the recording."""
    site.manage("collectstatic", "--noinput", "--verbosity", "0")
    site.manage("demo")
    site.start_web()
    site.start_workers()
    rows = site.client(THERAPIST).get("/patients?search=Elena").json()["results"]
    session = upload(site, rows[0]["id"], recording, datetime.now(UTC).isoformat())
    reaches(site, session, "done")
    return session


def take(site, session, out):
    """Take the picture in the light theme at desktop width, with a statement's evidence marked."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program(CHROMIUM, "chromium"), args=FLAGS)
        page = chromium.new_page(base_url=site.base, viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        sign_in(page, THERAPIST, site.env["DEMO_PASSWORD"])
        page.goto(f"/sessions/{session}")
        page.locator("#draft .statement").nth(3).click()
        page.wait_for_function("() => document.querySelector('audio').currentTime > 1")
        page.get_by_role("button", name="Pause").click()
        page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        page.mouse.move(700, 20)
        page.screenshot(path=out)
        chromium.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "session.wav"
        subprocess.run([sys.executable, MAKE_RECORDING, recording], check=True)
        with running_stub(load_truth(recording.with_suffix(".json"))) as stub:
            engine = {"TRANSCRIBE_BASE_URL": stub.base_url, "TRANSCRIBE_API_KEY": "none"}
            engine["TRANSCRIBE_MODEL"] = "gpt-4o-transcribe-diarize"
            with deployment(Path(folder) / "site", **engine) as site:
                take(site, processed(site, recording), out)


if __name__ == "__main__":
    main()
