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
# Without preloading: axe would copy Django's style sheets into elements that the content policy refuses.
RUN_AXE = """async ([except, only]) => {
  const rules = Object.fromEntries(except.map((rule) => [rule, { enabled: false }]));
  const runOnly = only.length ? { runOnly: only } : { rules };
  const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false, ...runOnly });
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
# Words that stand out of their box, or are cut by it without an ellipsis.
CLIPPED = """() => {
  const hasWords = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const isCut = (one) => {
    const style = getComputedStyle(one);
    if (style.display === "inline" || style.textOverflow === "ellipsis" || one.closest(".sr-only")) return false;
    return one.scrollWidth > one.clientWidth + 1 && !["auto", "scroll"].includes(style.overflowX);
  };
  const isBox = (one) => one.clientWidth > 1 && hasWords(one);
  const cut = [...document.querySelectorAll("body *")].filter((one) => isBox(one) && isCut(one));
  return cut.slice(0, 3).map((one) => `words out of their box: ${one.outerHTML.slice(0, 160)}`);
}"""
# What can be used by mouse only, or has the focus without showing it (itself, or a box around it).
KEYBOARD = """() => {
  const use = "a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], [tabindex]";
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true });
  const isShown = (one) => isSeen(one) && !one.matches(":disabled") && !one.closest("[inert]");
  const outlined = (one) => {
    if (!one) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  const named = (what, one) => `${what}: ${one.outerHTML.slice(0, 160)}`;
  const found = [];
  for (const one of [...document.querySelectorAll(use)].filter(isShown)) {
    if (one.tabIndex < 0 && !one.matches("[tabindex='-1']")) found.push(named("not reached by keyboard", one));
    if (one.tabIndex < 0) continue;
    one.focus();
    if (document.activeElement !== one) found.push(named("takes no focus", one));
    else if (![one, one.parentElement, one.closest("label"), one.nextElementSibling].some((box) => outlined(box)))
      found.push(named("focus is not visible", one));
  }
  for (const one of document.querySelectorAll("body *"))
    if (getComputedStyle(one).cursor === "pointer" && isShown(one) && !one.closest(`${use}, label`))
      found.push(named("for the mouse only", one));
  return found.slice(0, 5);
}"""
# Colours may fade from one theme to the other.
SETTLED = "() => document.getAnimations().forEach((one) => one instanceof CSSTransition && one.finish())"


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

    def all_defects(self, except_rules=(), only_rules=()):
        """Defects collected so far, axe's findings, and whether the page is wider than the window."""
        by_axe = self.page.evaluate(RUN_AXE, [list(except_rules), list(only_rules)])
        return [*self.defects, *self.page.evaluate(MEASURE), *by_axe]


def keep_screenshot(page, name):
    """Save the whole page when E2E_SCREENSHOTS names a folder."""
    folder = os.environ.get("E2E_SCREENSHOTS")
    if folder:
        page.evaluate("() => scrollTo(0, 0)")  # what sticks to the window belongs to the top of the picture
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
