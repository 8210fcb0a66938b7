"""The browser for the tests, and checks of pages."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox inside of containers, whose /dev/shm is small; audio is muted.
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--mute-audio"]
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""
RUN_AXE = """async (except) => {
  const rules = Object.fromEntries(except.map((rule) => [rule, { enabled: false }]));
  const { violations } = await axe.run(document, { resultTypes: ["violations"], rules });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `axe ${id}: ${node.html.slice(0, 160)} ${
    (node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`));
}"""
MEASURE = """() => {
  const wide = document.documentElement.clientWidth;
  const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > wide + 1);
  const page = document.documentElement.scrollWidth;
  const culprits = out.slice(0, 3).map((one) => one.outerHTML.slice(0, 120));
  return page <= wide ? [] : [`overflow: ${page} px on ${wide} px, ${culprits}`];
}"""


def program(names, package):
    """The first of these programs on PATH; fails naming the package to install."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail(f"{names[0]} is not installed: apt-get install {package}", pytrace=False)
    return found


class Watch:
    """Collects errors, violations of the content security policy and requests to other hosts."""

    def __init__(self, page, base):
        self.page, self.base = page, base
        self.defects = []
        self.statuses = []  # of the pages, in order
        page.add_init_script(REPORT_VIOLATIONS)
        page.add_init_script(path=AXE)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.defects.append(f"script: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _on_console(self, message):
        # Chromium reports the status of the page itself, which the test knows.
        is_own_status = message.text.startswith("Failed to load resource") and message.location["url"] == self.page.url
        if message.type in {"error", "warning"} and not is_own_status:
            self.defects.append(f"console {message.type}: {message.text} {message.location['url']}")

    def _answered(self, response):
        if response.request.is_navigation_request():
            self.statuses.append(response.status)

    def _asked(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and f"{parts.scheme}://{parts.netloc}" != self.base:
            self.defects.append(f"elsewhere: {request.url}")

    def all_defects(self, except_rules=()):
        """Defects collected so far, axe's findings, and whether the page is wider than the window."""
        return [*self.defects, *self.page.evaluate(MEASURE), *self.page.evaluate(RUN_AXE, list(except_rules))]


def keep_screenshot(page, name):
    """Save the whole page when E2E_SCREENSHOTS names a folder."""
    folder = os.environ.get("E2E_SCREENSHOTS")
    if folder:
        page.evaluate("() => scrollTo(0, 0)")  # what sticks to the window belongs to the top of the picture
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
