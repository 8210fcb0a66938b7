"""Using the product without a mouse."""

import re

import pytest
from playwright.sync_api import expect

from e2e.steps import THERAPIST, start_time, wait_for_audio

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
    """Press Tab until the target has the focus; the focus must always be visible."""
    for _ in range(most):
        if target.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINE), page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
    pytest.fail(f"Tab does not reach {target}")


def test_a_session_is_reviewed_without_a_mouse(page, site, recorded):
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

    page.goto(f"/sessions/{recorded}")
    expect(page.locator("[data-clock]")).to_contain_text("0:00 / 0:")
    page.keyboard.press("Space")
    wait_for_audio(page, "!audio.paused && audio.currentTime > 0")
    page.keyboard.press("k")
    wait_for_audio(page, "audio.paused")

    lines = page.locator("[data-lines] > [data-index]")
    page.keyboard.press("ArrowRight")
    expect(lines.nth(1)).to_have_attribute("aria-current", "true")
    second = start_time(lines.nth(1))
    wait_for_audio(page, f"!audio.paused && audio.currentTime >= {second}")
    page.keyboard.press("ArrowLeft")
    expect(lines.nth(0)).to_have_attribute("aria-current", "true")
    wait_for_audio(page, f"audio.currentTime < {second}")
    page.keyboard.press("Space")
    wait_for_audio(page, "audio.paused")

    page.keyboard.press("l")
    wait_for_audio(page, "audio.currentTime >= 10")
    before = page.evaluate("() => document.querySelector('audio').currentTime")
    page.keyboard.press("j")
    wait_for_audio(page, f"Math.abs(audio.currentTime - Math.max(0, {before} - 10)) < 0.1")

    statement = page.locator("#draft .statement").first
    tab_to(page, statement)
    page.keyboard.press("Enter")
    expect(page.locator(".is-evidence").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".is-evidence")).to_have_count(0)


def test_the_tabs_are_reached_by_key_and_kept_in_the_address(page, recorded, cookies_of, open_context):
    page = open_context(storage_state=cookies_of(THERAPIST)).new_page()
    page.goto(f"/sessions/{recorded}")
    tab_to(page, page.get_by_role("link", name="Text for Samuel"))
    page.keyboard.press("Enter")
    text = page.get_by_label("What Samuel will read")
    expect(text).to_be_visible()
    expect(page.locator("#draft-title")).to_be_hidden()
    tab_to(page, text)
    page.keyboard.type("Half a ")
    page.go_back()
    expect(page.locator("#draft-title")).to_be_visible()
    page.go_forward()
    expect(text).to_have_value(re.compile("Half a "))  # nothing was loaded anew
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(text).to_be_visible()
    plain = open_context(storage_state=cookies_of(THERAPIST), java_script_enabled=False).new_page()
    plain.goto(f"/sessions/{recorded}")
    plain.get_by_role("link", name="Text for Samuel").click()
    expect(plain.get_by_label("What Samuel will read")).to_be_visible()
    expect(plain.locator("#draft-title")).to_be_hidden()


def test_shortcut_keys_can_be_typed_in_a_text(page, site, recorded, cookies_of, open_context):
    page = open_context(storage_state=cookies_of(THERAPIST)).new_page()
    page.goto(f"/sessions/{recorded}?show=patient")
    text = page.get_by_label("What Samuel will read")
    text.fill("")
    text.press_sequentially("jk l?/")
    expect(text).to_have_value("jk l?/")
    assert page.evaluate("() => document.querySelector('audio').paused")
    expect(page.locator("dialog[open]")).to_have_count(0)
