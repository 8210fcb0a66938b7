"""A transcript with strangers' names: the therapist says who is who, and the right person is quoted."""

import re

from playwright.sync_api import expect

from e2e.steps import add_unproved

DRAFTED = 120_000  # milliseconds
TEAMS = """WEBVTT

00:00:02.000 --> 00:00:06.000
<v Ada Muster>The rain has not stopped since Monday, and the trams stood still.</v>

00:00:07.000 --> 00:00:14.000
<v Lin Gast>I argued with my mother about the flat and afterwards I could not sleep at all.</v>

00:00:15.000 --> 00:00:19.000
<v Ada Muster>For next week, write down one worry each evening before you go to bed.</v>

00:00:20.000 --> 00:00:24.000
<v Lin Gast>All right, I will write one down every evening.</v>
"""


def add_transcript(page, patient):
    page.goto(f"/sessions/new?patient={patient}")
    chooser = page.locator("input[name=transcript_file]")
    chooser.set_input_files({"name": "Meeting.vtt", "mimeType": "text/vtt", "buffer": TEAMS.encode()})
    page.get_by_role("button", name="Use transcript").click()
    page.wait_for_url(re.compile(r"/sessions/[0-9a-f-]{36}$"))


def test_one_click_says_who_is_who_and_the_note_quotes_the_right_person(page, site, patients):
    add_transcript(page, patients["Samuel"])
    asked = page.get_by_role("region", name="Who is speaking?")
    expect(asked).to_contain_text("I argued with my mother about the flat")
    expect(page.get_by_text("The note is drafted once you have said who is speaking.")).to_be_visible()

    therapist = asked.get_by_role("listitem").filter(has_text="Ada Muster")
    therapist.get_by_role("button", name="This is the therapist").click()
    expect(page.get_by_text("To review", exact=True)).to_be_visible(timeout=DRAFTED)
    who = page.locator("[data-lines] .line__who")
    expect(who).to_have_text(["Therapist", "Samuel", "Therapist", "Samuel"])
    draft = page.locator("#draft")
    expect(draft).to_contain_text("I argued with my mother about the flat")
    expect(draft).not_to_contain_text("The rain has not stopped")

    add_unproved(site, page.url.partition("#")[0].rpartition("/")[2])
    page.reload()
    to_check = page.get_by_role("region", name="To check")
    expect(to_check.get_by_role("listitem")).to_have_count(2)
    to_check.get_by_role("listitem").filter(has_text="Moving out").get_by_role("button", name="Keep").click()
    expect(to_check.get_by_role("listitem")).to_have_count(1)
    expect(draft).to_contain_text("Moving out in spring.")
    expect(draft).to_contain_text("kept by Hannah Lindqvist")
    to_check.get_by_role("button", name="Delete").click()
    expect(to_check).to_be_hidden()
    expect(draft).not_to_contain_text("The quarrel with the brother.")
    expect(draft).to_contain_text("0 to check")

    page.get_by_role("button", name="Help and keyboard").click()
    page.get_by_role("link", name="How to read a draft").click()
    expect(page.get_by_role("heading", name="What happened to each statement")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="What the phrases to review can and cannot do")).to_be_in_viewport()
    page.go_back()

    who.nth(0).click()
    page.get_by_label("Who said this?").select_option("Somebody else")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("The transcript has been corrected.")).to_be_visible()
    expect(who.first).not_to_have_text("Therapist")
