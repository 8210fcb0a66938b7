"""A note that is written while the connection is away: kept on this computer, encrypted, and offered later."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

from e2e.steps import COPIES, THERAPIST, add_session, begin, sign_in, write_away

SAVED = re.compile(r"Saved \d+:\d\d [AP]M")
COLLEAGUE = "therapist2@demo.example"
TEXT = "Zebrawood, written on the train."
# Everything that a page can leave on a computer.
STORED = """async () => {
  const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie];
  for (const { name } of await indexedDB.databases()) {
    const open = indexedDB.open(name);
    await new Promise((done) => (open.onsuccess = done));
    for (const store of open.result.objectStoreNames) {
      const all = open.result.transaction(store).objectStore(store).getAll();
      await new Promise((done) => (all.onsuccess = done));
      found.push(JSON.stringify(all.result));
    }
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(request.url, await (await cache.match(request)).text());
  }
  return found.join(" ");
}"""


@pytest.fixture
def page(open_context, cookies_of):
    page = open_context(storage_state=cookies_of(THERAPIST)).new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    return page


@pytest.fixture
def path(page, site, patients, request):
    """A new note, open on the page."""
    day = 1 + [item.name for item in request.session.items].index(request.node.name) % 28
    return begin(page, add_session(site, patients["Samuel"], f"2026-03-{day:02}"))


def state(page):
    return page.locator("[data-note-state]")


def kept(page):
    """How many copies there are; none shows a word of what was written."""
    stored = page.evaluate(STORED)
    assert "Zebrawood" not in stored
    assert "Clinical impression" not in stored
    return page.evaluate(COPIES)


def come_back(page):
    """Open the note again after the page was lost."""
    page.route("**/save", lambda route: route.abort())
    page.context.set_offline(False)
    page.reload()
    page.unroute("**/save")


def test_it_is_saved_when_the_connection_is_back_and_the_copy_removed(page, path):
    write_away(page, TEXT)
    assert kept(page) == 1
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    assert kept(page) == 0
    page.reload()
    expect(page.get_by_label("Clinical impression")).to_have_value(TEXT)
    expect(page.get_by_text("that was not saved")).to_have_count(0)


def test_after_a_reload_it_is_offered_and_never_applied_by_itself(page, path):
    write_away(page, TEXT)
    come_back(page)
    offered = re.compile(r"^Text from \d+:\d\d [AP]M that was not saved$")
    expect(page.get_by_role("heading", name=offered)).to_be_visible()
    expect(page.locator(".note__copy dd")).to_have_text(TEXT)
    expect(page.get_by_label("Clinical impression")).not_to_have_value(TEXT)
    assert kept(page) == 1
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_label("Clinical impression")).to_have_value(TEXT)
    expect(state(page)).to_have_text(SAVED)
    expect(page.get_by_text("that was not saved")).to_have_count(0)
    assert kept(page) == 0


def test_its_time_is_in_the_persons_zone_wherever_the_computer_stands(open_context, cookies_of, site, patients):
    page = open_context(storage_state=cookies_of(THERAPIST), timezone_id="Pacific/Honolulu").new_page()
    begin(page, add_session(site, patients["Samuel"], "2026-03-29"))
    written = datetime.fromisoformat(page.locator("[data-note-state] time").get_attribute("datetime"))
    page.clock.set_fixed_time(written)
    write_away(page, TEXT)
    come_back(page)
    expect(page.get_by_role("heading", name=f"Text from {written:%-I:%M %p} that was not saved")).to_be_visible()


def test_what_was_typed_last_before_the_signature_is_not_offered_as_unsaved(page, path):
    page.get_by_label("Clinical impression").fill(f"{TEXT}\n\nAnd slept.")
    page.get_by_role("button", name="Sign note").click()
    page.get_by_role("button", name=re.compile("Sign as")).click()
    expect(page.get_by_text("And slept.")).to_have_count(1)
    expect(page.get_by_text("that was not saved")).to_have_count(0)
    assert kept(page) == 0


def test_what_is_discarded_is_gone(page, path):
    write_away(page, TEXT)
    come_back(page)
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator("[data-note-field] :focus")).to_have_count(1)
    assert kept(page) == 0
    page.reload()
    expect(page.get_by_text("that was not saved")).to_have_count(0)
    expect(page.get_by_label("Clinical impression")).not_to_have_value(TEXT)


def test_what_was_written_elsewhere_in_the_meantime_is_shown_beside_it(page, path, site):
    write_away(page, TEXT)
    note = path.rpartition("/")[2]
    client = site.client(THERAPIST)
    written = {"fields": {"assessment": "Written on the phone."}}
    assert client.patch(f"/notes/{note}", json=written, headers={"If-Match": '"1"'}).status_code == 200
    come_back(page)
    page.get_by_role("button", name="Keep it").click()
    expect(state(page)).to_contain_text("Changed in another tab")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Changed in another tab to “Written on the phone.”").first).to_be_visible()
    expect(page.get_by_label("Clinical impression")).to_have_value(TEXT)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The note has been saved.")).to_be_visible()
    expect(page.get_by_label("Clinical impression")).to_have_value(TEXT)
    assert kept(page) == 0


def leave_copy(page):
    write_away(page, TEXT)
    page.route("**/save", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto("/today")
    assert kept(page) == 1


def test_signing_out_removes_it(page, path, site):
    page.goto("about:blank")  # what the page still loads would come back with cookies of its own
    page.context.clear_cookies()  # those are for all tests
    sign_in(page, THERAPIST, site.env["DEMO_PASSWORD"])
    page.goto(path)
    leave_copy(page)
    page.locator("summary", has_text="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/sign-in"))
    assert kept(page) == 0


def test_signing_out_everywhere_removes_it(open_context, site):
    page = open_context().new_page()
    sign_in(page, COLLEAGUE, site.env["DEMO_PASSWORD"])
    page.goto("/account/devices")
    page.evaluate("() => localStorage.setItem('note-copy:any:page', 'sealed')")
    page.get_by_label("password").fill(site.env["DEMO_PASSWORD"])
    page.get_by_role("button", name=re.compile("everywhere")).click()
    page.wait_for_url(re.compile("/sign-in"))
    assert kept(page) == 0


def test_the_end_of_the_time_removes_it(page, path):
    leave_copy(page)
    page.evaluate("() => localStorage.setItem('session-ends', '0')")
    page.wait_for_function(f"() => ({COPIES})() === 0", timeout=60_000)  # it looks every 30 s


def test_a_session_that_ended_elsewhere_leaves_nothing_readable(page, path, open_context, site):
    leave_copy(page)
    stored = page.evaluate("() => ({ ...localStorage })")
    page.context.clear_cookies()
    page.goto("/today")
    assert kept(page) == 0
    # Somebody has taken the computer's storage along, and signs in as the same person.
    page.evaluate("(stored) => Object.assign(localStorage, stored)", stored)
    thief = open_context().new_page()
    sign_in(thief, THERAPIST, site.env["DEMO_PASSWORD"])
    thief.evaluate("(stored) => Object.assign(localStorage, stored)", stored)
    thief.goto(path)
    expect(state(thief)).to_be_visible()
    thief.wait_for_function(f"() => ({COPIES})() === 0")
    expect(thief.get_by_text("that was not saved")).to_have_count(0)


RECOGNITION = """(local) => {
  class SpeechRecognition extends EventTarget {
    static async available({ processLocally }) { return processLocally && local ? "available" : "unavailable"; }
    get processLocally() { return this.isLocal; }
    set processLocally(value) { this.isLocal = value; }
    start() {
      if (!this.processLocally) throw new Error("sent elsewhere");
      const result = Object.assign([{ transcript: "spoken words" }], { isFinal: true });
      const heard = Object.assign(new Event("result"), { results: [result], resultIndex: 0 });
      setTimeout(() => this.dispatchEvent(heard), 50);
    }
    stop() { this.dispatchEvent(new Event("end")); }
  }
  globalThis.SpeechRecognition = SpeechRecognition;
}"""


def test_dictation_writes_into_the_field_when_speech_stays_here(page, path):
    page.add_init_script(f"({RECOGNITION})(true)")
    page.reload()
    page.get_by_label("Clinical impression").fill("Said:")
    button = page.get_by_role("button", name="Dictate")
    button.click()
    expect(page.get_by_label("Clinical impression")).to_have_value("Said: spoken words")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(state(page)).to_have_text(SAVED)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("script", [f"({RECOGNITION})(false)", "delete globalThis.SpeechRecognition"])
def test_dictation_is_not_offered_where_speech_would_be_sent_elsewhere(page, path, script):
    page.add_init_script(script)
    page.reload()
    expect(page.get_by_text("The dictation of your computer works in every field.")).to_be_visible()
    expect(page.get_by_role("button", name="Dictate")).to_have_count(0)
