"""Everything without a mouse."""

import pytest
from playwright.sync_api import expect

from e2e.steps import THERAPIST, heard_until, start_time

# Between the last and the first stop the focus leaves the page.
OUTLINE = """() => {
  if (document.activeElement === document.body) return true;
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}"""


@pytest.fixture
def page(open_context):
    return open_context().new_page()


def tab_to(page, target, most=60):
    """Press Tab until the target has the focus, which has to be visible on the way."""
    for _ in range(most):
        if target.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINE), page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
    pytest.fail(f"Tab does not reach {target}")


def test_a_session_is_reviewed_without_a_mouse(page, site, heard):
    page.goto("/sign-in")
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type(THERAPIST)
    tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(site.env["DEMO_PASSWORD"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/today")

    tab_to(page, page.get_by_role("link", name="Skip to the content"))
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    page.goto(f"/sessions/{heard}")
    expect(page.locator("[data-clock]")).to_contain_text("0:00 / 0:")
    page.keyboard.press("Space")
    heard_until(page, "!audio.paused && audio.currentTime > 0")
    page.keyboard.press("k")
    heard_until(page, "audio.paused")

    lines = page.locator("[data-lines] > [data-index]")
    page.keyboard.press("ArrowRight")
    expect(lines.nth(1)).to_have_attribute("aria-current", "true")
    second = start_time(lines.nth(1))
    heard_until(page, f"!audio.paused && audio.currentTime >= {second}")
    page.keyboard.press("ArrowLeft")
    expect(lines.nth(0)).to_have_attribute("aria-current", "true")
    heard_until(page, f"audio.currentTime < {second}")
    page.keyboard.press("Space")
    heard_until(page, "audio.paused")

    page.keyboard.press("l")
    heard_until(page, "audio.currentTime >= 10")
    before = page.evaluate("() => document.querySelector('audio').currentTime")
    page.keyboard.press("j")
    heard_until(page, f"Math.abs(audio.currentTime - Math.max(0, {before} - 10)) < 0.1")

    statement = page.locator("#draft .statement").first
    tab_to(page, statement)
    page.keyboard.press("Enter")
    expect(page.locator(".is-evidence").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".is-evidence")).to_have_count(0)


def test_letters_stay_letters_in_a_text(page, site, heard, cookies_of, open_context):
    page = open_context(storage_state=cookies_of(THERAPIST)).new_page()
    page.goto(f"/sessions/{heard}")
    text = page.get_by_label("What Samuel will read")
    text.fill("")
    text.press_sequentially("jk l?/")
    expect(text).to_have_value("jk l?/")
    assert page.evaluate("() => document.querySelector('audio').paused")
    expect(page.locator("dialog[open]")).to_have_count(0)
