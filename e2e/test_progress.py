"""What a page tells of a running job, sampled twice a second over real jobs: it agrees, and never runs backwards."""

import re
import wave
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from e2e.steps import SAID, THERAPIST, upload

PHONE = {"width": 390, "height": 844}
PROCESSING = 300_000  # milliseconds; the built-in speech model on a busy machine
CHIP_AT = {
    "Checked": "Checking",
    "Transcribed": "Transcribing",
    "Draft": "Drafting",
    "Done": "Finishing",
    "": "To review",
}
# Looks at the page twice a second, also after it has loaded itself again; and at the list, between two looks at the
# job, so that both are of the same moment.
SAMPLE = """
const chipIn = (root) => {
  const chip = root?.querySelector("#session-chip") ?? root?.querySelector(".pill");
  return chip?.textContent.trim() ?? "";
};
const parsed = async (url) => new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");

function look() {
  const card = document.querySelector("[aria-label=Progress]");
  const bar = card?.querySelector("progress");
  const box = bar?.getBoundingClientRect();
  const text = (selector) => card?.querySelector(selector)?.textContent.replace(/\\s+/g, " ").trim() ?? "";
  return {
    chip: chipIn(document),
    has_bar: Boolean(bar),
    percent: bar?.value ?? null,
    said: text(".upload__line"),
    step: text("[aria-current=step] > span"),
    failed: text(".steps__item--failed > span"),
    in_sight: Boolean(bar) && scrollY === 0 &&
      bar.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)),
  };
}

async function listed() {
  const job = `${location.pathname}/progress`;
  const [before, list, after] = [await parsed(job), await parsed("/sessions"), await parsed(job)];
  const row = list.querySelector(`a[href="${location.pathname}"]`)?.closest("tr, li");
  return chipIn(before) === chipIn(after) ? [chipIn(before), chipIn(row)] : null;
}

const keep = (name, what) => {
  const all = JSON.parse(sessionStorage[name] ?? "[]");
  if (JSON.stringify(all.at(-1)) !== JSON.stringify(what)) sessionStorage[name] = JSON.stringify([...all, what]);
};
if (/^\\/sessions\\/[0-9a-f-]{36}$/.test(location.pathname)) {
  addEventListener("DOMContentLoaded", () => keep("samples", look()));
  setInterval(() => document.body && keep("samples", look()), 500);
  setInterval(async () => keep("lists", await listed()), 500);
}
"""


@pytest.fixture
def page(open_context, cookies_of):
    """A telephone of the therapist that samples the page of a session."""
    page = open_context(storage_state=cookies_of(THERAPIST), viewport=PHONE, has_touch=True).new_page()
    page.add_init_script(SAMPLE)
    return page


def samples(page, name="samples"):
    return page.evaluate(f"JSON.parse(sessionStorage.{name} ?? '[]')")


def reaches_review(page):
    expect(page.get_by_text("To review", exact=True)).to_be_visible(timeout=PROCESSING)


def runs(found):
    """The samples with a bar, cut where the page said that a new run began: it had stopped, or tries again."""
    parts, last = [[]], None
    for one in found:
        if one["has_bar"]:
            if last and (not last["has_bar"] or ("trying again" in one["said"]) != ("trying again" in last["said"])):
                parts.append([])
            parts[-1].append(one)
        last = one
    return [part for part in parts if part]


def seconds_left(said):
    found = re.search(r"about (\d+) (s|min) left", said)
    return int(found[1]) * (60 if found[2] == "min" else 1) if found else None


def expect_agreement(found):
    """Chip, step, percent and time left of each look agree; within a run none goes backwards."""
    for run in runs(found):
        for one in run:
            expected = "Waiting" if "Waiting for its turn" in one["said"] else CHIP_AT[one["step"]]
            assert one["chip"] == expected, one
            assert f"{one['percent']:.0f} %" in one["said"], one
            assert one["in_sight"], one
        percents = [one["percent"] for one in run]
        assert percents == sorted(percents)
        left = [seconds for one in run if (seconds := seconds_left(one["said"])) is not None]
        assert all(later <= earlier for earlier, later in pairwise(left)), left
    for one in found:
        assert one["has_bar"] or one["chip"] in {"To review", "Failed"}, one


def expect_the_list_agrees(page):
    compared = [pair for pair in samples(page, "lists") if pair]
    assert compared
    assert all(job == listed for job, listed in compared), compared


def test_a_recording_on_the_telephone(page, site, patients, speak):
    page.goto("/sessions/" + upload(site, patients["Elena"], speak(7), "2026-10-05T10:00:00Z"))
    reaches_review(page)
    found = samples(page)
    expect_agreement(found)
    expect_the_list_agrees(page)
    assert "Transcribing" in {one["chip"] for one in found}
    assert found[-1]["chip"] == "To review"


def test_a_transcript_on_the_telephone(page, site, patients):
    page.goto(f"/sessions/new?patient={patients['Samuel']}")
    page.get_by_label("Paste it here").fill(SAID)
    page.get_by_role("button", name="Use transcript").click()
    page.wait_for_url(re.compile(r"/sessions/[0-9a-f-]{36}$"))
    reaches_review(page)
    expect_agreement(samples(page))
    expect_the_list_agrees(page)


def test_a_recording_that_is_cancelled_and_resumed_on_the_telephone(page, site, patients, speak):
    page.goto("/sessions/" + upload(site, patients["Elena"], speak(28), "2026-10-06T10:00:00Z"))
    progress = page.get_by_role("region", name="Progress")
    # Any piece, of many: a fast machine has done a few before the page is there.
    expect(progress.get_by_text(re.compile(r"Transcribing \d+ of \d+"))).to_be_visible(timeout=PROCESSING)
    page.get_by_role("button", name="Cancel").click()
    expect(progress.get_by_role("heading", name="Processing stopped")).to_be_visible()
    expect(page.locator("#session-chip")).to_have_text("Failed")
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_text("Processing has resumed.")).to_be_visible()
    reaches_review(page)
    found = samples(page)
    expect_agreement(found)
    expect_the_list_agrees(page)
    stopped = next(one for one in found if one["chip"] == "Failed")
    assert stopped["failed"] == "Transcribed"
    assert len(runs(found)) == 2


def test_a_recording_without_speech_fails_on_the_telephone(page, site, patients, tmp_path):
    silent = tmp_path / "silent.wav"
    with wave.open(str(silent), "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(bytes(2 * 16_000 * 20))
    page.goto("/sessions/" + upload(site, patients["Elena"], silent, "2026-10-07T10:00:00Z"))
    expect(page.get_by_role("heading", name="Processing stopped")).to_be_visible(timeout=PROCESSING)
    page.wait_for_function("JSON.parse(sessionStorage.samples).at(-1).chip === 'Failed'")
    found = samples(page)
    expect_agreement(found)
    assert (found[-1]["chip"], found[-1]["failed"]) == ("Failed", "Checked")
